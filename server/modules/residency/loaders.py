"""What the module reads of its own rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, false, literal_column, select

from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.engine.records.record import RECORDS, Record
from server.modules.organisation.public import StaffMember, Window
from server.modules.residency.records import PersonCancellation, PersonReinstatement, UnitWithdrawal


def _due(record: type[Record], day: str) -> Prepared:
    table: Any = record.__table__
    return Prepared(
        select(table.c.id)
        .where(table.c.state == literal_column("'approved'"), table.c.done == false(), table.c.deleted_at.is_(None))
        .where(table.c[day] <= bindparam("day", type_=table.c[day].type))
        .limit(50)
    )


DUE: dict[type[Record], Prepared] = {
    UnitWithdrawal: _due(UnitWithdrawal, "withdrawn_on"),
    PersonCancellation: _due(PersonCancellation, "cancelled_on"),
    PersonReinstatement: _due(PersonReinstatement, "reinstated_on"),
}
"""Approved filings whose day has come, fifty of each kind."""


def _belonging(record: type[Record], above: str) -> Prepared:
    table: Any = record.__table__
    return Prepared(
        select(table.c.id)
        .where(table.c[above] == bindparam("department", type_=Id()), table.c.deleted_at.is_(None))
        .order_by(table.c.id)
    )


_below = _belonging(RECORDS["department"], "parent_id")
_windows = _belonging(Window, "department_id")
_people = _belonging(StaffMember, "department_id")


def with_those_below(work: Work, department_id: UUID) -> list[UUID]:
    """A department and everything under it in the tree, those above first; nothing of one that was deleted."""
    found = [department_id] if work.find(RECORDS["department"], department_id) is not None else []
    for one in found:
        found += [row.id for row in work.rows(_below, department=one) if row.id not in found]
    return found


def of_departments(work: Work, departments: list[UUID]) -> tuple[list[UUID], list[UUID]]:
    """The windows and the people of these departments."""
    windows = [row.id for one in departments for row in work.rows(_windows, department=one)]
    return windows, [row.id for one in departments for row in work.rows(_people, department=one)]
