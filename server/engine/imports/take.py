"""Staging, taking and undoing rows: small pieces, each one action, each leaving a state from which the next goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, delete, exists, func, or_, select, update

from common.text import N_
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared, prepared_insert
from server.engine.database.types import Id, Utc
from server.engine.errors import Refused, refusal
from server.engine.imports import sealed
from server.engine.imports.records import ImportRun, import_row
from server.engine.imports.sealed import Line, Staged
from server.engine.records.generic import added, allowed, edited, removed
from server.engine.records.lists import record_type
from server.engine.records.record import Record
from server.engine.records.scope import may

NOT_TAKEN = refusal(
    "imports.row_refused",
    N_("Line {line} could not be taken any more, so everything that had been taken was undone: {sentence}"),
)
PIECE = 200
"""Rows at most that one action takes."""
BUDGET_SECONDS = 0.012
"""How long one action may hold the writer; the next row after it waits for the next action."""
TOLD_SECONDS = 2.0
"""Between two notices to whoever shows the list: every one makes screens read anew."""

_runs: Table = ImportRun.__table__  # type: ignore[assignment]
_rows = import_row.c
_stage = prepared_insert(import_row, ("run_id", "number", "state", "record_id", "version", "content"))
_next = Prepared(
    select(import_row)
    .where(_rows.run_id == bindparam("key_run", type_=Id()), _rows.state == bindparam("key_state"))
    .order_by(_rows.number)
    .limit(PIECE)
)
_last = Prepared(
    select(import_row)
    .where(_rows.run_id == bindparam("key_run", type_=Id()), _rows.state == bindparam("key_state"))
    .order_by(_rows.number.desc())
    .limit(PIECE)
)
_settle = Prepared(
    update(import_row)
    .where(_rows.run_id == bindparam("key_run", type_=Id()), _rows.number == bindparam("key_number"))
    .values(
        state=bindparam("new_state"),
        version=bindparam("new_version", type_=_rows.version.type),
        content=bindparam("new_content", type_=_rows.content.type),
    )
)
_clear = Prepared(
    delete(import_row).where(
        _rows.run_id == bindparam("key_run", type_=Id()),
        _rows.number.in_(
            select(_rows.number).where(_rows.run_id == bindparam("key_run", type_=Id())).limit(1000).scalar_subquery()
        ),
    )
)
_counts = Prepared(
    select(_rows.state, func.count().label("count"))
    .where(_rows.run_id == bindparam("key_run", type_=Id()))
    .group_by(_rows.state)
)
_left = Prepared(
    select(_runs.c.id)
    .where(
        or_(
            _runs.c.created_at < bindparam("kept_since", type_=Utc()),
            and_(
                _runs.c.created_at < bindparam("given_up_since", type_=Utc()),
                _runs.c.began_at.is_(None),
            ),
        ),
        exists().where(_rows.run_id == _runs.c.id),
    )
    .limit(20)
)
COUNTED = ("added", "changed", "same", "undone", "kept", "good", "bad")
_progress = Prepared(
    update(_runs)
    .where(_runs.c.id == bindparam("key_run", type_=Id()))
    .values(
        percent=bindparam("new_percent"),
        beat_at=bindparam("new_beat", type_=Utc()),
        **{name: _runs.c[name] + bindparam(f"more_{name}") for name in COUNTED},
    )
)
"""How far a run is stands in no audit row: that is kept once, with its end."""


class MarkedWork(Work):
    """An action of an import: each of its audit rows names it."""

    run_id: UUID

    def audit(
        self, record_type: str, record_id: UUID | None, changes: dict[str, Any], reason: str | None = None
    ) -> None:
        super().audit(record_type, record_id, {**changes, "import": [None, str(self.run_id)]}, reason)


class RowRefused(Exception):
    """A row that was good when it was checked is none any more; nothing of its piece was taken."""

    def __init__(self, number: int, faults: list[dict[str, Any]]) -> None:
        super().__init__(number)
        self.number = number
        self.faults = faults


@dataclass
class Piece:
    """What came of one action."""

    done: int
    more: bool
    stop: bool


def stage(work: Work, run_id: UUID, lines: list[Line]) -> None:
    """Keep rows that a worker has tried out."""
    values = [
        {
            "run_id": run_id, "number": one.number, "state": "good" if one.good else "bad",
            "record_id": one.record_id, "version": None, "content": one.content,
        }
        for one in lines
    ]  # fmt: skip
    _stage.on(work.connection.dialect).many(work.connection.connection.cursor(), values)


def clear(work: Work, run_id: UUID) -> bool:
    """Delete staged rows, a thousand at a time; whether there were any."""
    return bool(work.run(_clear, key_run=run_id))


def with_rows(work: Work, kept_since: datetime, given_up_since: datetime) -> list[UUID]:
    """Some of the runs whose rows serve nobody any more: too old to be undone, or never taken."""
    return [row.id for row in work.rows(_left, kept_since=kept_since, given_up_since=given_up_since)]


def counts(work: Work, run_id: UUID) -> dict[str, int]:
    """How many rows are in each state."""
    return {row.state: row.count for row in work.rows(_counts, key_run=run_id)}


def take(work: MarkedWork, run_id: UUID, worker: str, *, tells: bool, budget: float = BUDGET_SECONDS) -> Piece:
    """Take the next rows. Raises RowRefused, and then nothing of this piece was taken."""
    run = _mine(work, run_id, worker, "taking")
    record = record_type(work, run.record_type)
    if not (may(record, work.who, "add") or may(record, work.who, "edit")):
        work.refuse("access.denied", action=f"{run.record_type}.add")
    rows = work.rows(_next, key_run=run_id, key_state="good")
    more = dict.fromkeys(COUNTED, 0)
    began, done, last = time.perf_counter(), 0, None
    for kept in rows:
        row = sealed.unseal(work.engine.vault, kept.content)
        state, version = _taken(work, record, run, row)
        more["added" if row.adds else "changed" if state == "taken" else "same"] += 1
        content = kept.content if row.adds else sealed.seal(work.engine.vault, row)
        work.run(
            _settle, key_run=run_id, key_number=kept.number, new_state=state, new_version=version, new_content=content
        )
        done, last = done + 1, kept
        if time.perf_counter() - began > budget:
            break
    left = done < len(rows) or len(rows) == PIECE
    sofar = run.added + run.changed + run.same + done
    _note(work, run, more, sofar, max(1, run.good))
    if last is not None and (tells or not left):
        _tell(work, record, last.record_id)
    return Piece(done, left, bool(run.stop_wanted))


def _taken(work: Work, record: type[Record], run: Any, row: Staged) -> tuple[str, int]:
    """Take one row; gives its state and the entry's version."""
    try:
        allowed(work, record, "add" if row.adds else "edit", run.reason)
        if row.adds:
            made = added(work, record, row.values, run.reason, UUID(row.record_id))
            return "taken", made.version
        held = work.get(record, UUID(row.record_id))
        row.before = _held(work, record, held, row.values)
        changed = edited(work, record, held, row.values, run.reason)
        return ("same" if changed.version == held.version else "taken"), changed.version
    except Exception as failure:
        raise _put_aside(row, failure) from failure


def _put_aside(row: Staged, failure: Exception) -> Exception:
    """A row's own failure as RowRefused; after one of the database's the whole piece is over (PostgreSQL)."""
    if isinstance(failure, Refused):
        return RowRefused(row.number, sealed.faults_of(failure))
    name = type(failure).__name__
    if "Integrity" in name or "Violation" in name or "DataError" in name:
        return RowRefused(row.number, [{"field": "", "code": "failed", "message": "{what}", "facts": {"what": name}}])
    return failure


def _held(work: Work, record: type[Record], held: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What the fields hold that are about to change, in the clear: the whole is sealed."""
    plan = record.plan()
    found = {}
    for name in values:
        value = getattr(held, name)
        if name in plan.protected and value is not None:
            value = work.engine.vault.open(plan.place_of(name), value)
        found[name] = value
    return found


def undo(work: MarkedWork, run_id: UUID, worker: str, *, tells: bool, budget: float = BUDGET_SECONDS) -> Piece:
    """Undo the last rows that were taken: what was added is deleted, what was changed gets its former values, unless
    somebody changed it since; that is left and named."""
    run = _mine(work, run_id, worker, "undoing")
    record = record_type(work, run.record_type)
    rows = work.rows(_last, key_run=run_id, key_state="taken")
    more = dict.fromkeys(COUNTED, 0)
    began, done, last = time.perf_counter(), 0, None
    for kept in rows:
        row = sealed.unseal(work.engine.vault, kept.content)
        row.faults = _undone(work, record, run, row, kept.version)
        more["kept" if row.faults else "undone"] += 1
        work.run(
            _settle, key_run=run_id, key_number=kept.number, new_state="kept" if row.faults else "undone",
            new_version=kept.version, new_content=sealed.seal(work.engine.vault, row),
        )  # fmt: skip
        done, last = done + 1, kept
        if time.perf_counter() - began > budget:
            break
    left = done < len(rows) or len(rows) == PIECE
    _note(work, run, more, run.undone + run.kept + done, max(1, run.added + run.changed))
    if last is not None and (tells or not left):
        _tell(work, record, last.record_id)
    return Piece(done, left, False)


CHANGED_SINCE = N_("Somebody changed this entry since; it was left as it is now.")


def _undone(work: Work, record: type[Record], run: Any, row: Staged, version: int) -> list[dict[str, Any]]:
    """Undo one row; gives why it was left, if it was."""
    held = work.find(record, UUID(row.record_id))
    if held is None:
        return []  # deleted meanwhile: nothing of it is left
    if held.version != version:
        return [{"field": "", "code": "changed_since", "message": CHANGED_SINCE, "facts": {}}]
    try:
        allowed(work, record, "add" if row.adds else "edit", run.reason)
        if row.adds:
            removed(work, record, held, run.reason)
        else:
            edited(work, record, held, row.before, run.reason)
    except Exception as failure:
        raise _put_aside(row, failure) from failure
    return []


def leave(work: Work, run_id: UUID, number: int, faults: list[dict[str, Any]], state: str) -> None:
    """Put a row that could not be taken (`bad`) or undone (`kept`) aside, with the reason."""
    kept = work.connection.execute(select(import_row).where(_rows.run_id == run_id, _rows.number == number)).one()
    row = sealed.unseal(work.engine.vault, kept.content)
    row.faults = faults
    work.run(
        _settle, key_run=run_id, key_number=number, new_state=state, new_version=kept.version,
        new_content=sealed.seal(work.engine.vault, row),
    )  # fmt: skip
    more = dict.fromkeys(COUNTED, 0)
    if state == "bad":
        more |= {"bad": 1, "good": -1}
    else:
        more["kept"] = 1
    run = work.get(ImportRun, run_id)
    _note(work, run, more, 0, 0)


def _mine(work: Work, run_id: UUID, worker: str, state: str) -> Any:
    run = work.get(ImportRun, run_id)
    if run.state != state or run.worker != worker:
        work.refuse("records.changed_meanwhile", record="import_run", id=str(run_id))
    return run


def _note(work: Work, run: Any, more: dict[str, int], done: int, of: int) -> None:
    percent = min(99, done * 100 // of) if of else run.percent
    work.run(
        _progress, key_run=run.id, new_percent=percent, new_beat=work.now, **{f"more_{n}": v for n, v in more.items()}
    )
    if percent != run.percent:
        work.notify(f"imports.{run.created_by}", "progress", id=run.id, percent=percent)


def _tell(work: Work, record: type[Record], record_id: UUID) -> None:
    work.notify(record.plan().module, "imported", type=record.__tablename__, id=record_id)
