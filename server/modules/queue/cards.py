"""Rows as the messages that travel, and small readings that several verbs share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.protocol.queue import RatingRequest, StaffCard, TicketCard, WindowView
from server.engine.actions.work import Work
from server.engine.ports import Place
from server.modules.organisation.public import PLAN, StaffMember, place_of, public_hours, within
from server.modules.queue import loaders, rules
from server.modules.queue.questions import MayCallNext, OpenRequest
from server.modules.queue.records import Ticket
from server.modules.services.public import OFFERINGS


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
        version=row.version,
    )


def zone_row(work: Work, zone_id: UUID | None) -> Any:
    """The zone named, the caller's own, or the outlet's only one; refuses otherwise."""
    plan = PLAN.read(work.connection)
    wanted = zone_id or work.who.zone_id or (next(iter(plan.zones)) if plan.zones else None)
    row = plan.zones.get(wanted) if wanted else None
    if row is None:
        work.refuse("records.not_found", record="zone", id=str(wanted))
    return row


def window_row(work: Work, window_id: UUID) -> Any:
    """A window; refuses when it is not there."""
    row = PLAN.read(work.connection).windows.get(window_id)
    if row is None:
        work.refuse("records.not_found", record="window", id=str(window_id))
    return row


def place_and_day(work: Work, outlet_id: UUID) -> tuple[Place, date]:
    """An outlet's time and its business day now."""
    place = place_of(PLAN.read(work.connection).outlets[outlet_id])
    return place, place.business_day(work.now)


def open_windows(work: Work, zone_id: UUID) -> frozenset[UUID]:
    """The zone's windows where somebody is signed in; a pause still counts (note N9)."""
    return loaders.OPEN.read(work.connection).get(zone_id, frozenset())


def counted_today(work: Work, outlet_id: UUID, service: Any, day: date) -> int:
    """What counts against the day's maximum; asked only where there is one."""
    if service.daily_limit is None:
        return 0
    return int(work.scalar(loaders.COUNTED, outlet=outlet_id, day=day, service=service.id))


def refusal_reason(work: Work, service: Any, outlet: Any, local: datetime, windows_open: int, day: date) -> str | None:
    """The rule that hides a service now, or nothing (QUE-003 to QUE-006)."""
    return rules.hidden_reason(
        windows_open=windows_open,
        in_service_hours=service.hours is None or within(service.hours, local),
        in_hall_hours=within(public_hours(outlet), local),
        daily_limit=service.daily_limit,
        counted=counted_today(work, outlet.id, service, day),
    )


def wait_of(work: Work, service: Any, ahead: int, windows_open: int) -> rules.Estimate | None:
    """The estimate for a ticket with so many ahead, from the last twenty services."""
    times = loaders.TIMES.read(work.connection, service.id)
    return rules.estimate(ahead, windows_open, times, service.minutes * 60)


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
    _, day = place_and_day(work, window.outlet_id)
    accepted = offerings.of_window.get(window_id, {})
    waiting = {row.service_id: row for row in work.rows(loaders.WAITING, zone=window.zone_id, day=day)}
    mine = [row for service_id, row in waiting.items() if service_id in accepted]
    ticket = work.find(Ticket, session.ticket_id) if session is not None and session.ticket_id else None
    service = offerings.services.get(ticket.service_id) if ticket is not None else None
    request = work.ask(OpenRequest(window_id=window_id), None)
    locked = work.ask(MayCallNext(window_id=window_id), "")
    state = session.state if session is not None else "closed"
    if request is not None and state == "free":
        state = "rating"
    oldest = min((row.oldest for row in mine), default=None)
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
        services=[offerings.services[s].name for s in accepted],
        pause_reason=session.pause_reason if session is not None else None,
        paused_at=session.paused_at if session is not None else None,
        waiting=sum(row.n for row in mine),
        longest_wait_seconds=int((work.now - oldest).total_seconds()) if oldest is not None else None,
        served_today=work.scalar(loaders.SERVED_BY, window=window_id, zone=window.zone_id, day=day),
        limit_seconds=service.limit_minutes * 60 if service is not None and service.limit_minutes else None,
        locked_until=datetime.fromisoformat(locked) if locked else None,
        request=RatingRequest.model_validate(request) if request is not None else None,
        now=work.now,
    )
