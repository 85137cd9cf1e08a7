"""The desk of backups, checks and restores (`engine/jobs/desk.py`): what a run is, and what is done when it has ended."""

from __future__ import annotations

import logging
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
from server.engine.errors import Refused
from server.engine.jobs.aside import Ended
from server.engine.jobs.desk import AsideDesk

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

ALARM_EVERY = timedelta(hours=1)


class BackupDesk(AsideDesk):
    """Works on one run after the other."""

    subject = "backup"
    crashed = "backup.crashed"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._alarm_at: datetime | None = None
        self.words: dict[UUID, str] = {}
        """Passphrases typed for a restore, by run: in this process's memory only, nowhere else."""

    def start(self) -> None:
        """Begin to look for runs. On SQLite a run that stands as running was cut off: there is no other server."""
        if self._engine.store.kind == "sqlite":
            self._engine.act("backup.close_silent", lambda work: close_silent(work, all_of_them=True))
        super().start()

    def alarm_due(self, now: datetime) -> bool:
        """Whether the alarm is to be given again; once an hour."""
        if self._alarm_at is not None and now - self._alarm_at < ALARM_EVERY:
            return False
        self._alarm_at = now
        return True

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
        ended = self.work_aside(row.id, lambda: self._task(row, folder), _beat(row.id))
        self.words.pop(row.id, None)
        engine.act("backup.end", lambda work: _finished(work, row.id, ended))
        if ended.result is not None and row.kind in ("scheduled", "manual"):
            self._tidy(folder)
        if ended.result is not None and row.kind == "restoration":
            engine.restart()
        return True

    def _task(self, row: Any, folder: Path) -> dict[str, Any]:
        engine = self._engine
        task = {
            "do": {"verification": "verify", "restoration": "prepare"}.get(row.kind, "backup"),
            "url": engine.url.render_as_string(hide_password=False),
            "data": str(engine.data),
            "to": str(folder),
            "make": folder == engine.data / "backups",  # any other folder that is not there is a disk that is away
            "now": engine.clock.now().isoformat(),
            "passphrase": loaders.server_passphrase() if row.encrypted else None,
        }
        if row.kind == "restoration":
            word = self.words.get(row.id) or loaders.server_passphrase()
            who = str(row.created_by) if row.created_by is not None else None
            task |= {"archive": row.path, "word": word, "who": who, "server_id": str(engine.house.server_id)}
        return task

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


def _beat(run_id: UUID) -> Any:
    def beat(work: Work, step: str, percent: int) -> bool:
        work.run(loaders.BEAT, key_id=run_id, moment=work.now, percent=percent, step=step[:80])
        work.notify("backup", "progress", run=run_id, percent=percent)
        return bool(work.get(BackupRun, run_id).stop_wanted)

    return beat


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
