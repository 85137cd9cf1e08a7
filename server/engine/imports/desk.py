"""The desk of imports: reading and trying out in a process of its own, taking and undoing in small actions between which
everybody else has the writer."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.errors import Refused
from server.engine.imports import sealed, take
from server.engine.imports.actions import KEPT, OPEN, OWN, path_of, rows_path
from server.engine.imports.records import ImportRun
from server.engine.imports.sealed import Line
from server.engine.imports.take import MarkedWork, Piece, RowRefused
from server.engine.jobs.aside import Ended
from server.engine.jobs.desk import AsideDesk
from server.engine.ports import ports
from server.engine.principal import Principal

SILENT = timedelta(seconds=30)
"""An import without a sign of life for so long was cut off with its server: another one goes on with it."""
GIVEN_UP = timedelta(days=1)
"""A file that was sent and not taken in this time is deleted."""
REST = 2.0
"""After each piece the writer is left alone for so many times as long as the piece took."""
STAGED_AT_ONCE = 200
KNOWN_SECONDS = 2.0
"""How long the owner's rights are held."""
TIDY_SECONDS = 60.0
BEGINS = {"to_read": "reading", "to_check": "checking"}
AGAIN = {"reading": "to_read", "checking": "to_check"}

Step = Callable[..., Piece]


class ImportDesk(AsideDesk):
    """Works on one import after the other."""

    subject = "imports"
    crashed = "imports.crashed"

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self.worker = uuid.uuid4().hex
        self.budget = take.BUDGET_SECONDS
        self._owner: tuple[UUID, float, Principal] | None = None
        self._tidied = 0.0

    def run_next(self) -> bool:
        """Work on the import that waits longest, if there is one; says whether there was. For tests as well."""
        for row in self._engine.look(lambda work: work.rows(OPEN)):
            if row.state not in BEGINS and row.worker is not None and not self._lost(row):
                continue
            try:
                row = self._engine.act("imports.begin", self._begun(row))
            except Refused:
                continue  # another server was quicker, or it was stopped
            if row.state in ("taking", "undoing"):
                self._step_by_step(row)
            else:
                self._aside(row)
            return True
        return False

    def _lost(self, row: Any) -> bool:
        """Whether the server that worked on it is gone. SQLite has one server, so what another one left is lost."""
        if row.worker == self.worker:
            return bool(row.id != self._run_id)
        old = row.beat_at is None or row.beat_at < self._engine.clock.now() - SILENT
        return bool(old or self._engine.store.kind == "sqlite")

    def _begun(self, seen: Any) -> Callable[[Work], Any]:
        def begin(work: Work) -> Any:
            row = work.get(ImportRun, seen.id)
            if row.state != seen.state or row.worker != seen.worker:
                work.refuse("records.changed_meanwhile", record="import_run", id=str(seen.id))
            return work.change(
                ImportRun, row, worker=self.worker, beat_at=work.now, state=BEGINS.get(row.state, row.state)
            )

        return begin

    # aside

    def _aside(self, row: Any) -> None:
        engine = self._engine
        to = rows_path(engine.data, row.id)

        def task() -> dict[str, Any]:
            return {
                "do": "import",
                "what": row.state,
                "url": engine.url.render_as_string(hide_password=False),
                "data": str(engine.data),
                "id": str(row.id),
                "file": str(path_of(engine.data, row.id)),
                "to": str(to),
                "now": engine.clock.now().isoformat(),
            }

        def beat(work: Work, _stage: str, percent: int) -> bool:
            now = work.change(ImportRun, work.get(ImportRun, row.id), percent=percent, beat_at=work.now)
            work.notify(f"imports.{now.created_by}", "progress", id=row.id, percent=percent)
            return bool(now.stop_wanted)

        if not path_of(engine.data, row.id).is_file():
            ended = Ended(refused=("imports.gone", {}))
        else:
            ended = self.work_aside(row.id, task, beat)
        if self._closing.is_set() and ended.result is None:
            # Not the person but the server ends: the next one begins anew.
            engine.act("imports.end", self._put(row.id, state=AGAIN[row.state], worker=None))
            return
        if ended.result is not None and row.state == "checking":
            self._staged(row, to)
        to.unlink(missing_ok=True)
        engine.act("imports.end", self._ended(row, ended))

    def _staged(self, row: Any, path: Any) -> None:
        """Put the rows that were tried out into the table. Whatever an earlier check, or one that was cut off, left goes."""
        self._run_id = row.id
        try:
            while self._engine.act("imports.clear", lambda work: take.clear(work, row.id)):
                pass
            lines = sealed.read_rows(path)
            while piece := list(itertools.islice(lines, STAGED_AT_ONCE)):
                began = time.monotonic()
                self._engine.act("imports.stage", partial(_stage, row.id, piece))
                self._closing.wait((time.monotonic() - began) * REST)
        finally:
            self._run_id = None

    def _ended(self, seen: Any, ended: Ended) -> Callable[[Work], None]:
        def end(work: Work) -> None:
            values: dict[str, Any] = {"stop_wanted": False, "worker": None, "percent": 100}
            if ended.result is not None:
                values |= {"state": "read" if seen.state == "reading" else "checked", **ended.result}
                if seen.state == "reading":
                    values["columns"] = remembered(work, seen, ended.result["columns"])
            elif ended.refused is not None:
                values |= {"state": "failed", "problem": ended.refused[0], "problem_facts": ended.refused[1]}
            elif ended.stopped and seen.state == "checking":
                values |= {"state": "read"}
            else:
                values |= {"state": "failed", "problem": "imports.given_up" if ended.stopped else "imports.crashed"}
            self._change(work, seen.id, values)

        return end

    # step by step

    def _step_by_step(self, row: Any) -> None:
        taking = row.state == "taking"
        step: Step = take.take if taking else take.undo
        self._run_id = row.id
        told = 0.0
        try:
            while not self._closing.is_set():
                began = time.monotonic()
                tells = began - told > take.TOLD_SECONDS
                told = began if tells else told
                try:
                    piece = self._piece(row, step, tells)
                except RowRefused as no:
                    if taking and not row.only_good:
                        self._all_back(row, no)
                        return
                    self._left(row, no, "bad" if taking else "kept")
                    continue
                except Refused as no:
                    self._end(row, state="stopped", problem=no.code, problem_facts={})
                    return
                if piece.stop:
                    self._end(row, state="stopped")
                    return
                if not piece.more:
                    self._end(row, state="done" if taking else "undone")
                    return
                self._closing.wait(min(1.0, (time.monotonic() - began) * REST))
        finally:
            self._run_id = None

    def _piece(self, row: Any, step: Step, tells: bool) -> Piece:
        who = self._who(row.created_by)
        if who is None:
            raise Refused("access.denied", action=f"{row.record_type}.add")

        def act(connection: Connection) -> Outcome:
            work = MarkedWork(connection, self._engine, who, "imports.take" if step is take.take else "imports.undo")
            work.run_id = row.id
            result = step(work, row.id, self.worker, tells=tells, budget=self.budget)
            outcome = work.finish()
            outcome.result = result
            return outcome

        return self._engine.store.submit(act).result()  # type: ignore[no-any-return]

    def _who(self, person_id: UUID) -> Principal | None:
        held = self._owner
        if held is not None and held[0] == person_id and time.monotonic() - held[1] < KNOWN_SECONDS:
            return held[2]
        who: Principal | None = self._engine.look(lambda work: ports.people.person(work.connection, person_id))
        self._owner = (person_id, time.monotonic(), who) if who is not None else None
        return who

    def _left(self, row: Any, no: RowRefused, state: str) -> None:
        self._engine.act("imports.leave", lambda work: take.leave(work, row.id, no.number, no.faults, state))

    def _all_back(self, row: Any, no: RowRefused) -> None:
        """All or nothing: one row cannot be taken any more, so what was taken goes back."""
        self._engine.act(
            "imports.end",
            self._put(
                row.id, state="undoing", worker=None, problem="imports.row_refused",
                problem_facts={"line": no.number, "faults": no.faults},
            ),
        )  # fmt: skip
        self.wake()

    def _end(self, row: Any, **values: Any) -> None:
        def end(work: Work) -> None:
            ended = {"ended_at": work.now} if row.state == "taking" else {}
            self._change(work, row.id, {"worker": None, "stop_wanted": False, "percent": 100, **ended, **values})

        self._engine.act("imports.end", end)
        if values["state"] in ("done", "undone"):
            path_of(self._engine.data, row.id).unlink(missing_ok=True)

    def _put(self, run_id: UUID, **values: Any) -> Callable[[Work], None]:
        return lambda work: self._change(work, run_id, values)

    def _change(self, work: Work, run_id: UUID, values: dict[str, Any]) -> None:
        row = work.change(ImportRun, work.get(ImportRun, run_id), **values)
        work.notify(f"imports.{row.created_by}", "ended", id=run_id, state=row.state)

    # tidying

    def tidy(self) -> None:
        """Once a minute: delete what nobody took within a day, and rows of imports that cannot be undone any more."""
        if time.monotonic() - self._tidied < TIDY_SECONDS:
            return
        self._tidied = time.monotonic()
        folder = self._engine.data / "imports"
        for path in folder.iterdir() if folder.is_dir() else ():
            if time.time() - path.stat().st_mtime > GIVEN_UP.total_seconds():
                path.unlink(missing_ok=True)
        now = self._engine.clock.now()
        for run_id in self._engine.look(lambda work: take.with_rows(work, now - KEPT, now - GIVEN_UP)):
            while self._engine.act("imports.clear", partial(_clear, run_id)):
                self._closing.wait(0.05)


def _stage(run_id: UUID, lines: list[Line], work: Work) -> None:
    take.stage(work, run_id, lines)


def _clear(run_id: UUID, work: Work) -> bool:
    return take.clear(work, run_id)


def remembered(work: Work, row: Any, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Columns with what this person made headings like theirs fill last time (remembered a kind)."""
    for earlier in work.rows(OWN, key_person=row.created_by):
        mapping = earlier.options.get("mapping")
        if earlier.record_type != row.record_type or earlier.id == row.id or not mapping:
            continue
        filled = {one["heading"]: name for one, name in zip(earlier.columns, mapping, strict=False)}
        known = [{**one, "target": filled.get(one["heading"], one["target"])} for one in columns]
        chosen = [one["target"] for one in known if one["target"]]
        return known if len(chosen) == len(set(chosen)) else columns
    return columns
