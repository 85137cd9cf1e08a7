"""Which layout a zone's displays have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from common.protocol.queue_display import DisplayPart, DisplayShape
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.modules.queue.records_display import DisplayLayout

_layout = DisplayLayout.__table__
IN_USE = Prepared(select(_layout).where(_layout.c.in_use == true(), _layout.c.deleted_at.is_(None)))
"""At most one a zone, and one for the others."""


def shape_of(work: Work, zone_id: UUID) -> DisplayShape:
    """The layout in use in a zone: its own, else that of all, else everything without a welcome."""
    rows: dict[Any, Any] = {row.zone_id: row for row in work.rows(IN_USE)}
    row = rows.get(zone_id) or rows.get(None)
    if row is None:
        return DisplayShape()
    return DisplayShape(
        earlier=row.earlier,
        queues=row.queues,
        ticker=row.ticker,
        parts=[DisplayPart.model_validate(one) for one in row.parts or ()],
        second_date=row.second_date,
        welcome=row.welcome or {},
        welcome_after=row.welcome_after * 60,
    )
