"""What was approved for a later day takes effect on that day."""

from __future__ import annotations

from typing import Any

from common.text import N_
from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.engine.records.record import Record
from server.modules.residency.deciding import take_effect, tell, today
from server.modules.residency.loaders import DUE


def due(work: Work) -> list[tuple[type[Record], Any]]:
    """Approved filings whose day has come, at most fifty."""
    day = today(work)
    return [(record, row.id) for record, statement in DUE.items() for row in work.rows(statement, day=day)]


@job("residency.due", every_seconds=60, look=due, label=N_("Let approved filings take effect on their day"))
def take_effect_today(work: Work, found: list[tuple[type[Record], Any]]) -> None:
    """Each once."""
    for record, filing_id in found:
        row = work.get(record, filing_id)
        if row.state == "approved" and not row.done:
            take_effect(work, record, row)
            tell(work, record, filing_id)
