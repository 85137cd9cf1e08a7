"""What the module reads of its own rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, false, literal_column, select

from server.engine.database.statements import Prepared
from server.engine.records.record import Record
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
