"""A row as it travels: what the reader may know of it, protected fields masked, links with their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Table, and_, select

from common.records.field import LINKS
from common.text import translate
from common.text.words import pick
from server.engine.actions.work import Work
from server.engine.database.types import to_json
from server.engine.principal import Principal
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import may, visible

STAMPS = ("id", "version", "created_at", "created_by", "changed_at", "changed_by", "deleted_at")


def fields_for(record: type[Record], who: Principal) -> dict[str, Field]:
    """The fields of a kind that this one may know of: neither secret nor hidden by a missing right or by a role."""
    return {
        name: field
        for name, field in record.fields().items()
        if not field.secret and who.may(field.needs) and f"{record.__tablename__}.{name}" not in who.hidden
    }


def shown(work: Work, record: type[Record], row: Any) -> dict[str, Any]:
    """One row (a mapping) as this reader may see it."""
    return all_shown(work, record, [row])[0]


def all_shown(work: Work, record: type[Record], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows (mappings) as this reader may see them. Who may see but not read them gets what names them alone."""
    fields = fields_for(record, work.who)
    if not may(record, work.who, "read"):
        fields = {n: f for n, f in fields.items() if n in record.title}
    plan, vault = record.plan(), work.engine.vault
    plain = [n for n, f in fields.items() if not f.computed and not f.protected]
    computed = [n for n, f in fields.items() if f.computed]
    masked = [(n, plan.place_of(n)) for n, f in fields.items() if f.protected]
    items = []
    for row in rows:
        values = {name: row[name] for name in (*plain, *STAMPS)}
        for name in computed:
            values[name] = record.computed_fields[name].value(work, _Row(row))
        for name, place in masked:
            values[name] = vault.masked(place, row[name])
        items.append(values)
    return orjson.loads(to_json(items))  # type: ignore[no-any-return]


class _Row:
    """A mapping whose values are attributes as well, for computed fields."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError as failure:
            raise AttributeError(name) from failure


def name_of(record: type[Record], row: Any, language: str) -> str:
    """What a reader calls one record: its title's fields, choices by their words."""
    parts = []
    for name in record.title:
        value, field = row[name], record.fields()[name]
        if isinstance(value, dict):
            value = pick(value, language)
        elif field.kind == "choice":
            value = translate(dict(field.choices).get(value, str(value)), language)
        if value:
            parts.append(str(value))
    return " ".join(parts)


def labels_of(work: Work, record: type[Record], items: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names of all records that links of these items lead to, as far as the reader may see them: one question a
    kind, not one a row. Deleted ones keep their name (ADM-I06)."""
    wanted: dict[str, set[UUID]] = {}
    linking = {n: f for n, f in fields_for(record, work.who).items() if f.link and f.kind in (*LINKS, "links")}
    for item in items:
        for name, field in linking.items():
            value = item.get(name)
            ids = value if isinstance(value, list) else [value] if value else []
            wanted.setdefault(field.link or "", set()).update(UUID(str(one)) for one in ids)
        if item.get("changed_by"):
            wanted.setdefault("staff_member", set()).update(UUID(item[n]) for n in ("changed_by", "created_by"))
    found: dict[str, str] = {}
    for kind, everyone in wanted.items():
        found.update(names(work, kind, everyone))
    return found


def names(work: Work, kind: str, ids: set[UUID]) -> dict[str, str]:
    """The names of these records of one kind, by id as text, as far as the reader may see them."""
    target = RECORDS.get(kind)
    if target is None or not target.title or not ids:
        return {}
    table: Table = target.__table__  # type: ignore[assignment]
    columns = [table.c.id, *[table.c[n] for n in target.title]]
    found: dict[str, str] = {}
    everyone = list(ids)
    for begin in range(0, len(everyone), 500):
        where = and_(table.c.id.in_(everyone[begin : begin + 500]), visible(target, work.who))
        for row in work.connection.execute(select(*columns).where(where)):
            found[str(row.id)] = name_of(target, row._mapping, work.language)
    return found
