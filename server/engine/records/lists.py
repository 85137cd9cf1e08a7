"""Reading records on the generic path: scope, conditions, order, pages, totals, groups. Rows leave only through `visible`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, select

from common.records.field import LINKS, WHOLE
from common.records.query import Condition, Group, Page, Query
from common.text import N_, translate
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.conditions import askable, clause, found
from server.engine.records.fields import Field
from server.engine.records.pages import END, Order
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import in_view, may, visible
from server.engine.records.shown import all_shown, labels_of, name_of, names, shown

__all__ = ["Query", "listed", "may", "name_of", "one", "record_type", "shown", "visible"]

UNKNOWN_TYPE = refusal("records.unknown_type", N_("There is no such kind of entry."), 404)
NO_TOTAL = refusal("records.no_total", N_("{field} has no sum."), 422)

EXACT_TO = 10_000
MOST_GROUPS = 500


def record_type(work: Work, name: str) -> type[Record]:
    """The kind of record of this name; refuses an unknown one."""
    kind = RECORDS.get(name)
    if kind is None:
        work.refuse("records.unknown_type", type=name)
    return kind


def matching(work: Work, record: type[Record], query: Query, operation: str = "see") -> ColumnElement[bool]:
    """What selects the rows of a query, within the reader's rights for this operation."""
    if not may(record, work.who, operation):
        work.refuse("access.denied", action=f"{record.__tablename__}.{operation}")
    table: Table = record.__table__  # type: ignore[assignment]
    parts = [visible(record, work.who, operation), *[clause(work, record, c) for c in query.conditions]]
    asked = _asked(query.conditions) | {query.group_by}
    parts += [table.c[name] == value for name, value in record.usual.items() if name not in asked]
    parts += in_view(record, work.who, asked)
    if query.deleted != "with":
        gone = table.c.deleted_at.is_not(None)
        parts.append(gone if query.deleted == "only" else ~gone)
    if query.deleted != "without" and not may(record, work.who, "delete"):
        work.refuse("access.denied", action=f"{record.__tablename__}.delete")
    if query.search:
        parts.append(found(work, record, query.search))
    return and_(*parts)


def _asked(conditions: list[Condition]) -> set[str | None]:
    """The fields that conditions ask about."""
    return {c.field for c in conditions}.union(*(_asked(c.either) for c in conditions))


def listed(work: Work, record: type[Record], query: Query) -> Page:
    """A page of rows, or of groups. The total is "more" beyond 10,000 unless asked for."""
    table: Table = record.__table__  # type: ignore[assignment]
    where = matching(work, record, query)
    totals = [_summed(work, record, name) for name in query.totals]
    if query.group_by:
        return _grouped(work, record, query, where, totals)
    order = Order(work, record, query.sort)
    backwards = query.after == END
    asked = select(table).where(where).order_by(*order.by(backwards=backwards)).limit(query.limit + (not backwards))
    if query.after and not backwards:
        asked = asked.where(order.after(work, query.after))
    rows = [row._mapping for row in work.connection.execute(asked)]
    if backwards:
        rows.reverse()
    page, more = rows[: query.limit], len(rows) > query.limit
    items = all_shown(work, record, page)
    return Page(
        items=items,
        total=len(page) if not query.after and not more else _counted(work, table, where, exact=query.count),
        next=order.token(page[-1]) if more else None,
        labels=labels_of(work, record, items),
        totals=_sums(work, table, where, totals),
    )


def _counted(work: Work, table: Table, where: ColumnElement[bool], *, exact: bool) -> Any:
    counted = select(table.c.id).where(where)
    if not exact:
        counted = counted.limit(EXACT_TO + 1)
    total = work.connection.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
    return "more" if not exact and total > EXACT_TO else total


def _summed(work: Work, record: type[Record], name: str) -> str:
    if askable(work, record, name).kind not in WHOLE:
        work.refuse("records.no_total", field=name)
    return name


def _sums(work: Work, table: Table, where: ColumnElement[bool], names: list[str]) -> dict[str, int]:
    if not names:
        return {}
    row = work.connection.execute(select(*[func.sum(table.c[n]).label(n) for n in names]).where(where)).one()
    return {n: int(row._mapping[n] or 0) for n in names}


def _grouped(work: Work, record: type[Record], query: Query, where: ColumnElement[bool], totals: list[str]) -> Page:
    table: Table = record.__table__  # type: ignore[assignment]
    name = query.group_by or ""
    field = askable(work, record, name)
    if field.protected or field.kind in ("links", "files", "document", "words", "address", "coordinates"):
        work.refuse("records.bad_condition", field=name, operator="group_by")
    column = table.c[name]
    asked = (
        select(
            column.label("value"), func.count().label("n"), *[func.sum(table.c[t]).label(f"sum_{t}") for t in totals]
        )
        .where(where)
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(MOST_GROUPS)
    )
    rows = [row._mapping for row in work.connection.execute(asked)]
    called = _called(work, field, [row["value"] for row in rows])
    groups = [
        Group(
            value=_plain(row["value"]),
            label=called.get(str(row["value"]), ""),
            count=row["n"],
            totals={t: int(row[f"sum_{t}"] or 0) for t in totals},
        )
        for row in rows
    ]
    return Page(groups=groups, total=len(groups), totals=_sums(work, table, where, totals))


def _called(work: Work, field: Field, values: list[Any]) -> dict[str, str]:
    if field.kind in LINKS and field.link:
        return names(work, field.link, {v for v in values if v is not None})
    return {code: translate(label, work.language) for code, label in field.choices}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def one(work: Work, record: type[Record], record_id: UUID) -> dict[str, Any]:
    """One row as shown, with the names its links lead to; refuses when it is not there or not for this one to see."""
    return shown(work, record, met(work, record, record_id, "see"))


def met(work: Work, record: type[Record], record_id: UUID, operation: str) -> Any:
    """A row (a mapping) that this one may meet in this operation, deleted ones too; refuses otherwise."""
    if record.rights.of(operation) is None:
        work.refuse("records.read_only", type=record.__tablename__)
    if not may(record, work.who, operation):
        work.refuse("access.denied", action=f"{record.__tablename__}.{operation}")
    table: Table = record.__table__  # type: ignore[assignment]
    row = work.connection.execute(
        select(table).where(table.c.id == record_id, visible(record, work.who, operation))
    ).first()
    if row is None:
        work.refuse("records.not_found", record=record.__tablename__, id=str(record_id))
    return row._mapping
