"""What the organisation asks of the modules above it."""

from __future__ import annotations

from uuid import UUID

from server.engine.events import Question


class SetupProblems(Question):
    """What is not yet as it should be in a part of the first set-up (`services`, `people`, `devices`), as `SetupProblem`."""

    part: str


class PlaceInUse(Question):
    """Who still stands in a zone or at a window, by name; nothing when it may go."""

    zone_id: UUID | None = None
    window_id: UUID | None = None


class WindowOpen(Question):
    """Whether somebody sits at one of these windows, or a ticket is in service there."""

    window_ids: tuple[UUID, ...]


class PostInUse(Question):
    """What still waits for a post, in words; nothing when it may go."""

    post_id: UUID
