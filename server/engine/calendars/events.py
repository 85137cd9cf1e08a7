"""What happens to deadlines. Listeners know theirs by `owner`, the kind of record that a deadline is of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from server.engine.events import Event


class DeadlineMoved(Event):
    """A deadline begins, or its instants or its state are others from now on; whoever keeps copies of them in its own rows
    follows `inside`."""

    deadline_id: UUID
    owner: str
    owner_id: UUID
    part: str = ""
    state: str
    due_at: datetime
    yellow_at: datetime
    red_at: datetime
    what: str
    """What happened, as `DeadlineEntry.what`."""


class DeadlineTurned(Event):
    """A light turned yellow or red: told once, while somebody works at the deadline's place."""

    deadline_id: UUID
    owner: str
    owner_id: UUID
    part: str = ""
    light: str
    """`yellow`: warn whoever works on it; `red`: tell the head (APV-012)."""
    due_at: datetime


class DeadlineStrained(Event):
    """The time that is left is shorter than what the stages to come need at least: told before any of them is late
    (APL-036)."""

    deadline_id: UUID
    owner: str
    owner_id: UUID
    missing: int
    """Seconds of working time."""
