"""Conditions of a query as SQL, alike on both databases; refused where the reader may not ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, and_, cast, false, func, literal, not_, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from common.records.field import LINKS, TEXTS, WHOLE
from common.records.identity import identity_number, phone
from common.records.query import Condition
from common.records.values import BadValue, value_of
from common.text import N_
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.errors import Said, refusal
from server.engine.ports import ports
from server.engine.records.fields import Field
from server.engine.records.record import Record
from server.engine.records.shown import fields_for

UNKNOWN_FIELD = refusal("records.unknown_field", N_("There is no field {field} here."), 422)
BAD_CONDITION = refusal("records.bad_condition", N_("{field} cannot be asked for in this way."), 422)

STAMPED = {
    "id": Field("id", ""),
    "created_at": Field("moment", ""),
    "changed_at": Field("moment", ""),
    "created_by": Field("id", ""),
    "changed_by": Field("id", ""),
}
"""What every record has besides its own fields."""


def clause(work: Work, record: type[Record], condition: Condition) -> ColumnElement[bool]:
    """One condition; several of which one must hold."""
    if condition.either:
        return or_(false(), *[clause(work, record, one) for one in condition.either])
    field = askable(work, record, condition.field)
    table: Table = record.__table__  # type: ignore[assignment]
    return _Asked(work, record, table, field, condition).clause()


def askable(work: Work, record: type[Record], name: str) -> Field:
    """The field of a condition; refuses one that the reader may not know of."""
    field = fields_for(record, work.who).get(name) or STAMPED.get(name)
    if field is None:
        work.refuse("records.unknown_field", field=name)
    if field.computed:
        work.refuse("records.bad_condition", field=name)
    return field


def found(work: Work, record: type[Record], words: str) -> ColumnElement[bool]:
    """The rows that a quick search finds: every word somewhere, folded, also by initials."""
    table: Table = record.__table__  # type: ignore[assignment]
    plan = record.plan()
    fields = fields_for(record, work.who)
    hidden = [n for n in plan.searched if n not in fields]
    parts: list[ColumnElement[bool]] = [true()]
    for word in fold(words).split():
        if hidden:
            # The shadow holds the hidden field's words too: ask the others one by one.
            own = [table.c[n] for n in plan.searched if n in fields]
            parts.append(or_(false(), *[_written(c, word) for c in own]))
        else:
            parts.append(table.c.search_shadow.contains(word, autoescape=True))
    return and_(*parts)


def _written(column: Any, word: str) -> ColumnElement[bool]:
    forms = {word, word.upper(), word.title(), word.capitalize()}
    return or_(*[cast(column, String).contains(form, autoescape=True) for form in forms])


class _Asked:
    """One condition being turned into SQL."""

    def __init__(self, work: Work, record: type[Record], table: Table, field: Field, condition: Condition) -> None:
        self.work, self.record, self.table, self.field = work, record, table, field
        self.name, self.operator, self.value = condition.field, condition.operator, condition.value
        self.column: Any = table.c[self.name]

    def clause(self) -> ColumnElement[bool]:
        if self.field.protected:
            return self._protected()
        if self.field.kind in ("links", "files"):
            return self._several()
        make = _CLAUSES.get(self.operator)
        return make(self) if make is not None else self._refuse()

    def _refuse(self) -> NoReturn:
        self.work.refuse("records.bad_condition", field=self.name, operator=self.operator)

    def typed(self, value: Any = ...) -> Any:
        """The condition's value as the column's; refuses what the field cannot hold."""
        try:
            return value_of(self.field, self.value if value is ... else value)
        except BadValue:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))

    def typed_list(self) -> list[Any]:
        if not isinstance(self.value, list) or len(self.value) > 500:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))
        return [self.typed(one) for one in self.value]

    def text(self) -> str:
        if not isinstance(self.value, str) or self.field.kind not in (*TEXTS, "words", "choice", "address"):
            self._refuse()
        return str(self.value)

    # operators

    def is_(self) -> ColumnElement[bool]:
        if self.field.kind == "words":
            return self._any_language(lambda value: value == self.text())
        typed = self.typed()
        return self.column.is_(None) if typed is None else self.column == typed  # type: ignore[no-any-return]

    def is_not(self) -> ColumnElement[bool]:
        typed = self.typed()
        return self.column.is_not(None) if typed is None else or_(self.column != typed, self.column.is_(None))

    def contains(self) -> ColumnElement[bool]:
        asked = self.text()
        plan = self.record.plan()
        if self.name in plan.searched and len(plan.searched) == 1:
            return self.table.c.search_shadow.contains(fold(asked), autoescape=True)
        if f"{self.name}_sort" in self.table.c and self.field.kind == "text":
            return self.table.c[f"{self.name}_sort"].contains(fold(asked), autoescape=True)
        return _written(self.column, fold(asked)) | cast(self.column, String).contains(asked, autoescape=True)

    def starts_with(self) -> ColumnElement[bool]:
        asked = self.text()
        if f"{self.name}_sort" in self.table.c:
            return self.table.c[f"{self.name}_sort"].startswith(fold(asked), autoescape=True)
        return self.column.startswith(asked, autoescape=True)  # type: ignore[no-any-return]

    def ordered(self) -> None:
        if self.field.kind not in (*WHOLE, "day", "moment", "time", "period", "text"):
            self._refuse()

    def at_least(self) -> ColumnElement[bool]:
        self.ordered()
        return self.column >= self.typed()  # type: ignore[no-any-return]

    def at_most(self) -> ColumnElement[bool]:
        self.ordered()
        return self.column <= self.typed()  # type: ignore[no-any-return]

    def between(self) -> ColumnElement[bool]:
        self.ordered()
        bounds = self.typed_list()
        if len(bounds) != 2:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))
        low, high = bounds
        parts = [true()]
        if low is not None:
            parts.append(self.column >= low)
        if high is not None:
            parts.append(self.column <= high)
        return and_(*parts)

    def any_of(self) -> ColumnElement[bool]:
        values = self.typed_list()
        known = [v for v in values if v is not None]
        parts = [self.column.in_(known)] if known else [false()]
        if None in values:
            parts.append(self.column.is_(None))
        return or_(*parts)

    def empty(self) -> ColumnElement[bool]:
        return self.column.is_(None)  # type: ignore[no-any-return]

    def below(self) -> ColumnElement[bool]:
        """In this place of the linked tree or anywhere under it."""
        target = self.record.linked(self.name) if self.field.kind in LINKS else self.record
        parent = target.plan().parent
        if self.field.kind not in LINKS or parent is None:
            self._refuse()
        far: Table = target.__table__  # type: ignore[assignment]
        tree = select(far.c.id).where(far.c.id == self.typed()).cte(recursive=True)
        tree = tree.union(select(far.c.id).where(far.c[parent or ""] == tree.c.id))
        return self.column.in_(select(tree.c.id))  # type: ignore[no-any-return]

    def on(self) -> ColumnElement[bool]:
        day = self.typed_day(self.value)
        return self._days(day, day)

    def last_days(self) -> ColumnElement[bool]:
        today = self.today()
        return self._days(today - timedelta(days=self.count() - 1), today)

    def next_days(self) -> ColumnElement[bool]:
        today = self.today()
        return self._days(today, today + timedelta(days=self.count() - 1))

    def holds(self) -> ColumnElement[bool]:
        if self.field.kind != "period":
            self._refuse()
        day = self.typed_day(self.value).isoformat()
        ends = func.substr(self.column, 12)
        return and_(func.substr(self.column, 1, 10) <= day, or_(ends == "", ends >= day))

    # means

    def count(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 1 <= self.value <= 3660:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))
        return int(self.value)

    def typed_day(self, value: Any) -> Any:
        try:
            return value_of(Field("day", ""), value)
        except BadValue:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))

    def today(self) -> Any:
        place = ports.places.main(self.work.connection)
        return self.work.now.date() if place is None else place.business_day(self.work.now)

    def _days(self, first: Any, last: Any) -> ColumnElement[bool]:
        """From the start of one day of the outlet to the end of another."""
        if self.field.kind == "day":
            return and_(self.column >= first, self.column <= last)
        if self.field.kind != "moment":
            self._refuse()
        place = ports.places.main(self.work.connection)
        zone = place.zone if place is not None else self.work.now.tzinfo
        begins = datetime.combine(first, time(), zone)
        ends = datetime.combine(last + timedelta(days=1), time(), zone)
        return and_(self.column >= begins, self.column < ends)

    def _protected(self) -> ColumnElement[bool]:
        """By exact value and by the last four, each by its blind index; nothing else may be asked."""
        if self.operator in ("empty", "not_empty"):
            return self.column.is_(None) if self.operator == "empty" else self.column.is_not(None)  # type: ignore[no-any-return]
        if self.operator not in ("is", "ends_with") or not isinstance(self.value, str):
            self._refuse()
        plain = phone(self.value) if self.field.kind == "phone" else identity_number(self.value)
        purpose, column = ("exact", "exact") if self.operator == "is" else ("tail", "tail")
        place = self.record.plan().place_of(self.name)
        blinds = self.work.engine.vault.blinds(place, purpose, plain or "")
        return self.table.c[f"{self.name}_{column}"].in_(blinds)

    def _several(self) -> ColumnElement[bool]:
        """Lists of ids: one of them, none of them, empty or not."""
        if self.operator in ("empty", "not_empty"):
            none = or_(self.column.is_(None), cast(self.column, String) == "[]")
            return none if self.operator == "empty" else not_(none)
        values = self.value if isinstance(self.value, list) else [self.value]
        try:
            ids = [str(UUID(str(v))) for v in values]
        except ValueError:
            self.work.refuse("records.bad_value", field=self.name, named=Said(self.field.label))
        if self.operator not in ("is", "any_of", "none_of", "is_not"):
            self._refuse()
        some = or_(false(), *[self._holds_id(one) for one in ids])
        return some if self.operator in ("is", "any_of") else not_(func.coalesce(some, false()))

    def _holds_id(self, identity: str) -> ColumnElement[bool]:
        # An id is 36 characters between quotes: no other value of the list can look like it.
        return cast(self.column, String).contains(f'"{identity}"')

    def _any_language(self, test: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        if self.work.connection.dialect.name == "postgresql":
            values = func.jsonb_each_text(cast(self.column, JSONB)).table_valued("key", "value")
        else:
            values = func.json_each(self.column).table_valued("key", "value")
        return select(literal(1)).select_from(values).where(test(values.c.value)).exists()


_CLAUSES: dict[str, Callable[[_Asked], ColumnElement[bool]]] = {
    "is": _Asked.is_,
    "is_not": _Asked.is_not,
    "contains": _Asked.contains,
    "contains_not": lambda asked: not_(func.coalesce(asked.contains(), false())),
    "starts_with": _Asked.starts_with,
    "at_least": _Asked.at_least,
    "at_most": _Asked.at_most,
    "between": _Asked.between,
    "any_of": _Asked.any_of,
    "none_of": lambda asked: not_(func.coalesce(asked.any_of(), false())),
    "empty": _Asked.empty,
    "not_empty": lambda asked: not_(asked.empty()),
    "below": _Asked.below,
    "on": _Asked.on,
    "last_days": _Asked.last_days,
    "next_days": _Asked.next_days,
    "holds": _Asked.holds,
}
