"""What was approved for a later day takes effect on that day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import false, select

from common.text import N_
from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.engine.records.record import Record
from server.modules.residency.deciding import take_effect, tell, today
from server.modules.residency.records import PersonCancellation, PersonReinstatement, UnitWithdrawal

DAYS: dict[type[Record], str] = {
    UnitWithdrawal: "withdrawn_on",
    PersonCancellation: "cancelled_on",
    PersonReinstatement: "reinstated_on",
}


def due(work: Work) -> list[tuple[type[Record], Any]]:
    """Approved filings whose day has come, at most fifty."""
    found: list[tuple[type[Record], Any]] = []
    for record, day in DAYS.items():
        table: Any = record.__table__
        asked = (
            select(table.c.id)
            .where(
                table.c.state == "approved", table.c.done == false(), table.c[day] <= today(work),
                table.c.deleted_at.is_(None),
            )
            .limit(50)
        )  # fmt: skip
        found.extend((record, one) for one in work.connection.execute(asked).scalars())
    return found


@job("residency.due", every_seconds=60, look=due, label=N_("Let approved filings take effect on their day"))
def take_effect_today(work: Work, found: list[tuple[type[Record], Any]]) -> None:
    """Each once."""
    for record, filing_id in found:
        row = work.get(record, filing_id)
        if row.state == "approved" and not row.done:
            take_effect(work, record, row)
            tell(work, record, filing_id)
