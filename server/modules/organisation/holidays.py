"""A country's holidays of a year as a proposal, taken from the `holidays` library: what is decreed each year is for the
administrator to mend (ADM-033)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from server.modules.organisation.rules import DAYS
from server.modules.organisation.rules_calendar import Periods, periods_from, sessions_of

LANGUAGES = {
    "CN": {"en": "en_US", "zh": "zh_CN"},
    "RU": {"en": "en_US", "ru": "ru", "zh": "zh_CN"},
    "IR": {"en": "en_US", "fa": "fa_IR"},
}
MAKE_UP_NAMES = {
    "en": "Make-up working day", "zh": "调休上班", "ru": "Рабочий выходной (перенос)", "fa": "روز کاری جبرانی",
}  # fmt: skip
EVE_NAMES = {"en": "Day before a holiday", "zh": "节前一日", "ru": "Предпраздничный день", "fa": "روز پیش از تعطیل"}
MOVED = ("Day off", "(observed)")
"""Marks of a free day that is no holiday itself but stands for one that fell on a free day."""


@dataclass(frozen=True)
class Proposed:
    """A day that a country's list sets apart."""

    day: date
    kind: str
    periods: Periods
    name: dict[str, str]


def proposal(country: str, year: int, week: Mapping[str, Any]) -> list[Proposed]:
    """The holidays, short days and make-up working days of a year, in order. The library's own tables hold China's moved
    days as far as they are decreed; in Russia the eve of a holiday is an hour shorter (Labour Code, article 95)."""
    import holidays  # heavy, and seldom needed

    lists = {
        code: holidays.country_holidays(country, years=year, language=theirs)
        for code, theirs in LANGUAGES[country].items()
    }
    plain = lists["en"]
    found: dict[date, Proposed] = {}
    for day in plain:
        if day.year == year:
            names = {code: str(one[day]) for code, one in lists.items() if day in one}
            found[day] = Proposed(day, "holiday", [], names)
    for day in getattr(plain, "weekend_workdays", ()):
        if day.year == year and day not in found:
            found[day] = Proposed(day, "working", [], dict(MAKE_UP_NAMES))
    if country == "RU":
        for day in list(found):
            eve, usual = day - timedelta(days=1), week.get(DAYS[(day.weekday() - 1) % 7])
            if eve not in found and usual and eve.year == year and not any(m in found[day].name["en"] for m in MOVED):
                shorter = periods_from(_an_hour_less(sessions_of(usual)))
                found[eve] = Proposed(eve, "short", shorter, dict(EVE_NAMES))
    return [found[day] for day in sorted(found)]


def _an_hour_less(sessions: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    left, kept = 60, list(sessions)
    while left and kept:
        start, end = kept.pop()
        if end - start > left:
            kept.append((start, end - left))
            break
        left -= end - start
    return tuple(kept)
