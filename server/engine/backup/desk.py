"""The desk: takes the run that waits and has it done by a process of its own (`engine/jobs/aside.py`).

One thread waits. Two seconds' beats in the row say to other servers that it lives.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.backup import loaders
from server.engine.backup.actions import folder_of
from server.engine.backup.archive import named_time
from server.engine.backup.jobs import close_silent
from server.engine.backup.records import BackupRun
from server.engine.backup.retention import Kept, superfluous
from server.engine.backup.settings import KEEP_DAYS, KEEP_LEAST
from server.engine.errors import Refused, Unavailable
from server.engine.jobs.aside import PATIENCE, Ended, work_aside

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
ALARM_EVERY = timedelta(hours=1)


class BackupDesk:
    """Works on one run after the other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work_on, name="backups", daemon=True)
        self._run_id: UUID | None = None
        self._alarm_at: datetime | None = None

    def start(self) -> None:
        """Begin to look for runs. On SQLite a run that stands as running was cut off: there is no other server."""
        if self._engine.store.kind == "sqlite":
            self._engine.act("backup.close_silent", lambda work: close_silent(work, all_of_them=True))
        self._thread.start()

    def wake(self) -> None:
        """A run was asked for."""
        self._wake.set()

    def stop_run(self, run_id: UUID) -> None:
        """Stop this run, if it is the one in hand."""
        if run_id == self._run_id:
            self._stop.set()

    def close(self) -> None:
        """Stop what runs and end."""
        self._closing.set()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE + 10)

    def alarm_due(self, now: datetime) -> bool:
        """Whether the alarm is to be given again; once an hour."""
        if self._alarm_at is not None and now - self._alarm_at < ALARM_EVERY:
            return False
        self._alarm_at = now
        return True

    def _work_on(self) -> None:
        while not self._closing.is_set():
            try:
                while not self._closing.is_set() and self.run_next():
                    pass
            except Exception:
                log.exception("a backup's run could not be worked on; it is tried again")
                self._closing.wait(LOOK_SECONDS)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def run_next(self) -> bool:
        """Do the run that waits, if there is one; says whether there was. For tests as well: it needs no thread."""
        engine = self._engine
        waits = engine.look(lambda work: work.first(loaders.OPEN))
        if waits is None or waits.state != "waiting":
            return False
        try:
            row, folder = engine.act("backup.begin", _taken(waits.id))
        except Refused:
            return False  # another server was quicker
        self._run_id = row.id
        self._stop.clear()
        if self._closing.is_set():
            self._stop.set()
        try:
            ended = self._worked(row, folder)
        except (OSError, Unavailable):
            log.exception("the worker of run %s failed", row.id)
            ended = Ended(refused=("backup.crashed", {}))
        finally:
            self._run_id = None
        engine.act("backup.end", lambda work: _finished(work, row.id, ended))
        if ended.result is not None and row.kind in ("scheduled", "manual"):
            self._tidy(folder)
        return True

    def _worked(self, row: Any, folder: Path) -> Ended:
        engine = self._engine
        task = {
            "do": "verify" if row.kind == "verification" else "backup",
            "url": engine.url.render_as_string(hide_password=False),
            "data": str(engine.data),
            "to": str(folder),
            "make": folder == engine.data / "backups",  # any other folder that is not there is a disk that is away
            "now": engine.clock.now().isoformat(),
            "passphrase": loaders.server_passphrase() if row.encrypted else None,
        }
        return work_aside(task, self._stop, lambda stage, percent: self._beat(row.id, stage, percent))

    def _beat(self, run_id: UUID, step: str, percent: int) -> None:
        def beat(work: Work) -> bool:
            work.run(loaders.BEAT, key_id=run_id, moment=work.now, percent=percent, step=step[:80])
            work.notify("backup", "progress", run=run_id, percent=percent)
            return bool(work.get(BackupRun, run_id).stop_wanted)

        try:
            if self._engine.act("backup.beat", beat):
                self._stop.set()
        except Unavailable:
            log.warning("a backup's progress could not be written; the backup goes on")

    def _tidy(self, folder: Path) -> None:
        """Delete what retention allows; in files first, then in the rows."""
        engine = self._engine
        good = {Path(r.path).name for r in engine.look(lambda work: work.rows(loaders.STANDING)) if r.verified}
        days, least = engine.look(lambda work: (work.setting(KEEP_DAYS), work.setting(KEEP_LEAST)))
        try:
            names = [(path.name, named_time(path.name, engine.house.server_id)) for path in folder.iterdir()]
            kept = [Kept(name, at, name in good) for name, at in names if at is not None]
            gone = []
            for old in superfluous(kept, engine.clock.now(), days, least):
                (folder / old.name).unlink(missing_ok=True)
                gone.append(old.name)
        except OSError as failure:
            log.warning("old backups in %s could not be deleted: %s", folder, failure)
            return
        if gone:
            engine.act("backup.retention", lambda work: _removed(work, gone))


def _taken(run_id: UUID) -> Any:
    def take(work: Work) -> tuple[Any, Path]:
        row = work.get(BackupRun, run_id)
        if row.state != "waiting":
            work.refuse("records.changed_meanwhile", record="backup_run", id=str(run_id))
        row = work.change(BackupRun, row, state="running", began_at=work.now, beat_at=work.now)
        work.notify("backup", "begun", run=run_id)
        return row, folder_of(work)

    return take


def _finished(work: Work, run_id: UUID, ended: Ended) -> None:
    row = work.get(BackupRun, run_id)
    values: dict[str, Any] = {"slot": None, "ended_at": work.now, "progress": 100, "stage": None}
    if ended.result is not None:
        values |= ended.result
    elif ended.refused is not None:
        values |= {"state": "failed", "problem": ended.refused[0], "problem_facts": ended.refused[1]}
    elif ended.stopped:
        values |= {"state": "stopped"}
    else:
        values |= {"state": "interrupted", "problem": "backup.cut_off"}
    row = work.change(BackupRun, row, **values)
    work.notify("backup", "ended", run=run_id, state=row.state)


def _removed(work: Work, names: list[str]) -> None:
    for row in work.rows(loaders.STANDING):
        if Path(row.path).name in names:
            work.change(BackupRun, row, removed=True)
    work.audit("backup_run", None, {"deleted": names})
