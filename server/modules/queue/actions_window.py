"""Verbs at a window beyond its everyday: transfer, undo, a chosen ticket, release, return visits, priority."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.queue import AtWindow, Called, Issued, Transfer, WindowView
from common.protocol.queue_window import BindTicket, CallTicket, IssueSupplement, LogOut, SetPriority, VoidTicket
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue.access import CALL, CHOSEN, ISSUE, PRIORITY, SUPERVISE, VOID
from server.modules.queue.cards import ticket_card, undoable, window_view
from server.modules.queue.events import TicketReopened
from server.modules.queue.hall import (
    accepted_at,
    belongs_here,
    open_windows,
    periods_now,
    place_and_day,
    serving_windows,
    window_row,
)
from server.modules.queue.issuing import issue, next_place
from server.modules.queue.questions import MayReopen
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.settings import TRANSFER_KEEPS_TIME
from server.modules.queue.steps import (
    close,
    current,
    freed,
    give_call,
    log,
    session_of,
    told,
    told_zone,
    window_lock,
)
from server.modules.services.public import OFFERINGS


@action("queue.transfer", needs=CALL, input=Transfer, output=Called, locks=window_lock)
def transfer(work: Work, request: Transfer) -> Called:
    """Put the ticket into another queue; the citizen keeps the paper (QUE-022, QUE-024)."""
    window, session, row = current(work, request.window_id, "transfer")
    before = row.zone_id
    row = move(work, row, request.service_id, request.priority)
    freed(work, window, session, last_ticket_id=row.id)
    told(work, window, "transferred", row)
    if row.zone_id != before:
        told_zone(work, row, "transferred")  # QUE-921: it is told and called there
    return Called.model_construct(ticket=ticket_card(row), window=None)


def move(work: Work, row: Any, service_id: UUID, priority: bool, reason: str = "") -> Any:
    """Move a ticket into the queue of a service, in its own zone where that serves it; gives the new row."""
    service = OFFERINGS.read(work.connection).leaf(service_id)
    if service is None:
        work.refuse("queue.service_unknown")
    if service.id == row.service_id and priority == row.priority:
        work.refuse("queue.same_queue")  # QUE-920
    zone_id = zone_for(work, service.id, row.zone_id)
    # QUE-920: only what is open; within its own queue a ticket merely changes its class.
    if service.id != row.service_id and not open_for(work, service.id, zone_id):
        work.refuse("queue.no_window_open", service_id=str(service.id))
    keeps = work.setting(TRANSFER_KEEPS_TIME, zone=zone_id, outlet=row.outlet_id)
    # QUE-922: by its own time or by that of the transfer; priority counts from the moment at which it began (note N10).
    keeps = keeps and (not priority or row.priority)
    facts = {"to": str(service.id), "zone": str(zone_id), "priority": priority, "keeps_time": bool(keeps)}
    log(work, row, "transferred", from_service_id=row.service_id, facts={**facts, "reason": reason})
    return work.change(
        Ticket, row, state="waiting", service_id=service.id, zone_id=zone_id, priority=priority,
        position=row.position if keeps else next_place(work), waiting_since=row.waiting_since if keeps else work.now,
        transfers=row.transfers + 1, started_at=None, called_at=None, window_id=None, staff_id=None, recalls=0,
        bound_window_id=None,
    )  # fmt: skip


def zone_for(work: Work, service_id: UUID, present: UUID) -> UUID:
    """The zone in which a transferred ticket waits: its own where the service is served there, else the first other
    one, one with a working window before the others (QUE-920, QUE-921); refuses when there is none."""
    zones = PLAN.read(work.connection).zones
    fit = [zone for zone in zones.values() if belongs_here(work, service_id, zone)]
    if not fit:
        work.refuse("queue.service_hidden", reason="no_window", service_id=str(service_id))

    def rank(zone: Any) -> tuple[bool, bool]:
        serving = serving_windows(work, service_id, zone, open_windows(work, zone.id))
        return (zone.id != present, not serving)

    return min(fit, key=rank).id


def open_for(work: Work, service_id: UUID, zone_id: UUID) -> bool:
    """Whether a window that serves it works in the zone."""
    zone = PLAN.read(work.connection).zones[zone_id]
    return bool(serving_windows(work, service_id, zone, open_windows(work, zone_id)))


@action("queue.delay_call", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def delay_call(work: Work, request: AtWindow) -> Called:
    """Not yet: the countdown to the call that comes by itself begins anew (QUE-021). Whoever leaves the post pauses."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    if session.state != "free" or session.auto_call_at is None:
        work.refuse("queue.no_countdown")
    freed(work, window, session)
    told(work, window, "delayed")
    return Called.model_construct(ticket=None, window=None)


@action("queue.undo", needs=CALL, input=AtWindow, output=Called, locks=window_lock)
def undo(work: Work, request: AtWindow) -> Called:
    """Take back a mistaken finish or no-show within a minute: the ticket is at the window again as it was."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    found, _ = undoable(work, session)
    if found is None:
        work.refuse("queue.nothing_to_undo")
    verb, row = found
    if verb == "undo_finish":
        refusal = work.ask(MayReopen(ticket_id=row.id), "")
        if refusal:
            work.refuse(refusal)
    # Finished without having begun: it had only been called.
    begun = verb == "undo_finish" and row.started_at != row.finished_at
    state = rules.changed(verb, row.state) if begun or verb == "undo_no_show" else "called"
    row = work.change(
        Ticket, row, state=state, finished_at=None, started_at=row.started_at if begun else None, matters=1
    )
    work.change(WindowSession, session, state=state, ticket_id=row.id, last_ticket_id=None, auto_call_at=None)
    log(work, row, "undone", facts={"of": verb})
    told(work, window, "undone", row)
    if verb == "undo_finish":
        work.emit(TicketReopened(ticket_id=row.id, window_id=window.id))
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.call_ticket", needs=CHOSEN, input=CallTicket, output=Called, locks=window_lock)
def call_ticket(work: Work, request: CallTicket) -> Called:
    """Call a chosen waiting ticket or no-show of today out of its turn; who and why stand in its history."""
    window = window_row(work, request.window_id)
    session = session_of(work, window.id)
    if session.state in ("paused", "back_office"):
        work.refuse("queue.window_paused")
    standing = work.find(Ticket, session.ticket_id)
    if standing is not None and standing.state in ("called", "serving"):
        work.refuse("queue.still_serving", number=standing.number)
    row = work.get(Ticket, request.ticket_id)
    _, day = place_and_day(work, window.outlet_id)
    if rules.changed("call_chosen", row.state) is None or row.business_day != day:
        work.refuse("queue.wrong_state", number=row.number)
    if row.bound_window_id is not None and row.bound_window_id != window.id:
        work.refuse("queue.bound_elsewhere", number=row.number, window=window_row(work, row.bound_window_id).label_text)
    if row.bound_window_id is None and row.service_id not in accepted_at(work, window, session.staff_id):
        work.refuse("queue.not_accepted", number=row.number)
    facts = {"rule": "chosen", "reason": request.reason, "by": str(work.who.id)}
    row = give_call(work, window, session, row, facts, session.priority_run)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.release", needs=SUPERVISE, input=AtWindow, output=Called, locks=window_lock)
def release(work: Work, request: AtWindow) -> Called:
    """Give the ticket that stayed with an abandoned window back to its queue, at its old place (QUE-926)."""
    window = window_row(work, request.window_id)
    session = work.first(loaders.SESSION, window=window.id)
    row = work.find(Ticket, session.ticket_id) if session is not None else None
    if session is None or row is None or session.state != "closed" or rules.changed("release", row.state) is None:
        work.refuse("queue.nothing_kept")
    log(work, row, "released")
    row = work.change(
        Ticket, row, state="waiting", called_at=None, started_at=None, window_id=None, staff_id=None, recalls=0
    )
    work.change(WindowSession, session, ticket_id=None)
    told(work, window, "released", row)
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.log_out", needs=SUPERVISE, input=LogOut, output=WindowView, locks=window_lock)
def log_out(work: Work, request: LogOut) -> WindowView:
    """End a forgotten sign-in at a window; the ticket there stays with it (QUE-925, QUE-926)."""
    session = work.first(loaders.SESSION, window=request.window_id)
    if session is None or session.state == "closed":
        work.refuse("queue.window_closed")
    close(work, session, "logged_out", request.reason)
    return window_view(work, request.window_id)


@action(
    "queue.set_priority", needs=PRIORITY, input=SetPriority, output=Called, locks=lambda r: [("ticket", r.ticket_id)]
)
def set_priority(work: Work, request: SetPriority) -> Called:
    """Give a waiting ticket priority from now on, or take a misused one away (QUE-924)."""
    row = work.get(Ticket, request.ticket_id)
    if row.state != "waiting":
        work.refuse("queue.not_waiting", number=row.number)
    if row.priority != request.priority:
        # Priority counts from the moment at which it began (note N10); without it the ticket's own place holds again.
        position = next_place(work) if request.priority else row.position
        row = work.change(Ticket, row, priority=request.priority, position=position, priority_from=None)
        log(work, row, "priority" if request.priority else "priority_removed", facts={"reason": request.reason})
        told_zone(work, row, "priority")
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.void", needs=VOID, input=VoidTicket, output=Called, locks=lambda r: [("ticket", r.ticket_id)])
def void(work: Work, request: VoidTicket) -> Called:
    """Make a waiting ticket void: it is not called, and its place in the day's maximum is free again (note N4)."""
    row = voided(work, work.get(Ticket, request.ticket_id), request.reason)
    return Called.model_construct(ticket=ticket_card(row), window=None)


def voided(work: Work, row: Any, reason: str) -> Any:
    """Make a waiting ticket void; gives its new row."""
    if rules.changed("void", row.state) is None:
        work.refuse("queue.not_waiting", number=row.number)
    row = work.change(Ticket, row, state="void", finished_at=work.now)
    log(work, row, "void", facts={"reason": reason})
    told_zone(work, row, "void")
    return row


@action("queue.bind", needs=CALL, input=BindTicket, output=Called, locks=lambda r: [("ticket", r.ticket_id)])
def bind(work: Work, request: BindTicket) -> Called:
    """Choose another window for a return visit, or let any window call it again (QUE-923)."""
    row = work.get(Ticket, request.ticket_id)
    if row.state != "waiting":
        work.refuse("queue.not_waiting", number=row.number)
    zone_id = row.zone_id
    if request.window_id is not None:
        zone_id = window_row(work, request.window_id).zone_id
    row = work.change(Ticket, row, bound_window_id=request.window_id, zone_id=zone_id)
    log(work, row, "bound", facts={"window": str(request.window_id) if request.window_id else None})
    told_zone(work, row, "bound")
    return Called.model_construct(ticket=ticket_card(row), window=None)


@action("queue.issue_supplement", needs=ISSUE, input=IssueSupplement, output=Issued)
def issue_supplement(work: Work, request: IssueSupplement) -> Issued:
    """A citizen comes back with papers: a ticket for the window that asked for them, called there only (QUE-062)."""
    earlier = work.first(loaders.BY_TOKEN, token=request.token) if request.token else None
    if request.token and earlier is None:
        work.refuse("queue.no_earlier_ticket")
    service_id = request.service_id or (earlier.service_id if earlier is not None else None)
    window_id = request.window_id or (earlier.window_id if earlier is not None else None)
    if service_id is None or window_id is None:
        work.refuse("queue.no_earlier_ticket")
    window = window_row(work, window_id)
    plan = PLAN.read(work.connection)
    zone = plan.zones[window.zone_id]
    opened = open_windows(work, zone.id)
    if window.id not in opened:
        # QUE-923: say when, or which others could take it.
        others = serving_windows(work, service_id, zone, opened)
        work.refuse(
            "queue.supplement_window_closed",
            window=window.label_text,
            hours=[list(p) for p in hours_of(work, window.outlet_id)],
            others=[{"window_id": str(w), "label": plan.windows[w].label_text} for w in others],
        )
    return issue(
        work, zone, service_id, channel=request.channel, reason="supplement", bound=window,
        supplement_of=earlier.id if earlier is not None else None,
    )  # fmt: skip


def hours_of(work: Work, outlet_id: UUID) -> list[tuple[str, str]]:
    """Today's periods of an outlet."""
    outlet = PLAN.read(work.connection).outlets[outlet_id]
    place, _ = place_and_day(work, outlet_id)
    return periods_now(work, outlet, work.now.astimezone(place.zone))
