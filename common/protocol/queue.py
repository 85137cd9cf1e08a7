"""Tickets, calling and what kiosk, counter, pad and displays show."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words
from common.protocol.queue_day import Day as Day
from common.protocol.queue_day import DayHour as DayHour
from common.protocol.queue_day import DayService as DayService
from common.protocol.queue_day import DayWindow as DayWindow
from common.protocol.queue_display import DisplayShape
from common.protocol.queue_identity import CitizenIdentity

TicketState = Literal["waiting", "called", "serving", "finished", "no_show", "void", "expired"]
"""QUE-906. A transferred ticket is `waiting` again."""

WindowState = Literal["closed", "free", "called", "serving", "rating", "paused", "back_office"]

Channel = Literal["kiosk", "staff", "portal", "aux", "assisted"]
"""`assisted`: taken by staff for a citizen, with their name (QUE-045, QUE-934). Ticket cards also know `block` (kiosk
without the server) and `paper` (journal)."""


class IssueTicket(Message):
    """`queue.issue_ticket`. A kiosk's own zone holds where none is named (QUE-012)."""

    service_id: UUID
    zone_id: UUID | None = None
    channel: Channel = "kiosk"
    reason: str | None = Field(default=None, max_length=40)
    """A declared reason such as `green_channel`; the server decides whether it gives priority. Of a ticket it may also be
    `green_recognised`: the green channel by card and list, not by the citizen's word."""
    test: bool = False
    """For trial, before opening only: marked, with its own prefix, in no figure."""
    delivery: Literal["paper", "screen"] | None = None
    identity: CitizenIdentity | None = None
    """Where the service asks for it (`ServiceOffer.identity`), or for the lists and the green channel. Refused with
    `queue.identity_missing`, `queue.identity_wrong`, `queue.listed`, `queue.not_on_list`."""


class TicketCard(Message):
    """A ticket as every program knows it; no personal data."""

    id: UUID
    number: str
    service_id: UUID
    zone_id: UUID
    state: str
    issued_at: datetime
    token: str
    """The 128 random bits of the QR code, in 22 letters; never the id."""
    priority: bool = False
    reason: str | None = None
    window_id: UUID | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    recalls: int = 0
    transfers: int = 0
    channel: str = "kiosk"
    test: bool = False
    delivery: str | None = None
    bound_window_id: UUID | None = None
    """A return visit: called at this window only (QUE-923)."""
    version: int = 1


class Issued(Message):
    """The answer to `queue.issue_ticket`."""

    ticket: TicketCard
    ahead: int
    """Waiting tickets of the service in the zone that go before this one (QUE-914)."""
    estimate_seconds: int | None
    """The middle value; nothing where there is no basis."""
    estimate_low: int | None = None
    estimate_high: int | None = None


class AtWindow(Message):
    """Input of the verbs that need a window only: open, close, call_next, start, recall, no_show, resume, state."""

    window_id: UUID


class OpenWindow(AtWindow):
    """`queue.open_window`."""

    take_over: bool = False
    """Take the window, or one's own sign-in at another window, from whoever holds it (QUE-925)."""


class CallNext(AtWindow):
    """`queue.call_next`. A ticket still in service is finished first when `finish_current` (QUE-905)."""

    finish_current: bool = False


class Finish(AtWindow):
    """`queue.finish`."""

    request_rating: bool = True
    matters: int = Field(default=1, ge=1, le=99)
    """How many matters were handled on this ticket."""
    supplement: str = Field(default="", max_length=200)
    """What the citizen has to bring on a return visit, which then belongs to this window (QUE-054)."""


class Pause(AtWindow):
    """`queue.pause`."""

    reason: str = Field(default="break", max_length=40)
    """`break`, `meal`, `meeting`, `back_office`, or another reason of the list; `back_office` shows so on the pad."""


class Transfer(AtWindow):
    """`queue.transfer`: the citizen keeps the ticket (QUE-022)."""

    service_id: UUID
    priority: bool = False


class PutBack(AtWindow):
    """`queue.put_back`: a no-show of the same day waits again (QUE-907)."""

    ticket_id: UUID


class Called(Message):
    """The answer to the verbs that act on the window's current ticket."""

    ticket: TicketCard | None
    window: WindowView | None = None


class ServiceOffer(Message):
    """A service as a kiosk tile."""

    id: UUID
    name: Words
    description: Words = {}
    hint: Words = {}
    instructions: Words = {}
    requirements: list[Words] = []
    prefix: str
    section_id: UUID | None = None
    waiting: int
    estimate_seconds: int | None = None
    estimate_low: int | None = None
    estimate_high: int | None = None
    windows: list[str] = []
    """Labels of the windows that accept it and are open."""
    minutes: int = 0
    """How long it usually takes."""
    fee: Words = {}
    activity: int = 0
    """Tickets of the last 30 days, for the order of tiles (QUE-937)."""
    parent_id: UUID | None = None
    """The group above it, one of `Offer.groups`."""
    department_id: UUID | None = None
    identity: Literal["none", "optional", "required"] = "none"
    """Whether an identity is asked for before a ticket is taken; with `required` there is no ticket without one."""
    listed_only: bool = False
    """For people on the white list only; `identity` is `required` then."""
    search: str = ""
    """Folded names and initials of all languages: a search folds what is typed and looks for it here (QUE-047)."""


class ServiceGroup(Message):
    """A class of services above those that are offered; any depth (QUE-035)."""

    id: UUID
    name: Words
    parent_id: UUID | None = None
    description: Words = {}


class DepartmentOffer(Message):
    """A department with something on offer (QUE-047)."""

    id: UUID
    name: Words


class HiddenService(Message):
    """A service that cannot be had now, with the reason of its rule (QUE-003 to QUE-006)."""

    service_id: UUID
    name: Words
    reason: str
    """`no_window`, `quota`, `service_hours`, `hall_hours`, `last_tickets`, `too_late` (the wait reaches beyond closing),
    `switched_off` (by a manager), `stopped`, `black_list`."""


class SectionOffer(Message):
    """A section of the hall with what it offers."""

    id: UUID
    name: Words
    colour: str = ""
    services: list[ServiceOffer]


class Offer(Message):
    """`queue.offer {zone_id?}`: everything that a kiosk shows."""

    organisation: Words
    outlet: Words
    zone_id: UUID
    zone: Words
    state: str
    """`opening`, `open`, `last_tickets`, `closed` or `stopped`."""
    sentence: Words = {}
    """What the manager says to the public with that state."""
    hours: list[tuple[str, str]]
    """Today's periods, `HH:MM` local."""
    groups: list[ServiceGroup] = []
    departments: list[DepartmentOffer] = []
    paperless_seconds: int = 60
    """How long a code on the screen is shown (QUE-933)."""
    sections: list[SectionOffer]
    hidden: list[HiddenService] = []
    languages: list[str]
    public_address: str
    """What the ticket's QR code begins with."""
    now: datetime


class InZone(Message):
    """Input of readings about one zone; a device's own zone where none is named."""

    zone_id: UUID | None = None


class BoardCall(Message):
    """One call, as shown and spoken. `sequence` rises by one a call in the zone: none is skipped, none said twice."""

    sequence: int
    ticket_id: UUID
    number: str
    window_id: UUID
    window: str
    service: Words
    called_at: datetime
    recall: bool = False
    pager: str | None = None
    """The pager that was given with the ticket."""
    state: str = "called"
    """The ticket's state now; a finished one leaves the list."""


class BoardService(Message):
    """Queue of one service on the central display (QUE-027, note N3)."""

    service_id: UUID
    name: Words
    waiting: int
    next_number: str | None = None
    current_number: str | None = None


class Board(Message):
    """`queue.board {zone_id?}`: what the central display shows and speaks."""

    zone_id: UUID
    zone: Words
    outlet: Words
    organisation: Words
    calls: list[BoardCall]
    """Latest first, at most 20, of today."""
    services: list[BoardService]
    ticker: list[Words]
    languages: list[str]
    """Spoken one after the other."""
    silent: bool = False
    speed: Literal["slow", "normal", "fast"] = "normal"
    volume: int = Field(default=100, ge=0, le=100)
    chime: bool = True
    shape: DisplayShape = DisplayShape()
    now: datetime
    last_sequence: int = 0
    state: str = "open"
    sentence: Words = {}
    """Shown instead of the queues while the hall is `stopped`."""
    hours: list[tuple[str, str]] = []


class StaffCard(Message):
    """Who sits at a window (EVA-017)."""

    person_id: UUID
    name: Words
    staff_number: str
    post: Words = {}
    department: Words = {}
    photo: UUID | None = None
    post_kind: str = ""
    """`ordinary`, `model`, …; empty shows no badge."""
    stars: int | None = None


class RatingRequest(Message):
    """An open request for a rating (EVA-007)."""

    id: UUID
    ticket_id: UUID
    number: str
    asked_at: datetime
    expires_at: datetime
    grades: list[str] = ["very_satisfied", "satisfied", "fair", "dissatisfied"]


class WindowView(Message):
    """`queue.window {window_id}`: the state of one window, for counter, pad and strip."""

    window_id: UUID
    label: str
    name: Words = {}
    zone_id: UUID
    zone: Words = {}
    state: str
    staff: StaffCard | None = None
    ticket: TicketCard | None = None
    service: Words = {}
    service_prefix: str = ""
    services: list[Words] = []
    """Names of what the window accepts."""
    service_ids: list[UUID] = []
    """Their ids, in the same order; for the paper journal."""
    pause_reason: str | None = None
    paused_at: datetime | None = None
    waiting: int = 0
    """Tickets that this window may call."""
    longest_wait_seconds: int | None = None
    served_today: int = 0
    limit_seconds: int | None = None
    """The service's handling-time limit."""
    start_at: datetime | None = None
    """When the server starts the service by itself (called is not served)."""
    locked_until: datetime | None = None
    """Until then `call_next` is refused because a rating is awaited (QUE-060)."""
    auto_call_at: datetime | None = None
    """When the server calls the next one by itself (QUE-021)."""
    undo: Literal["finish", "no_show"] | None = None
    """What `queue.undo` would take back, until `undo_until`."""
    undo_number: str | None = None
    undo_until: datetime | None = None
    recalls_needed: int = 0
    """Recalls that are still to be made before `queue.no_show` (QUE-907)."""
    identity_known: bool = False
    """Whether `queue.whose` would tell whose ticket is in hand."""
    bound_waiting: int = 0
    """Return visits that wait for this window only."""
    hall_state: str = "open"
    sentence: Words = {}
    request: RatingRequest | None = None
    now: datetime


class WindowChoice(Message):
    """A window in the list from which a clerk chooses after signing in."""

    window_id: UUID
    label: str
    name: Words = {}
    zone_id: UUID
    zone: Words
    state: str
    staff: Words = {}
    """Who holds it."""
    staff_id: UUID | None = None
    services: list[Words] = []
    waiting: int = 0


class WindowChoices(Message):
    """`queue.windows {zone_id?}`."""

    windows: list[WindowChoice]


class TicketSearch(Message):
    """Input of `queue.waiting` and `queue.called`: the tickets of a window's services, or of a whole zone."""

    window_id: UUID | None = None
    zone_id: UUID | None = None
    search: str = Field(default="", max_length=80)
    limit: int = Field(default=200, ge=1, le=500)


class TicketRow(Message):
    """A line of the waiting or called list."""

    ticket: TicketCard
    service: Words
    window: str | None = None
    waited_seconds: int
    place: int | None = None
    """The order in which this window would call it, 1 is next."""
    why: list[str] = []
    """Codes that explain the place: `green_channel`, `transfer_priority`, `first_come`, …; said in words by the client."""
    estimate_seconds: int | None = None
    grade: str | None = None


class TicketRows(Message):
    """A list of tickets."""

    items: list[TicketRow]
    total: int
    now: datetime


class TransferTarget(Message):
    """A service to which the current ticket may go (QUE-920)."""

    service_id: UUID
    name: Words
    prefix: str
    zone: Words
    waiting: int
    windows: list[str]
    default_priority: bool = False


class TransferTargets(Message):
    """`queue.targets {window_id}`."""

    targets: list[TransferTarget]


Called.model_rebuild()
