"""Pure decisions about working calendars: rows as calendars that count, and what a holiday means for public hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from server.engine.calendars.working_time import HOLIDAY, MAKE_UP, SHORT, Calendar, Exceptional, Sessions, Use, within
from server.modules.organisation.rules import DAYS, minutes, periods_of

Periods = list[list[str]]
KINDS = {"holiday": HOLIDAY, "short": SHORT, "working": MAKE_UP}
"""A day's kind as records say it, as counts say it."""


def sessions_of(periods: Iterable[Iterable[str]]) -> Sessions:
    """Periods such as `["08:00", "12:00"]` in minutes."""
    return tuple((minutes(start), minutes(end)) for start, end in periods)


def periods_from(sessions: Sessions) -> Periods:
    """Minutes as periods such as `["08:00", "12:00"]`."""
    return [[f"{m // 60:02}:{m % 60:02}" for m in session] for session in sessions]


def calendar_of(row: Any, days: Iterable[Any]) -> Calendar:
    """A calendar's row and the rows of its days as a calendar that counts."""
    return Calendar(
        tuple(sessions_of(row.week.get(day, ())) for day in DAYS),
        {one.day: Exceptional(KINDS[one.kind], sessions_of(one.periods or ()), one.name or {}) for one in days},
        row.name,
    )


def use_of(held: str, calendar: Calendar) -> Use:
    """A calendar in a period such as `2026-03-01/`."""
    first, _, last = held.partition("/")
    return Use(calendar, date.fromisoformat(first), date.fromisoformat(last) if last else date.max)


def nearest_first(uses: Iterable[Any]) -> list[Any]:
    """Uses of one place in the order in which they hold: the one that began last first."""
    return sorted(uses, key=lambda use: use.held, reverse=True)


def public_periods(hours: Mapping[str, Any], day: date, what: Exceptional) -> Periods:
    """When an outlet serves the public on a day that its working calendar sets apart (QUE-935): on a holiday never, on a
    short day as far as somebody works, on a make-up day as on the first day of its week that has hours."""
    usual = periods_of(dict(hours), day)
    if what.kind == HOLIDAY:
        return []
    if what.kind == MAKE_UP and not usual:
        usual = [(p[0], p[1]) for p in next((hours[name] for name in DAYS if hours.get(name)), [])]
    if not what.sessions:
        return [list(period) for period in (usual[:1] if what.kind == SHORT else usual)]
    return periods_from(within(sessions_of(usual), what.sessions))


def public_on(
    hours: Mapping[str, Any], day: date, what: Exceptional | None, special: Any | None
) -> tuple[Periods, str]:
    """When an outlet serves the public on a day, and what says so. The one place that says which goes first: the outlet's
    own special day, since the hours of the public are not always those of the staff; then the working calendar; then the
    outlet's week (QUE-935)."""
    if special is not None:
        return [list(period) for period in special.periods or []], "special_day"
    if what is not None:
        return public_periods(hours, day, what), "calendar"
    return [list(period) for period in periods_of(dict(hours), day)], "week"
