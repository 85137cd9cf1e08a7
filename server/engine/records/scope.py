"""Who may meet which rows: permissions with a reach, and the path by which a kind of record belongs to people and places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, false, or_, true

from server.engine.principal import ALL, LEVELS, Principal

if TYPE_CHECKING:
    from server.engine.records.record import Record

OPERATIONS = ("see", "read", "add", "edit", "delete", "export")


@dataclass(frozen=True)
class Rights:
    """The permissions of a record kind on the generic path; what has none is refused to everybody there.

    `see` shows a row in lists by its title, `read` all of it (the same as `see` unless told), `export` takes lists out of
    the house (the same as `read`)."""

    see: str | None = None
    add: str | None = None
    edit: str | None = None
    delete: str | None = None
    read: str | None = None
    export: str | None = None

    def of(self, operation: str) -> str | None:
        """The permission of an operation."""
        if operation == "read":
            return self.read or self.see
        if operation == "export":
            return self.export or self.read or self.see
        return getattr(self, operation)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Scope:
    """The columns by which rows belong to a person, department, section, hall or outlet; `through` borrows the scope of
    the record behind a link. A kind without a scope is for those alone whose permission reaches over all."""

    own: tuple[str, ...] = ()
    department: str | None = None
    section: str | None = None
    hall: str | None = None
    outlet: str | None = None
    through: str | None = None


OPEN = Scope(through="")
"""Base data without anything to hide: whoever holds the permission meets every row, however short it reaches."""


def visible(record: type[Record], who: Principal, operation: str = "see") -> ColumnElement[bool]:
    """The condition under which this one may meet rows of this kind in this operation (COR-035, COR-I13)."""
    permission = record.rights.of(operation)
    if permission is None:
        return false()
    own = reach(record, who, who.level(permission))
    if not who.lent:
        return own
    return or_(own, *[reach(record, giver, giver.level(permission)) for giver in who.lent])


def reach(record: type[Record], who: Principal, level: str | None) -> ColumnElement[bool]:
    """The rows of a kind within a level of this one: everything that the record says of that level or a narrower one."""
    if level is None:
        return false()
    scope = record.scope
    if level == ALL or scope is OPEN:
        return true()
    if scope is None:
        return false()
    table: Table = record.__table__  # type: ignore[assignment]
    parts: list[ColumnElement[bool]] = []
    for name in LEVELS[: LEVELS.index(level) + 1]:
        columns = scope.own if name == "own" else tuple(c for c in (getattr(scope, name),) if c)
        ids = (who.id,) if name == "own" else who.places.get(name, ())
        parts += [table.c[column].in_(list(ids)) for column in columns if ids]
    if scope.through:
        target = record.linked(scope.through)
        far: Table = target.__table__  # type: ignore[assignment]
        far = far if far is not table else far.alias()  # type: ignore[assignment]
        parts.append(exists().where(far.c.id == table.c[scope.through], reach(target, who, level)))
    return or_(false(), *parts)


def in_view(record: type[Record], who: Principal, asked: Collection[str | None] = ()) -> list[ColumnElement[bool]]:
    """What keeps a list of this kind to the outlet and department in view; nothing for a kind without such a place, and
    where the query itself asks about it."""
    found: list[ColumnElement[bool]] = []
    table: Table = record.__table__  # type: ignore[assignment]
    for place, ids in who.in_view.items():
        names = _places(record, place)
        if not names and record.scope is not None and record.scope.through:
            target = record.linked(record.scope.through)
            far: Table = target.__table__  # type: ignore[assignment]
            if far is not table and _places(target, place):
                inside = _kept_to(far, _places(target, place)[0], place, ids)
                found.append(exists().where(far.c.id == table.c[record.scope.through], inside))
        elif names and names[0] not in asked:
            found.append(_kept_to(table, names[0], place, ids))
    return found


def _places(record: type[Record], place: str) -> list[str]:
    """The columns of a kind that link to an outlet or a department; the tree of departments itself is never narrowed by one."""
    if record.__tablename__ == place:
        return []
    return [n for n, f in record.fields().items() if f.link == place and f.kind == "link" and not f.secret]


def _kept_to(table: Table, name: str, place: str, ids: tuple[UUID, ...]) -> ColumnElement[bool]:
    """Rows of these places. What belongs to no outlet belongs to each; what belongs to no department to none."""
    column = table.c[name]
    here: ColumnElement[bool] = column.in_(list(ids))
    return here if place == "department" else or_(here, column.is_(None))


def may(record: type[Record], who: Principal, operation: str) -> bool:
    """Whether the operation is open to this one for some row at least."""
    permission = record.rights.of(operation)
    return permission is not None and who.may(permission)
