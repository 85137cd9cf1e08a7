"""Deadlines as pure rules: when a term ends, what its days gave, and when its light turns (SM-DUE). No database, no clock.

How a term counts:

- Working hours and minutes: seconds of working time from the start; a pause's seconds do not count.
- Working days: the day of the start gives nothing. Every worked day after it gives one, however short it is, spread over
  its working time: a pause takes away just the part of the day that it covers. So a term without pauses ends with the work
  of its last day, and a pause neither gains nor loses anything, not even when it begins a minute before the end of work.
- Calendar days: the day of the start gives nothing; the term ends with the work of its last day, or as `free_end` says when
  nobody works on that day. Pauses after the day of the start put the end off by as long as they lasted.
- Calendar hours and minutes: time that really passes, less pauses.

An end of a calendar term that a pause has moved out of working time moves on to where work begins again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from server.engine.calendars.working_time import (
    FARTHEST,
    Day,
    NoWorkingTime,
    Timeline,
    day_moment,
    day_of,
    end_of_work,
    moments_of,
)

DAYS, HOURS, MINUTES, SECONDS = "days", "hours", "minutes", "seconds"
LENGTHS = {HOURS: 3600, MINUTES: 60, SECONDS: 1}
GREEN, YELLOW, RED, STOPPED = "green", "yellow", "red", "stopped"
NEXT, BEFORE, STAYS = "next", "before", "stays"
"""Where a term of calendar days ends whose last day is free: on the next worked day, on the one before, or on it."""
MOST = {DAYS: 2000, HOURS: 20_000, MINUTES: 1_200_000, SECONDS: 72_000_000}
"""The longest terms."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Term:
    """How long something may take."""

    amount: int
    unit: str = DAYS
    working: bool = True
    free_end: str = NEXT


@dataclass(frozen=True)
class Warning:
    """When the light turns yellow: after so many hundredths of the term, or so much of its unit before the end
    (APV-I03)."""

    share: int = 75
    before: int | None = None


@dataclass(frozen=True)
class Line:
    """What one day gave to a term, and why."""

    day: date
    kind: str
    """As `working_time.Day.kind`."""
    counted: Fraction
    """Days of a term in days, seconds of any other."""
    total: Fraction
    """With all days before."""
    first: bool = False
    """The day of the start, where days are counted: it gives nothing."""
    paused: int = 0
    """Seconds of this day that would have counted without the pauses."""
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reckoned:
    """When a term ends, when its light turns, and why."""

    due: datetime
    yellow: datetime
    """Never after `due`, at which the light turns red."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Stage:
    """A stage that is still to come: how long it usually takes, and the least it needs, in seconds of working time or in
    any other measure that all stages share."""

    usual: int
    least: int = 0


@dataclass(frozen=True)
class Shared:
    """What the stages get of the time that is left."""

    seconds: tuple[int, ...]
    missing: int
    """Seconds by which the time left is shorter than what the stages need at least; nought when it suffices."""


def reckon(
    timeline: Timeline,
    start: datetime,
    term: Term,
    *,
    pauses: Sequence[Span] = (),
    warning: Warning | None = None,
) -> Reckoned:
    """When a term that began at `start` ends; moments are whole seconds. Raises `NoWorkingTime` where there is too little
    working time ahead."""
    if term.amount < 1:
        raise ValueError("a term is at least one")
    spans = merged(pauses)
    warning = warning or Warning()
    if not term.working:
        return _by_the_calendar(timeline, start, term, spans, warning)
    need = Fraction(term.amount * LENGTHS.get(term.unit, 1))
    used = need * warning.share / 100
    if warning.before is not None:
        used = max(Fraction(0), need - warning.before * LENGTHS.get(term.unit, 1))
    due: datetime | None = None
    yellow: datetime | None = None
    lines = []
    for line, parts, length in _worked(timeline, start, spans, by_day=term.unit == DAYS):
        before = line.total - line.counted
        if yellow is None and line.total > used:
            yellow = _at(parts, (used - before) * length, forward=True)
        if line.total >= need:
            due = _at(parts, (need - before) * length)
            given = need - before
            lines.append(Line(line.day, line.kind, given, need, line.first, line.paused, line.name))
            break
        lines.append(line)
    if due is None:
        raise NoWorkingTime
    return Reckoned(due, min(yellow or due, due), tuple(lines))


def _worked(
    timeline: Timeline, start: datetime, pauses: Sequence[Span], *, by_day: bool
) -> Iterator[tuple[Line, list[Span], int]]:
    """Day by day what a working term gets, with the parts of the day in which it ran and how many seconds make one."""
    first = start.astimezone(timeline.zone).date()
    total = Fraction(0)
    for day in _from(first):
        one = day_of(timeline.calendar(day), day)
        opened = moments_of(one, timeline.zone)
        length = sum(_seconds(a, b) for a, b in opened) if by_day else 1
        begun = by_day and day == first
        whole = [] if begun else [(max(a, start), b) for a, b in opened if b > start]
        parts = without(whole, pauses)
        ran = sum(_seconds(a, b) for a, b in parts)
        counted = Fraction(ran, length) if ran else Fraction(0)
        total += counted
        paused = sum(_seconds(a, b) for a, b in whole) - ran
        yield Line(day, one.kind, counted, total, begun, paused, one.name), parts, length


def _by_the_calendar(
    timeline: Timeline, start: datetime, term: Term, pauses: Sequence[Span], warning: Warning
) -> Reckoned:
    first = start.astimezone(timeline.zone).date()
    begins = start
    if term.unit == DAYS:
        nominal = _last_day_ends(timeline, first + timedelta(days=term.amount), term.free_end)
        begins = day_moment(first + timedelta(days=1), 0, timeline.zone)
    else:
        nominal = start + timedelta(seconds=term.amount * LENGTHS[term.unit])
    due = _put_off(nominal, begins, pauses)
    if due != nominal:
        due = next_work(timeline, due) or due
    length = _seconds(start, nominal)
    back = length * (100 - warning.share) // 100
    if warning.before is not None:
        back = min(length, warning.before * LENGTHS.get(term.unit, 86_400))
    yellow = _put_off(nominal - timedelta(seconds=back), begins, pauses)
    return Reckoned(due, min(max(yellow, start), due), tuple(_passing(timeline, start, due, pauses, term, begins)))


def _last_day_ends(timeline: Timeline, day: date, free_end: str) -> datetime:
    """When a last day is over: with its work, or as the term says of free days."""
    step = {NEXT: 1, BEFORE: -1, STAYS: 0}[free_end]
    for n in range(FARTHEST):
        ends = end_of_work(timeline, day + timedelta(days=n * step))
        if ends is not None:
            return ends
        if not step:
            return day_moment(day + timedelta(days=1), 0, timeline.zone)
    raise NoWorkingTime


def _put_off(moment: datetime, begins: datetime, pauses: Sequence[Span]) -> datetime:
    """A moment, put off by the pauses that begin before it; what of them lies before `begins` puts nothing off."""
    for a, b in pauses:
        a = max(a, begins)
        if a < b and a < moment:
            moment += b - a
    return moment


def _passing(
    timeline: Timeline, start: datetime, due: datetime, pauses: Sequence[Span], term: Term, begins: datetime
) -> Iterator[Line]:
    """The days of a calendar term: each gives one, or the part that was not paused; or its seconds."""
    first, last = start.astimezone(timeline.zone).date(), due.astimezone(timeline.zone).date()
    total, days = Fraction(0), term.unit == DAYS
    most = Fraction(term.amount * LENGTHS.get(term.unit, 1))
    for day in _from(first):
        if day > last:
            return
        one = day_of(timeline.calendar(day), day)
        a, b = day_moment(day, 0, timeline.zone), day_moment(day + timedelta(days=1), 0, timeline.zone)
        whole = [(max(a, begins), b if days else min(b, due))] if b > begins else []
        ran, all_of_it = (sum(_seconds(*p) for p in ps) for ps in (without(whole, pauses), whole))
        counted = min(Fraction(ran, _seconds(a, b)) if days else Fraction(ran), most - total)
        if day == last:
            # The term ends with the work of this day or where work begins, not with the day.
            counted = most - total
        total += counted
        yield Line(day, one.kind, counted, total, days and day == first, all_of_it - ran, one.name)


def next_work(timeline: Timeline, moment: datetime) -> datetime | None:
    """The moment itself in working time (its end counts as in it), else where work begins next; nothing without any."""
    # A second earlier: at midnight a day of work that goes on until then has only just ended.
    day = (moment - timedelta(seconds=1)).astimezone(timeline.zone).date()
    for one in _from(day):
        for a, b in moments_of(day_of(timeline.calendar(one), one), timeline.zone):
            if b >= moment:
                return max(a, moment)
    return None


def open_from(timeline: Timeline, moment: datetime) -> datetime | None:
    """The moment itself while somebody works, else where work begins next: when people may be told something."""
    day = moment.astimezone(timeline.zone).date()
    for one in _from(day):
        for a, b in moments_of(day_of(timeline.calendar(one), one), timeline.zone):
            if b > moment:
                return max(a, moment)
    return None


def running_time(timeline: Timeline, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> int:
    """The seconds of working time in [start, end) that no pause covers."""
    if end <= start:
        return 0
    spans, total = merged(pauses), 0
    last = end.astimezone(timeline.zone).date()
    for day in _from(start.astimezone(timeline.zone).date()):
        if day > last:
            break
        opened = moments_of(day_of(timeline.calendar(day), day), timeline.zone)
        cut = [(max(a, start), min(b, end)) for a, b in opened if b > start and a < end]
        total += sum(_seconds(a, b) for a, b in without(cut, spans))
    return total


def shared(left: int, stages: Sequence[Stage]) -> Shared:
    """The time left, shared among the stages that are still to come by what they usually take; none gets less than it needs
    at least (APL-035, APL-036). Where even that is more than what is left, each gets its least, and the answer says how
    much is missing: later stages are not shortened in silence."""
    needed = sum(one.least for one in stages)
    if needed >= left:
        return Shared(tuple(one.least for one in stages), needed - left)
    given: dict[int, int] = {}
    while True:
        free = [n for n in range(len(stages)) if n not in given]
        rest = left - sum(given.values())
        weight = sum(max(1, stages[n].usual) for n in free)
        short = [n for n in free if rest * max(1, stages[n].usual) < stages[n].least * weight]
        if not short:
            break
        given.update((n, stages[n].least) for n in short)
    for n in free:
        given[n] = rest * max(1, stages[n].usual) // weight
    return Shared(tuple(given[n] for n in range(len(stages))), 0)


def light(now: datetime, yellow: datetime, red: datetime, *, stopped: bool = False) -> str:
    """Which light a deadline shows: green until the first instant, yellow until the second, then red (APV-012)."""
    if stopped:
        return STOPPED
    return RED if now >= red else YELLOW if now >= yellow else GREEN


def merged(pauses: Sequence[Span]) -> list[Span]:
    """Pauses in order, those that touch as one."""
    spans: list[Span] = []
    for a, b in sorted(pauses):
        if a >= b:
            continue
        if spans and a <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(b, spans[-1][1]))
        else:
            spans.append((a, b))
    return spans


def without(parts: Sequence[Span], pauses: Sequence[Span]) -> list[Span]:
    """What is left of some spans, in order, when pauses in order are taken out."""
    left = []
    for a, b in parts:
        for c, d in pauses:
            if d <= a or c >= b:
                continue
            if c > a:
                left.append((a, c))
            a = d
            if a >= b:
                break
        if a < b:
            left.append((a, b))
    return left


def _at(parts: Sequence[Span], seconds: Fraction, *, forward: bool = False) -> datetime:
    """The moment at which so many seconds of some spans have passed, up to a whole second. Between two spans it is the end
    of the first, or `forward` the beginning of the second."""
    left = max(0, -(-seconds.numerator // seconds.denominator))
    for a, b in parts:
        length = _seconds(a, b)
        if left < length or (left == length and not forward):
            return (a + timedelta(seconds=left)).astimezone(UTC)
        left -= length
    return parts[-1][1]


def _from(first: date) -> Iterator[date]:
    for n in range(FARTHEST):
        yield first + timedelta(days=n)


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def sum_up(lines: Sequence[Line]) -> list[tuple[date, str, Fraction, int]]:
    """Lines as they are kept: runs of days that are alike, each with its first day and how many they are."""
    runs: list[tuple[date, str, Fraction, int]] = []
    for line in lines:
        kind = "first" if line.first else "paused" if line.paused and not line.counted else line.kind
        if runs and runs[-1][1:3] == (kind, line.counted):
            runs[-1] = (*runs[-1][:3], runs[-1][3] + 1)
        else:
            runs.append((line.day, kind, line.counted, 1))
    return runs


def spread(runs: Sequence[tuple[date, str, Fraction, int]]) -> dict[date, tuple[str, Fraction]]:
    """Kept runs as days again."""
    return {day + timedelta(days=n): (kind, counted) for day, kind, counted, many in runs for n in range(many)}


__all__ = [
    "DAYS", "HOURS", "MINUTES", "SECONDS", "Day", "Line", "NoWorkingTime", "Reckoned", "Shared", "Stage", "Term",
    "Warning", "light", "next_work", "open_from", "reckon", "running_time", "shared",
]  # fmt: skip
