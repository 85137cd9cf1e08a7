"""How the server stands (ADM-042): measured once a minute and kept for a day in memory, and watched where it may run out."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from common import VERSION
from common.protocol.messages import Nothing
from common.protocol.system import DiskCard, Sample, SystemState
from common.text import N_
from server.engine.access.permissions import permission
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.backup import loaders
from server.engine.backup.settings import ALARM_HOURS, FOLDER
from server.engine.database.schema import job as job_table
from server.engine.database.schema import stored_file
from server.engine.jobs.declare import job
from server.engine.jobs.watch import Measured, watch
from server.engine.settings import setting

if TYPE_CHECKING:
    from server.engine.engine import Engine

SEE = permission("system.see", N_("See how the server stands"))

FULL = setting("system.disk_full", 90, N_("Warn when a disk of the server is full to"), unit="%", least=50, most=99)

A_DAY = 24 * 60


class Samples:
    """The last day's measurements of this process."""

    def __init__(self, now: datetime) -> None:
        self.started_at = now
        self.kept: deque[Sample] = deque(maxlen=A_DAY)


@job("system.sample", every_seconds=60, aside=True, label=N_("Measure how fast the server answers"))
def sample(engine: Engine) -> None:
    """One measurement."""
    began = time.monotonic()
    waiting = engine.look(lambda work: _count(work, failed=False))
    read = time.monotonic() - began
    began = time.monotonic()
    engine.act("system.sample", lambda work: None)
    written = time.monotonic() - began
    engine.samples.kept.append(
        Sample(
            at=engine.clock.now(), read_ms=round(1000 * read, 2), write_ms=round(1000 * written, 2), load=_load(),
            programs=engine.hub.count, waiting=waiting,
        )
    )  # fmt: skip


def _load() -> float | None:
    if not hasattr(os, "getloadavg"):
        return None  # Windows has no such figure
    return round(os.getloadavg()[0] / (os.cpu_count() or 1), 2)


def _count(work: Work, *, failed: bool) -> int:
    where = [job_table.c.done_at.is_(None), ~job_table.c.name.startswith("every:")]
    where.append(job_table.c.error.is_not(None) if failed else job_table.c.error.is_(None))
    return int(work.connection.execute(select(func.count()).select_from(job_table).where(*where)).scalar_one())


def disks(work: Work) -> list[DiskCard]:
    """The data folder's disk and that of the backups."""
    data = work.engine.data
    named = work.setting(FOLDER)
    found = []
    for what, folder in (("data", data), ("backups", Path(named) if named else data / "backups")):
        there = folder if folder.is_dir() else folder.parent
        try:
            usage = shutil.disk_usage(there)
        except OSError:
            found.append(DiskCard(what=what, folder=str(folder), total_mb=0, free_mb=0, there=False))
            continue
        away = bool(named) and what == "backups" and not folder.is_dir()
        found.append(
            DiskCard(
                what=what, folder=str(folder), total_mb=usage.total >> 20, free_mb=usage.free >> 20, there=not away
            )
        )  # fmt: skip
    return found


def database_mb(work: Work) -> int:
    """How large the database is."""
    connection = work.connection
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    else:
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return int(size) >> 20


@reading("system.state", needs=SEE, input=Nothing, output=SystemState)
def state(work: Work, request: Nothing) -> SystemState:
    """The server, its database, its disks and its jobs."""
    engine, connection = work.engine, work.connection
    kind = connection.dialect.name
    if kind == "sqlite":
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    else:
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    return SystemState(
        now=work.now,
        version=VERSION,
        started_at=engine.samples.started_at,
        system=f"{platform.system()} {platform.release()}",
        processors=os.cpu_count() or 1,
        database=kind,
        database_version=str(version).split()[0],
        database_mb=database_mb(work),
        files=connection.execute(select(func.count()).select_from(stored_file)).scalar_one(),
        disks=disks(work),
        samples=list(engine.samples.kept),
        jobs_waiting=_count(work, failed=False),
        jobs_failed=_count(work, failed=True),
    )


@watch("system.disk", N_("A disk of the server is nearly full"), unit="%", every_seconds=60)
def disk_full(work: Work) -> Iterator[Measured]:
    """ADM-042: how full each disk is, against the setting."""
    limit = work.setting(FULL)
    for disk in disks(work):
        if disk.total_mb:
            used = round(100 * (1 - disk.free_mb / disk.total_mb))
            yield Measured(disk.what, used, limit, 0, {"en": disk.folder}, _facts(disk))


def _facts(disk: DiskCard) -> dict[str, Any]:
    return {"free_mb": disk.free_mb, "total_mb": disk.total_mb}


@watch("backup.age", N_("The last good backup is too old"), unit="h", every_seconds=60)
def backup_age(work: Work) -> Iterator[Measured]:
    """ADM-I10: hours since the last good backup, or since the hall's first change, against the setting."""
    since = loaders.last_good(work) or loaders.first_change(work)
    hours = work.setting(ALARM_HOURS)
    if since is not None and hours:
        yield Measured("backup", int((work.now - since).total_seconds() // 3600), hours)
