"""What is watched of the system, the hour's figures, and faults that go up a level by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from common.text import N_
from server.engine.actions.work import Work
from server.engine.backup.loaders import LAST_CHECK
from server.engine.jobs.actions import given_up
from server.engine.jobs.declare import job
from server.engine.jobs.watch import Measured, watch
from server.engine.system import database_mb, disks
from server.modules.devices.public import ONLINE
from server.modules.operations import loaders, rules
from server.modules.operations.records import Fault, OperatingFigure
from server.modules.operations.settings import AWAY, FIRST_LEVEL, SECOND_LEVEL, SLOW
from server.modules.organisation.public import PLAN, periods_on, place_of

HOLD = 180
"""Seconds for which something must be wrong: devices that start in the morning are no faults."""
IN_A_ROW = 3
"""Turns of a job that fail one after the other before somebody is called."""


def _open_now(work: Work) -> bool:
    """Whether the hall serves the public now."""
    plan = PLAN.read(work.connection)
    if plan.main is None:
        return False
    local = work.now.astimezone(place_of(plan.main).zone)
    at = local.strftime("%H:%M")
    special = plan.specials.get((plan.main.id, local.date()))
    return any(begin <= at < end for begin, end in periods_on(plan.main, special, local.date()))


@watch("operations.device_away", N_("A device is not heard"), unit="min", every_seconds=30)
def device_away(work: Work) -> Iterator[Measured]:
    """How long each device has been silent while the hall is open (ADM-039)."""
    limit = work.setting(AWAY)
    if not limit or not _open_now(work):
        return
    for row in work.rows(loaders.HEARD):
        if row.seen_at is not None:
            silent = int((work.now - row.seen_at).total_seconds() // 60)
            yield Measured(str(row.id), silent, limit, HOLD, {"en": row.name}, {"kind": row.kind})


@watch("operations.slow_database", N_("The database is slow"), unit="ms", every_seconds=60)
def slow_database(work: Work) -> Iterator[Measured]:
    """How long the last measured change took."""
    kept = work.engine.samples.kept
    if kept:
        yield Measured("database", round(kept[-1].write_ms), work.setting(SLOW), HOLD)


@watch("operations.jobs_failing", N_("A job of the server fails again and again"), every_seconds=60)
def jobs_failing(work: Work) -> Iterator[Measured]:
    """Scheduled work that failed several times in a row, and work after a change that was given up."""
    for name, turn in list(work.engine.jobs.turns.items()):
        yield Measured(name, turn.failures, IN_A_ROW - 1, 0, {"en": name})
    yield Measured("given up", given_up(work), 0)


@watch("operations.check_bad", N_("A check of the data found something damaged"), every_seconds=60)
def check_bad(work: Work) -> Iterator[Measured]:
    """Whether the last check of the data was good."""
    last = work.first(LAST_CHECK)
    if last is not None:
        yield Measured("check", int(last.state == "bad"), 0)


def _hour(work: Work) -> Any:
    """The figures of the last whole hour, unless they are kept already."""
    end = work.now.replace(minute=0, second=0, microsecond=0)
    begins_at = end - timedelta(hours=1)
    if work.engine.samples.started_at >= end or ((known := work.scalar(loaders.LAST_HOUR)) and known >= begins_at):
        return None
    return measured(work, begins_at, end)


def measured(work: Work, begins_at: datetime, end: datetime) -> dict[str, Any]:
    """What an hour comes to."""
    hour = rules.hour_of([one for one in work.engine.samples.kept if begins_at <= one.at < end])
    devices = work.rows(loaders.HEARD)
    heard = sum(1 for one in devices if one.seen_at is not None and one.seen_at >= begins_at - ONLINE)
    return {
        "begins_at": begins_at,
        "changes_ms": hour.changes_ms, "slowest_ms": hour.slowest_ms, "looks_ms": hour.looks_ms, "load": hour.load,
        "programs": hour.programs,
        "people": work.scalar(loaders.SIGNED_IN, first=begins_at, end=end) or 0,
        "devices": len(devices), "devices_here": heard,
        "database_mb": database_mb(work), "disk_free_mb": disks(work)[0].free_mb,
        "failed_sign_ins": sum(one.n for one in work.rows(loaders.GUESSED, first=begins_at, end=end)),
        "faults": work.scalar(loaders.OPEN) or 0,
    }  # fmt: skip


@job("operations.hour", every_seconds=120, look=_hour, label=N_("Keep the figures of an hour of operation"))
def keep_hour(work: Work, found: dict[str, Any]) -> None:
    """ADM-043."""
    known = work.scalar(loaders.LAST_HOUR)
    if known is None or known < found["begins_at"]:
        work.insert(OperatingFigure, audited=False, **found)
        work.notify("operations", "hour")


def _late(work: Work) -> list[tuple[Any, str]] | None:
    first, second = work.setting(FIRST_LEVEL), work.setting(SECOND_LEVEL)
    found = [
        (row.id, level)
        for row in work.rows(loaders.STANDING)
        if (level := rules.level_due(row.state, row.level, row.level_since, work.now, first, second)) is not None
    ]
    return found or None


@job("operations.levels", every_seconds=60, look=_late, label=N_("Give faults that wait too long to the next level"))
def raise_levels(work: Work, found: list[tuple[Any, str]]) -> None:
    """ADM-039: nobody has to remember."""
    for fault_id, level in found:
        row = work.find(Fault, fault_id)
        if row is not None and row.level != level and row.state in ("reported", "diagnosed"):
            work.change(Fault, row, level=level, level_since=work.now)
            work.notify("operations", "fault", id=fault_id)
