"""Verbs at a window beyond the everyday: undo, a chosen ticket, return visits, release, log-out, and why this one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words
from common.protocol.queue import AtWindow, TicketCard

Reason = Field(min_length=1, max_length=200)


class CallTicket(AtWindow):
    """`queue.call_ticket`: a chosen waiting ticket or no-show, out of its turn, by right and with a reason."""

    ticket_id: UUID
    reason: str = Reason


class LogOut(AtWindow):
    """`queue.log_out`: end somebody's forgotten sign-in at a window (QUE-925)."""

    reason: str = Reason


class SetPriority(Message):
    """`queue.set_priority`: give or take away priority of a waiting ticket (QUE-024, QUE-924)."""

    ticket_id: UUID
    priority: bool
    reason: str = Reason


class VoidTicket(Message):
    """`queue.void`: a waiting ticket counts no more; its place in the quota is free again."""

    ticket_id: UUID
    reason: str = Reason


class BindTicket(Message):
    """`queue.bind`: a waiting ticket belongs to a window (return visit), or to none again (QUE-923)."""

    ticket_id: UUID
    window_id: UUID | None = None


class IssueSupplement(Message):
    """`queue.issue_supplement`: a return visit, by the code of the earlier ticket or by window and service (QUE-062)."""

    token: str | None = Field(default=None, max_length=22)
    """The code on the earlier ticket: gives service and window."""
    service_id: UUID | None = None
    window_id: UUID | None = None
    """Another window than the earlier one's, chosen by staff."""
    channel: str = "kiosk"


class SupplementWindow(Message):
    """A window that could take a return visit instead."""

    window_id: UUID
    label: str
    open: bool


class RuleStep(Message):
    """One rule as it was asked. `rule`: `bound`, `longest_wait`, `order_of_services`, `mixing`, `priority`,
    `first_come`; `verdict`: `decides`, `narrows`, `passes` (found nothing), `not_asked`."""

    rule: str
    verdict: str
    tickets: list[str] = []
    """The numbers that the rule looked at, the first one first, at most ten."""
    facts: dict[str, Any] = {}
    """`longest_wait`: `limit`, `longest` (seconds); `order_of_services`: `rank`, `left_out`; `mixing`: `ratio`, `run`;
    `first_come`: `position`."""


class AskWhy(Message):
    """`queue.why`: why a ticket is (or was) called at a window; without a ticket, who is next there and why."""

    window_id: UUID | None = None
    ticket_id: UUID | None = None


class Why(Message):
    """The rules in the order in which they were asked, with their values."""

    ticket: TicketCard | None = None
    """Who is next, or the ticket asked about; nothing when nobody waits."""
    kept: bool = False
    """True: as kept with the ticket when it was called. False: as the rules say now."""
    at: datetime
    window: str | None = None
    rule: str = ""
    """The rule that decided; `chosen` when somebody called it out of its turn, with `reason`."""
    reason: str = ""
    by: Words = {}
    place: int | None = None
    """In the order in which this window alone would call; 1 is next."""
    steps: list[RuleStep] = []
    services: list[Words] = []
    """The window's services in its own order."""


class AskWhen(Message):
    """`queue.when`: when a waiting ticket's turn is, and what that is made of."""

    ticket_id: UUID


class When(Message):
    """A ticket's expected turn. Times are no more exact than they are: minutes, then five, then ten."""

    ticket: TicketCard
    ahead: int
    """People who go before it (QUE-914)."""
    ahead_priority: int
    """Of these, with priority."""
    windows: list[str]
    """Working windows that accept its service."""
    turn_at: datetime | None = None
    turn_from: datetime | None = None
    turn_until: datetime | None = None
    """Nine of ten are called before."""
    usual_seconds: int | None = None
    """Median of recent services."""
    usual_high_seconds: int | None = None
    """Their 90th percentile."""
    hour_seconds: int | None = None
    """Median of this service at this hour on past days."""
    known: int = 0
    """How many recent services it rests on."""
    no_show_of_100: int | None = None
    """Recent no-shows of this zone."""
    basis: Literal["queue", "services", "usual", "none"] = "none"
    """`queue`: played through with the live queue; `services`: recent services only; `usual`: the service's usual
    minutes; `none`: no window is open."""
    now: datetime


class TicketMoment(Message):
    """A line of a ticket's history."""

    kind: str
    at: datetime
    window: str | None = None
    staff: Words = {}
    from_service: Words = {}
    facts: dict[str, Any] = {}


class AskTicket(Message):
    """`queue.ticket`: one ticket by id, by number of today, or by the code on its paper."""

    ticket_id: UUID | None = None
    number: str | None = Field(default=None, max_length=12)
    token: str | None = Field(default=None, max_length=22)


class TicketStory(Message):
    """A ticket with its whole history, transfers included (QUE-906, QUE-920)."""

    ticket: TicketCard
    service: Words
    zone: Words
    window: str | None = None
    staff: Words = {}
    taken_by: Words = {}
    """Who took it for the citizen (QUE-934)."""
    matters: int = 1
    moments: list[TicketMoment]
    now: datetime
