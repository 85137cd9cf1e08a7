"""The verbs of the queue. Each is one transaction; what it may do is decided by `rules.py`."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.protocol.queue import (
    AtWindow,
    Called,
    CallNext,
    Finish,
    Issued,
    IssueTicket,
    OpenWindow,
    Pause,
    PutBack,
    Transfer,
    WindowView,
)
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue.access import CALL, ISSUE, SUPERVISE
from server.modules.queue.cards import (
    open_windows,
    place_and_day,
    refusal_reason,
    staff_card,
    ticket_card,
    window_row,
    window_view,
    zone_row,
)
from server.modules.queue.events import StartDue, TicketFinished, WindowClosed
from server.modules.queue.questions import MayCallNext
from server.modules.queue.records import Call, Ticket, TicketEvent, WindowSession
from server.modules.queue.settings import GREEN_CHANNEL, START_AFTER, TRANSFER_KEEPS_TIME
from server.modules.services.public import OFFERINGS

NOBODY = refusal("queue.nobody_waiting", N_("Nobody is waiting for this window."))
HIDDEN = refusal("queue.service_hidden", N_("This service cannot be had just now."))
UNKNOWN = refusal("queue.service_unknown", N_("This service does not exist any more. Choose another."), 404)
RANGE_FULL = refusal("queue.range_full", N_("All numbers of this service are used for today."))
TAKEN = refusal("queue.window_taken", N_("{name} works at this window already. Take it over?"))
ELSEWHERE = refusal(
    "queue.elsewhere", N_("You are signed in at window {window}. Leave it first, or take this one over.")
)
NOT_OPEN = refusal("queue.window_closed", N_("Nobody is signed in at this window. Choose the window first."))
NOT_YOURS = refusal("queue.not_your_window", N_("Somebody else works at this window."), 403)
PAUSED = refusal("queue.window_paused", N_("This window is paused. Resume first."))
SERVING = refusal("queue.still_serving", N_("Ticket {number} is still at this window. Finish it first."))
NO_TICKET = refusal("queue.no_ticket", N_("There is no ticket at this window."))
WRONG_STATE = refusal("queue.wrong_state", N_("Ticket {number} is not in a state that allows this."))
AWAITED = refusal("queue.rating_awaited", N_("A rating is awaited. The next call is possible in {seconds} seconds."))
SAME_QUEUE = refusal("queue.same_queue", N_("The ticket is in this queue already."))


@action(
    "queue.issue_ticket",
    needs=ISSUE,
    input=IssueTicket,
    output=Issued,
)
def issue_ticket(work: Work, request: IssueTicket) -> Issued:
    """Give a citizen the next number of a service; refuse when the service cannot be had now (QUE-001, QUE-911)."""
    zone = zone_row(work, request.zone_id)
    offerings = OFFERINGS.read(work.connection)
    service = offerings.leaf(request.service_id)
    if service is None:
        work.refuse("queue.service_unknown")
    outlet = PLAN.read(work.connection).outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    opened = open_windows(work, zone.id)
    serving = sum(1 for w in offerings.windows_of.get(service.id, ()) if w in opened)
    reason = refusal_reason(work, service, outlet, work.now.astimezone(place.zone), serving, day)
    if reason is not None:
        work.refuse("queue.service_hidden", reason=reason, service_id=str(service.id))
    # Before the insert: an action that changed rows reads past the memory.
    times = loaders.TIMES.read(work.connection, service.id)
    serial = work.next_number(f"ticket:{outlet.id.hex}:{service.prefix}", day.isoformat(), service.first_number)
    if serial > service.last_number:
        work.refuse("queue.range_full")  # QUE-901: a full range gives no number twice
    # QUE-017, QUE-018: a kiosk declares a reason; whether that gives priority is decided here.
    priority = request.reason == "green_channel" and work.setting(GREEN_CHANNEL, zone=zone.id, outlet=outlet.id)
    row = work.insert(
        Ticket,
        number=rules.ticket_number(service.prefix, serial, service.digits),
        service_id=service.id,
        zone_id=zone.id,
        outlet_id=outlet.id,
        business_day=day,
        state="waiting",
        priority=priority,
        reason=request.reason,
        channel=request.channel,
        position=work.next_place(),
        token=secrets.token_urlsafe(16),
        issued_at=work.now,
    )
    _log(work, row, "issued")
    work.notify(f"queue.zone.{zone.id}", "issued", ticket=row.id)
    ahead = int(
        work.scalar(
            loaders.AHEAD,
            zone=zone.id,
            service=service.id,
            day=day,
            priority_before=row.position if row.priority else loaders.EVERY,
            position=0 if row.priority else row.position,
        )
    )
    wait = rules.estimate(ahead, serving, times, service.minutes * 60)
    return Issued.model_construct(
        ticket=ticket_card(row),
        ahead=ahead,
        estimate_seconds=wait.middle if wait else None,
        estimate_low=wait.low if wait else None,
        estimate_high=wait.high if wait else None,
    )


def _window_lock(request: Any) -> list[tuple[str, UUID]]:
    return [("window", request.window_id)]


@action(
    "queue.open_window",
    needs=CALL,
    input=OpenWindow,
    output=WindowView,
    locks=lambda r: [("window", r.window_id), ("windows", "open")],
)
def open_window(work: Work, request: OpenWindow) -> WindowView:
    """Sit down at a window: one person a window, one window a person (QUE-925)."""
    window = window_row(work, request.window_id)
    session = work.first(loaders.SESSION, window=window.id)
    if session is not None and session.state != "closed" and session.staff_id != work.who.id:
        if not request.take_over:
            holder = staff_card(work, session.staff_id)
            work.refuse("queue.window_taken", name=next(iter(holder.name.values()), "") if holder else "")
        _told(work, window, "taken_over")
    if not work.may(SUPERVISE):
        for other in work.rows(loaders.SESSION_OF, staff=work.who.id):
            if other.window_id == window.id:
                continue
            if not request.take_over:
                work.refuse("queue.elsewhere", window=window_row(work, other.window_id).label_text)
            _close(work, other)
    if session is None:
        work.insert(WindowSession, window_id=window.id, staff_id=work.who.id, state="free", opened_at=work.now)
    elif session.staff_id != work.who.id or session.state == "closed":
        # QUE-926: a ticket that stayed with the window is still its ticket.
        ticket = work.find(Ticket, session.ticket_id)
        state = ticket.state if ticket is not None and ticket.state in ("called", "serving") else "free"
        work.change(
            WindowSession, session, staff_id=work.who.id, state=state, opened_at=work.now, paused_at=None,
            pause_reason=None, ticket_id=session.ticket_id if state != "free" else None,
        )  # fmt: skip
    _told(work, window, "opened")
    return window_view(work, window.id)


@action("queue.close_window", needs=CALL, input=AtWindow, output=WindowView, locks=_window_lock)
def close_window(work: Work, request: AtWindow) -> WindowView:
    """Leave a window. A ticket in service stays with the window until it is resumed or ended (QUE-926)."""
    _close(work, _session(work, request.window_id))
    return window_view(work, request.window_id)


@action("queue.call_next", needs=CALL, input=CallNext, output=Called, locks=_window_lock)
def call_next(work: Work, request: CallNext) -> Called:
    """Call the ticket that the rules choose for this window; refuse when nobody is waiting (QUE-050, QUE-905)."""
    window = window_row(work, request.window_id)
    session = _session(work, window.id)
    if session.state in ("paused", "back_office"):
        work.refuse("queue.window_paused")
    if session.ticket_id is not None:
        current = work.get(Ticket, session.ticket_id)
        if current.state in ("called", "serving"):
            if not (request.finish_current and current.state == "serving"):
                work.refuse("queue.still_serving", number=current.number)
            session = _finish(work, window, session, current, Finish(window_id=window.id))
    awaited = work.ask(MayCallNext(window_id=window.id), "")
    if awaited:
        _refuse_awaited(work, awaited)
    _, day = place_and_day(work, window.outlet_id)
    order = OFFERINGS.read(work.connection).of_window.get(window.id, {})
    heads = []
    for service_id in order:
        head = work.first(loaders.HEAD, zone=window.zone_id, service=service_id, day=day)
        if head is not None:
            heads.append(rules.Head(head.id, head.service_id, head.priority, head.position))
    chosen = rules.next_ticket(heads, order)
    if chosen is None:
        work.refuse("queue.nobody_waiting")
    row = work.get(Ticket, chosen.ticket_id)
    row = work.change(
        Ticket, row, state="called", called_at=work.now, window_id=window.id, staff_id=session.staff_id, started_at=None
    )
    work.change(WindowSession, session, state="called", ticket_id=row.id)
    _log(work, row, "called")
    _announce(work, window, row, recall=False)
    after = work.setting(START_AFTER, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    if after:
        due = StartDue(ticket_id=row.id, window_id=window.id, called_at=work.now)
        work.emit_at(due, work.now + timedelta(seconds=after))
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.start", needs=CALL, input=AtWindow, output=Called, locks=_window_lock)
def start(work: Work, request: AtWindow) -> Called:
    """The citizen is here: service begins. Called is not served."""
    window, session, row = _current(work, request.window_id, "start")
    row = work.change(Ticket, row, state="serving", started_at=work.now)
    work.change(WindowSession, session, state="serving")
    _log(work, row, "started")
    _told(work, window, "started", row)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.recall", needs=CALL, input=AtWindow, output=Called, locks=_window_lock)
def recall(work: Work, request: AtWindow) -> Called:
    """Call the same ticket again (QUE-051); it is announced again (QUE-915)."""
    window, _, row = _current(work, request.window_id, "no_show")
    row = work.change(Ticket, row, recalls=row.recalls + 1)
    _log(work, row, "recalled")
    _announce(work, window, row, recall=True)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.finish", needs=CALL, input=Finish, output=Called, locks=_window_lock)
def finish(work: Work, request: Finish) -> Called:
    """End the service and, unless told otherwise, ask for the rating (QUE-052)."""
    window, session, row = _current(work, request.window_id, "finish")
    _finish(work, window, session, row, request)
    return Called.model_construct(ticket=ticket_card(work.get(Ticket, row.id)), window=None)


@action("queue.no_show", needs=CALL, input=AtWindow, output=Called, locks=_window_lock)
def no_show(work: Work, request: AtWindow) -> Called:
    """The called citizen did not come (QUE-055)."""
    window, session, row = _current(work, request.window_id, "no_show")
    row = work.change(Ticket, row, state="no_show", finished_at=work.now)
    work.change(WindowSession, session, state="free", ticket_id=None, last_ticket_id=row.id)
    _log(work, row, "no_show")
    _told(work, window, "no_show", row)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.put_back", needs=CALL, input=PutBack, output=Called, locks=_window_lock)
def put_back(work: Work, request: PutBack) -> Called:
    """A no-show of the same day waits again at its old place (QUE-907)."""
    window = window_row(work, request.window_id)
    _session(work, window.id)
    row = work.get(Ticket, request.ticket_id)
    _, day = place_and_day(work, row.outlet_id)
    if rules.changed("put_back", row.state) is None or row.business_day != day:
        work.refuse("queue.wrong_state", number=row.number)
    row = work.change(Ticket, row, state="waiting", finished_at=None, window_id=None, staff_id=None)
    _log(work, row, "put_back")
    work.notify(f"queue.zone.{row.zone_id}", "put_back", ticket=row.id)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.transfer", needs=CALL, input=Transfer, output=Called, locks=_window_lock)
def transfer(work: Work, request: Transfer) -> Called:
    """Put the ticket into another queue; the citizen keeps the paper (QUE-022, QUE-024)."""
    window, session, row = _current(work, request.window_id, "transfer")
    offerings = OFFERINGS.read(work.connection)
    service = offerings.leaf(request.service_id)
    if service is None:
        work.refuse("queue.service_unknown")
    if service.id == row.service_id and request.priority == row.priority:
        work.refuse("queue.same_queue")  # QUE-920
    windows = PLAN.read(work.connection).windows
    zones = [windows[w].zone_id for w in offerings.windows_of.get(service.id, ()) if w in windows]
    if not zones:
        work.refuse("queue.service_hidden", reason="no_window", service_id=str(service.id))
    zone_id = row.zone_id if row.zone_id in zones else zones[0]  # QUE-921: else it is called in the other zone
    keeps = work.setting(TRANSFER_KEEPS_TIME, zone=zone_id, outlet=row.outlet_id)
    # QUE-922: by its own time or by that of the transfer; priority counts from the moment at which it began (note N10).
    keeps = keeps and (not request.priority or row.priority)
    before = row.service_id
    row = work.change(
        Ticket, row, state="waiting", service_id=service.id, zone_id=zone_id, priority=request.priority,
        position=row.position if keeps else work.next_place(), transfers=row.transfers + 1,
        window_id=None, staff_id=None, called_at=None, started_at=None,
    )  # fmt: skip
    work.change(WindowSession, session, state="free", ticket_id=None, last_ticket_id=row.id)
    work.insert(
        TicketEvent, audited=False, ticket_id=row.id, kind="transferred", at=work.now, window_id=window.id,
        staff_id=work.who.id, from_service_id=before,
    )  # fmt: skip
    _told(work, window, "transferred", row)
    if zone_id != window.zone_id:
        work.notify(f"queue.zone.{zone_id}", "transferred", ticket=row.id)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.pause", needs=CALL, input=Pause, output=Called, locks=_window_lock)
def pause(work: Work, request: Pause) -> Called:
    """Leave the post for a while, or work in the back office; the citizen sees it (EVA-005, EVA-006)."""
    window = window_row(work, request.window_id)
    session = _session(work, window.id)
    if session.state in ("called", "serving"):
        work.refuse("queue.still_serving", number=work.get(Ticket, session.ticket_id).number)
    state = "back_office" if request.reason == "back_office" else "paused"
    work.change(WindowSession, session, state=state, paused_at=work.now, pause_reason=request.reason)
    _told(work, window, "paused")
    return Called.model_construct(ticket=None, window=None)


@action("queue.resume", needs=CALL, input=AtWindow, output=Called, locks=_window_lock)
def resume(work: Work, request: AtWindow) -> Called:
    """End a pause."""
    window = window_row(work, request.window_id)
    session = _session(work, window.id)
    if session.state in ("paused", "back_office"):
        work.change(WindowSession, session, state="free", paused_at=None, pause_reason=None)
        _told(work, window, "resumed")
    return Called.model_construct(ticket=None, window=None)


def _session(work: Work, window_id: UUID) -> Any:
    session = work.first(loaders.SESSION, window=window_id)
    if session is None or session.state == "closed":
        work.refuse("queue.window_closed")
    if session.staff_id != work.who.id and not work.may(SUPERVISE):
        work.refuse("queue.not_your_window")
    return session


def _current(work: Work, window_id: UUID, verb: str) -> tuple[Any, Any, Any]:
    """Window, session and current ticket; refuses when the verb is not allowed in its state (QUE-906)."""
    window = window_row(work, window_id)
    session = _session(work, window.id)
    row = work.find(Ticket, session.ticket_id)
    if row is None:
        work.refuse("queue.no_ticket")
    if rules.changed(verb, row.state) is None:
        work.refuse("queue.wrong_state", number=row.number)
    return window, session, row


def _finish(work: Work, window: Any, session: Any, row: Any, request: Finish) -> Any:
    row = work.change(
        Ticket,
        row,
        state="finished",
        started_at=row.started_at or work.now,
        finished_at=work.now,
        matters=request.matters,
    )
    session = work.change(WindowSession, session, state="free", ticket_id=None, last_ticket_id=row.id)
    _log(work, row, "finished")
    _told(work, window, "finished", row)
    work.emit(
        TicketFinished(
            ticket_id=row.id, window_id=window.id, staff_id=row.staff_id, request_rating=request.request_rating
        )
    )
    return session


def _close(work: Work, session: Any) -> None:
    work.change(WindowSession, session, state="closed", staff_id=None, paused_at=None, pause_reason=None)
    window = window_row(work, session.window_id)
    _told(work, window, "closed")
    work.emit(WindowClosed(window_id=window.id))


def _refuse_awaited(work: Work, until: str) -> None:
    left = (datetime.fromisoformat(until) - work.now).total_seconds()
    work.refuse("queue.rating_awaited", seconds=max(1, round(left)), until=until)


def _log(work: Work, row: Any, kind: str) -> None:
    work.insert(
        TicketEvent,
        audited=False,
        ticket_id=row.id,
        kind=kind,
        at=work.now,
        window_id=row.window_id,
        staff_id=row.staff_id,
    )


def _announce(work: Work, window: Any, row: Any, *, recall: bool) -> None:
    number = work.next_number(f"call:{window.zone_id.hex}", "")
    work.insert(
        Call, audited=False, zone_id=window.zone_id, sequence=number, business_day=row.business_day, ticket_id=row.id,
        window_id=window.id, at=work.now, recall=recall,
    )  # fmt: skip
    _told(work, window, "recalled" if recall else "called", row)


def _told(work: Work, window: Any, kind: str, row: Any = None) -> None:
    ids = {"window": window.id} if row is None else {"window": window.id, "ticket": row.id}
    work.notify(f"queue.zone.{window.zone_id}", kind, **ids)
    work.notify(f"queue.window.{window.id}", kind, **ids)
