"""The desk of exports: one after the other, each in a process of its own."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.errors import Refused, Unavailable
from server.engine.exports.actions import FILE_KEPT, OPEN, path_of
from server.engine.exports.records import Export
from server.engine.jobs.aside import Ended, work_aside

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
SILENT = timedelta(seconds=60)
"""A running export without a sign of life for so long was cut off with its server."""


class ExportDesk:
    """Works on one export after the other, in a thread that waits and a process that works."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._stop = threading.Event()
        self._run_id: UUID | None = None
        self._thread = threading.Thread(target=self._work_on, name="exports", daemon=True)

    def start(self) -> None:
        """Begin to look for exports."""
        self._thread.start()

    def wake(self) -> None:
        """An export was asked for."""
        self._wake.set()

    def stop_run(self, run_id: UUID) -> None:
        """Stop this export, if it is the one in hand."""
        if run_id == self._run_id:
            self._stop.set()

    def close(self) -> None:
        """Stop what runs and end."""
        self._closing.set()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(25)

    def _work_on(self) -> None:
        while not self._closing.is_set():
            try:
                while not self._closing.is_set() and self.run_next():
                    pass
                self._tidy()
            except Exception:
                log.exception("an export could not be worked on; it is tried again")
                self._closing.wait(LOOK_SECONDS)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def run_next(self) -> bool:
        """Make the export that waits longest, if there is one; says whether there was. For tests as well."""
        engine = self._engine
        for row in engine.look(lambda work: work.rows(OPEN)):
            if row.state == "running":
                if row.id != self._run_id and row.beat_at is not None and row.beat_at < engine.clock.now() - SILENT:
                    engine.act("exports.end", _ended(row.id, Ended()))
                continue
            try:
                engine.act("exports.begin", _taken(row.id))
            except Refused:
                continue  # another server was quicker, or it was stopped
            self._made(row)
            return True
        return False

    def _made(self, row: Any) -> None:
        engine = self._engine
        self._run_id = row.id
        self._stop.clear()
        if self._closing.is_set():
            self._stop.set()
        path = path_of(engine.data, row)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        task = {
            "do": "export",
            "url": engine.url.render_as_string(hide_password=False),
            "data": str(engine.data),
            "id": str(row.id),
            "to": str(path),
            "now": engine.clock.now().isoformat(),
        }
        try:
            ended = work_aside(task, self._stop, lambda stage, percent: self._beat(row.id, percent))
        except (OSError, Unavailable):
            log.exception("the worker of export %s failed", row.id)
            ended = Ended()
        finally:
            self._run_id = None
        engine.act("exports.end", _ended(row.id, ended))

    def _beat(self, run_id: UUID, percent: int) -> None:
        def beat(work: Work) -> bool:
            row = work.change(Export, work.get(Export, run_id), percent=percent, beat_at=work.now)
            work.notify(f"exports.{row.created_by}", "progress", id=run_id, percent=percent)
            return bool(row.stop_wanted)

        try:
            if self._engine.act("exports.beat", beat):
                self._stop.set()
        except (Unavailable, Refused):
            log.warning("an export's progress could not be written; it goes on")

    def _tidy(self) -> None:
        """Delete files that were kept for a day, and drafts of what was cut off."""
        folder = self._engine.data / "exports"
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > FILE_KEPT.total_seconds():
                path.unlink(missing_ok=True)


def _taken(run_id: UUID) -> Any:
    def take(work: Work) -> None:
        row = work.get(Export, run_id)
        if row.state != "waiting":
            work.refuse("records.changed_meanwhile", record="export", id=str(run_id))
        work.change(Export, row, state="running", beat_at=work.now)

    return take


def _ended(run_id: UUID, ended: Ended) -> Any:
    def end(work: Work) -> None:
        row = work.get(Export, run_id)
        values: dict[str, Any] = {"stop_wanted": False}
        if ended.result is not None:
            values |= {"state": "done", "percent": 100, **ended.result}
        elif ended.refused is not None:
            values |= {"state": "failed", "problem": ended.refused[0], "problem_facts": ended.refused[1]}
        elif ended.stopped:
            values |= {"state": "stopped"}
        else:
            values |= {"state": "failed", "problem": "exports.crashed"}
        row = work.change(Export, row, **values)
        work.notify(f"exports.{row.created_by}", "ended", id=run_id, state=row.state)

    return end
