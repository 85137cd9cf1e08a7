"""What rows of a file meet in the database: the entries that links name, those that a key names, and those in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, and_, literal, or_, select
from sqlalchemy.sql import visitors

from common.records.field import LINKS
from common.records.identity import identity_number, phone
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import visible
from server.engine.records.unique import Unique, uniques

AT_ONCE = 200
"""Values in one question to the database."""


class Names:
    """The entries of linked kinds by what they are called, as far as the reader may see them. Read once a kind."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, set[UUID]]] = {}

    def ids(self, work: Work, field: Field, said: str) -> set[UUID]:
        """The entries that a cell may mean: by id, number, code or name in any language."""
        kind = (field.link or "", field.dictionary or "")
        if kind not in self._known:
            self._known[kind] = _named(work, field)
        found = self._known[kind].get(fold(said), set())
        try:
            one = UUID(said)
        except ValueError:
            return found
        return {one}


def _named(work: Work, field: Field) -> dict[str, set[UUID]]:
    target = RECORDS[field.link or ""]
    table: Table = target.__table__  # type: ignore[assignment]
    fields = target.fields()
    unique = {one.names[0] for one in uniques(target) if len(one.names) == 1} | set(target.plan().series)
    called = [n for n in dict.fromkeys([*target.title, *unique, "code"]) if n in fields and n in table.c]
    called = [n for n in called if not fields[n].protected and fields[n].kind not in LINKS]
    asked = select(table.c.id, *[table.c[n] for n in called]).where(
        table.c.deleted_at.is_(None), visible(target, work.who)
    )
    if field.dictionary:
        dictionaries: Table = RECORDS["dictionary"].__table__  # type: ignore[assignment]
        asked = asked.where(
            table.c.dictionary_id.in_(select(dictionaries.c.id).where(dictionaries.c.code == field.dictionary))
        )
    found: dict[str, set[UUID]] = {}
    for row in work.connection.execute(asked):
        titles: list[str] = []
        for name in called:
            value = row._mapping[name]
            texts = [str(v) for v in value.values()] if isinstance(value, dict) else [str(value)] if value else []
            for text in texts:
                found.setdefault(fold(text), set()).add(row.id)
            if name in target.title and texts:
                titles.append(texts[0])
        if len(titles) > 1:
            found.setdefault(fold(" ".join(titles)), set()).add(row.id)
    return found


def met_by_key(work: Work, record: type[Record], field: Field, said: Iterable[str]) -> dict[str, list[Any]]:
    """The entries that this one may change, by their key as it was written (folded); several where it is not unique."""
    plan, table = record.plan(), record.plan().table
    wanted = {one: _key_forms(work, record, field, one) for one in set(said)}
    column = table.c[f"{field.name}_exact"] if field.protected else table.c[field.name]
    forms = [form for many in wanted.values() for form in many]
    rows: dict[Any, list[Any]] = {}
    for begin in range(0, len(forms), AT_ONCE):
        asked = select(table).where(
            column.in_(forms[begin : begin + AT_ONCE]), table.c.deleted_at.is_(None), visible(record, work.who, "edit")
        )
        for row in work.connection.execute(asked):
            value = row._mapping[column.name]
            rows.setdefault(bytes(value) if isinstance(value, memoryview) else value, []).append(
                plan.row(**dict(row._mapping))
            )
    return {one: [row for form in many for row in rows.get(form, ())] for one, many in wanted.items()}


def _key_forms(work: Work, record: type[Record], field: Field, said: str) -> list[Any]:
    if field.protected:
        normal = phone(said) if field.kind == "phone" else identity_number(said)
        return work.engine.vault.blinds(record.plan().place_of(field.name), "exact", normal) if normal else []
    if field.kind == "number":
        return [int(said)] if said.lstrip("-").isdigit() else []
    return [said]


@dataclass(frozen=True)
class Met:
    """What has a value that must be another for each: an earlier line of the file, or an entry."""

    field: str
    line: int = 0
    record_id: UUID | None = None
    deleted: bool = False


class Crowd:
    """Values that no two entries may share: those of the database and those of the file's earlier rows."""

    def __init__(self, record: type[Record]) -> None:
        self._record = record
        known = set(record.plan().names)
        series = set(record.plan().series)
        self._sets = [one for one in uniques(record) if known.issuperset(one.names) and not series & set(one.names)]
        self._seen: dict[Unique, dict[tuple[Any, ...], int]] = {one: {} for one in self._sets}

    def taken(self, work: Work, rows: list[tuple[int, UUID, dict[str, Any]]]) -> dict[int, list[Met]]:
        """Of these rows (number, id, all values as kept) those that would meet another, and what they meet."""
        plan, table = self._record.plan(), self._record.plan().table
        found: dict[int, list[Met]] = {}
        for one in self._sets:
            names = one.names
            wanted: dict[tuple[Any, ...], tuple[int, UUID]] = {}
            for number, record_id, values in rows:
                full = dict(values)
                if any(name not in plan.names or name.endswith("_exact") for name in names):
                    plan.follow(full, work.engine.vault)
                value = tuple(full.get(name) for name in names)
                if any(part is None for part in value):
                    continue
                earlier = self._seen[one].setdefault(value, number)
                if earlier != number:
                    found.setdefault(number, []).append(Met(names[-1], line=earlier))
                    continue
                wanted[value] = (number, record_id)
            keys = list(wanted)
            columns = [table.c[name] for name in names]
            for begin in range(0, len(keys), AT_ONCE):
                piece = keys[begin : begin + AT_ONCE]
                where = (
                    columns[0].in_([key[0] for key in piece])
                    if len(columns) == 1
                    else or_(*[and_(*[c == v for c, v in zip(columns, key, strict=True)]) for key in piece])
                )
                if one.standing:
                    where = and_(where, table.c.deleted_at.is_(None))
                for row in work.connection.execute(select(table.c.id, table.c.deleted_at, *columns).where(where)):
                    met = wanted.get(tuple(row[2:]))
                    if met is not None and met[1] != row[0]:
                        there = Met(names[-1], record_id=row[0], deleted=row[1] is not None)
                        found.setdefault(met[0], []).append(there)
        return found


def beyond(work: Work, record: type[Record], operation: str, rows: list[dict[str, Any]]) -> list[bool]:
    """For each of these rows (all columns) whether it would lie beyond the writer's own reach; the database says so by the
    same condition by which it shows rows, put to values instead of a table."""
    table: Table = record.__table__  # type: ignore[assignment]
    condition = visible(record, work.who, operation)
    used = {c for c in visitors.iterate(condition) if isinstance(c, Column) and c.table is table}
    if not used:
        inside = bool(work.connection.execute(select(condition)).scalar())
        return [not inside] * len(rows)
    known: dict[tuple[Any, ...], bool] = {}
    names = sorted(c.name for c in used)
    answers = []
    for row in rows:
        key = tuple(row.get(name) for name in names)
        if key not in known:
            put: Any = visitors.replacement_traverse(condition, {}, partial(_put, table, row))
            known[key] = bool(work.connection.execute(select(put)).scalar())
        answers.append(not known[key])
    return answers


def _put(table: Table, row: dict[str, Any], one: Any, **_told: Any) -> Any:
    if isinstance(one, Column) and one.table is table:
        return literal(row.get(one.name), one.type)
    return None
