"""What is shown to whom today: to one staff member, on the hall's displays and kiosks, on the portal."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.ports import ports
from server.modules.content import rules
from server.modules.content.loaders import PUBLISHED, belongs
from server.modules.content.records import PLACES
from server.modules.organisation.public import PERSON, PLAN


def today_of(work: Work) -> date:
    """The business day of the hall."""
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def mine(work: Work, *, past: bool = False) -> list[Any]:
    """The announcements that hold today for the staff member who asks, with `past` those that are over as well; those that
    stay on top first. A device is nobody's staff (ADM-I09)."""
    person = work.first(PERSON, key_id=work.who.id) if work.who.kind == "person" else None
    if person is None:
        work.refuse("access.denied", action="content.for_me")
    today = today_of(work)
    of = belongs(work, person, today)
    rows = [
        row
        for row in PUBLISHED.read(work.connection)
        if row.for_staff and (rules.holds(row, today) or (past and rules.is_over(row, today))) and rules.is_for(row, of)
    ]
    return sorted(rows, key=lambda row: not row.pinned or rules.is_over(row, today))


def for_the_public(work: Work, mark: str, *, zone: Any = None) -> list[Any]:
    """The announcements that hold today and are marked `on_displays`, `on_kiosks` or `on_portal`, in a zone those that are
    meant for its outlet or hall; what is internal is never among them (ADM-I09)."""
    today = today_of(work)
    of = _around(work, zone) if zone is not None else None
    rows = [
        row
        for row in PUBLISHED.read(work.connection)
        if getattr(row, mark)
        and row.audience in PLACES
        and rules.holds(row, today)
        and (of is None or rules.is_for(row, of))
    ]
    return sorted(rows, key=lambda row: not row.pinned)


def _around(work: Work, zone: Any) -> rules.Belongs:
    """Where a zone is: its outlet, and the halls of its windows."""
    windows = PLAN.read(work.connection).windows.values()
    halls = {str(one.hall_id) for one in windows if one.zone_id == zone.id and one.hall_id is not None}
    return rules.Belongs(outlets={str(zone.outlet_id)}, halls=halls)


def zone_of_device(work: Work) -> Any:
    """The zone in which the device that asks stands; nothing where it has none."""
    plan = PLAN.read(work.connection)
    zone_id: UUID | None = work.who.zone_id
    if zone_id is None and work.who.window_id in plan.windows:
        zone_id = plan.windows[work.who.window_id].zone_id
    return plan.zones.get(zone_id) if zone_id is not None else None
