"""Pure decisions about hours and business days."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")


def minutes(clock: str) -> int:
    """Minutes since midnight of `HH:MM`; 24:00 is the day's end."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def bad_periods(hours: Any) -> bool:
    """Whether a week of periods cannot be used: unknown day, bad clock, an end before its start, periods that overlap."""
    if not isinstance(hours, dict) or any(day not in DAYS for day in hours):
        return True
    for periods in hours.values():
        last = -1
        if not isinstance(periods, list):
            return True
        for period in periods:
            if not (isinstance(period, list | tuple) and len(period) == 2):
                return True
            if not all(isinstance(c, str) and _CLOCK.match(c) for c in period):
                return True
            start, end = minutes(period[0]), minutes(period[1])
            if start >= end or start < last:
                return True
            last = end
    return False


def periods_of(hours: dict[str, list[list[str]]], day: date) -> list[tuple[str, str]]:
    """The periods of a local day, in order (QUE-935)."""
    return [(p[0], p[1]) for p in hours.get(DAYS[day.weekday()], [])]


def within(hours: dict[str, list[list[str]]], local: datetime) -> bool:
    """Whether a local moment lies in one of its day's periods; [start, end)."""
    at = local.hour * 60 + local.minute
    return any(minutes(start) <= at < minutes(end) for start, end in periods_of(hours, local.date()))


def public_hours(outlet: Any) -> dict[str, list[list[str]]]:
    """The hours in which an outlet serves the public: none before its first set-up has opened it."""
    return outlet.hours if outlet.stage == "open" else {}


def business_day(local: datetime, day_starts: str) -> date:
    """The business day of a local moment: a hall that works past midnight starts its day later."""
    start = time.fromisoformat(day_starts)
    return local.date() if local.time() >= start else local.date() - timedelta(days=1)


def always() -> dict[str, list[list[str]]]:
    """Round the clock, every day."""
    return {day: [["00:00", "24:00"]] for day in DAYS}
