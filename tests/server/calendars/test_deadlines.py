"""Deadlines: examples an official would check by hand, and ten thousand random ones against another computation."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.engine.calendars import deadlines as dl
from server.engine.calendars import working_time as wt
from tests.server.calendars.test_working_time import plain_sessions

OFFICE = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
WEEK = (OFFICE,) * 5 + ((), ())
HALF_FRIDAY = (OFFICE,) * 4 + (((8 * 60, 12 * 60),), (), ())
UTC_ZONE = ZoneInfo("UTC")
PLAIN = wt.Timeline((wt.Use(wt.Calendar(WEEK)),), UTC_ZONE)
CASES = 10_000 if os.environ.get("OPENHALL_WHOLE") else 500
"""How many random deadlines are counted twice; all ten thousand where OPENHALL_WHOLE is set."""


def at(day: int, clock: str = "00:00", month: int = 3) -> datetime:
    """A moment of March 2026; the second is a Monday."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=UTC)


def due(term: dl.Term, start: datetime, *pauses: dl.Span, timeline: wt.Timeline = PLAIN) -> datetime:
    """When a term ends."""
    return dl.reckon(timeline, start, term, pauses=pauses).due


def test_terms_of_each_kind_end_when_an_official_would_say() -> None:
    days, hours = dl.Term(2), dl.Term(10, dl.HOURS)
    assert due(days, at(5, "15:20")) == at(9, "17:00")  # Thursday; Friday and Monday count
    assert due(hours, at(5, "15:00")) == at(6, "17:00")
    assert due(dl.Term(90, dl.MINUTES), at(6, "11:00")) == at(6, "13:30")  # over lunch
    assert due(dl.Term(3, working=False), at(5, "15:20")) == at(9, "17:00")  # Sunday is free: on Monday
    assert due(dl.Term(3, working=False, free_end=dl.BEFORE), at(5, "15:20")) == at(6, "17:00")
    assert due(dl.Term(3, working=False, free_end=dl.STAYS), at(5, "15:20")) == at(9)
    assert due(dl.Term(30, dl.HOURS, working=False), at(5, "15:20")) == at(6, "21:20")
    assert due(dl.Term(1), at(5), timeline=wt.Timeline((wt.Use(wt.Calendar(HALF_FRIDAY)),), UTC_ZONE)) == at(6, "12:00")


def test_holidays_make_up_days_another_calendar_and_summer_time_count_as_they_hold() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    special = {
        date(2026, 3, 27): wt.Exceptional(wt.HOLIDAY),
        date(2026, 3, 28): wt.Exceptional(wt.MAKE_UP),
        date(2026, 3, 31): wt.Exceptional(wt.SHORT, name={"en": "Eve"}),
    }
    spring = wt.Calendar(WEEK, special)
    evenings = wt.Calendar((((14 * 60, 20 * 60),),) * 7)
    timeline = wt.Timeline((wt.Use(evenings, first=date(2026, 4, 1)), wt.Use(spring)), berlin)
    found = dl.reckon(timeline, at(26, "12:00"), dl.Term(4))
    # Saturday worked instead of Friday; Monday, a short Tuesday, and the first evening of the other calendar.
    assert found.due == datetime(2026, 4, 1, 20, 0, tzinfo=berlin)
    assert [(line.day.day, line.kind, int(line.counted)) for line in found.lines] == [
        (26, "worked", 0), (27, "holiday", 0), (28, "make_up", 1), (29, "weekend", 0), (30, "worked", 1),
        (31, "short", 1), (1, "worked", 1),
    ]  # fmt: skip
    assert found.lines[0].first and found.lines[5].name == {"en": "Eve"}
    # Eight hours from Saturday noon end on Monday at nine, by summer time.
    assert due(dl.Term(5, dl.HOURS), at(28, "12:00"), timeline=timeline) == datetime(2026, 3, 30, 9, 0, tzinfo=berlin)


def test_a_pause_takes_its_part_of_a_day_and_nothing_more() -> None:
    term = dl.Term(2)
    start = at(2, "10:00")  # due on Wednesday with the end of work
    assert due(term, start) == at(4, "17:00")
    assert due(term, start, (at(2, "11:00"), at(2, "16:00"))) == at(4, "17:00")  # the first day gives nothing anyway
    assert due(term, start, (at(3, "16:59"), at(3, "17:01"))) == at(5, "08:01")  # one minute of work, no day
    assert due(term, start, (at(3, "08:00"), at(3, "17:00"))) == at(5, "17:00")
    assert due(term, start, (at(3, "17:00"), at(4, "08:00"))) == at(4, "17:00")  # a night costs nothing
    # A whole day is worth a whole day, also where the next is a half one.
    halves = wt.Timeline((wt.Use(wt.Calendar(HALF_FRIDAY)),), UTC_ZONE)
    assert due(term, start, (at(4), at(5, "18:00")), timeline=halves) == at(6, "12:00")
    assert due(dl.Term(3, working=False), at(2), (at(4, "09:00"), at(4, "12:00"))) == at(6, "08:00")
    assert due(dl.Term(10, dl.HOURS), at(2, "08:00"), (at(2, "09:00"), at(2, "10:00"))) == at(3, "11:00")


def test_lights_turn_at_two_instants_known_beforehand() -> None:
    found = dl.reckon(PLAIN, at(5, "15:20"), dl.Term(2), warning=dl.Warning(before=1))
    assert found.yellow == at(9, "08:00")  # one day before the end begins with the work of the last day
    assert dl.reckon(PLAIN, at(2, "08:00"), dl.Term(8, dl.HOURS), warning=dl.Warning(50)).yellow == at(2, "13:00")
    assert dl.reckon(PLAIN, at(2), dl.Term(4, working=False), warning=dl.Warning(50)).yellow < at(5)
    lights = [dl.light(now, found.yellow, found.due) for now in (at(6), at(9, "08:00"), at(9, "16:59"), at(9, "17:00"))]
    assert lights == ["green", "yellow", "yellow", "red"]
    assert dl.light(at(20), found.yellow, found.due, stopped=True) == "stopped"
    assert dl.open_from(PLAIN, at(6, "17:00")) == at(9, "08:00")
    assert dl.open_from(PLAIN, at(6, "12:00")) == at(6, "13:00")


def test_without_working_time_ahead_nothing_is_promised() -> None:
    empty = wt.Timeline((wt.Use(wt.Calendar(((),) * 7)),), UTC_ZONE)
    for term in (dl.Term(1), dl.Term(1, dl.HOURS), dl.Term(1, working=False)):
        with pytest.raises(wt.NoWorkingTime):
            due(term, at(2), timeline=empty)


def test_stages_share_what_is_left_so_that_a_late_start_leaves_the_last_ones_their_time() -> None:
    stages = [dl.Stage(usual=60, least=10), dl.Stage(usual=120, least=40), dl.Stage(usual=20, least=20)]
    assert dl.shared(400, stages) == dl.Shared((120, 240, 40), 0)
    assert dl.shared(150, stages) == dl.Shared((43, 86, 20), 0)  # the last one keeps what it needs
    assert dl.shared(60, stages) == dl.Shared((10, 40, 20), 10)  # too late for all: said, not hidden


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.lists(st.builds(dl.Stage, st.integers(0, 500), st.integers(0, 300)), max_size=6))
def test_stages_never_get_more_than_is_left_nor_less_than_they_need(left: int, stages: list[dl.Stage]) -> None:
    found = dl.shared(left, stages)
    assert all(given >= one.least for given, one in zip(found.seconds, stages, strict=True))
    assert sum(found.seconds) <= left + found.missing
    assert (found.missing > 0) == (sum(one.least for one in stages) > left)
    if stages and not found.missing:
        assert sum(found.seconds) > left - len(stages) or sum(s.least for s in stages) == left


# Another computation: minute by minute within a day, in whole minutes of the epoch, without moments of a zone.


def minutes_worked(timeline: wt.Timeline, day: date) -> list[range]:
    """The worked minutes of a day, counted from the epoch. No clock is changed after four in the morning, when no session
    has begun yet, so that the difference at noon holds for all of them."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timeline.zone)
    midnight = (day - date(1970, 1, 1)).days * 1440 - int(noon.utcoffset().total_seconds()) // 60  # type: ignore[union-attr]
    return [range(midnight + a, midnight + b) for a, b in plain_sessions(timeline, day)]


def local_midnight(zone: ZoneInfo, day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) // 60


def otherwise(timeline: wt.Timeline, start: int, term: dl.Term, pauses: list[range]) -> Fraction:
    """When a term ends, in minutes since the epoch; walks through the days and strikes minutes off."""
    day = datetime.fromtimestamp(start * 60, timeline.zone).date()
    if not term.working:
        return Fraction(calendar_end(timeline, start, day, term, pauses))
    days = term.unit == dl.DAYS
    left = Fraction(term.amount) if days else Fraction(term.amount * {"hours": 60, "minutes": 1}[term.unit])
    if days:
        day += timedelta(days=1)
    while True:
        worked = minutes_worked(timeline, day)
        length = sum(len(one) for one in worked)
        here = [p for p in pauses if worked and p.stop > worked[0].start and p.start < worked[-1].stop]
        if not here and (not worked or worked[0].start >= start) and length:
            running = length  # nothing to strike off: no need to look at each minute
        else:
            running = sum(1 for one in worked for m in one if m >= start and not any(m in p for p in here))
        gives = Fraction(running, length if days else 1) if running else Fraction(0)
        if gives >= left:
            break
        left -= gives
        day += timedelta(days=1)
    minutes = [m for one in worked for m in one if m >= start and not any(m in p for p in here)]
    needed = left * (length if days else 1)
    whole = needed.numerator // needed.denominator
    if whole == needed:
        return Fraction(minutes[whole - 1] + 1)
    return minutes[whole] + (needed - whole)


def calendar_end(timeline: wt.Timeline, start: int, first: date, term: dl.Term, pauses: list[range]) -> int:
    def last_minute(day: date) -> int | None:
        worked = minutes_worked(timeline, day)
        return worked[-1].stop if worked else None

    if term.unit == dl.DAYS:
        runs_from, last = local_midnight(timeline.zone, first + timedelta(days=1)), first + timedelta(days=term.amount)
        while last_minute(last) is None and term.free_end != dl.STAYS:
            last += timedelta(days=1 if term.free_end == dl.NEXT else -1)
        found = last_minute(last)
        usual = found if found is not None else local_midnight(timeline.zone, last + timedelta(days=1))
    else:
        runs_from, usual = start, start + term.amount * {"hours": 60, "minutes": 1}[term.unit]
    needed, clock = usual - runs_from, runs_from  # running minutes that it must have had
    for p in pauses:
        if p.stop <= clock:
            continue
        before = max(0, p.start - clock)
        if before >= needed:
            break
        needed -= before
        clock = p.stop
    if clock + needed == usual:
        return usual
    end = clock + needed
    day = datetime.fromtimestamp(end * 60, timeline.zone).date() - timedelta(days=1)
    while True:
        for one in minutes_worked(timeline, day):
            if one.stop >= end:
                return max(one.start, end)
        day += timedelta(days=1)


def random_sessions(dice: random.Random) -> wt.Sessions:
    cuts = sorted(dice.sample(range(240, 1441, 5), dice.choice((0, 2, 2, 4, 4, 6))))
    return tuple(zip(cuts[::2], cuts[1::2], strict=True))


def random_calendar(dice: random.Random, first: date) -> wt.Calendar:
    week = [random_sessions(dice) for _ in range(7)]
    week[dice.randrange(7)] = OFFICE
    kinds = (wt.HOLIDAY, wt.SHORT, wt.MAKE_UP)
    days = {
        first + timedelta(days=dice.randrange(60)): wt.Exceptional(
            (kind := dice.choice(kinds)), () if kind == wt.HOLIDAY or dice.random() < 0.5 else random_sessions(dice)
        )
        for _ in range(dice.randrange(12))
    }
    return wt.Calendar(tuple(week), days)


ZONES = [ZoneInfo(n) for n in ("UTC", "Asia/Shanghai", "Asia/Tehran", "Europe/Berlin", "America/New_York")]
BEGINNINGS = (date(2026, 3, 1), date(2026, 3, 20), date(2026, 10, 10), date(2021, 3, 10))
"""Around the days on which clocks change, Tehran's in the spring of 2021 at midnight; its autumn change repeated the hour before
midnight, in which random sessions may lie."""


def test_random_deadlines_end_where_a_count_day_by_day_ends() -> None:
    dice = random.Random(20260302)
    for n in range(CASES):
        first = dice.choice(BEGINNINGS)
        uses = [wt.Use(random_calendar(dice, first))]
        for _ in range(dice.randrange(3)):
            a = first + timedelta(days=dice.randrange(40))
            uses.insert(0, wt.Use(random_calendar(dice, first), a, a + timedelta(days=dice.randrange(30))))
        timeline = wt.Timeline(tuple(uses), dice.choice(ZONES))
        unit = dice.choice((dl.DAYS, dl.DAYS, dl.HOURS, dl.MINUTES))
        amount = dice.randint(1, {dl.DAYS: 25, dl.HOURS: 90, dl.MINUTES: 4000}[unit])
        term = dl.Term(amount, unit, dice.random() < 0.7, dice.choice((dl.NEXT, dl.NEXT, dl.BEFORE, dl.STAYS)))
        start = local_midnight(UTC_ZONE, first) + dice.randrange(20 * 1440)
        pauses, clock = [], start
        for _ in range(dice.randrange(4)):
            clock += dice.randrange(1, 6 * 1440)
            pauses.append(range(clock, clock := clock + dice.choice((1, 30, 400, 3000, 12_000))))
        begun = datetime.fromtimestamp(start * 60, UTC)
        spans = [(datetime.fromtimestamp(p.start * 60, UTC), datetime.fromtimestamp(p.stop * 60, UTC)) for p in pauses]
        found = dl.reckon(timeline, begun, term, pauses=spans)
        minutes = otherwise(timeline, start, term, pauses)
        seconds = -(-(minutes * 60).numerator // (minutes * 60).denominator)
        what = (n, term, begun, spans, timeline.zone)
        assert found.due == datetime.fromtimestamp(seconds, UTC), what
        assert begun <= found.yellow <= found.due or term.free_end == dl.BEFORE, what
        if term.working:
            assert found.lines[-1].total == amount * {"days": 1, "hours": 3600, "minutes": 60}[unit], what
            _neither_gained_nor_lost(timeline, begun, term, spans, found, what)


def _neither_gained_nor_lost(
    timeline: wt.Timeline, begun: datetime, term: dl.Term, spans: list[dl.Span], found: dl.Reckoned, what: object
) -> None:
    """What is left when a pause ends is what was left when it began."""
    if not spans or term.unit == dl.DAYS:
        return
    (paused, resumed), before = spans[-1], dl.reckon(timeline, begun, term, pauses=spans[:-1]).due
    if before > paused:
        left = wt.working_time(timeline, paused, before).seconds
        assert wt.working_time(timeline, resumed, found.due).seconds == left, what
