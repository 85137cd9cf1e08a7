"""Create, edit, delete, restore, move and reveal as actions. What is not declared editable is refused to everybody,
`admin` included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Table, func, or_, select
from sqlalchemy.exc import IntegrityError

from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import ports
from server.engine.records.lists import met, record_type, shown
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import may, visible
from server.engine.records.unique import refuse_taken, refuse_taken_since
from server.engine.records.values import taken_in

USED = refusal("records.used", N_("{count} entries of {kind} still name this one. Change them first, or keep it."))
CYCLE = refusal("records.cycle", N_("An entry cannot lie under itself."), 422)
NO_TREE = refusal("records.no_tree", N_("These entries have no order to be changed."), 422)
REASON_NEEDED = refusal("records.reason_needed", N_("Say why: this change needs a reason."), 422)
NOT_DELETED = refusal("records.not_deleted", N_("This entry is not deleted."))
NOT_PROTECTED = refusal("records.not_protected", N_("{field} is not a protected field."), 422)

Reason = Field(default=None, max_length=500)
LENGTH_OF_DAY = len("2026-03-01")


class CreateRecord(BaseModel):
    """Input of `records.create`; over HTTP the type stands in the address."""

    type: str
    values: dict[str, Any]
    reason: str | None = Reason


class EditRecord(CreateRecord):
    """Input of `records.edit`."""

    id: UUID
    version: int | None = None


class EditMany(BaseModel):
    """Input of `records.edit_many`: the same values into several records, all or nothing."""

    type: str
    ids: list[UUID] = Field(min_length=1, max_length=200)
    values: dict[str, Any]
    reason: str | None = Reason


class NameRecord(BaseModel):
    """Input of `records.delete` and `records.restore`."""

    type: str
    id: UUID
    version: int | None = None
    reason: str | None = Reason


class MoveRecord(BaseModel):
    """Input of `records.move`: under another parent (trees), before one of its brothers or to the end."""

    type: str
    id: UUID
    parent_id: UUID | None = None
    before_id: UUID | None = None


class RevealField(BaseModel):
    """Input of `records.reveal`."""

    type: str
    id: UUID
    field: str


class Revealed(BaseModel):
    """A protected value in the clear."""

    value: str | None


class Shown(BaseModel):
    """A record as it travels."""

    record: dict[str, Any]


class ShownMany(BaseModel):
    """Records as they travel."""

    records: list[dict[str, Any]]


@action("records.create", needs=None, input=CreateRecord, output=Shown)
def create(work: Work, request: CreateRecord) -> Shown:
    """Add a record of an editable kind."""
    record = record_type(work, request.type)
    allowed(work, record, "add", request.reason)
    row = added(work, record, request.values, request.reason)
    tell(work, record, "created", row)
    return Shown(record=shown(work, record, row._asdict()))


@action("records.edit", needs=None, input=EditRecord, output=Shown)
def edit(work: Work, request: EditRecord) -> Shown:
    """Change fields of a record of an editable kind, at the version that was read."""
    record = record_type(work, request.type)
    allowed(work, record, "edit", request.reason)
    row = _row(work, record, request.id, "edit", request.version)
    return Shown(record=_told(work, record, row, request.values, request.reason))


@action("records.edit_many", needs=None, input=EditMany, output=ShownMany)
def edit_many(work: Work, request: EditMany) -> ShownMany:
    """Put the same values into several records, all or nothing."""
    record = record_type(work, request.type)
    allowed(work, record, "edit", request.reason)
    rows = [_row(work, record, one, "edit", None) for one in dict.fromkeys(request.ids)]
    return ShownMany(records=[_told(work, record, row, request.values, request.reason) for row in rows])


@action("records.delete", needs=None, input=NameRecord, output=Shown)
def delete(work: Work, request: NameRecord) -> Shown:
    """Delete a record of an editable kind; its row stays, marked, for its history and its restoration. Refused while
    other records name it (COR-I04)."""
    record = record_type(work, request.type)
    allowed(work, record, "delete", request.reason)
    row = _row(work, record, request.id, "delete", request.version)
    row = removed(work, record, row, request.reason)
    tell(work, record, "deleted", row)
    return Shown(record=shown(work, record, row._asdict()))


@action("records.restore", needs=None, input=NameRecord, output=Shown)
def restore(work: Work, request: NameRecord) -> Shown:
    """Take a deletion back."""
    record = record_type(work, request.type)
    allowed(work, record, "delete", request.reason)
    row: Any = record.plan().row(**met(work, record, request.id, "delete"))
    if row.deleted_at is None:
        work.refuse("records.not_deleted")
    record.check(work, row, {"deleted_at": None})
    refuse_taken_since(work, record, row)
    row = _explained(work, record, lambda: work.change(record, row, because=request.reason, deleted_at=None))
    tell(work, record, "restored", row)
    return Shown(record=shown(work, record, row._asdict()))


@action(
    "records.move",
    needs=None,
    input=MoveRecord,
    output=Shown,
    locks=lambda request: [("tree", request.type)],  # two moves at once could close a ring that neither sees
)
def move(work: Work, request: MoveRecord) -> Shown:
    """Give a record its place in a tree or among its brothers."""
    record = record_type(work, request.type)
    allowed(work, record, "edit", None, reasoned=False)
    plan = record.plan()
    if plan.parent is None and plan.place is None:
        work.refuse("records.no_tree")
    row = _row(work, record, request.id, "edit", None)
    changes: dict[str, Any] = {}
    if plan.parent is not None:
        if request.parent_id is not None:
            _row(work, record, request.parent_id, "see", None)
            refuse_cycle(work, record, row.id, request.parent_id)
        changes[plan.parent] = request.parent_id
    record.check(work, row, dict(changes))
    if plan.place is not None:
        changes[plan.place] = _make_room(work, record, row, request)
    row = work.change(record, row, **changes)
    tell(work, record, "changed", row)
    return Shown(record=shown(work, record, row._asdict()))


@action("records.reveal", needs=None, input=RevealField, output=Revealed, secret=True)
def reveal(work: Work, request: RevealField) -> Revealed:
    """Show a protected value to somebody who may read the record; who looked stays in its history (ADM-I12)."""
    record = record_type(work, request.type)
    row = met(work, record, request.id, "read")
    field = record.fields().get(request.field)
    hidden = f"{request.type}.{request.field}" in work.who.hidden
    if field is None or field.secret or hidden or not work.may_see(field):
        work.refuse("records.unknown_field", field=request.field)
    if not field.protected:
        work.refuse("records.not_protected", field=request.field)
    work.audit(request.type, request.id, {request.field: ["•", "•"]})
    sealed = row[request.field]
    place = record.plan().place_of(request.field)
    return Revealed(value=None if sealed is None else work.engine.vault.open(place, sealed))


@action("records.look", needs=None, input=NameRecord, output=Shown, keyless=True)
def look(work: Work, request: NameRecord) -> Shown:
    """Open one record of a kind whose every reading leaves a trace (ADM-I12)."""
    record = record_type(work, request.type)
    row = met(work, record, request.id, "see")
    work.audit(request.type, request.id, {})
    return Shown(record=shown(work, record, row))


def refuse_cycle(work: Work, record: type[Record], record_id: UUID, parent_id: UUID | None) -> None:
    """Refuse a parent that lies under the record itself."""
    table: Table = record.__table__  # type: ignore[assignment]
    above = record.plan().parent or ""
    steps = 0
    while parent_id is not None:
        if parent_id == record_id or steps > 10_000:
            work.refuse("records.cycle")
        parent_id = work.connection.execute(select(table.c[above]).where(table.c.id == parent_id)).scalar()
        steps += 1


def _make_room(work: Work, record: type[Record], row: Any, request: MoveRecord) -> int:
    """The place before a brother, the brothers moved up; at the end without one."""
    plan, table = record.plan(), record.plan().table
    column = table.c[plan.place or ""]
    brothers = select(table.c.id, column).where(table.c.deleted_at.is_(None), table.c.id != row.id)
    if plan.parent is not None:
        above = table.c[plan.parent]
        brothers = brothers.where(above.is_(None) if request.parent_id is None else above == request.parent_id)
    if record.among is not None:
        brothers = brothers.where(table.c[record.among] == getattr(row, record.among))
    rows = work.connection.execute(brothers.order_by(column, table.c.id)).all()
    place = next((n for n, one in enumerate(rows) if one.id == request.before_id), len(rows))
    for n, one in enumerate(rows):
        wanted = n if n < place else n + 1
        if one[1] != wanted:
            moved: dict[str, Any] = {plan.place or "": wanted}
            work.change(record, work.get(record, one.id), **moved)
    return place


def added(
    work: Work, record: type[Record], given: Mapping[str, Any], reason: str | None, record_id: UUID | None = None
) -> Any:
    """A new row of what was typed, checked in every way; tells nobody."""
    values = taken_in(work, record, given)
    record.check(work, None, values)
    row = _explained(work, record, lambda: work.insert(record, because=reason, id=record_id, **values))
    _within(work, record, row.id, "add")
    return row


def edited(work: Work, record: type[Record], row: Any, given: Mapping[str, Any], reason: str | None) -> Any:
    """A row with what was typed, checked in every way; tells nobody."""
    values = taken_in(work, record, given, row)
    parent = record.plan().parent
    if parent in values:
        refuse_cycle(work, record, row.id, values[parent])
    record.check(work, row, values)
    changed = _explained(work, record, lambda: work.change(record, row, because=reason, **values))
    _within(work, record, row.id, "edit")
    return changed


def removed(work: Work, record: type[Record], row: Any, reason: str | None) -> Any:
    """A row, marked as deleted unless others name it; tells nobody."""
    record.check(work, row, {"deleted_at": work.now})
    _unused(work, record, row.id)
    return work.change(record, row, because=reason, deleted_at=work.now)


def _told(work: Work, record: type[Record], row: Any, given: Mapping[str, Any], reason: str | None) -> dict[str, Any]:
    changed = edited(work, record, row, given, reason)
    if changed.version != row.version:
        tell(work, record, "changed", changed)
    return shown(work, record, changed._asdict())


def _row(work: Work, record: type[Record], record_id: UUID, operation: str, version: int | None) -> Any:
    """The row that this one may meet in this operation, at the version that was read."""
    row: Any = record.plan().row(**met(work, record, record_id, operation))
    if row.deleted_at is not None:
        work.refuse("records.not_found", record=record.__tablename__, id=str(record_id))
    if version is not None and version != row.version:
        work.refuse(
            "records.changed_meanwhile", record=record.__tablename__, id=str(record_id), version=row.version,
            current=shown(work, record, row._asdict()) if may(record, work.who, "see") else None,
        )  # fmt: skip
    return row


def _within(work: Work, record: type[Record], record_id: UUID, operation: str) -> None:
    """Refuse what would put a row beyond the writer's own reach."""
    table: Table = record.__table__  # type: ignore[assignment]
    inside = select(func.count()).where(table.c.id == record_id, visible(record, work.who, operation))
    if not work.connection.execute(inside).scalar():
        work.refuse("access.denied", action=f"{record.__tablename__}.{operation}")


def allowed(work: Work, record: type[Record], operation: str, reason: str | None, *, reasoned: bool = True) -> None:
    """Refuse what the reader may not do with this kind at all, or what lacks its reason."""
    if record.rights.of(operation) is None:
        work.refuse("records.read_only", type=record.__tablename__)
    if not may(record, work.who, operation):
        work.refuse("access.denied", action=f"{record.__tablename__}.{operation}")
    if reasoned and operation in record.reasons and not (reason or "").strip():
        work.refuse("records.reason_needed")


def _unused(work: Work, record: type[Record], record_id: UUID) -> None:
    for kind in RECORDS.values():
        table: Table = kind.__table__  # type: ignore[assignment]
        for name, field in kind.fields().items():
            if field.link != record.__tablename__ or name not in table.c or field.kind == "entry":
                continue  # ADM-I06: a deleted dictionary value stays readable where it was chosen
            if field.kind == "links":
                continue
            naming = select(func.count()).where(table.c[name] == record_id, table.c.deleted_at.is_(None))
            if kind.lapses is not None:
                place = ports.places.main(work.connection)
                today = place.business_day(work.now) if place is not None else work.now.date()
                # A period is kept as `2026-03-01/2026-03-31`, one without end as `2026-03-01/`.
                end = func.substr(table.c[kind.lapses], LENGTH_OF_DAY + 2)
                naming = naming.where(or_(end == "", end >= today.isoformat()))
            count = work.connection.execute(naming).scalar() or 0
            if count:
                work.refuse("records.used", count=count, kind=kind.__tablename__, field=name)


def _explained(work: Work, record: type[Record], change: Any) -> Any:
    """Turn the database's own no into a refusal."""
    try:
        return change()
    except Exception as failure:
        text = str(getattr(failure, "orig", failure)).lower()
        kind = type(failure).__name__
        if isinstance(failure, IntegrityError) or kind in ("IntegrityError", "UniqueViolation", "ForeignKeyViolation"):
            if "foreign" in text:
                work.refuse("records.linked", field="", named="")
            if "unique" in text or "duplicate" in text:
                refuse_taken(work, record, failure)
        raise


def tell(work: Work, record: type[Record], kind: str, row: Any) -> None:
    """Announce a change of a record to those who watch its module."""
    work.notify(record.plan().module, kind, type=record.__tablename__, id=row.id, version=row.version)
