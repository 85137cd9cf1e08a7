"""What no two entries may share, and who is in the way of whom. Deleted entries keep their values and stand in nobody's way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, Table, UniqueConstraint, select, text

from common.text import N_
from server.engine.errors import Said, refusal

if TYPE_CHECKING:
    from server.engine.actions.work import Work
    from server.engine.records.record import Record

TAKEN = refusal("records.taken", N_("There is an entry with this value already."), 409)
TAKEN_SINCE = refusal(
    "records.taken_since",
    N_("Another entry has the same value now: {named}. Change or delete that entry first, then restore this one."),
    409,
)
STANDING = "deleted_at IS NULL"


def unique_together(name: str, *columns: str) -> Index:
    """That no two entries that stand share the values of these columns; part of a record's `__table_args__`."""
    return Index(name, *columns, unique=True, sqlite_where=text(STANDING), postgresql_where=text(STANDING))


@dataclass(frozen=True)
class Unique:
    """Columns whose values no two entries may share; `standing`: deleted ones do not count."""

    names: tuple[str, ...]
    standing: bool = False


def uniques(record: type[Record]) -> list[Unique]:
    """What must be unique; what holds for some entries alone is left to the database."""
    table: Table = record.__table__  # type: ignore[assignment]
    found = {Unique((c.name,)): None for c in table.columns if c.unique}
    for one in table.constraints:
        if isinstance(one, UniqueConstraint):
            found[Unique(tuple(c.name for c in one.columns))] = None
    for index in table.indexes:
        where = {str(index.dialect_options[d].get("where")) for d in ("sqlite", "postgresql")}
        names = tuple(str(getattr(c, "name", None) or "") for c in index.expressions)
        if index.unique and where <= {"None", STANDING} and all(name in table.c for name in names):
            found[Unique(names, STANDING in where)] = None
    return list(found)


def refuse_taken_since(work: Work, record: type[Record], row: Any) -> None:
    """Refuse to bring a deleted row back whose value another entry was given meanwhile."""
    table: Table = record.__table__  # type: ignore[assignment]
    for one in uniques(record):
        values = [row._asdict()[name] for name in one.names]
        if not one.standing or None in values:
            continue
        same = [table.c[name] == value for name, value in zip(one.names, values, strict=True)]
        found = select(table.c.id).where(*same, table.c.deleted_at.is_(None), table.c.id != row.id).limit(1)
        if work.connection.execute(found).first() is not None:
            field = _field(record, one.names)
            work.refuse("records.taken_since", field=field, named=Said(record.fields()[field].label) if field else "")


def refuse_taken(work: Work, record: type[Record], failure: Exception) -> None:
    """Refuse what the database did not take, with the field whose value another entry has."""
    field = _field(record, _named(record, failure))
    fault = {"field": field, "code": "taken", "message": TAKEN.sentence, "facts": {}}
    work.refuse("records.taken", **({"field": field, "fields": [fault]} if field else {}))


def _named(record: type[Record], failure: Exception) -> tuple[str, ...]:
    """The columns that a database's no is about: SQLite names them, PostgreSQL the index."""
    table: Table = record.__table__  # type: ignore[assignment]
    cause = getattr(failure, "orig", None) or failure
    name = getattr(getattr(cause, "diag", None), "constraint_name", None)
    for one in table.indexes:
        if name is not None and one.name == name:
            return tuple(c.name for c in one.columns)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and name is not None and constraint.name == name:
            return tuple(c.name for c in constraint.columns)
    return tuple(re.findall(rf"\b{table.name}\.(\w+)", str(cause)))


def _field(record: type[Record], names: tuple[str, ...]) -> str:
    """The last of these columns that is a field of the form."""
    fields = record.fields()
    known = [bare for name in names if (bare := name.removesuffix("_exact")) in fields and not fields[bare].secret]
    return known[-1] if known else ""
