"""What happens in the organisation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from server.engine.events import Event


class HallOpened(Event):
    """The first set-up is over: the hall serves the public from now on."""

    outlet_id: UUID


class RolesGiven(Event):
    """Roles come to people by their posts: a post is given them, or somebody is given the post. Whoever knows roles may
    refuse."""

    role_ids: tuple[str, ...]


class PostsChanged(Event):
    """Who holds which post, or what a post carries, changes with this action."""


class StaffRenamed(Event):
    """A staff member has another name from now on."""

    person_id: UUID
    name: dict[str, str]


class CalendarChanged(Event):
    """A working calendar, or who works by it, is another from now on; whoever keeps due dates counts them anew
    (ADM-I07)."""

    calendar_id: UUID
    first: date | None = None
    """The days that changed; without them all may have."""
    last: date | None = None
    why: str = ""
    """The reason that was given."""
