"""What the queue announces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from server.engine.events import Event


class TicketFinished(Event):
    """A service ended; `request_rating` asks the evaluation module to ask for one."""

    ticket_id: UUID
    window_id: UUID
    staff_id: UUID | None
    request_rating: bool


class WindowClosed(Event):
    """Nobody sits at a window any more."""

    window_id: UUID


class StartDue(Event):
    """The moment at which a called ticket's service starts by itself."""

    ticket_id: UUID
    window_id: UUID
    called_at: datetime


class PriorityDue(Event):
    """The moment at which an appointment's priority begins (note N6)."""

    ticket_id: UUID
    since: datetime


class TicketReopened(Event):
    """A mistaken finish was taken back: what was asked or written because of it is taken back too."""

    ticket_id: UUID
    window_id: UUID
