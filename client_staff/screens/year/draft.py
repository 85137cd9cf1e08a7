"""A year of a working calendar with what is to be changed in it; months of three calendars; hours as people type them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from common.protocol.calendar import CalendarDayView, CalendarYear, Periods, PublicDay, PutDay
from common.protocol.messages import Words
from common.text import formats

KIND_OF = {"holiday": "holiday", "short": "short", "make_up": "working", "worked": "usual", "weekend": "usual"}
"""What a drawn day is, as it is set."""
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


@dataclass
class Draft:
    """The days as the server has them, and those that are to be others."""

    days: dict[date, CalendarDayView] = field(default_factory=dict)
    public: dict[date, list[PublicDay]] = field(default_factory=dict)
    put: dict[date, PutDay] = field(default_factory=dict)
    _past: list[dict[date, PutDay]] = field(default_factory=list)

    def take(self, years: Iterable[CalendarYear]) -> None:
        """What the server has; what was changed here stays."""
        self.days, self.public = {}, {}
        for year in years:
            self.days.update({one.day: one for one in year.days})
            for one in year.public:
                self.public.setdefault(one.day, []).append(one)
        self.put = {day: one for day, one in self.put.items() if not self._same(one)}

    def kind(self, day: date) -> str:
        """What a day is to be: `worked`, `short`, `make_up`, `holiday`, `weekend`; empty for one that is not known."""
        view, put = self.days.get(day), self.put.get(day)
        if view is None:
            return ""
        if put is None:
            return view.kind
        if put.kind == "usual":
            return self._by_week(day)
        return {"holiday": "holiday", "short": "short", "working": "make_up"}[put.kind]

    def _by_week(self, day: date) -> str:
        """What the week says: the nearest day of the same weekday that is not set apart."""
        for step in range(1, 60):
            for other in (day + timedelta(weeks=step), day - timedelta(weeks=step)):
                view = self.days.get(other)
                if view is not None and view.record_id is None:
                    return view.kind
        return "worked" if day.weekday() < 5 else "weekend"

    def shown(self, day: date) -> tuple[str, Periods, Words]:
        """Kind as it is set, hours and name of a day."""
        put, view = self.put.get(day), self.days.get(day)
        if put is not None:
            return put.kind, put.periods, put.name
        if view is None:
            return "usual", [], {}
        if view.record_id is None:
            return "usual", view.periods, {}
        return KIND_OF[view.kind], view.periods, view.name

    def paint(self, days: Iterable[date], kind: str, periods: Periods | None = None, name: Words | None = None) -> bool:
        """Make days what is said; whether anything is another now."""
        before = dict(self.put)
        for day in days:
            if day not in self.days:
                continue
            was_kind, was_periods, was_name = self.shown(day)
            same = was_kind == kind
            hours = periods if periods is not None else was_periods if same and kind in ("short", "working") else []
            words = name if name is not None else was_name if same or kind != "usual" else {}
            made = PutDay(day=day, kind=kind, periods=[] if kind in ("holiday", "usual") else hours,
                          name={} if kind == "usual" else words)  # fmt: skip
            if self._same(made):
                self.put.pop(day, None)
            else:
                self.put[day] = made
        if self.put == before:
            return False
        self._past.append(before)
        return True

    def _same(self, put: PutDay) -> bool:
        view = self.days.get(put.day)
        if view is None:
            return False
        if put.kind == "usual":
            return view.record_id is None
        return (
            view.record_id is not None
            and KIND_OF[view.kind] == put.kind
            and (put.kind == "holiday" or not put.periods or put.periods == view.periods)
            and put.name == view.name
        )

    def undo(self) -> bool:
        """Take the last step back."""
        if not self._past:
            return False
        self.put = self._past.pop()
        return True

    def drop(self) -> None:
        """Nothing is to be changed."""
        self.put, self._past = {}, []


@dataclass(frozen=True)
class Month:
    """A month as it is drawn: its days, and how its first is called."""

    name: str
    days: tuple[date, ...]


def months(year: int, jalali: bool) -> list[Month]:
    """The twelve months of a year."""
    found: list[Month] = []
    if jalali:
        day = nowruz(year)
        for number in range(1, 13):
            days = []
            while formats.jalali(day)[1] == number:
                days.append(day)
                day += timedelta(days=1)
            found.append(Month(formats.jalali_month(number), tuple(days)))
        return found
    for number in range(1, 13):
        first = date(year, number, 1)
        last = date(year + number // 12, number % 12 + 1, 1)
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        found.append(Month(formats.month(number), tuple(days)))
    return found


def nowruz(year: int) -> date:
    """The first day of a Jalali year."""
    day = date(year + 621, 3, 18)
    while formats.jalali(day)[0] < year:
        day += timedelta(days=1)
    return day


def gregorian_years(year: int, jalali: bool) -> list[int]:
    """The years of the server's calendar that a drawn year touches."""
    return [year + 621, year + 622] if jalali else [year]


def hours_words(periods: Periods) -> str:
    """Hours as they are typed and read: `08:00–12:00, 13:00–17:00`."""
    return formats.listing([f"{formats.clock(first)}–{formats.clock(last)}" for first, last in periods])


def typed_hours(text: str) -> Periods:
    """What somebody typed as hours, in any digits; raises ValueError for what is none."""
    plain = text.translate({0x06F0 + n: str(n) for n in range(10)})
    clocks = _CLOCK.findall(plain)
    if len(clocks) % 2 or not set(_CLOCK.sub("", plain)) <= set(" ,;–—-−،、"):
        raise ValueError(text)
    made = [f"{int(hour):02}:{minute}" for hour, minute in clocks]
    found = [[made[n], made[n + 1]] for n in range(0, len(made), 2)]
    wrong = any(clock > "24:00" or clock[3:] > "59" for clock in made) or any(first >= last for first, last in found)
    if wrong or made != sorted(made):
        raise ValueError(text)
    return found
