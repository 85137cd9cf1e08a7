"""Prepared reading of workplaces."""

from __future__ import annotations

from sqlalchemy import select

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.modules.people.records_workplaces import Workplace

_kept = Workplace.__table__
KEPT_WORKPLACES = Prepared(
    select(_kept).where(_kept.c.deleted_at.is_(None)).order_by(_kept.c.place, _kept.c.id).limit(200)
)
WORKPLACES_NOW = Cached("people.workplaces", lambda connection: tuple(KEPT_WORKPLACES.rows(connection)), ("people",))
