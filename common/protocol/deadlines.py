"""Deadlines: stopping, resuming and extending them, their ledger, and what a changed calendar moved."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class OfDeadline(Message):
    """`deadlines.ledger`: which deadline."""

    id: UUID


class LedgerLine(Message):
    """What one day gave to a term, and why."""

    day: date
    kind: str
    """`worked`, `short`, `make_up`, `holiday`, `weekend`, `no_calendar`."""
    name: Words = {}
    counted: float
    """Days of a term in days, hours of any other."""
    total: float
    """With all days before."""
    first: bool = False
    """The day of the start, where days are counted: it gives nothing."""
    paused: int = 0
    """Seconds that would have counted had the deadline not been stopped."""


class OtherDay(Message):
    """A day that counts otherwise since the calendar was changed."""

    day: date
    kind_before: str
    """Nothing for a day that did not come into the count."""
    counted_before: float
    kind: str
    counted: float


class LedgerEvent(Message):
    """Something that happened to a deadline."""

    at: datetime
    what: str
    """`started`, `stopped`, `resumed`, `extended`, `shared`, `strained`, `recounted`, `not_counted`, `yellow`, `red`, `met`,
    `late`, `cancelled`."""
    why: str = ""
    by: str = ""
    """Who did it; nothing for the house."""
    due_before: datetime | None = None
    due_after: datetime | None = None
    days: list[OtherDay] = []


class DeadlineView(Message):
    """A deadline as it stands."""

    id: UUID
    name: Words
    state: str
    """`running`, `stopped`, `met`, `late`, `cancelled`."""
    light: str
    """`green`, `yellow`, `red`, `stopped`."""
    amount: int
    """With what it was extended by."""
    added: int
    unit: str
    """`days`, `hours`, `minutes`, `seconds`."""
    working: bool
    started_at: datetime
    due_at: datetime
    yellow_at: datetime
    red_at: datetime


class Ledger(Message):
    """A deadline with all that it is made of."""

    deadline: DeadlineView
    lines: list[LedgerLine]
    """None where the calendar has too little working time ahead."""
    events: list[LedgerEvent]
    zone: str
    """The time zone of the days."""


class MovedBy(Message):
    """`deadlines.moved`: what the last changes of a calendar moved."""

    calendar_id: UUID
    limit: int = Field(default=200, ge=1, le=500)


class MovedDeadline(Message):
    """A deadline that ends at another moment since the calendar was changed."""

    id: UUID
    name: Words
    due_before: datetime | None
    due_after: datetime | None
    """Nothing where it could not be counted anew and ends as before."""


class Moved(Message):
    """How far the last new count of a calendar's deadlines is, and what it moved."""

    recount_id: UUID | None = None
    """Nothing when the calendar was not changed yet."""
    at: datetime | None = None
    by: str = ""
    why: str = ""
    looked_at: int = 0
    moved: int = 0
    failed: int = 0
    done: bool = True
    items: list[MovedDeadline] = []
    """Those that this reader may see, the first `limit`."""
