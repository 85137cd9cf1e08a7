"""Kiosks and windows without the server: leased numbers, printed tickets, the paper journal; and how a ticket is given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.protocol.layouts import TicketPaper
from common.protocol.messages import Message, Words
from common.protocol.queue import TicketCard


class LeaseNumbers(Message):
    """`queue.lease_numbers`: the kiosk's own blocks for today; asked at start and whenever a block is nearly used up."""

    used: dict[UUID, int] = {}
    """The last number that the kiosk gave of each service; a block with less than half left gets another one behind."""


class NumberLease(Message):
    """One block: the kiosk prints `prefix` and a number from `first` to `last`, each once, in rising order."""

    service_id: UUID
    name: Words
    prefix: str
    digits: int
    first: int
    last: int


class Leases(Message):
    """The kiosk's blocks. They are worth nothing on another business day, under another epoch, or after `valid_until`."""

    epoch: str
    business_day: str
    valid_until: datetime
    blocks: list[NumberLease]
    now: datetime


class PrintedTicket(Message):
    """A ticket that a kiosk printed from its block; recognised by its own id for ever."""

    fact_id: UUID
    service_id: UUID
    serial: int
    printed_at: datetime
    reason: str | None = Field(default=None, max_length=40)


class EnterPrinted(Message):
    """`queue.enter_printed`: tickets printed without the server, oldest first; sending them again has no second effect."""

    epoch: str
    tickets: list[PrintedTicket] = Field(max_length=100)


class Entered(Message):
    """What became of one of them."""

    fact_id: UUID
    state: Literal["entered", "known", "refused"]
    code: str = ""
    """Why it was refused: `not_in_block`, `number_taken`, `from_the_future`, `other_epoch`, `service_unknown`."""
    ticket: TicketCard | None = None


class EnteredPrinted(Message):
    """In the order in which they were sent."""

    results: list[Entered]


class JournalLine(Message):
    """One line of the paper journal of a window; recognised by its own id for ever."""

    fact_id: UUID
    number: str = Field(default="", max_length=12)
    """Empty for a citizen without a ticket."""
    service_id: UUID
    started_at: datetime
    finished_at: datetime
    outcome: Literal["served", "no_show"] = "served"
    matters: int = Field(default=1, ge=1, le=99)


class EnterJournal(Message):
    """`queue.enter_journal`: what a window did without the server, with its real times."""

    window_id: UUID
    lines: list[JournalLine] = Field(max_length=100)


class JournalEntered(Message):
    """What became of one line."""

    fact_id: UUID
    result: Literal["entered", "made", "over", "known", "refused"]
    """`made`: nobody knew the ticket, it stands now; `over`: the server knows that it ended otherwise."""
    code: str = ""
    """Why it was refused: `times_wrong`, `service_unknown`."""
    ticket: TicketCard | None = None


class EnteredJournal(Message):
    """In the order in which they were sent."""

    results: list[JournalEntered]


class Delivered(Message):
    """`queue.delivered`: how the citizen got the ticket. The number stays good whatever the paper did (QUE-909)."""

    ticket_id: UUID
    how: Literal["paper", "screen", "failed", "scanned"]
    """`failed`: neither yet; `scanned`: the code on the screen was taken over by a phone."""


class CodeOver(Message):
    """`queue.code_over`: nobody scanned the code on the screen in time (QUE-933)."""

    ticket_id: UUID


class CodeAnswer(Message):
    """Print it now (`paper` is its content), or it is void by setting."""

    then: Literal["print", "void", "scanned"]
    paper: TicketPaper | None = None


class OfTicket(Message):
    """Input of `queue.paper` and `queue.reprint`."""

    ticket_id: UUID
    reason: str = Field(default="", max_length=200)
