"""Counting in working time: plain values in, plain values out; no database, no clock.

A calendar is a usual week and days that differ from it; a timeline says which calendar holds on which day. Minutes are
those of the local clock, seconds those that really pass: where a clock is put forward or back, a day has fewer or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Sessions = tuple[tuple[int, int], ...]
"""A day's periods of work in minutes since midnight, in order, none overlapping: a morning and an afternoon. 1440 is the
day's end."""

FARTHEST = 3660
"""Days that a count goes at most: beyond, a calendar has no working time."""

WORKED, SHORT, MAKE_UP, HOLIDAY, WEEKEND, NO_CALENDAR = (
    "worked",
    "short",
    "make_up",
    "holiday",
    "weekend",
    "no_calendar",
)
"""What a day is: as usual, shorter, worked although the week says free, free although the week says worked, free by the
week, or without a calendar."""


class NoWorkingTime(ValueError):
    """A calendar has too little working time ahead for what was asked."""


@dataclass(frozen=True)
class Exceptional:
    """A day that differs from its calendar's week. Short and make-up days without sessions of their own: see `day_of`."""

    kind: str
    sessions: Sessions = ()
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """A usual week, Monday first, and the days that differ."""

    week: tuple[Sessions, ...]
    days: Mapping[date, Exceptional] = field(default_factory=dict)
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Use:
    """That a calendar holds from a day to a day, both counted; without an end for ever."""

    calendar: Calendar
    first: date = date.min
    last: date = date.max


@dataclass(frozen=True)
class Timeline:
    """Which calendar holds when: the first use that covers a day."""

    uses: tuple[Use, ...]
    zone: ZoneInfo

    def calendar(self, day: date) -> Calendar | None:
        """The calendar of a day, or nothing."""
        return next((use.calendar for use in self.uses if use.first <= day <= use.last), None)


@dataclass(frozen=True)
class Day:
    """What one day is."""

    day: date
    kind: str
    sessions: Sessions = ()
    name: Mapping[str, str] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Its minutes of work by the clock."""
        return sum(end - start for start, end in self.sessions)


@dataclass(frozen=True)
class Entry:
    """One line of a ledger: a day, what it is, and what it gave."""

    day: date
    kind: str
    name: Mapping[str, str]
    counted: int
    """Seconds, or in counts of days 1 for a day that counts."""
    total: int
    """With all days before."""


@dataclass(frozen=True)
class Count:
    """How much working time there is, and why."""

    seconds: int
    ledger: tuple[Entry, ...]


@dataclass(frozen=True)
class Reached:
    """When so much working time has passed, and why."""

    day: date
    moment: datetime | None
    """Nothing where days were counted."""
    ledger: tuple[Entry, ...]


def day_of(calendar: Calendar | None, day: date) -> Day:
    """What a day is in a calendar. A make-up day without sessions of its own is worked like the first worked day of the
    week, a short one without any keeps the morning."""
    if calendar is None:
        return Day(day, NO_CALENDAR)
    usual = calendar.week[day.weekday()]
    special = calendar.days.get(day)
    if special is None:
        return Day(day, WORKED if usual else WEEKEND, usual)
    if special.kind == HOLIDAY:
        return Day(day, HOLIDAY, (), special.name)
    if special.kind == SHORT:
        return Day(day, SHORT, special.sessions or usual[:1], special.name)
    model = usual or next((sessions for sessions in calendar.week if sessions), ())
    return Day(day, MAKE_UP, special.sessions or model, special.name)


def worked(timeline: Timeline, day: date) -> bool:
    """Whether a day has any working time."""
    return bool(day_of(timeline.calendar(day), day).sessions)


def days_between(timeline: Timeline, first: date, last: date) -> Iterator[Day]:
    """Every day from one to another, both counted."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        yield day_of(timeline.calendar(day), day)


def working_time(timeline: Timeline, start: datetime, end: datetime) -> Count:
    """The working time in [start, end), day by day (COR-029, ATT-I04: breaks and closed days do not count)."""
    if end < start:
        raise ValueError("an end before its start")
    ledger: list[Entry] = []
    total = 0
    first, last = start.astimezone(timeline.zone).date(), end.astimezone(timeline.zone).date()
    for one in days_between(timeline, first, last):
        counted = sum(_seconds(max(a, start), min(b, end)) for a, b in moments_of(one, timeline.zone))
        total += counted
        ledger.append(Entry(one.day, one.kind, one.name, counted, total))
    return Count(total, tuple(ledger))


def add_time(timeline: Timeline, start: datetime, seconds: int) -> Reached:
    """The moment at which so many seconds of working time have passed since `start` (ADM-034). A count that ends with a
    session ends there, not at the beginning of the next."""
    if seconds < 0:
        raise ValueError("time is added forwards")
    day = start.astimezone(timeline.zone).date()
    ledger: list[Entry] = []
    total = 0
    if seconds == 0:
        return Reached(day, start.astimezone(UTC), ())
    for one in days_between(timeline, day, _ahead(day, FARTHEST)):
        counted = 0
        for opens, closes in moments_of(one, timeline.zone):
            begins = max(opens, start)
            length = _seconds(begins, closes)
            missing = seconds - total - counted
            if length >= missing:
                counted += missing
                ledger.append(Entry(one.day, one.kind, one.name, counted, seconds))
                return Reached(one.day, begins + timedelta(seconds=missing), tuple(ledger))
            counted += length
        total += counted
        ledger.append(Entry(one.day, one.kind, one.name, counted, total))
    raise NoWorkingTime


def add_days(timeline: Timeline, start: date, count: int) -> Reached:
    """The working day that comes so many after a day, itself not counted; before it where `count` is negative. Nought is
    the day itself, worked or not."""
    step = 1 if count >= 0 else -1
    ledger: list[Entry] = []
    day, total = start, 0
    while total < abs(count):
        if len(ledger) >= FARTHEST or day in (date.min, date.max):
            raise NoWorkingTime
        day += timedelta(days=step)
        one = day_of(timeline.calendar(day), day)
        counted = 1 if one.sessions else 0
        total += counted
        ledger.append(Entry(day, one.kind, one.name, counted, total))
    return Reached(day, None, tuple(ledger))


def end_of_work(timeline: Timeline, day: date) -> datetime | None:
    """When work ends on a day: the moment until which a due day may be used; nothing on a free one."""
    moments = moments_of(day_of(timeline.calendar(day), day), timeline.zone)
    return moments[-1][1] if moments else None


def within(sessions: Sessions, limits: Sessions) -> Sessions:
    """The parts of some periods that lie in others."""
    parts = [(max(a, c), min(b, d)) for a, b in sessions for c, d in limits]
    return tuple((a, b) for a, b in parts if a < b)


def moments_of(one: Day, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """A day's sessions as moments, in order; where a clock skips an hour none begins before the one before has ended."""
    found: list[tuple[datetime, datetime]] = []
    for first, last in one.sessions:
        start, end = day_moment(one.day, first, zone), day_moment(one.day, last, zone)
        if found:
            start = max(start, found[-1][1])
        if start < end:
            found.append((start, end))
    return found


def day_moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A local clock's minute as a moment; a minute that a clock skips is the one after the gap has passed so long."""
    if minute == 1440:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _ahead(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal() - 2))
