"""Reading citizens: candidates for duplicates, links that lead to an entry, restrictions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, bindparam, cast, false, or_, select

from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.engine.records.record import RECORDS, Record
from server.modules.citizens.records import Restriction
from server.modules.citizens.rules import beginnings

MOST_CANDIDATES = 300
_restriction = Restriction.__table__
_held = Prepared(
    select(_restriction.c.id, _restriction.c.area, _restriction.c.held, _restriction.c.why).where(
        _restriction.c.applicant_id == bindparam("key_applicant", type_=Id()), _restriction.c.deleted_at.is_(None)
    )
)


def restrictions(work: Work, applicant_id: UUID) -> list[Any]:
    """All restrictions of an applicant, whenever they hold."""
    return work.rows(_held, key_applicant=applicant_id)


def same_value(work: Work, record: type[Record], name: str, value: str) -> ColumnElement[bool]:
    """The condition of having exactly this value; a protected one is met by its blind indexes."""
    table: Table = record.__table__  # type: ignore[assignment]
    if record.fields()[name].protected:
        return table.c[f"{name}_exact"].in_(work.engine.vault.blinds(record.plan().place_of(name), "exact", value))
    return table.c[name] == value


def candidates(work: Work, record: type[Record], asked: dict[str, Any], but: UUID | None) -> list[Any]:
    """Entries that may be the same: by an exact value or a birthday first, then those whose names begin alike."""
    table: Table = record.__table__  # type: ignore[assignment]
    exact = [same_value(work, record, name, value) for name, value in asked.items() if value and name != "name"]
    found: dict[UUID, Any] = {}
    for condition in (or_(false(), *exact), _begins(work, table, asked.get("name") or "")):
        standing = select(table).where(condition, table.c.deleted_at.is_(None)).limit(MOST_CANDIDATES)
        found.update({row.id: row for row in work.connection.execute(standing)})
    found.pop(but, None)  # type: ignore[arg-type]
    return list(found.values())


def _begins(work: Work, table: Table, name: str) -> ColumnElement[bool]:
    column: Any = table.c.name_sort
    if work.connection.dialect.name == "postgresql":
        column = column.collate("C")
    return or_(false(), *[(column >= one) & (column < one + "\U0010ffff") for one in beginnings(name)])


def row_of(work: Work, record: type[Record], record_id: UUID) -> Any:
    """A row, deleted or not; nothing when there never was one."""
    return work.first(record.plan().select, key_id=record_id)


def links_to(work: Work, kind: str, record_id: UUID, limit: int) -> list[tuple[str, UUID, str]]:
    """Every link that leads to an entry: kind of record, its id, the field."""
    found: list[tuple[str, UUID, str]] = []
    for name, record in RECORDS.items():
        table: Table = record.__table__  # type: ignore[assignment]
        for field_name, field in record.fields().items():
            if field.link != kind or field_name not in table.c or field_name == "merged_into_id":
                continue
            column = table.c[field_name]
            if field.kind == "links":
                naming: ColumnElement[bool] = cast(column, String).contains(str(record_id))
            else:
                naming = column == record_id
            rows = work.connection.execute(select(table.c.id).where(naming).order_by(table.c.id).limit(limit + 1))
            found += [(name, row.id, field_name) for row in rows]
    return found
