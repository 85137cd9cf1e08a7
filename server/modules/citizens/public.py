"""What other modules may call of citizens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.ports import ports
from server.modules.citizens import loaders, rules
from server.modules.citizens.records import Applicant, Company, Restriction
from server.modules.organisation.public import within_period

__all__ = ["Applicant", "Company", "Restriction", "restricted", "standing"]


def restricted(work: Work, applicant_id: UUID, area: str) -> list[Any]:
    """The restrictions that keep an applicant from an area today: id, area, held, why."""
    place = ports.places.main(work.connection)
    today = place.business_day(work.now) if place is not None else work.now.date()
    areas = rules.areas_of(area)
    rows = loaders.restrictions(work, applicant_id)
    return [row for row in rows if row.area in areas and within_period(row.held, today)]


def standing(work: Work, applicant_id: UUID) -> UUID:
    """The applicant's id, or that of the entry into which it was merged."""
    for _ in range(50):
        row = loaders.row_of(work, Applicant, applicant_id)
        if row is None or row.merged_into_id is None:
            break
        applicant_id = row.merged_into_id
    return applicant_id
