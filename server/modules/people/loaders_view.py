"""Which outlets and departments somebody may have in view, and which he has (COR-038, COR-039)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from server.engine.database.statements import Prepared
from server.modules.organisation.public import DEPARTMENTS, PLAN, below
from server.modules.people.records import Account

REACH = "organisation.see"
"""The permission whose reach says what may be in view."""
VIEWED = Prepared(
    update(Account)
    .where(Account.id == bindparam("key_id"))
    .values(in_view=bindparam("view", type_=Account.__table__.c.in_view.type))
)


def reachable(
    connection: Connection, level: str | None, places: Mapping[str, tuple[UUID, ...]]
) -> tuple[dict[UUID, Any], dict[UUID, Any]]:
    """The outlets and the departments, as rows by id, that a reach meets."""
    if level is None:
        return {}, {}
    outlets, departments = PLAN.read(connection).outlets, DEPARTMENTS.read(connection)
    if level == "all":
        return dict(outlets), dict(departments)
    own = {one: outlets[one] for one in places.get("outlet", ()) if one in outlets}
    mine = set(places.get("department", ()))
    wide = ("section", "hall", "outlet")
    for wider in wide[: wide.index(level) + 1] if level in wide else ():
        reached = set(places.get(wider, ()))
        mine |= {row.id for row in departments.values() if getattr(row, f"{wider}_id") in reached}
    return own, {one: row for one, row in departments.items() if one in mine}


def chosen(
    connection: Connection, kept: Mapping[str, str] | None, level: str | None, places: Mapping[str, tuple[UUID, ...]]
) -> dict[str, UUID]:
    """What somebody has in view now: his choice, as far as it stands and lies within his reach still."""
    if not kept:
        return {}
    outlets, departments = reachable(connection, level, places)
    found = {name: UUID(one) for name, one in kept.items()}
    return {name: one for name, one in found.items() if one in (outlets if name == "outlet" else departments)}


def narrowed(connection: Connection, chosen_ones: Mapping[str, UUID]) -> dict[str, tuple[UUID, ...]]:
    """To which rows lists keep: the outlet, the department with all below it."""
    view: dict[str, tuple[UUID, ...]] = {}
    if "outlet" in chosen_ones:
        view["outlet"] = (chosen_ones["outlet"],)
    if "department" in chosen_ones:
        view["department"] = tuple(below(connection, [chosen_ones["department"]]))
    return view
