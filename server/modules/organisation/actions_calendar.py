"""The verbs of the working calendar: setting days, a country's proposal, copying a year."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from common.protocol.calendar import (
    MOST_DAYS,
    CopyYear,
    DayChange,
    DayChanges,
    DaysPut,
    PutDays,
    SeedCalendar,
    SetDays,
    Span,
)
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.calendars.working_time import Calendar, day_of
from server.engine.errors import refusal
from server.engine.ports import ports
from server.modules.organisation import rules_calendar as rules
from server.modules.organisation.access import CALENDAR
from server.modules.organisation.events import CalendarChanged
from server.modules.organisation.holidays import Proposed, proposal
from server.modules.organisation.loaders_calendar import DAYS_BETWEEN
from server.modules.organisation.readings_calendar import public_days
from server.modules.organisation.records_calendar import CalendarDay, WorkingCalendar, check_day
from server.modules.organisation.rules import clean_words

RANGE_WRONG = refusal(
    "organisation.days_wrong", N_("Give days from an earlier one to a later one, a year at most."), 422
)
PAST_DAYS = refusal(
    "organisation.past_days", N_("Some of these days are over, and people worked by them. Say why they change."), 422
)
NO_COUNTRY = refusal("organisation.no_country", N_("Say whose holidays: the calendar names no country."), 422)
SAME_YEAR = refusal("organisation.same_year", N_("Choose another year to copy to."), 422)


def _alone(request: Any) -> list[tuple[str, Any]]:
    return [("calendar", request.calendar_id)]


@action("organisation.set_days", needs=CALENDAR, input=SetDays, output=DayChanges, locks=_alone)
def set_days(work: Work, request: SetDays) -> DayChanges:
    """Set days apart from their week, or let them be as usual again (ADM-033)."""
    calendar = work.get(WorkingCalendar, request.calendar_id)
    if not 0 <= (request.last - request.first).days < MOST_DAYS:
        work.refuse("organisation.days_wrong")
    values: dict[str, Any] = {"kind": request.kind, "periods": request.periods, "name": clean_words(request.name)}
    check_day(work, values)
    standing = _days(work, calendar.id, request.first, request.last)
    counting = rules.calendar_of(calendar, standing.values())
    changes = []
    for day in _each(request.first, request.last):
        row = standing.get(day)
        if request.kind == "usual":
            if row is not None:
                work.change(CalendarDay, row, deleted_at=work.now)
                changes.append(DayChange(day=day, change="removed"))
            continue
        if request.worked_only and not day_of(counting, day).sessions:
            continue
        changes.append(_put(work, calendar.id, row, day, proposed=False, **values))
    _tell(work, calendar.id, changes)
    return DayChanges(items=changes, done=True)


@action("organisation.put_days", needs=CALENDAR, input=PutDays, output=DaysPut, locks=_alone)
def put_days(work: Work, request: PutDays) -> DaysPut:
    """Set several days apart from their week, or let them be as usual again, all or none (ADM-033). Days that are over need
    a reason, since somebody worked by them."""
    calendar = work.get(WorkingCalendar, request.calendar_id)
    wanted = {one.day: one for one in request.days}
    first, last = min(wanted), max(wanted)
    if (last - first).days > 2 * MOST_DAYS:
        work.refuse("organisation.days_wrong")
    place = ports.places.main(work.connection)
    today = place.business_day(work.now) if place is not None else work.now.date()
    reason = request.reason.strip() or None
    if first < today and reason is None and not request.dry_run:
        work.refuse("organisation.past_days")
    standing = _days(work, calendar.id, first, last)
    before, after = rules.calendar_of(calendar, standing.values()), dict(standing)
    changes = []
    for day, one in sorted(wanted.items()):
        row = standing.get(day)
        values: dict[str, Any] = {"kind": one.kind, "periods": one.periods, "name": clean_words(one.name)}
        if one.kind == "usual":
            after.pop(day, None)
            changes.append(DayChange(day=day, change="removed" if row is not None else "same"))
            if row is not None and not request.dry_run:
                work.change(CalendarDay, row, because=reason, deleted_at=work.now)
            continue
        check_day(work, values)
        after[day] = SimpleNamespace(day=day, **values)
        changes.append(
            _put(work, calendar.id, row, day, dry_run=request.dry_run, because=reason, proposed=False, **values)
        )
    then = rules.calendar_of(calendar, after.values())
    days = sorted(wanted)
    public = {
        (str(one.outlet), one.day): one for one in public_days(work, calendar.id, then, days, usual=True)
    }  # fmt: skip
    old = {(str(one.outlet), one.day): one for one in public_days(work, calendar.id, before, days, usual=True)}
    if not request.dry_run:
        _tell(work, calendar.id, changes, reason or "")
    return DaysPut(
        items=changes,
        before=_span(before, first, last),
        after=_span(then, first, last),
        public=[one for key, one in public.items() if key not in old or old[key].periods != one.periods],
        done=not request.dry_run,
    )


def _span(calendar: Calendar, first: date, last: date) -> Span:
    days = [day_of(calendar, day) for day in _each(first, last)]
    return Span(working_days=sum(bool(one.sessions) for one in days), minutes=sum(one.minutes for one in days))


def _propose_aside(engine: Any, who: Any, request: SeedCalendar) -> list[Proposed] | None:
    """The library takes longer than the writer may be held."""
    with engine.store.reading() as connection:
        row = WorkingCalendar.plan().select.first(connection, key_id=request.calendar_id)
    country = request.country or (row.country if row is not None else "")
    return proposal(country, request.year, row.week) if country and row is not None else None


@action(
    "organisation.seed_calendar", needs=CALENDAR, input=SeedCalendar, output=DayChanges, locks=_alone,
    prepare=_propose_aside,
)  # fmt: skip
def seed_calendar(work: Work, request: SeedCalendar) -> DayChanges:
    """Propose a country's holidays of a year. Days that somebody set by hand stay; a dry run changes nothing."""
    calendar = work.get(WorkingCalendar, request.calendar_id)
    if work.prepared is None:
        work.refuse("organisation.no_country")
    wanted = {one.day: one for one in work.prepared}
    standing = _days(work, calendar.id, date(request.year, 1, 1), date(request.year, 12, 31))
    changes = []
    for day in sorted(wanted.keys() | standing.keys()):
        row, one = standing.get(day), wanted.get(day)
        if row is not None and not row.proposed:
            if one is not None:
                changes.append(
                    DayChange(day=day, change="kept", kind=row.kind, periods=row.periods, name=row.name or {})
                )
        elif one is None:
            # The list was corrected: what it proposed once and no longer does goes.
            if not request.dry_run:
                work.change(CalendarDay, row, deleted_at=work.now)
            changes.append(DayChange(day=day, change="removed"))
        else:
            changes.append(
                _put(
                    work, calendar.id, row, day, dry_run=request.dry_run,
                    kind=one.kind, periods=one.periods, name=one.name, proposed=True,
                )
            )  # fmt: skip
    if not request.dry_run:
        _tell(work, calendar.id, changes)
    return DayChanges(items=changes, done=not request.dry_run)


@action("organisation.copy_year", needs=CALENDAR, input=CopyYear, output=DayChanges, locks=_alone)
def copy_year(work: Work, request: CopyYear) -> DayChanges:
    """Take the days that differ in one year over to another, on the same dates."""
    calendar = work.get(WorkingCalendar, request.calendar_id)
    source = work.get(WorkingCalendar, request.from_calendar_id or calendar.id)
    if source.id == calendar.id and request.from_year == request.to_year:
        work.refuse("organisation.same_year")
    old = _days(work, source.id, date(request.from_year, 1, 1), date(request.from_year, 12, 31))
    there = _days(work, calendar.id, date(request.to_year, 1, 1), date(request.to_year, 12, 31))
    changes = []
    for day, row in sorted(old.items()):
        if (day.month, day.day) == (2, 29) and not _leap(request.to_year):
            continue
        target = day.replace(year=request.to_year)
        values = {"kind": row.kind, "periods": row.periods, "name": row.name}
        standing = there.get(target)
        if standing is not None:
            changes.append(DayChange(day=target, change="kept", kind=standing.kind, name=standing.name or {}))
        else:
            changes.append(
                _put(work, calendar.id, None, target, dry_run=request.dry_run, proposed=False, **values)
            )  # fmt: skip
    if not request.dry_run:
        _tell(work, calendar.id, changes)
    return DayChanges(items=changes, done=not request.dry_run)


def _days(work: Work, calendar_id: UUID, first: date, last: date) -> dict[date, Any]:
    return {row.day: row for row in work.rows(DAYS_BETWEEN, key_calendar=calendar_id, first=first, last=last)}


def _put(
    work: Work,
    calendar_id: UUID,
    row: Any,
    day: date,
    *,
    dry_run: bool = False,
    because: str | None = None,
    **values: Any,
) -> DayChange:
    """One day as it shall be; says what that changes."""
    if row is None:
        change = "new"
        if not dry_run:
            work.insert(CalendarDay, because=because, calendar_id=calendar_id, day=day, **values)
    else:
        said = ("kind", "periods", "name")
        change = "same" if all((getattr(row, n) or None) == (values[n] or None) for n in said) else "changed"
        if not dry_run:
            work.change(CalendarDay, row, because=because, **values)
    return DayChange(
        day=day, change=change, kind=values["kind"], periods=values["periods"] or [], name=values["name"] or {}
    )


def _tell(work: Work, calendar_id: UUID, changes: list[DayChange], why: str = "") -> None:
    moved = [one.day for one in changes if one.change in ("new", "changed", "removed")]
    if moved:
        work.emit(CalendarChanged(calendar_id=calendar_id, first=min(moved), last=max(moved), why=why))
        work.notify("organisation", "changed", type="calendar_day", id=calendar_id)


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
