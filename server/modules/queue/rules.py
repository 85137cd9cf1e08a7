"""Pure decisions of the queue: who is next, what is on offer, what a state allows, how long a wait may be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

CHANGES: dict[str, dict[str, str]] = {
    "call": {"waiting": "called"},
    "start": {"called": "serving"},
    "finish": {"called": "finished", "serving": "finished"},
    "no_show": {"called": "no_show"},
    "transfer": {"called": "waiting", "serving": "waiting"},
    "put_back": {"no_show": "waiting"},
    "void": {"waiting": "void"},
    "expire": {"waiting": "expired"},
}
"""QUE-906: the allowed changes of a ticket, by verb and state."""


def changed(verb: str, state: str) -> str | None:
    """The state after a verb, or nothing when the verb is not allowed in this state (QUE-906)."""
    return CHANGES[verb].get(state)


@dataclass(frozen=True)
class Head:
    """The first waiting ticket of one service in a zone."""

    ticket_id: UUID
    service_id: UUID
    priority: bool
    position: int


def next_ticket(heads: Iterable[Head], order: Mapping[UUID, int]) -> Head | None:
    """Who is called next at a window.

    The window's own order of services first (QUE-044); within the same rank tickets with priority before the others
    (QUE-013), each first come, first served by the sequence at which they, or their priority, began (QUE-014, note N10).
    """
    mine = [h for h in heads if h.service_id in order]
    return min(mine, key=lambda h: (order[h.service_id], not h.priority, h.position), default=None)


def why(priority: bool, reason: str | None, transfers: int) -> list[str]:
    """The codes that explain a place in the queue."""
    codes = []
    if priority:
        codes.append("transfer_priority" if transfers else (reason or "priority"))
    codes.append("first_come")
    return codes


def hidden_reason(
    *, windows_open: int, in_service_hours: bool, in_hall_hours: bool, daily_limit: int | None, counted: int
) -> str | None:
    """Why a service cannot be had now, or nothing when it can.

    QUE-006 hall hours, QUE-005 acceptance hours, QUE-003 no window, QUE-004 and QUE-039 the day's maximum: `counted` is
    served, in service and waiting; no-shows and void tickets give their place back (note N4).
    """
    if not in_hall_hours:
        return "hall_hours"
    if not in_service_hours:
        return "service_hours"
    if windows_open == 0:
        return "no_window"
    if daily_limit is not None and counted >= daily_limit:
        return "quota"
    return None


def ticket_number(prefix: str, serial: int, digits: int) -> str:
    """`A012`: the service's prefix and its serial with at least so many digits (QUE-042, QUE-901)."""
    return f"{prefix}{serial:0{digits}d}"


@dataclass(frozen=True)
class Estimate:
    """A wait in seconds: the middle and the range in which it will probably lie."""

    middle: int
    low: int
    high: int


def estimate(ahead: int, windows: int, times: Sequence[int], usual_seconds: int) -> Estimate | None:
    """The wait of a ticket with so many ahead of it.

    Middle: people ahead times the median of recent service times, shared by the open windows. The range uses the lower
    and upper quartile. Without recent times the service's usual duration holds; without an open window nothing does.
    """
    if windows <= 0:
        return None
    known = sorted(times) or [usual_seconds]
    turns = math.ceil((ahead + 1) / windows) - 1 if ahead < windows else ahead / windows

    def at(share: float) -> float:
        return known[min(len(known) - 1, int(share * len(known)))]

    return Estimate(
        round(turns * at(0.5)), round(turns * at(0.25)), round(turns * at(0.75) + (at(0.75) if turns else 0))
    )


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds from one moment to another; nothing when one of them is not known."""
    return int((end - start).total_seconds()) if start is not None and end is not None else None


def mean(values: Sequence[int]) -> int | None:
    """The mean in whole seconds, or nothing of nothing."""
    return round(sum(values) / len(values)) if values else None
