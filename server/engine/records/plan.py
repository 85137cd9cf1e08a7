"""A record kind's compiled statements, the shape of its rows, and the columns that follow from others."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnDefault, Table, bindparam, select, update

from common.text.fold import fold, initials
from common.text.words import pick
from server.engine.database.statements import Prepared, prepared_insert
from server.engine.records.fields import SORTED_LENGTH, Field
from server.engine.vault import Vault

if TYPE_CHECKING:
    from server.engine.records.record import Record


class Plan:
    """Made once a kind of record."""

    def __init__(self, record: type[Record]) -> None:
        self.table: Table = record.__table__  # type: ignore[assignment]
        self.module = record.__module__.split(".")[-2]
        self.names = tuple(c.name for c in self.table.columns)
        self.row = namedtuple(record.__name__ + "Row", self.names)  # type: ignore[misc]
        self.defaults: dict[str, Any] = {}
        for column in self.table.columns:
            default = column.default
            self.defaults[column.name] = (
                default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None
            )
        self.insert = prepared_insert(self.table, self.names)
        self.select = Prepared(select(self.table).where(self.table.c.id == bindparam("key_id")))
        fields: dict[str, Field] = {
            c.name: c.info["field"] for c in self.table.columns if isinstance(c.info.get("field"), Field)
        }
        self.searched = tuple(n for n, f in fields.items() if f.search and not f.protected)
        self.protected = tuple(n for n, f in fields.items() if f.protected)
        self.sorted = tuple(n for n in fields if f"{n}_sort" in self.table.columns)
        self.series = {c.name: str(c.info["series"]) for c in self.table.columns if "series" in c.info}
        self.place = next((c.name for c in self.table.columns if c.info.get("place")), None)
        self.parent = next((n for n, f in fields.items() if f.kind == "parent"), None)
        self.secret = frozenset(n for n, f in fields.items() if f.secret or f.protected)
        """Fields whose values stand in no audit row."""
        self.unseen = frozenset(n for n in self.names if n not in fields and n != "deleted_at")
        """Columns that follow from others or that the audit row says by itself."""
        self.plain = not (self.protected or self.sorted or self.series)
        self._updates: dict[tuple[str, ...], Prepared] = {}

    def update(self, names: tuple[str, ...]) -> Prepared:
        """The update of these columns at one id and version."""
        found = self._updates.get(names)
        if found is None:
            c = self.table.c
            statement = (
                update(self.table)
                .where(c.id == bindparam("key_id"), c.version == bindparam("key_version"))
                .values({name: bindparam(name, type_=c[name].type) for name in names})
            )
            found = self._updates[names] = Prepared(statement)
        return found

    def follow(self, values: dict[str, Any], vault: Vault) -> None:
        """Put into `values` what follows from the fields that stand in it: folded forms, ciphertext, blind indexes.

        Protected fields come in as plain text and leave as ciphertext."""
        for name in self.sorted:
            if name in values:
                values[f"{name}_sort"] = sorted_form(values[name])
        for name in self.protected:
            if name in values:
                sealed = vault.columns(self.place_of(name), values[name])
                values[name], values[f"{name}_exact"], values[f"{name}_tail"] = sealed

    def place_of(self, name: str) -> str:
        """The name under which the vault keeps a field."""
        return f"{self.table.name}.{name}"

    def shadow(self, values: dict[str, Any]) -> str:
        """The search shadow of these values: folded texts of all languages and their initials."""
        parts: list[str] = []
        for name in self.searched:
            value = values.get(name)
            texts = value.values() if isinstance(value, dict) else [value] if value else []
            for one in texts:
                parts.append(fold(str(one)))
                short = initials(str(one))
                if short:
                    parts.append(short)
        return " ".join(dict.fromkeys(parts))


def sorted_form(value: Any) -> str | None:
    """What lists sort a text by: folded, in the hall's first language, cut."""
    if value is None:
        return None
    text = pick(value, "en") if isinstance(value, dict) else str(value)
    return fold(text)[:SORTED_LENGTH]
