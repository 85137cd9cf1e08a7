"""Record: what every kind of record is made of. Declaring one gives its table, lists, form, search, audit and rights."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column

from server.engine.access.permissions import permission
from server.engine.database.schema import metadata
from server.engine.database.types import Id, Utc, new_id
from server.engine.records.fields import SORTED_LENGTH, Computed, Field
from server.engine.records.plan import Plan
from server.engine.records.scope import Rights, Scope
from server.engine.records.unique import unique_together

__all__ = ["RECORDS", "Plan", "Record", "Retention", "Rights", "Scope", "When", "snake"]

from common.records.field import When

RECORDS: dict[str, type[Record]] = {}
"""Every kind of record by its name, as in `/api/records/{name}`."""


@dataclass(frozen=True)
class Retention:
    """How long rows are kept: so many days after a moment of theirs, then they are deleted for good; for ever without."""

    days: int | None = None
    after: str = "changed_at"
    why: str = ""


FOR_EVER = Retention()


class Record(DeclarativeBase):
    """Base of all records: identity, version for optimistic locking, who and when.

    A kind and a label are enough: without `rights` the kind gets permissions of its own, named after it."""

    metadata = metadata
    __abstract__ = True

    rights: ClassVar[Rights]
    label: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    """The name of its list; the label without it."""
    retention: ClassVar[Retention] = FOR_EVER
    title: ClassVar[tuple[str, ...]] = ()
    """The fields that name one record to a reader."""
    order: ClassVar[tuple[str, ...]] = ()
    """How lists are sorted when nothing else is asked; the title without it."""
    scope: ClassVar[Scope | None] = None
    usual: ClassVar[dict[str, Any]] = {}
    """Values that lists show unless the query asks about the field itself: `{"locked": False}` hides locked accounts."""
    reasons: ClassVar[tuple[str, ...]] = ()
    """Of add, edit, delete: what needs a reason, kept in the history (SM-REASON)."""
    traced: ClassVar[bool] = False
    """Whether opening one record leaves a trace: whatever is about a citizen (ADM-I12)."""
    attachments: ClassVar[bool] = False
    """Whether files may be attached to one record (SM-ATT)."""
    attachments_need: ClassVar[str | None] = None
    """The permission without which one knows of no attached file, as `needs` of a field."""
    among: ClassVar[str | None] = None
    """The field whose value brothers share besides what is above them: an entry's dictionary. Moving one moves no others."""
    lapses: ClassVar[str | None] = None
    """A field with a period after which a record stands in nobody's way: what it names may then be deleted."""
    sections: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Headings of the form by name, in their order: `(("contact", N_("Contact")), …)`."""

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
        if cls.__dict__.get("__abstract__"):
            super().__init_subclass__(**options)
            return
        name = snake(cls.__name__)
        _add_companions(cls)
        cls.computed_fields = {n: v for n, v in cls.__dict__.items() if isinstance(v, Computed)}
        for computed in cls.computed_fields:
            delattr(cls, computed)
        super().__init_subclass__(**options)
        if name in RECORDS and RECORDS[name].__module__ != cls.__module__:
            raise RuntimeError(f"record {name} is declared twice")
        if "rights" not in cls.__dict__:
            cls.rights = _own_rights(cls, name)
        RECORDS[name] = cls

    computed_fields: ClassVar[dict[str, Computed]] = {}

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
        """The declared fields by name, in their order: those with a column, then the computed ones."""
        found = cls.__dict__.get("_fields")
        if found is None:
            columns = {c.name: c.info["field"] for c in cls.__table__.columns if "field" in c.info}
            columns.update({n: c.field for n, c in cls.computed_fields.items()})
            found = {n: replace(f, name=n) for n, f in columns.items()}
            cls._fields = found
        return found

    @classmethod
    def linked(cls, name: str) -> type[Record]:
        """The kind of record that a link field leads to."""
        return RECORDS[cls.fields()[name].link or ""]

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        """The module's own check of a generic create, edit or delete; refuses through `work.refuse`."""


def _own_rights(cls: type[Record], name: str) -> Rights:
    """Permissions of a kind that names none: seen, added, edited, deleted by whoever holds `{name}.{operation}`."""
    return Rights(**{operation: permission(f"{name}.{operation}", cls.label) for operation in _OPERATIONS})


_OPERATIONS = ("see", "add", "edit", "delete")


def _add_companions(cls: type[Record]) -> None:
    """What stands beside a field: its folded form to sort by, a protected one's blind indexes, that it is unique."""
    for name, value in list(cls.__dict__.items()):
        field = value.column.info.get("field") if isinstance(value, MappedColumn) else None
        if field is None:
            continue
        if field.protected:
            setattr(cls, f"{name}_exact", _hidden(LargeBinary(18), index=True))
            setattr(cls, f"{name}_tail", _hidden(LargeBinary(18), index=True))
        elif sorted_by_companion(field):
            setattr(cls, f"{name}_sort", _hidden(String(SORTED_LENGTH)))
        if value.column.info.get("alone"):
            cls.__table_args__ = (
                *getattr(cls, "__table_args__", ()),
                unique_together(f"ux_{snake(cls.__name__)}_{name}", name),
            )


def sorted_by_companion(field: Field) -> bool:
    """Whether a field's folded form is kept beside it: a searchable text that lists show."""
    return field.kind in ("text", "words") and field.search and field.in_list and field.sortable and not field.secret


def _hidden(kind: Any, *, index: bool = False) -> Any:
    return mapped_column(kind, nullable=True, index=index or None, sort_order=97)


def snake(name: str) -> str:
    """`StaffMember` as `staff_member`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
