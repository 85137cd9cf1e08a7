"""Pure decisions about waits: how long, how sure, and how exact it may be shown."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.modules.queue.rules_tickets import seconds_between

USUAL_COUNTS = 3
"""The usual duration weighs as much as so many recent services."""

GROUND = 60
"""Seconds added to a wait before it is compared with another: of very short waits every ratio is noise."""

CAREFUL = 0.98
"""The share of recent waits that lies below the upper end: queues change, and with 0.90 only 84 of 100 held."""

EXPECTED_ENOUGH = 20
"""So many recent waits must be known before they correct the next ones."""

OVER = 1.2816
"""The 90th percentile of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A wait in seconds: the middle, and the range in which eight of ten lie; nine of ten are over by `high`."""

    middle: int
    low: int
    high: int
    expected: int = 0
    """Before it was corrected and rounded; kept with the ticket, so that what came of it corrects later ones."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a service's queue moves in a zone, computed from the live queue every few seconds."""

    first: float
    """Seconds until somebody with nobody ahead is called."""
    each: float
    """Seconds that each one ahead adds."""
    windows: int
    """Open windows that accepted the service when this was computed."""
    middle: float = 1.0
    low: float = 0.5
    high: float = 2.0
    """What came of earlier waits, as shares of what was expected: median, 10th and 90th percentile."""
    known: int = 0
    """How many recent services it rests on."""


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of `values` lies, between two of them by line; `values` must not be empty."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def mean(values: Sequence[int]) -> int | None:
    """The mean in whole seconds, or nothing of nothing."""
    return round(sum(values) / len(values)) if values else None


def rounded(seconds: float) -> int:
    """A wait no more exact than it is: to the minute up to ten, to five minutes up to an hour, then to ten."""
    step = 60 if seconds < 600 else 300 if seconds < 3600 else 600
    return round(max(0.0, seconds) / step) * step


def estimate(
    ahead: int, windows: int, times: Sequence[int], usual_seconds: int, pace: Pace | None = None
) -> Estimate | None:
    """The wait of a ticket with so many ahead of it; nothing without an open window.

    With a pace: what the first waits and what each one ahead adds, scaled when windows opened or closed since, corrected
    by what came of earlier waits. Without: turns of the open windows times the mean of recent services, with the range of a
    sum of as many services.
    """
    if windows <= 0:
        return None
    if pace is not None and pace.windows > 0:
        raw = (pace.first + ahead * pace.each) * pace.windows / windows

        def corrected(share: float) -> float:
            return max(0.0, (raw + GROUND) * share - GROUND)

        if raw <= 0:
            return Estimate(0, 0, rounded(corrected(pace.high)), 0)
        return Estimate(
            rounded(corrected(pace.middle)), rounded(corrected(pace.low)), rounded(corrected(pace.high)), round(raw)
        )
    centre = smoothed(times, usual_seconds)
    turns = math.ceil((ahead + 1) / windows) - 1 if ahead < windows else ahead / windows
    raw = turns * centre
    spread = OVER * deviation(times, centre) * math.sqrt(turns / windows)
    return Estimate(rounded(raw), rounded(raw - spread), rounded(raw + spread), round(raw))


def moving_average(ahead: int, windows: int, times: Sequence[int], usual_seconds: int) -> int | None:
    """What queue systems usually show: people ahead times the mean of the last services, shared by the windows. The bench
    measures ours against it."""
    if windows <= 0:
        return None
    return round(ahead * (sum(times) / len(times) if times else usual_seconds) / windows)


def smoothed(times: Sequence[int], usual_seconds: float) -> float:
    """The mean of recent services, drawn towards the usual duration while few are known."""
    return (sum(times) + USUAL_COUNTS * usual_seconds) / (len(times) + USUAL_COUNTS)


def deviation(times: Sequence[int], centre: float) -> float:
    """How far recent services lie from their centre; half of it while few are known."""
    if len(times) < 5:
        return centre / 2
    return math.sqrt(sum((t - centre) ** 2 for t in times) / len(times))


@dataclass(frozen=True, slots=True)
class Desk:
    """An open window as the look ahead sees it."""

    order: Mapping[UUID, int]
    """The services that it accepts, with their rank."""
    free_in: float
    """Seconds until it can call."""


def look_ahead(
    waiting: Sequence[tuple[UUID, bool]], desks: Sequence[Desk], cycles: Mapping[UUID, float]
) -> dict[UUID, tuple[float, float]]:
    """Play the queue to its end with everybody's usual time: for each service what the first of its queue waits and
    what each one ahead adds.

    `waiting` is service and priority in the order of places; behind it one more of each service is asked when it would
    be called. Windows that share services thereby count for what they can really give to each.
    """
    lines: dict[UUID, tuple[deque[int], deque[int]]] = {s: (deque(), deque()) for s in cycles}
    counts: dict[UUID, int] = dict.fromkeys(cycles, 0)
    for place, (service, priority) in enumerate(waiting):
        if service in lines:
            lines[service][0 if priority else 1].append(place)
            counts[service] += 1
    probes = {}
    for place, service in enumerate(cycles, start=len(waiting)):
        lines[service][1].append(place)
        probes[place] = service
    found: dict[UUID, tuple[float, float]] = {}
    turns = [(max(0.0, desk.free_in), n) for n, desk in enumerate(desks)]
    heapq.heapify(turns)
    while turns:
        at, n = heapq.heappop(turns)
        best: tuple[int, bool, int] | None = None
        line: deque[int] | None = None
        chosen: UUID | None = None
        for service, rank in desks[n].order.items():
            if service not in lines:
                continue
            first, others = lines[service]
            head, ordinary = (first, False) if first else (others, True)
            if head and (best is None or (rank, ordinary, head[0]) < best):
                best, line, chosen = (rank, ordinary, head[0]), head, service
        if line is None or chosen is None:
            continue  # nothing that this window accepts is left
        place = line.popleft()
        if place in probes:
            start = min((max(0.0, d.free_in) for d in desks if chosen in d.order), default=0.0)
            windows = sum(chosen in d.order for d in desks)
            n_ahead = counts[chosen]
            each = (at - start) / n_ahead if n_ahead else cycles[chosen] / max(1, windows)
            found[chosen] = (start, max(0.0, each)) if n_ahead else (at, each)
        heapq.heappush(turns, (at + cycles[chosen], n))
    return found


def corrections(waits: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """What came of recent waits, given as expected and real seconds: the median of their shares, and the two ends between
    which nine of ten lie, wider by what experience asks for.

    Until enough are known, a plain range stands.
    """
    if len(waits) < EXPECTED_ENOUGH:
        return 1.0, 0.5, 2.0
    shares = [(real + GROUND) / (expected + GROUND) for expected, real in waits]
    return quantile(shares, 0.5), quantile(shares, 1 - CAREFUL), quantile(shares, CAREFUL)


__all__ = [
    "Desk", "Estimate", "Pace", "corrections", "deviation", "estimate", "look_ahead", "mean", "moving_average", "quantile",
    "rounded", "seconds_between", "smoothed",
]  # fmt: skip
