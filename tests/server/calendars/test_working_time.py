"""Working time against plain loops over every minute and every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.engine.calendars import working_time as wt

OFFICE = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
WEEK = (OFFICE,) * 5 + ((), ())
MONDAY = date(2026, 3, 2)
UTC_ZONE = ZoneInfo("UTC")

# No session before four: what an hour that a clock skips or repeats is worth is not a matter of working time.


@st.composite
def sessions(draw: st.DrawFn) -> wt.Sessions:
    cuts = sorted(draw(st.sets(st.integers(240, 1440), max_size=6)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


exceptional = st.builds(wt.Exceptional, st.sampled_from([wt.HOLIDAY, wt.SHORT, wt.MAKE_UP]), sessions())
days = st.dates(date(2026, 3, 20), date(2026, 4, 4))
calendars = st.builds(
    wt.Calendar, st.tuples(*[sessions()] * 7), st.dictionaries(days, exceptional, max_size=6)
)  # fmt: skip
zones = st.sampled_from([ZoneInfo(name) for name in ("UTC", "Asia/Shanghai", "Asia/Tehran", "Europe/Berlin")])


@st.composite
def timelines(draw: st.DrawFn) -> wt.Timeline:
    uses = [
        wt.Use(draw(calendars), *sorted((draw(days), draw(days)))) for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return wt.Timeline((*uses, wt.Use(draw(calendars))), draw(zones))


def plain_sessions(timeline: wt.Timeline, day: date) -> wt.Sessions:
    """What is worked on a day, said once more and otherwise."""
    for use in timeline.uses:
        if not use.first <= day <= use.last:
            continue
        usual, special = use.calendar.week[day.weekday()], use.calendar.days.get(day)
        if special is None:
            return usual
        if special.kind == "holiday":
            return ()
        if special.sessions:
            return special.sessions
        if special.kind == "short":
            return usual[:1]
        return usual or next((s for s in use.calendar.week if s), ())
    return ()


def is_worked(timeline: wt.Timeline, moment: datetime) -> bool:
    local = moment.astimezone(timeline.zone)
    minute = local.hour * 60 + local.minute
    return any(a <= minute < b for a, b in plain_sessions(timeline, local.date()))


moments = st.datetimes(datetime(2026, 3, 26), datetime(2026, 3, 31)).map(
    lambda m: m.replace(second=0, microsecond=0, tzinfo=UTC)
)


@settings(max_examples=40)
@given(timelines(), moments, st.integers(0, 3 * 1440))
def test_time_between_two_moments_is_what_a_minute_by_minute_count_gives(
    timeline: wt.Timeline, start: datetime, length: int
) -> None:
    """Over the night in which Berlin's clocks go forward too."""
    end = start + timedelta(minutes=length)
    plain = sum(60 for n in range(length) if is_worked(timeline, start + timedelta(minutes=n)))
    found = wt.working_time(timeline, start, end)
    assert found.seconds == plain
    assert sum(one.counted for one in found.ledger) == plain
    assert [one.day for one in found.ledger] == [
        date.fromordinal(n)
        for n in range(
            start.astimezone(timeline.zone).date().toordinal(), end.astimezone(timeline.zone).date().toordinal() + 1
        )
    ]


@settings(max_examples=40)
@given(timelines(), moments, st.integers(1, 900))
def test_adding_time_ends_where_a_minute_by_minute_count_ends(
    timeline: wt.Timeline, start: datetime, minutes: int
) -> None:
    left, at = minutes, start
    while left and at < start + timedelta(days=4):
        left -= is_worked(timeline, at)
        at += timedelta(minutes=1)
    if left:
        return  # too little work ahead for a plain loop; the limit has a test of its own
    reached = wt.add_time(timeline, start, minutes * 60)
    assert reached.moment == at
    assert wt.working_time(timeline, start, at).seconds == minutes * 60
    assert reached.ledger[-1].total == minutes * 60


@given(timelines(), days, st.integers(-9, 9))
def test_adding_days_is_what_a_day_by_day_count_gives(timeline: wt.Timeline, start: date, count: int) -> None:
    at, left, step = start, abs(count), timedelta(days=1 if count > 0 else -1)
    for _ in range(400):
        if not left:
            break
        at += step
        left -= bool(plain_sessions(timeline, at))
    if left:
        return
    reached = wt.add_days(timeline, start, count)
    assert reached.day == at
    assert sum(one.counted for one in reached.ledger) == abs(count)
    assert all(one.counted == bool(plain_sessions(timeline, one.day)) for one in reached.ledger)


def office(**changes: wt.Exceptional) -> wt.Timeline:
    days = {date.fromisoformat(name[1:].replace("_", "-")): one for name, one in changes.items()}
    return wt.Timeline((wt.Use(wt.Calendar(WEEK, days)),), UTC_ZONE)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), UTC)


def test_a_leave_over_lunch_and_a_weekend_counts_neither() -> None:
    count = wt.working_time(office(), at(date(2026, 3, 6), "11:00"), at(date(2026, 3, 9), "09:00"))
    assert count.seconds == (1 + 4 + 1) * 3600
    assert [one.kind for one in count.ledger] == ["worked", "weekend", "weekend", "worked"]


def test_holidays_short_days_and_make_up_days_say_so_in_the_ledger() -> None:
    timeline = office(
        d2026_03_03=wt.Exceptional(wt.HOLIDAY, name={"en": "A holiday"}),
        d2026_03_04=wt.Exceptional(wt.SHORT),
        d2026_03_07=wt.Exceptional(wt.MAKE_UP),
    )
    reached = wt.add_days(timeline, MONDAY, 4)
    assert reached.day == date(2026, 3, 7)
    assert [(one.kind, one.counted) for one in reached.ledger] == [
        ("holiday", 0), ("short", 1), ("worked", 1), ("worked", 1), ("make_up", 1),
    ]  # fmt: skip
    assert reached.ledger[0].name == {"en": "A holiday"}
    hours = wt.working_time(timeline, at(MONDAY, "00:00"), at(date(2026, 3, 8), "00:00")).seconds / 3600
    assert hours == 8 + 0 + 4 + 8 + 8 + 8


def test_a_count_that_ends_with_the_afternoon_ends_there() -> None:
    assert wt.add_time(office(), at(MONDAY, "13:00"), 4 * 3600).moment == at(MONDAY, "17:00")
    assert wt.end_of_work(office(), MONDAY) == at(MONDAY, "17:00")
    assert wt.end_of_work(office(), date(2026, 3, 1)) is None


def test_a_calendar_that_nobody_works_by_is_said_and_not_counted_for_ever() -> None:
    nobody = wt.Timeline((wt.Use(wt.Calendar(((),) * 7)),), UTC_ZONE)
    with pytest.raises(wt.NoWorkingTime):
        wt.add_time(nobody, at(MONDAY, "08:00"), 60)
    with pytest.raises(wt.NoWorkingTime):
        wt.add_days(nobody, MONDAY, 1)
    with pytest.raises(ValueError, match="before its start"):
        wt.working_time(nobody, at(MONDAY, "09:00"), at(MONDAY, "08:00"))


def test_days_without_any_calendar_are_told_from_free_ones() -> None:
    timeline = wt.Timeline((wt.Use(wt.Calendar(WEEK), MONDAY, MONDAY),), UTC_ZONE)
    kinds = [one.kind for one in wt.days_between(timeline, MONDAY, MONDAY + timedelta(days=1))]
    assert kinds == ["worked", "no_calendar"]
