"""Records of the working calendar (COR-029): calendars with their week, days that differ, and who works by which one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, day, document, link, period, words, yes_no
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.engine.records.unique import unique_together
from server.modules.organisation.access import CALENDAR, SEE
from server.modules.organisation.events import CalendarChanged
from server.modules.organisation.rules import bad_periods

RIGHTS = Rights(see=SEE, add=CALENDAR, edit=CALENDAR, delete=CALENDAR)
PLACE_WRONG = refusal(
    "organisation.calendar_place_wrong", N_("Name one outlet, hall or department that works by this calendar."), 422
)
HOLIDAY_WORKED = refusal(
    "organisation.holiday_worked", N_("A holiday has no hours of work. Choose a short day, or take the hours out."), 422
)
COUNTRIES = (("CN", N_("China")), ("RU", N_("Russia")), ("IR", N_("Iran")))
"""Countries whose holidays can be proposed."""
DAY_KINDS = (("holiday", N_("Holiday")), ("short", N_("Short day")), ("working", N_("Make-up working day")))
FIRST_WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


class WorkingCalendar(Record):
    """A calendar of work: the sessions of a usual week. Several may stand side by side (COR-I09)."""

    label = N_("Working calendar")
    plural = N_("Working calendars")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    week: Mapped[dict[str, list[list[str]]]] = document(N_("Usual week"), default=FIRST_WEEK)
    """By weekday the sessions of work, such as a morning and an afternoon."""
    country: Mapped[str] = choice(N_("Holidays of"), COUNTRIES, required=False, in_list=True)
    main: Mapped[bool] = yes_no(
        N_("Holds where no other is named"), in_list=True, help=N_("Outlets without a calendar of their own use it.")
    )

    __table_args__ = (
        Index(
            "ux_working_calendar_main", "main", unique=True,
            sqlite_where=text("main AND deleted_at IS NULL"), postgresql_where=text("main AND deleted_at IS NULL"),
        ),
    )  # fmt: skip

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if values.get("week") is not None and bad_periods(values["week"]):
            work.refuse("organisation.hours_wrong", field="week")
        if before is not None:
            work.emit(CalendarChanged(calendar_id=before.id))


class CalendarDay(Record):
    """A day on which a calendar differs from its week: a holiday, a short day, a make-up working day (COR-I09)."""

    label = N_("Day of the calendar")
    plural = N_("Days of the calendar")
    title = ("day",)
    order = ("calendar_id", "day")
    rights = RIGHTS
    scope = OPEN

    calendar_id: Mapped[UUID] = link("working_calendar", N_("Working calendar"), in_list=True, index=False, once=True)
    day: Mapped[date] = day(N_("Day"), in_list=True)
    kind: Mapped[str] = choice(N_("Kind"), DAY_KINDS, default="holiday", in_list=True)
    periods: Mapped[list[list[str]]] = document(N_("Hours"), default=[])
    """The sessions of this day. A short day without any keeps its morning, a make-up day is worked as usual."""
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, required=False)
    proposed: Mapped[bool] = yes_no(N_("As proposed by the country's list"), read_only=True, in_list=True)
    """A day that nobody has changed since; only such days may be proposed anew."""

    __table_args__ = (unique_together("ux_calendar_day", "calendar_id", "day"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        check_day(work, {"kind": before.kind, "periods": before.periods, **values} if before is not None else values)
        if before is not None and "deleted_at" not in values:
            values["proposed"] = False
        calendar_id = values.get("calendar_id") or before.calendar_id
        days = {one for one in (values.get("day"), before.day if before is not None else None) if one is not None}
        work.emit(CalendarChanged(calendar_id=calendar_id, first=min(days), last=max(days)))


class CalendarUse(Record):
    """That an outlet, hall or department works by a calendar from a day on, until another. The nearest holds: a
    department's before its hall's, a hall's before its outlet's; of two the one that began later."""

    label = N_("Use of a calendar")
    plural = N_("Uses of calendars")
    title = ("held",)
    order = ("held",)
    rights = RIGHTS
    scope = OPEN

    calendar_id: Mapped[UUID] = link("working_calendar", N_("Working calendar"), in_list=True)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), in_list=True, required=False)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    held: Mapped[str] = period(N_("From, until"), in_list=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        whole = {n: values.get(n, getattr(before, n, None)) for n in ("outlet_id", "hall_id", "department_id")}
        if sum(one is not None for one in whole.values()) != 1:
            work.refuse("organisation.calendar_place_wrong")
        work.emit(CalendarChanged(calendar_id=values.get("calendar_id") or before.calendar_id))


def check_day(work: Any, values: dict[str, Any]) -> None:
    """Refuse a day whose hours do not fit its kind."""
    periods = values.get("periods") or []
    if bad_periods({"mon": periods}):
        work.refuse("organisation.hours_wrong", field="periods")
    if periods and values.get("kind") == "holiday":
        work.refuse("organisation.holiday_worked")
