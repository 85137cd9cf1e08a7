"""Asking for an import: sending a file, trying it out, taking it, stopping, undoing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, literal_column, or_, select

from common.protocol.imports import (
    AskImports,
    AskRows,
    AskTargets,
    CheckImport,
    Fault,
    FileColumn,
    FileRow,
    Imports,
    ImportState,
    NameImport,
    ReadAgain,
    Rows,
    TakeImport,
    Targets,
)
from common.text import N_, translate
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.engine.errors import REFUSALS, Said, refusal
from server.engine.imports import sealed
from server.engine.imports.records import ImportRun, import_row
from server.engine.imports.targets import filled, keys, needed, shown_targets
from server.engine.records.generic import allowed
from server.engine.records.lists import record_type
from server.engine.records.record import Record
from server.engine.records.scope import may

TOO_MANY = refusal("imports.too_many", N_("Three imports of yours are on their way already. End one of them first."))
GONE = refusal("imports.gone", N_("This file is not kept any more. Choose it once more."), 404)
CRASHED = refusal("imports.crashed", N_("The file could not be read to its end. Nothing was changed; try again."), 500)
GIVEN_UP = refusal("imports.given_up", N_("This import was given up. Nothing of it was taken."))
NOT_NOW = refusal("imports.not_now", N_("This import is not in the state for this any more. Look at it again."))
NO_COLUMNS = refusal("imports.no_columns", N_("No column is taken over. Say what at least one of them fills."), 422)
TWICE = refusal("imports.column_twice", N_("Two columns fill {named}. Choose one of them."), 422)
MISSING = refusal(
    "imports.columns_missing",
    N_("A new entry needs {named}. Name the columns that hold it, or change entries only."),
    422,
)
NO_KEY = refusal(
    "imports.key_needed", N_("To change entries there must be a column by which they are met. Choose one."), 422
)
GIVEN = refusal("imports.given", N_("{named} is given by the house. It can only be the key."), 422)
BAD_ROWS = refusal(
    "imports.bad_rows", N_("{bad} rows are bad. Mend them in the file and check it again, or take the good rows only.")
)
NOTHING_GOOD = refusal("imports.nothing_good", N_("There is no good row in this file."))
TOO_OLD = refusal("imports.too_old", N_("An import can be undone for 30 days."))

MOST_AT_ONCE = 3
KEPT = timedelta(days=30)
"""So long an import can be undone; then its rows are deleted."""
_table: Table = ImportRun.__table__  # type: ignore[assignment]
_rows = import_row.c
WORKED_ON = ("to_read", "reading", "to_check", "checking", "taking", "undoing")
OPEN = Prepared(
    select(_table)
    .where(or_(*[_table.c.state == literal_column(f"'{one}'") for one in WORKED_ON]), _table.c.deleted_at.is_(None))
    .order_by(_table.c.id)
)
OWN = Prepared(
    select(_table)
    .where(_table.c.created_by == bindparam("key_person", type_=Id()), _table.c.deleted_at.is_(None))
    .order_by(_table.c.id.desc())
    .limit(100)
)
_some_rows = Prepared(
    select(import_row)
    .where(
        _rows.run_id == bindparam("key_run", type_=Id()),
        _rows.state == bindparam("key_state"),
        _rows.number > bindparam("key_after"),
    )
    .order_by(_rows.number)
    .limit(bindparam("most"))
)


def begin(work: Work, kind: str, name: str, run_id: UUID, reading_language: str) -> ImportState:
    """Have a file read that was sent; it lies at its `path_of` already, since to seal it takes longer than an action may."""
    record = record_type(work, kind)
    if not may(record, work.who, "edit"):
        if record.rights.of("add") is None:
            work.refuse("records.read_only", type=kind)
        if not may(record, work.who, "add"):
            work.refuse("access.denied", action=f"{kind}.add")
    if sum(1 for row in work.rows(OPEN) if row.created_by == work.who.id) >= MOST_AT_ONCE:
        work.refuse("imports.too_many")
    row = work.insert(
        ImportRun, id=run_id, record_type=kind, file_name=name[:200] or "?", language=reading_language,
        options={"reading": {}}, columns=[], about={},
    )  # fmt: skip
    work.audit(kind, None, {"import": [None, str(row.id)]})
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


@reading("imports.targets", needs=None, input=AskTargets, output=Targets)
def targets(work: Work, request: AskTargets) -> Targets:
    """What the columns of a file may fill."""
    record = record_type(work, request.type)
    if not (may(record, work.who, "add") or may(record, work.who, "edit")):
        work.refuse("access.denied", action=f"{request.type}.add")
    return shown_targets(work, record)


@action("imports.read", needs=None, input=ReadAgain, output=ImportState)
def read(work: Work, request: ReadAgain) -> ImportState:
    """Read the file once more, with another encoding, separator, sheet or line of headings."""
    row = own(work, request.id)
    _in_state(work, row, "read", "checked", "failed")
    _file_there(work, row)
    row = work.change(
        ImportRun, row, state="to_read", percent=0, options={"reading": request.reading.model_dump()},
        problem=None, problem_facts=None,
    )  # fmt: skip
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


@action("imports.check", needs=None, input=CheckImport, output=ImportState)
def check(work: Work, request: CheckImport) -> ImportState:
    """Have every row tried out; nothing is changed by it."""
    row = own(work, request.id)
    _in_state(work, row, "read", "checked")
    _file_there(work, row)
    record = record_type(work, row.record_type)
    _mapping_right(work, record, request)
    options = {
        "reading": request.reading.model_dump(), "mapping": request.mapping, "way": request.way, "key": request.key,
        "allow_twice": request.allow_twice,
    }  # fmt: skip
    row = work.change(
        ImportRun, row, state="to_check", percent=0, options=options, rows=0, good=0, bad=0, problem=None,
        problem_facts=None,
    )  # fmt: skip
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


def _mapping_right(work: Work, record: type[Record], request: CheckImport) -> None:
    known = filled(work, record)
    chosen = [name for name in request.mapping if name]
    for name in chosen:
        if name not in known:
            work.refuse("records.unknown_field", field=name)
        if chosen.count(name) > 1:
            work.refuse("imports.column_twice", named=known[name].label(work.language))
        if known[name].field.read_only and name != request.key:
            work.refuse("imports.given", named=known[name].label(work.language))
    if not any(name != request.key for name in chosen):
        work.refuse("imports.no_columns")
    usable = request.key in chosen and request.key in keys(record, known.values())
    if (request.way != "add" or request.key) and not usable:
        work.refuse("imports.key_needed")
    for operation, wanted in (("add", request.way != "update"), ("edit", request.way != "add")):
        if wanted:
            allowed(work, record, operation, None, reasoned=False)
    if request.way != "update":
        there = {known[name].field.name for name in chosen}
        lacking = {one.field.name: Said(one.field.label) for one in known.values() if needed(record, one)}
        missing = [label for name, label in lacking.items() if name not in there]
        if missing:
            named = ", ".join(translate(label, work.language) for label in missing)
            work.refuse("imports.columns_missing", named=named)


@action("imports.take", needs=None, input=TakeImport, output=ImportState)
def take(work: Work, request: TakeImport) -> ImportState:
    """Take the rows over: all of them or, where some are bad, the good ones only if that is wanted."""
    row = own(work, request.id)
    _in_state(work, row, "checked")
    record = record_type(work, row.record_type)
    for operation, wanted in (("add", row.options["way"] != "update"), ("edit", row.options["way"] != "add")):
        if wanted:
            allowed(work, record, operation, request.reason)
    if row.bad and not request.only_good:
        work.refuse("imports.bad_rows", bad=row.bad)
    if not row.good:
        work.refuse("imports.nothing_good")
    row = work.change(
        ImportRun, row, state="taking", percent=0, only_good=request.only_good, reason=request.reason,
        worker=None, stop_wanted=False, began_at=work.now,
    )  # fmt: skip
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


@action("imports.stop", needs=None, input=NameImport, output=ImportState)
def stop(work: Work, request: NameImport) -> ImportState:
    """Stop one's own import. What was taken stays until `imports.keep` or `imports.undo` says what becomes of it."""
    row = own(work, request.id)
    if row.state == "to_check":
        row = work.change(ImportRun, row, state="read")
    elif row.state == "to_read":
        row = work.change(ImportRun, row, state="failed", problem="imports.given_up")
    elif row.state in ("reading", "checking", "taking"):
        row = work.change(ImportRun, row, stop_wanted=True)
        run_id = row.id
        work.outcome.after.append(lambda: work.engine.imports.stop_run(run_id))
    return state_of(work, row)


@action("imports.go_on", needs=None, input=NameImport, output=ImportState)
def go_on(work: Work, request: NameImport) -> ImportState:
    """Go on with a stopped import."""
    row = own(work, request.id)
    _in_state(work, row, "stopped")
    row = work.change(ImportRun, row, state="taking", stop_wanted=False, worker=None, problem=None, problem_facts=None)
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


@action("imports.keep", needs=None, input=NameImport, output=ImportState)
def keep(work: Work, request: NameImport) -> ImportState:
    """What a stopped import has taken stays; it is not gone on with."""
    row = own(work, request.id)
    _in_state(work, row, "stopped")
    return state_of(work, work.change(ImportRun, row, state="done", percent=100, ended_at=row.ended_at or work.now))


@action("imports.undo", needs=None, input=NameImport, output=ImportState)
def undo(work: Work, request: NameImport) -> ImportState:
    """Undo a whole import: what it added is deleted, what it changed gets its former values. What somebody has changed
    since is left and named."""
    row = own(work, request.id)
    _in_state(work, row, "done", "stopped")
    if work.now - row.created_at > KEPT:
        work.refuse("imports.too_old")
    row = work.change(ImportRun, row, state="undoing", percent=0, worker=None, stop_wanted=False)
    work.outcome.after.append(work.engine.imports.wake)
    return state_of(work, row)


@action("imports.drop", needs=None, input=NameImport, output=ImportState)
def drop(work: Work, request: NameImport) -> ImportState:
    """Give up an import of which nothing was taken."""
    row = own(work, request.id)
    _in_state(work, row, "read", "checked", "failed")
    row = work.change(ImportRun, row, state="failed", problem=row.problem or "imports.given_up", deleted_at=work.now)
    path = path_of(work.engine.data, row.id)
    work.outcome.after.append(lambda: path.unlink(missing_ok=True))
    return state_of(work, row)


@reading("imports.state", needs=None, input=NameImport, output=ImportState)
def state(work: Work, request: NameImport) -> ImportState:
    """How far one's own import is."""
    return state_of(work, own(work, request.id))


@reading("imports.mine", needs=None, input=AskImports, output=Imports)
def mine(work: Work, request: AskImports) -> Imports:
    """One's own imports of the last weeks."""
    rows = work.rows(OWN, key_person=work.who.id)
    return Imports(imports=[state_of(work, row) for row in rows if request.type in ("", row.record_type)])


@reading("imports.rows", needs=None, input=AskRows, output=Rows)
def rows(work: Work, request: AskRows) -> Rows:
    """Rows of one's own import in one state: the bad ones with what is wrong with them."""
    run = own(work, request.id)
    found = some_rows(work, run, request.state, request.after, request.limit + 1)
    page = found[: request.limit]
    return Rows(
        headings=[one["heading"] for one in run.columns],
        rows=page,
        next=page[-1].number if len(found) > request.limit else None,
    )


def some_rows(work: Work, run: Any, state: str, after: int, limit: int) -> list[FileRow]:
    """Rows as they travel, faults in the reader's language."""
    record = record_type(work, run.record_type)
    labels = {name: one.label(work.language) for name, one in filled(work, record).items()}
    for name, field in record.fields().items():
        labels.setdefault(name, translate(field.label, work.language))
    found = []
    for kept in work.rows(_some_rows, key_run=run.id, key_state=state, key_after=after, most=limit):
        row = sealed.unseal(work.engine.vault, kept.content)
        found.append(
            FileRow(
                number=row.number,
                cells=row.cells,
                faults=[
                    Fault(column=labels.get(f["field"], ""), sentence=sentence(f["message"], f["facts"], work.language))
                    for f in row.faults
                ],
                record_id=kept.record_id,
            )
        )
    return found


def sentence(message: str, facts: dict[str, Any], language: str) -> str:
    """A sentence in the reader's language with its facts; those that are words of ours in that language too."""
    told = {n: translate(v["said"], language) if isinstance(v, dict) and "said" in v else v for n, v in facts.items()}
    try:
        return translate(message, language).format(**told)
    except (KeyError, IndexError):
        return translate(message, language)


def own(work: Work, run_id: UUID) -> Any:
    """An import of whoever asks; nobody sees another's."""
    row = work.get(ImportRun, run_id)
    if row.created_by != work.who.id:
        work.refuse("records.not_found", record="import_run", id=str(run_id))
    return row


def path_of(data: Path, run_id: UUID) -> Path:
    """Where the file that was sent lies, sealed."""
    return data / "imports" / f"{run_id.hex}.file"


def rows_path(data: Path, run_id: UUID) -> Path:
    """Where a worker puts the rows that it has tried out."""
    return data / "imports" / f"{run_id.hex}.rows"


def _in_state(work: Work, row: Any, *states: str) -> None:
    if row.state not in states:
        work.refuse("imports.not_now")


def _file_there(work: Work, row: Any) -> None:
    if not path_of(work.engine.data, row.id).is_file():
        work.refuse("imports.gone")


def state_of(work: Work, row: Any) -> ImportState:
    """An import's row as it travels."""
    problem = row.problem or ""
    told = ""
    if problem in REFUSALS:
        told = sentence(REFUSALS[problem].sentence, _facts(row, work.language), work.language)
    return ImportState(
        id=row.id, type=row.record_type, file_name=row.file_name, state=row.state, percent=row.percent,
        created_at=row.created_at, columns=[FileColumn.model_validate(one) for one in row.columns], about=row.about,
        options=row.options, rows=row.rows, good=row.good, bad=row.bad, added=row.added, changed=row.changed,
        same=row.same, undone=row.undone, kept=row.kept, only_good=row.only_good, began_at=row.began_at,
        ended_at=row.ended_at, problem=problem, problem_sentence=told,
    )  # fmt: skip


def _facts(row: Any, language: str) -> dict[str, Any]:
    facts = dict(row.problem_facts or {})
    if isinstance(facts.get("faults"), list):
        facts["sentence"] = " ".join(sentence(f["message"], f["facts"], language) for f in facts["faults"])
    return facts
