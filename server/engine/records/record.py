"""Record: what every kind of record is made of. Declaring one gives its table, lists, form, search, audit and rights."""

from __future__ import annotations

import re
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnDefault, ColumnElement, Integer, Table, Text, bindparam, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from common.text.fold import fold, initials
from server.engine.database.schema import metadata
from server.engine.database.statements import Prepared, prepared_insert
from server.engine.database.types import Id, Utc, new_id
from server.engine.records.fields import Field

RECORDS: dict[str, type[Record]] = {}
"""Every kind of record by its name, as in `/api/records/{name}`."""


@dataclass(frozen=True)
class Rights:
    """The permissions of a record kind on the generic path; what has none is refused to everybody there."""

    see: str | None = None
    add: str | None = None
    edit: str | None = None
    delete: str | None = None


class Plan:
    """A record kind's compiled statements and the shape of its rows, made once."""

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
        self.searched = tuple(
            c.name for c in self.table.columns if isinstance(c.info.get("field"), Field) and c.info["field"].search
        )
        self.secret = frozenset(
            c.name for c in self.table.columns if isinstance(c.info.get("field"), Field) and c.info["field"].secret
        )
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


class Record(DeclarativeBase):
    """Base of all records: identity, version for optimistic locking, who and when."""

    metadata = metadata
    __abstract__ = True

    rights: ClassVar[Rights] = Rights()
    label: ClassVar[str] = ""
    retention: ClassVar[str] = "for ever"
    title: ClassVar[tuple[str, ...]] = ()
    """The fields that name one record to a reader."""

    id: Mapped[UUID] = mapped_column(Id, primary_key=True, default=new_id, sort_order=-10)
    version: Mapped[int] = mapped_column(Integer, default=1, nullable=False, sort_order=90)
    created_at: Mapped[datetime] = mapped_column(Utc, nullable=False, sort_order=91)
    created_by: Mapped[UUID] = mapped_column(Id, nullable=False, sort_order=92)
    changed_at: Mapped[datetime] = mapped_column(Utc, nullable=False, sort_order=93)
    changed_by: Mapped[UUID] = mapped_column(Id, nullable=False, sort_order=94)
    deleted_at: Mapped[datetime | None] = mapped_column(Utc, nullable=True, sort_order=95)
    search_shadow: Mapped[str] = mapped_column(Text, default="", nullable=False, sort_order=96)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake(cls.__name__)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.__dict__.get("__abstract__"):
            name = snake(cls.__name__)
            if name in RECORDS and RECORDS[name].__module__ != cls.__module__:
                raise RuntimeError(f"record {name} is declared twice")
            RECORDS[name] = cls

    @classmethod
    def plan(cls) -> Plan:
        """The compiled statements of this kind."""
        found = cls.__dict__.get("_plan")
        if found is None:
            found = Plan(cls)
            cls._plan = found
        return found

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The declared fields by column name, in their order."""
        table: Table = cls.__table__  # type: ignore[assignment]
        return {c.name: c.info["field"] for c in table.columns if "field" in c.info}

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        """The module's own check of a generic create or edit; refuses through `work.refuse`."""

    @classmethod
    def scope(cls, who: Any) -> ColumnElement[bool] | None:
        """Which rows the reader may see; `None` sees all that the permission allows."""
        return None


def snake(name: str) -> str:
    """`StaffMember` as `staff_member`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
