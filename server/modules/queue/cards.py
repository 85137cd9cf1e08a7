"""Rows as the messages that travel, and small readings that several verbs share."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from common.protocol.queue import RatingRequest, StaffCard, TicketCard, WindowView
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, StaffMember
from server.modules.queue import loaders, loaders_identity, rules
from server.modules.queue.hall import accepted_at, hall_now, place_and_day, sentence_now, window_row
from server.modules.queue.questions import MayCallNext, OpenRequest
from server.modules.queue.records import Ticket
from server.modules.queue.settings import RECALLS_NEEDED, START_AFTER, UNDO
from server.modules.services.public import OFFERINGS

PACE_HOLDS = timedelta(minutes=3)
"""A pace that was not computed again for so long says nothing any more."""


def ticket_card(row: Any) -> TicketCard:
    """A ticket without anything personal."""
    return TicketCard.model_construct(
        id=row.id,
        number=row.number,
        service_id=row.service_id,
        zone_id=row.zone_id,
        state=row.state,
        issued_at=row.issued_at,
        token=row.token,
        priority=row.priority,
        reason=row.reason,
        window_id=row.window_id,
        called_at=row.called_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        recalls=row.recalls,
        transfers=row.transfers,
        channel=row.channel,
        test=bool(row.test),
        delivery=row.delivery,
        bound_window_id=row.bound_window_id,
        version=row.version,
    )


def counted_today(work: Work, outlet_id: UUID, service: Any, day: date) -> int:
    """What counts against the day's maximum; asked only where there is one."""
    if service.daily_limit is None:
        return 0
    return int(work.scalar(loaders.COUNTED, outlet=outlet_id, day=day, service=service.id))


def pace_of(work: Work, zone_id: UUID, service_id: UUID) -> rules.Pace | None:
    """How fast the queue of a service moves now, or nothing when that was not computed lately."""
    found = loaders.PACES.read(work.connection).get((zone_id, service_id))
    return found[1] if found is not None and work.now - found[0] <= PACE_HOLDS else None


def wait_of(work: Work, zone_id: UUID, service: Any, ahead: int, windows_open: int) -> rules.Estimate | None:
    """The estimate for a ticket with so many ahead."""
    times = loaders.TIMES.read(work.connection, service.id)
    return rules.estimate(ahead, windows_open, times, service.minutes * 60, pace_of(work, zone_id, service.id))


def staff_card(work: Work, staff_id: UUID | None) -> StaffCard | None:
    """The card of somebody who sits at a window (EVA-017)."""
    person = work.find(StaffMember, staff_id)
    if person is None:
        return None
    return StaffCard(
        person_id=person.id,
        name=person.name,
        staff_number=person.staff_number,
        post=person.post or {},
        photo=person.photo,
        post_kind=person.post_kind or "",
    )


def window_view(work: Work, window_id: UUID) -> WindowView:
    """The state of one window as counter, pad and strip show it."""
    window = window_row(work, window_id)
    plan = PLAN.read(work.connection)
    offerings = OFFERINGS.read(work.connection)
    session = work.first(loaders.SESSION, window=window_id)
    place, day = place_and_day(work, window.outlet_id)
    hall = hall_now(work, plan.outlets[window.outlet_id], work.now.astimezone(place.zone), day)
    accepted = accepted_at(work, window, session.staff_id if session is not None else None)
    waiting = {row.service_id: row for row in work.rows(loaders.WAITING, zone=window.zone_id, day=day)}
    mine = [row for service_id, row in waiting.items() if service_id in accepted]
    ticket = work.find(Ticket, session.ticket_id) if session is not None and session.ticket_id else None
    service = offerings.services.get(ticket.service_id) if ticket is not None else None
    request = work.ask(OpenRequest(window_id=window_id), None)
    locked = work.ask(MayCallNext(window_id=window_id), "")
    state = session.state if session is not None else "closed"
    undo, undo_until = undoable(work, session)
    if request is not None and state == "free":
        state = "rating"
    oldest = min((row.oldest for row in mine), default=None)
    at = {"window": window_id, "zone": window.zone_id, "outlet": window.outlet_id}
    called = ticket is not None and ticket.state == "called"
    after = work.setting(START_AFTER, **at) if called else 0
    return WindowView(
        window_id=window_id,
        label=window.label_text,
        name=window.name or {},
        zone_id=window.zone_id,
        zone=plan.zones[window.zone_id].name,
        state=state,
        staff=staff_card(work, session.staff_id) if session is not None and state != "closed" else None,
        ticket=ticket_card(ticket) if ticket is not None else None,
        service=service.name if service is not None else {},
        service_prefix=service.prefix if service is not None else "",
        services=[offerings.services[s].name for s in accepted if s in offerings.services],
        service_ids=[s for s in accepted if s in offerings.services],
        pause_reason=session.pause_reason if session is not None else None,
        paused_at=session.paused_at if session is not None else None,
        waiting=sum(row.n for row in mine),
        longest_wait_seconds=int((work.now - oldest).total_seconds()) if oldest is not None else None,
        served_today=work.scalar(loaders.SERVED_BY, window=window_id, zone=window.zone_id, day=day),
        limit_seconds=service.limit_minutes * 60 if service is not None and service.limit_minutes else None,
        start_at=ticket.called_at + timedelta(seconds=after) if ticket is not None and after else None,
        locked_until=datetime.fromisoformat(locked) if locked else None,
        auto_call_at=session.auto_call_at if session is not None else None,
        undo=_UNDONE[undo[0]] if undo is not None else None,
        undo_number=undo[1].number if undo is not None else None,
        undo_until=undo_until,
        recalls_needed=rules.recalls_left(ticket.recalls, work.setting(RECALLS_NEEDED, **at))
        if ticket is not None and called
        else 0,
        identity_known=ticket is not None and _identity_known(work, ticket, service),
        bound_waiting=work.scalar(loaders.BOUND_COUNT, window=window_id, day=day),
        hall_state=hall.state,
        sentence=sentence_now(work, window.outlet_id) if hall.ordered else {},
        request=RatingRequest.model_validate(request) if request is not None else None,
        now=work.now,
    )


def _identity_known(work: Work, ticket: Any, service: Any) -> bool:
    # Asked only where there may be one: a transferred ticket brings it along.
    asked = service is not None and rules.demanded(service.identity, service.listed_only) != "none"
    if not (asked or ticket.transfers):
        return False
    return work.first(loaders_identity.HOLDER, ticket=ticket.id) is not None


_UNDONE: dict[str, Any] = {"undo_finish": "finish", "undo_no_show": "no_show"}


def undoable(work: Work, session: Any) -> tuple[tuple[str, Any] | None, datetime | None]:
    """What can be taken back at a window (verb and ticket), and until when."""
    if session is None or session.state != "free" or session.last_ticket_id is None:
        return None, None
    row = work.find(Ticket, session.last_ticket_id)
    seconds = work.setting(UNDO)
    verb = rules.may_undo(row.state, row.finished_at, work.now, seconds) if row is not None else None
    if row is None or verb is None or row.window_id != session.window_id:
        return None, None
    return (verb, row), row.finished_at + timedelta(seconds=seconds)
