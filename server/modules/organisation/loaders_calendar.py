"""The working calendars in memory until they change, and whose calendar holds where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from server.engine.caches import Cached
from server.engine.calendars.working_time import Calendar, Timeline, Use
from server.engine.database.statements import Prepared
from server.engine.database.types import Day, Id
from server.modules.organisation import rules_calendar as rules
from server.modules.organisation.records_calendar import CalendarDay, CalendarUse, WorkingCalendar

_calendar, _day, _use = WorkingCalendar.__table__, CalendarDay.__table__, CalendarUse.__table__
_calendars = Prepared(select(_calendar).where(_calendar.c.deleted_at.is_(None)).order_by(_calendar.c.id))
_days = Prepared(select(_day).where(_day.c.deleted_at.is_(None)).order_by(_day.c.day))
DAYS_BETWEEN = Prepared(
    select(_day).where(
        _day.c.calendar_id == bindparam("key_calendar", type_=Id()),
        _day.c.day >= bindparam("first", type_=Day()),
        _day.c.day <= bindparam("last", type_=Day()),
        _day.c.deleted_at.is_(None),
    )
)
_uses = Prepared(select(_use).where(_use.c.deleted_at.is_(None)).order_by(_use.c.id))


@dataclass(frozen=True)
class Calendars:
    """All working calendars, the one that holds where no other is named, and who uses which."""

    calendars: dict[UUID, Calendar]
    main: Calendar | None
    uses: dict[UUID, tuple[Use, ...]]
    """By outlet, hall or department, in the order in which they hold."""

    def timeline(self, zone: ZoneInfo, *places: UUID | None) -> Timeline:
        """Which calendar holds when, the nearest place first."""
        uses = [use for place in places if place is not None for use in self.uses.get(place, ())]
        return Timeline((*uses, *([Use(self.main)] if self.main is not None else [])), zone)


def _read(connection: Connection) -> Calendars:
    days: dict[UUID, list[Any]] = {}
    for row in _days.rows(connection):
        days.setdefault(row.calendar_id, []).append(row)
    rows = _calendars.rows(connection)
    calendars = {row.id: rules.calendar_of(row, days.get(row.id, ())) for row in rows}
    main = next((calendars[row.id] for row in rows if row.main), None)
    of: dict[UUID, list[Any]] = {}
    for use in _uses.rows(connection):
        if use.calendar_id in calendars:
            of.setdefault(use.department_id or use.hall_id or use.outlet_id, []).append(use)
    uses = {
        place: tuple(rules.use_of(use.held, calendars[use.calendar_id]) for use in rules.nearest_first(standing))
        for place, standing in of.items()
    }
    return Calendars(calendars, main, uses)


CALENDARS = Cached("organisation.calendars", _read, ("organisation",))
