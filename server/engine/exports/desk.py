"""The desk of exports: one after the other, each in a process of its own."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.errors import Refused
from server.engine.exports.actions import FILE_KEPT, OPEN, path_of
from server.engine.exports.records import Export
from server.engine.jobs.aside import Ended
from server.engine.jobs.desk import AsideDesk

SILENT = timedelta(seconds=60)
"""A running export without a sign of life for so long was cut off with its server."""


class ExportDesk(AsideDesk):
    """Works on one export after the other."""

    subject = "exports"
    crashed = "exports.crashed"

    def run_next(self) -> bool:
        """Make the export that waits longest, if there is one; says whether there was. For tests as well."""
        engine = self._engine
        for row in engine.look(lambda work: work.rows(OPEN)):
            if row.state == "running":
                if self._lost(row):
                    path_of(engine.data, row).unlink(
                        missing_ok=True
                    )  # its worker may have come to the end all the same
                    engine.act("exports.end", _ended(row.id, Ended()))
                continue
            try:
                engine.act("exports.begin", _taken(row.id))
            except Refused:
                continue  # another server was quicker, or it was stopped
            self._made(row)
            return True
        return False

    def _lost(self, row: Any) -> bool:
        """Whether the server that worked on it is gone. SQLite has one server, so what another one left is lost."""
        old = row.beat_at is None or row.beat_at < self._engine.clock.now() - SILENT
        return bool(row.id != self._run_id and (old or self._engine.store.kind == "sqlite"))

    def _made(self, row: Any) -> None:
        engine = self._engine
        path = path_of(engine.data, row)
        path.parent.mkdir(mode=0o700, exist_ok=True)

        def task() -> dict[str, Any]:
            return {
                "do": "export",
                "url": engine.url.render_as_string(hide_password=False),
                "data": str(engine.data),
                "id": str(row.id),
                "to": str(path),
                "now": engine.clock.now().isoformat(),
            }

        def beat(work: Work, _stage: str, percent: int) -> bool:
            now = work.change(Export, work.get(Export, row.id), percent=percent, beat_at=work.now)
            work.notify(f"exports.{now.created_by}", "progress", id=row.id, percent=percent)
            return bool(now.stop_wanted)

        ended = self.work_aside(row.id, task, beat)
        engine.act("exports.end", _ended(row.id, ended))

    def tidy(self) -> None:
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
