"""Create, edit and delete of records as actions. What is not declared editable is refused to everybody, `admin` included."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.lists import converted, may, record_type, shown
from server.engine.records.record import Record

NEEDED = refusal("records.needed", N_("{field} is needed."), 422)
TAKEN = refusal("records.taken", N_("There is an entry with this value already."), 409)
LINKED = refusal("records.linked", N_("{field} names an entry that does not exist."), 422)


class CreateRecord(BaseModel):
    """Input of `records.create`; over HTTP the type stands in the address."""

    type: str
    values: dict[str, Any]


class EditRecord(CreateRecord):
    """Input of `records.edit`."""

    id: UUID
    version: int | None = None


class DeleteRecord(BaseModel):
    """Input of `records.delete`."""

    type: str
    id: UUID


class Shown(BaseModel):
    """A record as it travels."""

    record: dict[str, Any]


@action("records.create", needs=None, input=CreateRecord, output=Shown)
def create(work: Work, request: CreateRecord) -> Shown:
    """Add a record of an editable kind."""
    record = record_type(work, request.type)
    _allowed(work, record, "add")
    values = _typed(work, record, request.values)
    for name, field in record.fields().items():
        default = record.plan().defaults.get(name)
        if field.required and values.get(name) is None and default is None:
            work.refuse("records.needed", field=name)
    record.check(work, None, values)
    try:
        row = work.insert(record, **values)
    except Exception as failure:
        _explain(work, failure)
        raise
    _tell(work, record, "created", row.id)
    return Shown(record=shown(record, row._asdict()))


@action("records.edit", needs=None, input=EditRecord, output=Shown)
def edit(work: Work, request: EditRecord) -> Shown:
    """Change fields of a record of an editable kind, at the version that was read."""
    record = record_type(work, request.type)
    _allowed(work, record, "edit")
    row = work.get(record, request.id)
    if request.version is not None and request.version != row.version:
        work.refuse("records.changed_meanwhile", record=request.type, id=str(request.id), version=row.version)
    values = _typed(work, record, request.values)
    for name, value in values.items():
        if value is None and record.fields()[name].required:
            work.refuse("records.needed", field=name)
    record.check(work, row, values)
    try:
        row = work.change(record, row, **values)
    except Exception as failure:
        _explain(work, failure)
        raise
    _tell(work, record, "changed", row.id)
    return Shown(record=shown(record, row._asdict()))


@action("records.delete", needs=None, input=DeleteRecord, output=Shown)
def delete(work: Work, request: DeleteRecord) -> Shown:
    """Delete a record of an editable kind; its row stays, marked, for its history and its restoration."""
    record = record_type(work, request.type)
    _allowed(work, record, "delete")
    row = work.get(record, request.id)
    record.check(work, row, {"deleted_at": work.now})
    row = work.change(record, row, deleted_at=work.now)
    _tell(work, record, "deleted", row.id)
    return Shown(record=shown(record, row._asdict()))


def _allowed(work: Work, record: type[Record], operation: str) -> None:
    if getattr(record.rights, operation) is None:
        work.refuse("records.read_only", type=record.__tablename__)
    if not may(record, work.who, operation):
        work.refuse("access.denied", action=f"{record.__tablename__}.{operation}")


def _typed(work: Work, record: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    fields = record.fields()
    typed: dict[str, Any] = {}
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            work.refuse("records.unknown_field", field=name)
        if field.read_only or field.secret:
            work.refuse("records.read_only", type=record.__tablename__, field=name)
        typed[name] = converted(work, name, field, value)
    return typed


def _explain(work: Work, failure: Exception) -> None:
    """Turn the database's own no into a refusal."""
    text = str(getattr(failure, "orig", failure)).lower()
    if isinstance(failure, IntegrityError) or type(failure).__name__ in ("IntegrityError", "UniqueViolation"):
        if "foreign" in text:
            work.refuse("records.linked", field="")
        if "unique" in text or "duplicate" in text:
            work.refuse("records.taken")
    if type(failure).__name__ == "ForeignKeyViolation":
        work.refuse("records.linked", field="")


def _tell(work: Work, record: type[Record], kind: str, record_id: UUID) -> None:
    module = record.__module__.split(".")[-2]
    work.notify(module, kind, type=record.__tablename__, id=record_id)
