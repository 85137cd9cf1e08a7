"""Asking for an export, looking how far it is, stopping it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, literal_column, or_, select

from common.protocol.exports import Exports, ExportState, NameExport, StartExport
from common.protocol.messages import LANGUAGES, Message
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.engine.errors import refusal
from server.engine.exports.records import Export
from server.engine.records.lists import matching, record_type
from server.engine.records.shown import fields_for

TOO_MANY = refusal(
    "exports.too_many", N_("Three exports of yours are on their way already. Wait for one, or stop one.")
)
GONE = refusal("exports.gone", N_("This file is not kept any more. Export once more."), 404)
CRASHED = refusal("exports.crashed", N_("The export was cut off. Nothing half done was kept; try again."), 500)
TOO_LONG = refusal(
    "exports.too_long",
    N_("A PDF holds at most {most} rows, this list has {rows}. Choose Excel or CSV, or fewer rows."),
    422,
)

FILE_KEPT = timedelta(days=1)
MOST_AT_ONCE = 3

_table: Table = Export.__table__  # type: ignore[assignment]
OPEN = Prepared(
    select(_table)
    .where(
        # Written out: a prepared statement cannot hold an IN of bound values, which SQLAlchemy makes of two as well.
        or_(_table.c.state == literal_column("'waiting'"), _table.c.state == literal_column("'running'")),
        _table.c.deleted_at.is_(None),
    )
    .order_by(_table.c.id)
)
_own = Prepared(
    select(_table)
    .where(_table.c.created_by == bindparam("key_person", type_=Id()), _table.c.deleted_at.is_(None))
    .order_by(_table.c.id.desc())
    .limit(50)
)


@action("exports.start", needs=None, input=StartExport, output=ExportState)
def start(work: Work, request: StartExport) -> ExportState:
    """Ask for the whole result of a query as a file. Who may export is asked now and again when it is made."""
    record = record_type(work, request.type)
    matching(work, record, request.query, "export")
    known = fields_for(record, work.who)
    for name in request.columns:
        if name not in known:
            work.refuse("records.unknown_field", field=name)
    if sum(1 for row in work.rows(OPEN) if row.created_by == work.who.id) >= MOST_AT_ONCE:
        work.refuse("exports.too_many")
    row = work.insert(
        Export,
        record_type=request.type,
        form=request.form,
        query=request.query.model_dump(mode="json", exclude={"after", "limit"}),
        columns=request.columns or [n for n, f in known.items() if f.in_list],
        language=request.language if request.language in LANGUAGES else "en",
    )
    work.audit(request.type, None, {"export": [None, request.form]})
    work.outcome.after.append(work.engine.exports.wake)
    return state_of(row)


@reading("exports.state", needs=None, input=NameExport, output=ExportState)
def state(work: Work, request: NameExport) -> ExportState:
    """How far one's own export is."""
    return state_of(own(work, request.id))


@reading("exports.mine", needs=None, input=Message, output=Exports)
def mine(work: Work, request: Message) -> Exports:
    """One's own exports of the last weeks."""
    return Exports(exports=[state_of(row) for row in work.rows(_own, key_person=work.who.id)])


@action("exports.stop", needs=None, input=NameExport, output=ExportState)
def stop(work: Work, request: NameExport) -> ExportState:
    """Stop one's own export; nothing half done is kept."""
    row = own(work, request.id)
    if row.state == "waiting":
        row = work.change(Export, row, state="stopped")
    elif row.state == "running":
        row = work.change(Export, row, stop_wanted=True)
        run_id = row.id
        work.outcome.after.append(lambda: work.engine.exports.stop_run(run_id))
    return state_of(row)


def own(work: Work, export_id: UUID) -> Any:
    """An export of whoever asks; nobody sees another's."""
    row = work.get(Export, export_id)
    if row.created_by != work.who.id:
        work.refuse("records.not_found", record="export", id=str(export_id))
    return row


def path_of(data: Path, row: Any) -> Path:
    """Where an export's file lies."""
    return data / "exports" / f"{row.id.hex}.{row.form}"


def state_of(row: Any) -> ExportState:
    """An export's row as it travels."""
    return ExportState(
        id=row.id, type=row.record_type, form=row.form, state=row.state, percent=row.percent, rows=row.rows,
        file_name=row.file_name or "", size=row.size, problem=row.problem or "", problem_facts=row.problem_facts or {},
    )  # fmt: skip
