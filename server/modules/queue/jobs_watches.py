"""The queue's watched figures: people waiting, handling times, long pauses, queues that nobody serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from common.text import N_
from server.engine.actions.work import Work
from server.engine.jobs.watch import Measured, watch
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.hall import open_windows, serving_windows
from server.modules.queue.settings import LONG_PAUSE, WARN_HOLD
from server.modules.services.public import OFFERINGS


@watch("queue.class_waiting", N_("More people wait than the class allows"))
def class_waiting(work: Work) -> Iterator[Measured]:
    """QUE-040: people waiting for a top class, all its services and zones together, against its warning value."""
    offerings = OFFERINGS.read(work.connection)
    watched = {s.id: s for s in offerings.services.values() if s.warn_waiting is not None}
    if not watched:
        return
    counts: dict[UUID, int] = {}
    for _zone, row in _waiting(work):
        top = offerings.top(row.service_id)
        counts[top] = counts.get(top, 0) + row.n
    plan = PLAN.read(work.connection)
    hold = work.setting(WARN_HOLD, outlet=plan.main.id if plan.main is not None else None)
    for service in watched.values():
        if offerings.top(service.id) == service.id:
            yield Measured(str(service.id), counts.get(service.id, 0), service.warn_waiting, hold, service.name)


@watch("queue.handling_time", N_("A service takes longer than its limit"), unit="s")
def handling_time(work: Work) -> Iterator[Measured]:
    """QUE-041: how long each ticket is in service, against the limit of its service."""
    plan, services = PLAN.read(work.connection), OFFERINGS.read(work.connection).services
    for row in work.rows(day_loaders.SERVING_NOW):
        service = services.get(row.service_id)
        if service is None or not service.limit_minutes or row.window_id not in plan.windows:
            continue
        seconds = rules.seconds_between(row.started_at, work.now) or 0
        window = plan.windows[row.window_id].label_text
        facts = {"number": row.number, "window": window, "window_id": str(row.window_id)}
        # The limit itself is the time for which it may stand: no further hold.
        yield Measured(str(row.id), seconds, service.limit_minutes * 60, 0, service.name, facts)


@watch("queue.long_pause", N_("A window is paused for long"), unit="s")
def long_pause(work: Work) -> Iterator[Measured]:
    """QUE-919: how long each window is paused, with its reason."""
    windows = PLAN.read(work.connection).windows
    for session in work.rows(loaders.SESSIONS):
        window = windows.get(session.window_id)
        if window is None or session.state not in ("paused", "back_office") or session.paused_at is None:
            continue
        limit = work.setting(LONG_PAUSE, zone=window.zone_id, outlet=window.outlet_id) * 60
        facts = {"window": window.label_text, "reason": session.pause_reason, "staff_id": str(session.staff_id)}
        seconds = rules.seconds_between(session.paused_at, work.now) or 0
        yield Measured(f"{window.id}:{session.paused_at.isoformat()}", seconds, limit, 0, window.name or {}, facts)


@watch("queue.unserved", N_("People wait and no window is open for them"))
def unserved(work: Work) -> Iterator[Measured]:
    """QUE-913: the last window of a service closed while people wait."""
    services = OFFERINGS.read(work.connection).services
    for zone, row in _waiting(work):
        service = services.get(row.service_id)
        if service is None or serving_windows(work, service.id, zone, open_windows(work, zone.id)):
            continue
        hold = work.setting(WARN_HOLD, outlet=zone.outlet_id)
        facts = {"zone": zone.name, "zone_id": str(zone.id), "service_id": str(service.id)}
        yield Measured(f"{service.id}:{zone.id}", row.n, 0, hold, service.name, facts)


def _waiting(work: Work) -> Iterator[tuple[Any, Any]]:
    """Zone and row of every queue in which somebody waits."""
    plan = PLAN.read(work.connection)
    for zone in plan.zones.values():
        day = place_of(plan.outlets[zone.outlet_id]).business_day(work.now)
        for row in work.rows(loaders.WAITING, zone=zone.id, day=day):
            yield zone, row
