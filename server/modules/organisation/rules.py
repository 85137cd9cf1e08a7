"""Pure decisions about hours and business days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

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


def periods_on(outlet: Any, special: Any, day: date) -> list[tuple[str, str]]:
    """The periods in which an outlet serves the public on a day: those of the special day, else the week's (QUE-935)."""
    if special is None or not public_hours(outlet):
        return periods_of(public_hours(outlet), day)
    return [(p[0], p[1]) for p in special.periods]


def business_day(local: datetime, day_starts: str) -> date:
    """The business day of a local moment: a hall that works past midnight starts its day later."""
    start = time.fromisoformat(day_starts)
    return local.date() if local.time() >= start else local.date() - timedelta(days=1)


def always() -> dict[str, list[list[str]]]:
    """Round the clock, every day."""
    return {day: [["00:00", "24:00"]] for day in DAYS}


def bare_name(words: dict[str, str]) -> str:
    """A name for a sentence to whoever reads it: in the first language in which it is written."""
    return next((text for text in words.values() if text), "")


def clean_words(words: dict[str, str]) -> dict[str, str]:
    """A data text without blanks at its ends and without languages that say nothing."""
    return {code: text.strip() for code, text in words.items() if text.strip()}


def wrong_labels(zones: list[list[str]]) -> str | None:
    """The first window number that cannot be used (empty, longer than eight letters, there twice), or nothing."""
    seen: set[str] = set()
    for labels in zones:
        for label in labels:
            if not label.strip() or label != label.strip() or len(label) > 8 or label in seen:
                return label
            seen.add(label)
    return None


def setup_problems(outlet: Any, zones: dict[Any, Any], windows: dict[Any, Any]) -> list[dict[str, Any]]:
    """What keeps a hall from opening, and what its administrator should know, of the hall itself."""
    if outlet is None:
        return [{"code": "not_founded", "step": "place", "blocks": True}]
    found: list[dict[str, Any]] = []
    silent = [code for code in outlet.languages or [] if not outlet.name.get(code)]
    if silent:
        found.append({"code": "name_lacks_languages", "step": "place", "facts": {"languages": silent}})
    if not (outlet.setup or {}).get("keeper"):
        found.append({"code": "nobody_keeps_copies", "step": "data"})
    if not zones:
        found.append({"code": "no_zones", "step": "hall", "blocks": True})
    if not windows:
        found.append({"code": "no_windows", "step": "hall", "blocks": True})
    if not any(outlet.hours.values()):
        found.append({"code": "no_hours", "step": "hall", "blocks": True})
    for zone in zones.values():
        if windows and not any(window.zone_id == zone.id for window in windows.values()):
            found.append({"code": "zone_without_window", "step": "hall", "facts": {"name": zone.name}})
    return found


def within_period(period: str, day: date) -> bool:
    """Whether a period such as `2026-03-01/2026-03-31` holds a day; both ends count, an empty end never comes."""
    first, _, last = period.partition("/")
    return first <= day.isoformat() and (not last or day.isoformat() <= last)


def with_those_below(roots: Iterable[UUID], parents: Mapping[UUID, UUID | None]) -> set[UUID]:
    """These places of a tree and all below them; `parents` names each place's parent."""
    children: dict[UUID, list[UUID]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found: set[UUID] = set()
    ahead = list(roots)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += children.get(one, ())
    return found
