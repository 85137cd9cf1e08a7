"""Pure decisions about operations: what follows on what, when a fault goes up a level, what an hour comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

NEXT = {"reported": "diagnosed", "diagnosed": "handled", "handled": "recovered", "recovered": "closed"}
"""Diagnosis, handling, recovery, in this order (ADM-039)."""
UP = {"first": "second", "second": "third"}
SOURCE_OF = {
    "system.disk": "server",
    "backup.age": "backup",
    "operations.device_away": "device",
    "operations.slow_database": "database",
    "operations.jobs_failing": "job",
    "operations.check_bad": "database",
}
"""What a watch's alarm is a fault of; watches that are not named here are matters of the hall, not of its system."""


def level_due(state: str, level: str, since: datetime, now: datetime, first: int, second: int) -> str | None:
    """The level to which a fault goes up by itself: from the first when nobody has diagnosed it, from the second when nobody
    has handled it, after so many minutes; 0 never."""
    late = (now - since) / timedelta(minutes=1)
    if level == "first" and state == "reported" and first and late >= first:
        return "second"
    if level == "second" and state in ("reported", "diagnosed") and second and late >= second:
        return "third"
    return None


def own_places(values: Mapping[tuple[str, str, Any], Any], name: str) -> int:
    """How many places have values of their own of a setting: what changes for the whole system passes them by."""
    return sum(1 for setting, level, _place in values if setting == name and level != "system")


@dataclass(frozen=True)
class Hour:
    """What an hour's measurements come to; nothing where nothing was measured."""

    changes_ms: int | None
    slowest_ms: int | None
    looks_ms: int | None
    load: int | None
    programs: int


def hour_of(samples: Sequence[Any]) -> Hour:
    """The middle of an hour's measurements, the slowest change and the most programs."""
    loads = [one.load for one in samples if one.load is not None]
    return Hour(
        changes_ms=_middle([one.write_ms for one in samples]),
        slowest_ms=round(max(one.write_ms for one in samples)) if samples else None,
        looks_ms=_middle([one.read_ms for one in samples]),
        load=_middle([100 * one for one in loads]),
        programs=max((one.programs for one in samples), default=0),
    )


def _middle(values: Sequence[float]) -> int | None:
    ordered = sorted(values)
    return round(ordered[len(ordered) // 2]) if ordered else None
