"""A ticket as it is printed: its whole content and the layout that places it (QUE-007, QUE-008)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.layouts import Layout, LayoutElement, TicketPaper
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, StaffMember
from server.modules.queue import loaders
from server.modules.queue.cards import wait_of
from server.modules.queue.hall import open_windows, place_and_day, serving_windows
from server.modules.queue.issuing import ahead_of
from server.modules.queue.readings_kiosk import labels_of
from server.modules.queue.records_day import TicketLayout
from server.modules.queue.settings import LAYOUT
from server.modules.services.public import OFFERINGS


def element(kind: str, y: int, size: int, **more: Any) -> LayoutElement:
    """One element of the built-in layout, in the middle of the paper."""
    return LayoutElement.model_validate({"kind": kind, "y": y, "size": size, "align": "centre", **more})


BUILT_IN = Layout(
    name={"en": "Built in", "zh": "内置", "ru": "Встроенный", "fa": "پیش‌ساخته"},
    elements=[
        element("organisation", 30, 100),
        element("outlet", 80, 90),
        element("test_mark", 120, 120, bold=True),
        element("service", 170, 120, bold=True),
        element("number", 230, 420, bold=True),
        element("waiting", 400, 100),
        element("estimate", 450, 100),
        element("windows", 500, 100),
        element("hint", 560, 90, italic=True),
        element("instructions", 610, 90),
        element("code", 680, 100, height=250),
        element("issued_at", 950, 80),
    ],
)
"""Printed by where no layout was made yet."""


def layout_of(row: Any) -> Layout:
    """A layout's row as it travels."""
    return Layout(
        id=row.id,
        name=row.name,
        width_mm=row.width_mm,
        elements=[LayoutElement.model_validate(e) for e in row.elements or ()],
        is_default=bool(row.is_default),
        version=row.version,
    )


def layout_for(work: Work, device_id: UUID | None, zone: Any) -> Layout:
    """The layout of a kiosk: its own by setting, else the default one, else the built-in one."""
    chosen = work.setting(LAYOUT, device=device_id, zone=zone.id, outlet=zone.outlet_id)
    row = None
    if chosen:
        try:
            row = work.find(TicketLayout, UUID(chosen))
        except ValueError:
            row = None  # not an id: the default one holds
    row = row or work.first(loaders.DEFAULT_LAYOUT)
    return layout_of(row) if row is not None else BUILT_IN


def paper_of(work: Work, row: Any) -> TicketPaper:
    """The whole content of a ticket, as of now."""
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet, zone = plan.outlets[row.outlet_id], plan.zones[row.zone_id]
    place, day = place_and_day(work, outlet.id)
    service = offerings.services.get(row.service_id)
    if row.bound_window_id is not None and row.bound_window_id in plan.windows:
        serving = [row.bound_window_id]
    else:
        serving = serving_windows(work, row.service_id, zone, open_windows(work, zone.id))
    ahead = 0
    if row.state == "waiting":
        ahead = ahead_of(work, zone.id, row.service_id, day, bool(row.priority), row.position)
    wait = wait_of(work, zone.id, service, ahead, len(serving)) if service is not None else None
    taker = work.find(StaffMember, row.taken_by_id)
    return TicketPaper(
        ticket_id=row.id,
        number=row.number,
        issued_at=row.issued_at,
        service=service.name if service is not None else {},
        windows=labels_of(plan, serving),
        waiting=ahead,
        estimate_seconds=wait.middle if wait else None,
        estimate_low=wait.low if wait else None,
        estimate_high=wait.high if wait else None,
        organisation=outlet.organisation,
        outlet=outlet.name,
        zone=zone.name,
        hint=(service.hint or {}) if service is not None else {},
        instructions=(service.instructions or {}) if service is not None else {},
        requirements=(service.requirements or []) if service is not None else [],
        token=row.token,
        address=f"{work.engine.public_address}/t/{row.token}",
        priority=bool(row.priority),
        test=bool(row.test),
        source=row.channel,
        taken_by=taker.name if taker is not None else {},
        languages=list(place.languages),
        layout=layout_for(work, work.who.device_id, zone),
    )
