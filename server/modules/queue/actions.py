"""The verbs of a window's everyday. Each is one transaction; what it may do is decided by `rules.py`."""

from __future__ import annotations

from typing import Any

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
    WindowView,
)
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.modules.queue import loaders, rules
from server.modules.queue import refusals as _refusals  # noqa: F401  declares them
from server.modules.queue.access import CALL, ISSUE, SUPERVISE
from server.modules.queue.cards import staff_card, ticket_card, window_view
from server.modules.queue.choosing import choose
from server.modules.queue.events import TicketFinished
from server.modules.queue.hall import place_and_day, window_row, zone_row
from server.modules.queue.issuing import issue
from server.modules.queue.questions import MayCallNext
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.settings import ANTI_REPEAT, RECALLS_NEEDED
from server.modules.queue.steps import (
    announce,
    close,
    current,
    freed,
    give_call,
    happened,
    log,
    refuse_awaited,
    session_of,
    told,
    told_zone,
    window_lock,
)


@action("queue.issue_ticket", needs=ISSUE, input=IssueTicket, output=Issued)
def issue_ticket(work: Work, request: IssueTicket) -> Issued:
    """Give a citizen the next number of a service; refuse when the service cannot be had now (QUE-001, QUE-911)."""
    return issue(
        work,
        zone_row(work, request.zone_id),
        request.service_id,
        channel=request.channel,
        reason=request.reason,
        test=request.test,
        delivery=request.delivery,
        identity=request.identity,
    )


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
    if not window.in_service:
        work.refuse("queue.window_out_of_service", window=window.label_text)
    if session is not None and session.state != "closed" and session.staff_id != work.who.id:
        if not request.take_over:
            holder = staff_card(work, session.staff_id)
            work.refuse("queue.window_taken", name=next(iter(holder.name.values()), "") if holder else "")
        happened(work, window, session.staff_id, "taken_over")
        told(work, window, "taken_over")
    if not work.may(SUPERVISE):
        for other in work.rows(loaders.SESSION_OF, staff=work.who.id):
            if other.window_id == window.id:
                continue
            if not request.take_over:
                work.refuse("queue.elsewhere", window=window_row(work, other.window_id).label_text)
            close(work, other)
    if session is None:
        session = work.insert(
            WindowSession, window_id=window.id, staff_id=work.who.id, state="closed", opened_at=work.now
        )
    if session.staff_id != work.who.id or session.state == "closed":
        # QUE-926: a ticket that stayed with the window is still its ticket.
        ticket = work.find(Ticket, session.ticket_id)
        fresh: dict[str, Any] = {
            "staff_id": work.who.id,
            "opened_at": work.now,
            "paused_at": None,
            "pause_reason": None,
        }
        if ticket is not None and ticket.state in ("called", "serving"):
            work.change(WindowSession, session, state=ticket.state, **fresh)
        else:
            freed(work, window, session, **fresh)
        happened(work, window, work.who.id, "opened")
    told(work, window, "opened")
    return window_view(work, window.id)


@action("queue.close_window", needs=CALL, input=AtWindow, output=WindowView, locks=window_lock)
def close_window(work: Work, request: AtWindow) -> WindowView:
    """Leave a window. A ticket in service stays with the window until it is resumed or ended (QUE-926)."""
    close(work, session_of(work, request.window_id))
    return window_view(work, request.window_id)


@action("queue.call_next", needs=CALL, input=CallNext, output=Called, locks=window_lock)
def call_next(work: Work, request: CallNext) -> Called:
    """Call the ticket that the rules choose for this window; refuse when nobody is waiting (QUE-050, QUE-905)."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    if session.state in ("paused", "back_office"):
        work.refuse("queue.window_paused")
    if session.ticket_id is not None:
        standing = work.get(Ticket, session.ticket_id)
        if standing.state in ("called", "serving"):
            if not (request.finish_current and standing.state == "serving"):
                work.refuse("queue.still_serving", number=standing.number)
            session, _ = end_service(work, window, session, standing, Finish(window_id=window.id))
    awaited = work.ask(MayCallNext(window_id=window.id), "")
    if awaited:
        refuse_awaited(work, awaited)
    row = call_chosen_by_rules(work, window, session)
    if row is None:
        work.refuse("queue.nobody_waiting")
    return Called.model_construct(ticket=ticket_card(row), window=None)


def call_chosen_by_rules(work: Work, window: Any, session: Any) -> Any:
    """Call whoever the rules put next at a window; nothing when nobody waits. The rule and its values are kept."""
    found = choose(work, window, session)
    if found is None:
        return None
    chosen, facts = found
    row = work.get(Ticket, chosen.head.ticket_id)
    return give_call(work, window, session, row, facts, rules.run_after(session.priority_run, chosen))


@action("queue.start", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def start(work: Work, request: AtWindow) -> Called:
    """The citizen is here: service begins. Called is not served."""
    window, session, row = current(work, request.window_id, "start")
    row = work.change(Ticket, row, state="serving", started_at=work.now)
    work.change(WindowSession, session, state="serving")
    log(work, row, "started")
    told(work, window, "started", row)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.recall", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def recall(work: Work, request: AtWindow) -> Called:
    """Call the same ticket again (QUE-051); it is announced again (QUE-915). Several clicks in a row take effect once
    (QUE-061)."""
    window, _, row = current(work, request.window_id, "no_show")
    gap = work.setting(ANTI_REPEAT, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    if row.recalls == 0 or (work.now - row.changed_at).total_seconds() >= gap:
        row = work.change(Ticket, row, recalls=row.recalls + 1)
        log(work, row, "recalled")
        announce(work, window, row, recall=True)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.finish", needs=CALL, input=Finish, output=Called, locks=window_lock)
def finish(work: Work, request: Finish) -> Called:
    """End the service and, unless told otherwise, ask for the rating (QUE-052)."""
    window, session, row = current(work, request.window_id, "finish")
    _, row = end_service(work, window, session, row, request)
    return Called.model_construct(ticket=ticket_card(row), window=None)


def end_service(work: Work, window: Any, session: Any, row: Any, request: Finish) -> tuple[Any, Any]:
    """End the service of the window's ticket and tell the house; gives the session and the ticket."""
    row = work.change(
        Ticket,
        row,
        state="finished",
        started_at=row.started_at or work.now,
        finished_at=work.now,
        matters=request.matters,
    )
    session = freed(work, window, session, last_ticket_id=row.id)
    log(work, row, "finished", facts={"note": request.supplement} if request.supplement else None)
    if request.supplement:
        log(work, row, "supplement_asked", facts={"note": request.supplement})
    told(work, window, "finished", row)
    if row.test:
        return session, row
    work.emit(
        TicketFinished(
            ticket_id=row.id, window_id=window.id, staff_id=row.staff_id, request_rating=request.request_rating
        )
    )
    return session, row


@action("queue.no_show", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def no_show(work: Work, request: AtWindow) -> Called:
    """The called citizen did not come (QUE-055); refused until it was recalled often enough (QUE-907)."""
    window, session, row = current(work, request.window_id, "no_show")
    needed = work.setting(RECALLS_NEEDED, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    left = rules.recalls_left(row.recalls, needed)
    if left:
        work.refuse("queue.recall_first", number=row.number, left=left)
    row = work.change(Ticket, row, state="no_show", finished_at=work.now)
    freed(work, window, session, last_ticket_id=row.id)
    log(work, row, "no_show")
    told(work, window, "no_show", row)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.put_back", needs=CALL, input=PutBack, output=Called, locks=window_lock)
def put_back(work: Work, request: PutBack) -> Called:
    """A no-show of the same day waits again at its old place (QUE-907)."""
    window = window_row(work, request.window_id)
    session_of(work, window.id)
    row = work.get(Ticket, request.ticket_id)
    _, day = place_and_day(work, row.outlet_id)
    if rules.changed("put_back", row.state) is None or row.business_day != day:
        work.refuse("queue.wrong_state", number=row.number)
    row = work.change(
        Ticket, row, state="waiting", finished_at=None, window_id=None, staff_id=None, waiting_since=work.now
    )
    log(work, row, "put_back")
    told_zone(work, row, "put_back")
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.pause", needs=CALL, input=Pause, output=Called, locks=window_lock)
def pause(work: Work, request: Pause) -> Called:
    """Leave the post for a while, or work in the back office; the citizen sees it (EVA-005, EVA-006)."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    if session.state in ("called", "serving"):
        work.refuse("queue.still_serving", number=work.get(Ticket, session.ticket_id).number)
    state = "back_office" if request.reason == "back_office" else "paused"
    work.change(WindowSession, session, state=state, paused_at=work.now, pause_reason=request.reason, auto_call_at=None)
    happened(work, window, session.staff_id, "paused", request.reason)
    told(work, window, "paused")
    return Called.model_construct(ticket=None, window=None)


@action("queue.resume", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def resume(work: Work, request: AtWindow) -> Called:
    """End a pause."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    if session.state in ("paused", "back_office"):
        freed(work, window, session, paused_at=None, pause_reason=None)
        happened(work, window, session.staff_id, "resumed")
        told(work, window, "resumed")
    return Called.model_construct(ticket=None, window=None)
