"""Reading records on the generic path: scope, conditions, sort, pages. Rows leave only through `visible`."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select, true

from common.text import N_
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.database.types import to_json
from server.engine.errors import refusal
from server.engine.principal import Principal
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record

UNKNOWN_TYPE = refusal("records.unknown_type", N_("There is no such kind of entry."), 404)
UNKNOWN_FIELD = refusal("records.unknown_field", N_("There is no field {field} here."), 422)
BAD_VALUE = refusal("records.bad_value", N_("{field} cannot hold this value."), 422)
READ_ONLY = refusal(
    "records.read_only", N_("This cannot be changed here; it changes only through its own commands."), 403
)

EXACT_TO = 10_000
OPERATORS = ("is", "is_not", "contains", "at_least", "at_most", "any_of", "empty", "not_empty")


class Condition(BaseModel):
    """One typed condition of a query."""

    field: str
    operator: str = "is"
    value: Any = None


class Query(BaseModel):
    """`POST /api/records/{type}/query`."""

    conditions: list[Condition] = []
    search: str = Limit(default="", max_length=100)
    sort: list[str] = []
    """Field names; a minus before one sorts it downwards."""
    limit: int = Limit(default=100, ge=1, le=500)
    after: str | None = None
    count: bool = False
    """Ask for the exact total beyond 10,000."""


def record_type(work: Work, name: str) -> type[Record]:
    """The kind of record of this name; refuses an unknown one."""
    found = RECORDS.get(name)
    if found is None:
        work.refuse("records.unknown_type", type=name)
    return found


def visible(record: type[Record], who: Principal, operation: str = "see") -> ColumnElement[bool]:
    """The condition under which this one may meet rows of this kind in this operation."""
    permission = getattr(record.rights, operation)
    if permission is None or not who.may(permission):
        return false()
    scope = record.scope(who)
    return true() if scope is None else scope


def may(record: type[Record], who: Principal, operation: str) -> bool:
    """Whether the operation is open to this one at all."""
    permission = getattr(record.rights, operation)
    return permission is not None and who.may(permission)


def listed(work: Work, record: type[Record], query: Query) -> dict[str, Any]:
    """A page of rows: `{"items", "total", "next"}`; `total` is "more" beyond 10,000 unless asked for."""
    if not may(record, work.who, "see"):
        work.refuse("access.denied", action=f"{record.__tablename__}.see")
    table: Table = record.__table__  # type: ignore[assignment]
    where = and_(
        visible(record, work.who),
        table.c.deleted_at.is_(None),
        *[_condition(work, record, c) for c in query.conditions],
    )
    if query.search:
        for word in fold(query.search).split():
            where = and_(where, table.c.search_shadow.contains(word, autoescape=True))
    order = [*_order(work, record, query.sort), table.c.id]
    offset = _offset(query.after)
    rows = work.connection.execute(
        select(table).where(where).order_by(*order).limit(query.limit + 1).offset(offset)
    ).all()
    page = rows[: query.limit]
    more = len(rows) > query.limit
    if offset == 0 and not more:
        total: int | str = len(page)
    else:
        counted = select(table.c.id).where(where)
        if not query.count:
            counted = counted.limit(EXACT_TO + 1)
        total = work.connection.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
        if not query.count and total > EXACT_TO:
            total = "more"
    return {
        "items": [shown(record, row._mapping) for row in page],
        "total": total,
        "next": _token(offset + query.limit) if more else None,
    }


def one(work: Work, record: type[Record], record_id: UUID) -> dict[str, Any]:
    """One row as shown; refuses when it is not there or not for this one to see."""
    if not may(record, work.who, "see"):
        work.refuse("access.denied", action=f"{record.__tablename__}.see")
    table: Table = record.__table__  # type: ignore[assignment]
    row = work.connection.execute(select(table).where(table.c.id == record_id, visible(record, work.who))).first()
    if row is None:
        work.refuse("records.not_found", record=record.__tablename__, id=str(record_id))
    return shown(record, row._mapping)


def shown(record: type[Record], row: Any) -> dict[str, Any]:
    """A row as it travels: declared fields and stamps; secret fields never."""
    values = {n: row[n] for n, f in record.fields().items() if not f.secret}
    for name in ("id", "version", "created_at", "changed_at", "deleted_at"):
        values[name] = row[name]
    return orjson.loads(to_json(values))  # type: ignore[no-any-return]


def _condition(work: Work, record: type[Record], condition: Condition) -> ColumnElement[bool]:
    fields = record.fields()
    if condition.field != "id" and (condition.field not in fields or fields[condition.field].secret):
        work.refuse("records.unknown_field", field=condition.field)
    table: Table = record.__table__  # type: ignore[assignment]
    column = table.c[condition.field]
    field = fields.get(condition.field, Field("id", ""))
    value = condition.value
    if condition.operator == "empty":
        return column.is_(None)
    if condition.operator == "not_empty":
        return column.is_not(None)
    if condition.operator == "contains":
        if not isinstance(value, str):
            work.refuse("records.bad_value", field=condition.field)
        if field.search:
            return table.c.search_shadow.contains(fold(value), autoescape=True)
        return column.contains(value, autoescape=True)
    if condition.operator == "any_of":
        if not isinstance(value, list):
            work.refuse("records.bad_value", field=condition.field)
        return or_(false(), *[column == converted(work, condition.field, field, v) for v in value])
    typed = converted(work, condition.field, field, value)
    if condition.operator == "is":
        return column == typed if typed is not None else column.is_(None)
    if condition.operator == "is_not":
        return column != typed if typed is not None else column.is_not(None)
    if condition.operator == "at_least":
        return column >= typed  # type: ignore[no-any-return]
    if condition.operator != "at_most":
        work.refuse("records.bad_value", field=condition.operator)
    return column <= typed  # type: ignore[no-any-return]


def converted(work: Work, name: str, field: Field, value: Any) -> Any:
    """A JSON value as the column's type; refuses what the field cannot hold."""
    if value is None:
        return None
    try:
        if field.kind in ("link", "image", "id"):
            return UUID(str(value))
        if field.kind == "moment":
            moment = datetime.fromisoformat(str(value))
            if moment.tzinfo is None:
                raise ValueError("a moment needs its zone")
            return moment
        if field.kind == "day":
            return date.fromisoformat(str(value))
        if field.kind == "number":
            if isinstance(value, bool) or not isinstance(value, int):
                raise ValueError("not a whole number")
            if (field.least is not None and value < field.least) or (field.most is not None and value > field.most):
                raise ValueError("outside its limits")
            return value
        if field.kind == "yes_no":
            if not isinstance(value, bool):
                raise ValueError("not yes or no")
            return value
        if field.kind == "choice":
            if value not in {code for code, _ in field.choices}:
                raise ValueError("not one of the choices")
            return value
        if field.kind == "words":
            if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
                raise ValueError("not a text by language")
            return {str(k): v.strip() for k, v in value.items() if v.strip()}
        if field.kind == "document":
            return value
        if not isinstance(value, str) or (field.length is not None and len(value) > field.length):
            raise ValueError("not a text, or too long")
        return value.strip()
    except ValueError:
        work.refuse("records.bad_value", field=name)


def _order(work: Work, record: type[Record], sort: list[str]) -> list[Any]:
    table: Table = record.__table__  # type: ignore[assignment]
    order = []
    for name in sort:
        plain = name.removeprefix("-")
        if plain not in record.fields() and plain not in ("created_at", "changed_at", "id"):
            work.refuse("records.unknown_field", field=plain)
        column = table.c[plain]
        order.append(column.desc() if name.startswith("-") else column)
    return order


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _offset(after: str | None) -> int:
    if not after:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()))
    except ValueError:
        return 0
