"""How fast each queue moves, computed every few seconds from the live queue; and what a past day was like by the hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from common.text import N_
from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.hall import accepted_at, belongs_here, open_windows, place_and_day, serving_windows
from server.modules.services.public import OFFERINGS

STANDS = timedelta(seconds=60)
"""A pace that has not changed is written down again after this, so that it does not count as old."""
BETWEEN = 90
"""The most seconds between two citizens at a busy window that count as part of the first one's turn."""
TURNS = 40
"""So many recent turns of a service tell how long one takes."""
PAUSED = 600.0
"""Seconds until a paused window is taken to call again."""

Key = tuple[UUID, UUID]


def look(work: Work) -> dict[Key, rules.Pace]:
    """The paces that are to be written down: new, changed or about to grow old."""
    kept = loaders.PACES.read(work.connection)
    found = {}
    for zone in PLAN.read(work.connection).zones.values():
        for service_id, pace in paces(work, zone).items():
            key = (zone.id, service_id)
            at, before = kept.get(key, (None, None))
            if before != pace or at is None or work.now - at >= STANDS:
                found[key] = pace
    return found


@job("queue.pace", every_seconds=10, look=look, label=N_("Measure how long services take"))
def keep_paces(work: Work, found: dict[Key, rules.Pace]) -> None:
    """Write the paces down for all server processes."""
    for (zone_id, service_id), pace in found.items():
        work.run(day_loaders.FORGET_PACE, key_zone=zone_id, key_service=service_id)
        work.run(
            day_loaders.KEEP_PACE, zone_id=zone_id, service_id=service_id, at=work.now,
            first_ms=round(pace.first * 1000), each_ms=round(pace.each * 1000), windows=pace.windows,
            middle=round(pace.middle * 1000), low=round(pace.low * 1000), high=round(pace.high * 1000), known=pace.known,
        )  # fmt: skip
    work.notify("queue.pace", "changed")


def paces(work: Work, zone: Any) -> dict[UUID, rules.Pace]:
    """The pace of each service that is served in a zone now."""
    place, day = place_and_day(work, zone.outlet_id)
    opened, offerings = open_windows(work, zone.id), OFFERINGS.read(work.connection)
    serving = {
        s: len(w)
        for s in offerings.services
        if belongs_here(work, s, zone) and (w := serving_windows(work, s, zone, opened))
    }
    if not serving:
        return {}
    recent = work.rows(day_loaders.RECENT_CALLS, zone=zone.id, day=day)
    usual = day_loaders.USUAL.read(work.connection, day)
    hour = work.now.astimezone(place.zone).hour
    turns = turns_of(recent)
    cycles = {}
    for service_id in serving:
        known = usual.get((service_id, hour))
        prior = known[0] if known is not None else offerings.services[service_id].minutes * 60
        cycles[service_id] = rules.smoothed(turns.get(service_id, [])[:TURNS], prior)
    standing = {row.window_id: row for row in recent if row.state in ("called", "serving")}
    windows = PLAN.read(work.connection).windows
    desks = []
    for window_id, sitting in opened.items():
        order = accepted_at(work, windows[window_id], sitting.staff_id)
        desks.append(rules.Desk(order, _free_in(work.now, sitting, standing.get(window_id), cycles)))
    waiting = [
        (row.service_id, bool(row.priority)) for row in work.rows(day_loaders.WAITING_PLACES, zone=zone.id, day=day)
    ]
    ahead = rules.look_ahead(waiting, desks, cycles)
    middle, low, high = rules.corrections(waits_of(recent))
    return {
        s: rules.Pace(
            round(ahead[s][0], 3), round(ahead[s][1], 3), serving[s], round(middle, 3), round(low, 3), round(high, 3),
            len(turns.get(s, ())),
        )
        for s in serving
        if s in ahead
    }  # fmt: skip


def _free_in(now: datetime, sitting: Any, row: Any, cycles: dict[UUID, float]) -> float:
    """Seconds until a window can call: what is left of the turn there, a quarter of a turn at least."""
    if sitting.paused_at is not None:
        return PAUSED
    if row is None or row.service_id not in cycles:
        return 0.0
    cycle = cycles[row.service_id]
    return max(cycle - (now - row.called_at).total_seconds(), cycle / 4)


def turns_of(recent: list[Any]) -> dict[UUID, list[int]]:
    """By service, how long each recent turn kept its window, latest first: from the call until the next call when
    somebody waited for it, else until its own end. No-shows are turns too."""
    found: dict[UUID, list[int]] = {}
    later: dict[UUID, Any] = {}
    for row in recent:  # the latest first
        after = later.get(row.window_id)
        later[row.window_id] = row
        if row.finished_at is None or row.state not in ("finished", "no_show"):
            continue
        seconds = (row.finished_at - row.called_at).total_seconds()
        if after is not None and after.issued_at <= row.finished_at:
            between = (after.called_at - row.finished_at).total_seconds()
            seconds += min(max(0.0, between), BETWEEN)
        found.setdefault(row.service_id, []).append(int(seconds))
    return found


def waits_of(recent: list[Any]) -> list[tuple[int, int]]:
    """Expected and real waits of recent tickets that went their plain way."""
    return [
        (row.expected, int((row.called_at - row.issued_at).total_seconds()))
        for row in recent
        if row.expected is not None and not row.transfers and row.waiting_since is None and row.bound_window_id is None
        and row.priority_from is None
    ]  # fmt: skip


def days_to_keep(work: Work) -> list[tuple[UUID, date]]:
    """The past days, of the last seven, whose hours are not written down yet."""
    found = []
    for outlet in PLAN.read(work.connection).outlets.values():
        today = place_of(outlet).business_day(work.now)
        for back in range(1, 8):
            day = today - timedelta(days=back)
            if work.scalar(day_loaders.HOURS_KEPT, day=day) == 0 and work.first(
                day_loaders.HOUR_ROWS, outlet=outlet.id, day=day
            ):
                found.append((outlet.id, day))
    return found[:1]


@job("queue.hours", every_seconds=600, look=days_to_keep, label=N_("Keep the hours of days that are over"))
def keep_hours(work: Work, found: list[tuple[UUID, date]]) -> None:
    """Write down a past day by service and hour: how many came, and how long services took (QUE-937)."""
    for outlet_id, day in found:
        place, _ = place_and_day(work, outlet_id)
        hours: dict[tuple[UUID, int], list[int | None]] = {}
        for row in work.rows(day_loaders.HOUR_ROWS, outlet=outlet_id, day=day):
            seconds = rules.seconds_between(row.started_at, row.finished_at) if row.state == "finished" else None
            hours.setdefault((row.service_id, row.issued_at.astimezone(place.zone).hour), []).append(seconds)
        for (service_id, hour), all_seconds in hours.items():
            times = [s for s in all_seconds if s is not None]
            work.run(
                day_loaders.KEEP_HOUR, service_id=service_id, business_day=day, hour=hour, issued=len(all_seconds),
                served=len(times), middle=round(rules.quantile(times, 0.5)) if times else None,
                high=round(rules.quantile(times, 0.9)) if times else None,
            )  # fmt: skip
        work.notify("queue.hours", "kept")
