"""What hall managers order: the hall's state, services on and off, silence, batches, the default layout."""

from __future__ import annotations

from typing import Any

from common.protocol.layouts import Layout, LayoutChosen
from common.protocol.messages import Nothing
from common.protocol.queue_hall import HallState, Moved, MoveWaiting, SetHall, SetSilent, SwitchService
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, Zone
from server.modules.queue import loaders
from server.modules.queue.access import HALL, LAYOUTS_EDIT
from server.modules.queue.actions_window import move
from server.modules.queue.hall import hall_now, periods_now, place_and_day, sentence_now, zone_row
from server.modules.queue.papers import layout_of
from server.modules.queue.records_day import HallOrder, ServiceOrder, TicketLayout
from server.modules.queue.steps import told_zone
from server.modules.services.public import OFFERINGS

BATCH = 200
"""Tickets that one batch moves: below what holds the writer for 50 ms."""


def outlet_row(work: Work, outlet_id: Any) -> Any:
    """The outlet named, else the one that this server greets with; refuses when it is not there."""
    plan = PLAN.read(work.connection)
    outlet = plan.outlets.get(outlet_id) if outlet_id is not None else plan.main
    if outlet is None:
        work.refuse("records.not_found", record="outlet", id=str(outlet_id or ""))
    return outlet


def hall_state(work: Work, outlet: Any) -> HallState:
    """The state of an outlet's hall as it travels."""
    place, day = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    now = hall_now(work, outlet, local, day)
    order = loaders.ORDERS.read(work.connection).halls.get(outlet.id)
    return HallState(
        outlet_id=outlet.id,
        outlet=outlet.name,
        mode=order.mode if now.ordered and order is not None else "auto",
        state=now.state,
        sentence=sentence_now(work, outlet.id) if now.ordered else {},
        hours=periods_now(work, outlet, local),
        closes_in_seconds=now.seconds_left,
        now=work.now,
    )


@action(
    "queue.set_hall",
    needs=HALL,
    input=SetHall,
    output=HallState,
    locks=lambda r: [("hall", str(r.outlet_id or "main"))],
)
def set_hall(work: Work, request: SetHall) -> HallState:
    """Open or close the hall beside its hours, give no more tickets, or stop it with a sentence to the public."""
    outlet = outlet_row(work, request.outlet_id)
    _, day = place_and_day(work, outlet.id)
    values: dict[str, Any] = {"mode": request.mode, "sentence": dict(request.sentence), "business_day": day}
    standing = work.first(loaders.HALL_ORDER, outlet=outlet.id)
    if standing is None:
        work.insert(HallOrder, outlet_id=outlet.id, **values)
    else:
        work.change(HallOrder, standing, **values)
    work.notify("queue.hall", request.mode, outlet=outlet.id)
    for zone in PLAN.read(work.connection).zones.values():
        if zone.outlet_id == outlet.id:
            work.notify(f"queue.zone.{zone.id}", "hall", zone=zone.id)
    return hall_state(work, outlet)


@action(
    "queue.switch_service", needs=HALL, input=SwitchService, output=Nothing, locks=lambda r: [("service", r.service_id)]
)
def switch_service(work: Work, request: SwitchService) -> Nothing:
    """Take a service off the kiosks for the rest of the business day, or put it back; who waits is still called."""
    service = OFFERINGS.read(work.connection).leaf(request.service_id)
    if service is None:
        work.refuse("queue.service_unknown")
    outlet = outlet_row(work, None)
    _, day = place_and_day(work, outlet.id)
    values: dict[str, Any] = {"off": request.off, "business_day": day, "reason": request.reason or None}
    standing = work.first(loaders.SERVICE_ORDER, service=service.id)
    if standing is None:
        work.insert(ServiceOrder, service_id=service.id, **values)
    else:
        work.change(ServiceOrder, standing, **values)
    work.notify("queue.hall", "service_off" if request.off else "service_on", service=service.id)
    for zone in PLAN.read(work.connection).zones.values():
        work.notify(f"queue.zone.{zone.id}", "offer", zone=zone.id)
    return Nothing()


@action("queue.set_silent", needs=HALL, input=SetSilent, output=Nothing, locks=lambda r: [("zone", r.zone_id)])
def set_silent(work: Work, request: SetSilent) -> Nothing:
    """Silence a zone's voice, or let it speak again; displays and messages go on, a restart changes nothing (QUE-917)."""
    zone = work.get(Zone, zone_row(work, request.zone_id).id)
    work.change(Zone, zone, silent=request.silent)
    work.notify("organisation", "changed", type="zone", id=zone.id)
    work.notify(f"queue.zone.{zone.id}", "silent" if request.silent else "spoken", zone=zone.id)
    return Nothing()


@action("queue.move_waiting", needs=HALL, input=MoveWaiting, output=Moved, locks=lambda r: [("line", r.service_id)])
def move_waiting(work: Work, request: MoveWaiting) -> Moved:
    """Transfer waiting tickets of a service to another one, at most 200 at once (QUE-913)."""
    zone = zone_row(work, request.zone_id)
    _, day = place_and_day(work, zone.outlet_id)
    named = set(request.ticket_ids)
    rows = [
        row
        for row in work.rows(loaders.LINE, zone=zone.id, service=request.service_id, day=day)
        if not named or row.id in named
    ]
    for row in rows[:BATCH]:
        priority = request.priority or bool(row.priority)
        told_zone(work, move(work, row, request.to_service_id, priority, request.reason), "transferred")
    return Moved(moved=len(rows[:BATCH]), left=max(0, len(rows) - BATCH))


@action(
    "queue.set_default_layout",
    needs=LAYOUTS_EDIT,
    input=LayoutChosen,
    output=Layout,
    locks=lambda r: [("layouts", "default")],
)
def set_default_layout(work: Work, request: LayoutChosen) -> Layout:
    """Make a layout the one that kiosks without their own print by (QUE-928)."""
    row = work.get(TicketLayout, request.layout_id)
    before = work.first(loaders.DEFAULT_LAYOUT)
    if before is not None and before.id != row.id:
        work.change(TicketLayout, before, is_default=False)
    row = work.change(TicketLayout, row, is_default=True)
    work.notify("queue.layouts", "default", layout=row.id)
    return layout_of(row)
