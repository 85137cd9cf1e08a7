"""The hall manager's live plan, and the pauses of the day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.queue import InZone
from common.protocol.queue_day import PauseRow, Pauses
from common.protocol.queue_hall import HallPlan, HallState, PlanQueue, PlanWindow, PlanZone
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.jobs.alerts import cards
from server.modules.organisation.public import PLAN, StaffMember, within
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.access import BOARD, DAY
from server.modules.queue.actions_hall import hall_state, outlet_row
from server.modules.queue.cards import counted_today, staff_card, ticket_card, wait_of
from server.modules.queue.hall import (
    accepted_at,
    belongs_here,
    hall_now,
    open_windows,
    place_and_day,
    serving_windows,
    switched_off,
)
from server.modules.queue.readings_kiosk import labels_of
from server.modules.queue.records import Ticket
from server.modules.queue.settings import LONG_PAUSE
from server.modules.services.public import OFFERINGS


@reading("queue.hall", needs=BOARD, input=InZone, output=HallState)
def hall(work: Work, request: InZone) -> HallState:
    """The state of the hall that every program shows."""
    plan = PLAN.read(work.connection)
    asked = request.zone_id or work.who.zone_id
    zone = plan.zones.get(asked) if asked is not None else None
    return hall_state(work, outlet_row(work, zone.outlet_id if zone is not None else None))


@reading("queue.plan", needs=DAY, input=InZone, output=HallPlan)
def plan(work: Work, request: InZone) -> HallPlan:
    """The live plan: windows with who, what and how long, queues, warnings, the hall's state."""
    plan = PLAN.read(work.connection)
    asked = plan.zones.get(request.zone_id) if request.zone_id is not None else None
    outlet = outlet_row(work, asked.outlet_id if asked is not None else None)
    zones = [z for z in plan.zones.values() if z.outlet_id == outlet.id and (asked is None or z.id == asked.id)]
    _, day = place_and_day(work, outlet.id)
    waiting = {z.id: {row.service_id: row for row in work.rows(loaders.WAITING, zone=z.id, day=day)} for z in zones}
    sessions = {row.window_id: row for row in work.rows(loaders.SESSIONS)}
    served = {row.window_id: row.n for row in work.rows(loaders.SERVED_BY_WINDOW, outlet=outlet.id, day=day)}
    windows = [
        _window(work, window, sessions.get(window.id), served.get(window.id, 0))
        for window in plan.windows.values()
        if window.zone_id in waiting
    ]
    return HallPlan(
        hall=hall_state(work, outlet),
        zones=[
            PlanZone(zone_id=z.id, name=z.name, silent=z.silent, waiting=sum(row.n for row in waiting[z.id].values()))
            for z in zones
        ],
        windows=windows,
        queues=[queue for z in zones for queue in _queues(work, outlet, z, waiting[z.id], day)],
        alerts=cards(work),
        now=work.now,
    )


def _window(work: Work, window: Any, session: Any, served: int) -> PlanWindow:
    state = session.state if session is not None else "closed"
    held = state != "closed"
    row: Any = work.find(Ticket, session.ticket_id) if session is not None else None
    at = row is not None and row.state in ("called", "serving")
    service = OFFERINGS.read(work.connection).services.get(row.service_id) if at else None
    since = session.changed_at if session is not None else None
    if at and held:
        since = row.started_at or row.called_at
    elif session is not None and session.paused_at is not None:
        since = session.paused_at
    seconds = rules.seconds_between(since, work.now)
    limit = service.limit_minutes * 60 if service is not None and service.limit_minutes else None
    longest = work.setting(LONG_PAUSE, zone=window.zone_id, outlet=window.outlet_id) * 60
    paused = session is not None and session.paused_at is not None
    return PlanWindow(
        window_id=window.id,
        label=window.label_text,
        name=window.name or {},
        zone_id=window.zone_id,
        state=state,
        since=since,
        staff=staff_card(work, session.staff_id) if held else None,
        ticket=ticket_card(row) if at and held else None,
        service=service.name if service is not None else {},
        seconds=seconds,
        limit_seconds=limit,
        over_limit=state == "serving" and limit is not None and seconds is not None and seconds > limit,
        pause_reason=session.pause_reason if session is not None else None,
        long_pause=paused and seconds is not None and seconds > longest,
        kept_number=row.number if at and not held else None,
        served=served,
        services=list(accepted_at(work, window, session.staff_id if held else None)),
    )


def _queues(work: Work, outlet: Any, zone: Any, waiting: dict[UUID, Any], day: Any) -> list[PlanQueue]:
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    place, _ = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    opened, state = open_windows(work, zone.id), hall_now(work, outlet, local, day)
    found = []
    for service in offerings.services.values():
        row = waiting.get(service.id)
        if row is None and not belongs_here(work, service.id, zone):
            continue
        serving = serving_windows(work, service.id, zone, opened)
        ahead = row.n if row is not None else 0
        wait = wait_of(work, zone.id, service, ahead, len(serving))
        off = switched_off(work, service.id, day)
        found.append(
            PlanQueue(
                service_id=service.id,
                name=service.name,
                prefix=service.prefix,
                zone_id=zone.id,
                waiting=ahead,
                longest_wait_seconds=rules.seconds_between(row.oldest, work.now) if row is not None else None,
                estimate_seconds=wait.middle if wait else None,
                estimate_low=wait.low if wait else None,
                estimate_high=wait.high if wait else None,
                windows=labels_of(plan, serving),
                off=off,
                hidden=rules.hidden_reason(
                    windows_open=len(serving),
                    in_service_hours=service.hours is None or within(service.hours, local),
                    in_hall_hours=state.issues,
                    daily_limit=service.daily_limit,
                    counted=counted_today(work, outlet.id, service, day),
                    hall=state.state,
                    switched_off=off,
                ),
                unserved=ahead > 0 and not serving,
            )
        )
    return found


@reading("queue.pauses", needs=DAY, input=InZone, output=Pauses)
def pauses(work: Work, request: InZone) -> Pauses:
    """The pauses of the business day with start, length and reason (QUE-919)."""
    plan = PLAN.read(work.connection)
    outlet = outlet_row(work, None)
    _, day = place_and_day(work, outlet.id)
    people: dict[UUID | None, Any] = {}
    items = []
    for began, ended in pauses_of(work.rows(day_loaders.WINDOW_EVENTS, day=day)):
        window = plan.windows.get(began.window_id)
        if window is None or (request.zone_id is not None and window.zone_id != request.zone_id):
            continue
        if began.staff_id not in people:
            people[began.staff_id] = work.find(StaffMember, began.staff_id)
        person = people[began.staff_id]
        seconds = int(((ended.at if ended is not None else work.now) - began.at).total_seconds())
        items.append(
            PauseRow(
                window_id=window.id,
                label=window.label_text,
                staff=person.name if person is not None else {},
                reason=began.reason or "",
                began_at=began.at,
                ended_at=ended.at if ended is not None else None,
                seconds=seconds,
                long=seconds > work.setting(LONG_PAUSE, zone=window.zone_id, outlet=window.outlet_id) * 60,
            )
        )
    items.sort(key=lambda row: row.began_at, reverse=True)
    return Pauses(items=items, now=work.now)


def pauses_of(events: list[Any]) -> list[tuple[Any, Any]]:
    """Each pause with the event that ended it, or nothing while it goes on; events are in the order of windows and time."""
    found: list[tuple[Any, Any]] = []
    began: Any = None
    for event in events:
        if began is not None and (event.window_id != began.window_id or event.kind != "opened"):
            found.append((began, event if event.window_id == began.window_id else None))
            began = None
        if event.kind == "paused":
            began = event
    if began is not None:
        found.append((began, None))
    return found
