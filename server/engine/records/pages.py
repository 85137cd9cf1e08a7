"""Pages of a list by what their last row holds, so that page ten thousand is as quick as the first and none repeats a row.

Empty values come before all others, on both databases.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Table, and_, false, or_, true

from common.records.field import LINKS
from common.text import N_
from server.engine.actions.work import Work
from server.engine.database.types import to_json
from server.engine.errors import refusal
from server.engine.records.conditions import askable
from server.engine.records.fields import Field
from server.engine.records.record import Record

NO_ORDER = refusal("records.no_order", N_("A list cannot be sorted by {field}."), 422)
BAD_PAGE = refusal("records.bad_page", N_("This page does not belong to this list. Read the list anew."), 422)

END = "end"


@dataclass(frozen=True)
class Key:
    """One column of a list's order."""

    column: ColumnElement[Any]
    field: Field
    name: str
    down: bool
    nullable: bool


class Order:
    """A list's order: what was asked for, else the kind's own, and the id last."""

    def __init__(self, work: Work, record: type[Record], wanted: list[str]) -> None:
        table: Table = record.__table__  # type: ignore[assignment]
        self.keys = [self._key(work, record, table, name) for name in wanted or record.order or record.title]
        self.keys.append(Key(table.c.id, Field("id", ""), "id", bool(self.keys and self.keys[-1].down), False))

    def _key(self, work: Work, record: type[Record], table: Table, wanted: str) -> Key:
        name = wanted.removeprefix("-")
        field = askable(work, record, name)
        if field.protected or not field.sortable:
            work.refuse("records.no_order", field=name)
        column, shape = table.c[name], field
        if f"{name}_sort" in table.c:
            column, shape = table.c[f"{name}_sort"], Field("text", "")
            name = f"{name}_sort"
        elif field.kind == "words":
            work.refuse("records.no_order", field=name)
        nullable = bool(column.nullable)
        if shape.kind in ("text", "choice", "email", "phone") and work.connection.dialect.name == "postgresql":
            return Key(column.collate("C"), shape, name, wanted.startswith("-"), nullable)
        return Key(column, shape, name, wanted.startswith("-"), nullable)

    def by(self, *, backwards: bool = False) -> list[Any]:
        """The columns to order by."""
        ordered = []
        for key in self.keys:
            down = key.down is not backwards
            one = key.column.desc() if down else key.column.asc()
            if key.nullable:
                one = one.nulls_last() if down else one.nulls_first()
            ordered.append(one)
        return ordered

    def after(self, work: Work, token: str) -> ColumnElement[bool]:
        """The rows behind the one that a page ended with."""
        values = self._values(work, token)
        ways: list[ColumnElement[bool]] = []
        same: list[ColumnElement[bool]] = [true()]
        for key, value in zip(self.keys, values, strict=True):
            ways.append(and_(*same, self._beyond(key, value)))
            same.append(key.column.is_(None) if value is None else key.column == value)
        first, value = self.keys[0], values[0]
        # Said once more alone, so that the index of the first column can begin there.
        bound = true()
        if value is not None and not first.down:
            bound = first.column >= value
        elif value is not None and not first.nullable:
            bound = first.column <= value
        return and_(bound, or_(*ways))

    def _beyond(self, key: Key, value: Any) -> ColumnElement[bool]:
        if value is None:
            return false() if key.down else key.column.is_not(None)
        if not key.down:
            return key.column > value  # type: ignore[no-any-return]
        return or_(key.column < value, key.column.is_(None)) if key.nullable else key.column < value

    def token(self, row: Any) -> str:
        """What the next page is asked for with."""
        values = [row[key.name] for key in self.keys]
        return base64.urlsafe_b64encode(to_json(values).encode()).decode().rstrip("=")

    def _values(self, work: Work, token: str) -> list[Any]:
        try:
            values = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except ValueError:
            values = None
        if not isinstance(values, list) or len(values) != len(self.keys):
            work.refuse("records.bad_page")
        try:
            return [_restored(key.field.kind, value) for key, value in zip(self.keys, values, strict=True)]
        except ValueError:
            work.refuse("records.bad_page")


def _restored(kind: str, value: Any) -> Any:
    """A value of a token as its column holds it."""
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(str(value))
    if kind == "day":
        return date.fromisoformat(str(value))
    if kind in (*LINKS, "id", "image"):
        return UUID(str(value))
    if not isinstance(value, str | int | bool):
        raise ValueError(kind)
    return value
