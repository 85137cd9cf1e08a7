"""Whose working calendar counts at a place."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from common.protocol.calendar import AtPlace
from server.engine.actions.work import Work
from server.engine.calendars import working_time as wt
from server.modules.organisation.loaders import DEPARTMENTS, PLAN
from server.modules.organisation.loaders_calendar import CALENDARS, Calendars
from server.modules.organisation.records import Department, Hall


def timeline_at(work: Work, place: AtPlace, calendars: Calendars | None = None) -> wt.Timeline:
    """The calendar that holds at a place: its department's and those above it, its hall's, its outlet's, the main one."""
    plan = PLAN.read(work.connection)
    departments = DEPARTMENTS.read(work.connection)
    places: list[UUID | None] = []
    hall_id, outlet_id, above = place.hall_id, place.outlet_id, place.department_id
    if above is not None and above not in departments:
        work.get(Department, above)
    while above is not None and above in departments and above not in places:
        row = departments[above]
        places.append(above)
        hall_id, outlet_id, above = hall_id or row.hall_id, outlet_id or row.outlet_id, row.parent_id
    if hall_id is not None:
        outlet_id = outlet_id or work.get(Hall, hall_id).outlet_id
    outlet = plan.outlets.get(outlet_id) if outlet_id is not None else plan.main
    if outlet is None:
        work.refuse("records.not_found", record="outlet", id=str(outlet_id))
    zone = ZoneInfo(outlet.time_zone)
    return (calendars or CALENDARS.read(work.connection)).timeline(zone, *places, hall_id, outlet.id)


class CalendarsOfPlaces:
    """The calendars port."""

    def timeline(self, work: Work, place: AtPlace) -> wt.Timeline:
        """The calendars that hold at a place."""
        return timeline_at(work, place)

    def fresh(self, work: Work) -> Callable[[AtPlace], wt.Timeline]:
        """The same, read past the memory."""
        calendars = CALENDARS.load(work.connection)
        return lambda place: timeline_at(work, place, calendars)
