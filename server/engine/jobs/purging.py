"""Purging of what is kept for a while only: numbered notices and the answers of keys, in small pieces."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, select

from server.engine.actions.work import Work
from server.engine.database.schema import action_key, notice
from server.engine.database.statements import Prepared
from server.engine.jobs.declare import job

NOTICES_KEPT = timedelta(hours=48)
KEYS_KEPT = timedelta(days=7)
PIECE = 200
"""Rows a turn: far below what would hold the writer for 50 ms; twice a minute this is 576,000 rows a day."""


def _older(table: Table, key: Column[Any]) -> Prepared:
    oldest = select(key).where(table.c.at < bindparam("moment", type_=table.c.at.type)).order_by(table.c.at)
    return Prepared(delete(table).where(key.in_(oldest.limit(PIECE).scalar_subquery())))


_notices = _older(notice, notice.c.number)
_keys = _older(action_key, action_key.c.scope)


@job("engine.purge", every_seconds=30)
def purge(work: Work) -> None:
    """Delete the oldest notices beyond 48 hours and the oldest keys beyond seven days."""
    work.run(_notices, moment=work.now - NOTICES_KEPT)
    work.run(_keys, moment=work.now - KEYS_KEPT)
