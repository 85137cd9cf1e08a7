"""What is read of the working calendar: a year as it is drawn, and counts with their ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from common.protocol.calendar import (
    AddTime,
    CalendarDayView,
    CalendarYear,
    Counted,
    CountTime,
    Due,
    LedgerDay,
    OfCalendar,
    PublicDay,
)
from common.text import N_
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.calendars import working_time as wt
from server.engine.errors import refusal
from server.modules.organisation import rules_calendar as rules
from server.modules.organisation.access import SEE
from server.modules.organisation.loaders import PLAN, special_days
from server.modules.organisation.loaders_calendar import CALENDARS, DAYS_BETWEEN
from server.modules.organisation.records_calendar import WorkingCalendar
from server.modules.organisation.rules import public_hours
from server.modules.organisation.timelines import timeline_at

NO_TIME = refusal(
    "organisation.no_working_time", N_("The calendar has no working time there. Enter its week and days first."), 422
)
BACKWARDS = refusal("organisation.end_before_start", N_("The end lies before the start."), 422)
FAR = refusal("organisation.too_far_apart", N_("These moments lie more than ten years apart."), 422)
WHICH = refusal("organisation.days_or_time", N_("Say either how many days or how much time."), 422)


@reading("organisation.calendar_year", needs=SEE, input=OfCalendar, output=CalendarYear)
def calendar_year(work: Work, request: OfCalendar) -> CalendarYear:
    """Every day of a calendar's year, as it is drawn."""
    work.get(WorkingCalendar, request.calendar_id)
    calendar = CALENDARS.load(work.connection).calendars[request.calendar_id]
    first, last = date(request.year, 1, 1), date(request.year, 12, 31)
    own = {row.day: row for row in work.rows(DAYS_BETWEEN, key_calendar=request.calendar_id, first=first, last=last)}
    days = list(wt.days_between(wt.Timeline((wt.Use(calendar),), ZoneInfo("UTC")), first, last))
    return CalendarYear(
        calendar_id=request.calendar_id,
        year=request.year,
        days=[
            CalendarDayView(
                day=one.day,
                kind=one.kind,
                periods=rules.periods_from(one.sessions),
                name=dict(one.name),
                record_id=own[one.day].id if one.day in own else None,
                proposed=one.day in own and own[one.day].proposed,
            )
            for one in days
        ],
        working_days=sum(bool(one.sessions) for one in days),
        minutes=sum(one.minutes for one in days),
        public=public_days(work, request.calendar_id, calendar, (one.day for one in days)),
    )


def public_days(
    work: Work, calendar_id: UUID, calendar: wt.Calendar, days: Iterable[date], *, usual: bool = False
) -> list[PublicDay]:
    """When the outlets that work by a calendar, as it stands here, serve the public on these days; with `usual` also where
    only their week says so."""
    calendars = CALENDARS.load(work.connection)
    standing, own = calendars.calendars[calendar_id], special_days(work.connection)
    outlets = list(PLAN.load(work.connection).outlets.values())
    timelines = {one.id: calendars.timeline(ZoneInfo(one.time_zone), one.id) for one in outlets}
    found = []
    for day in days:
        for outlet in outlets:
            if timelines[outlet.id].calendar(day) is not standing:
                continue
            special = own.get((outlet.id, day))
            what = calendar.days.get(day)
            periods, by = rules.public_on(public_hours(outlet), day, what, special)
            if by != "week" or usual:
                name = (special.name or {}) if special is not None else dict(what.name) if what is not None else {}
                found.append(PublicDay(outlet=outlet.name, day=day, periods=periods, by=by, name=name))
    return found


@reading("organisation.working_time", needs=SEE, input=CountTime, output=Counted)
def working_time(work: Work, request: CountTime) -> Counted:
    """The working time between two moments, day by day."""
    if request.end < request.start:
        work.refuse("organisation.end_before_start")
    if (request.end - request.start).days > wt.FARTHEST:
        work.refuse("organisation.too_far_apart")
    found = wt.working_time(timeline_at(work, request), request.start, request.end)
    return Counted(seconds=found.seconds, ledger=[_line(one) for one in found.ledger])


@reading("organisation.due", needs=SEE, input=AddTime, output=Due)
def due(work: Work, request: AddTime) -> Due:
    """When so many working days or so much working time will have passed, and why then (ADM-034)."""
    if (request.days is None) == (request.seconds is None):
        work.refuse("organisation.days_or_time")
    timeline = timeline_at(work, request)
    try:
        if request.days is not None:
            reached = wt.add_days(timeline, request.start.astimezone(timeline.zone).date(), request.days)
            moment = wt.end_of_work(timeline, reached.day)
        else:
            reached = wt.add_time(timeline, request.start, request.seconds or 0)
            moment = reached.moment
    except wt.NoWorkingTime:
        work.refuse("organisation.no_working_time")
    return Due(day=reached.day, moment=moment, ledger=[_line(one) for one in reached.ledger])


def _line(one: wt.Entry) -> LedgerDay:
    return LedgerDay(day=one.day, kind=one.kind, name=dict(one.name), counted=one.counted, total=one.total)
