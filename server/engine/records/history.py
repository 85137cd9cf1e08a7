"""A record's history from the audit: who, when, before and after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select

from server.engine.actions.work import Work
from server.engine.database.schema import audit
from server.engine.database.statements import Prepared
from server.engine.records.lists import one
from server.engine.records.record import Record

_rows = Prepared(
    select(audit.c.at, audit.c.who, audit.c.who_kind, audit.c.action, audit.c.changes, audit.c.reason)
    .where(audit.c.record_id == bindparam("key_id"), audit.c.record_type == bindparam("key_type"))
    .order_by(audit.c.id.desc())
    .limit(500)
)


def history_of(work: Work, record: type[Record], record_id: UUID) -> list[dict[str, Any]]:
    """At most 500 changes of one record that the reader may see, latest first; secret fields are left out."""
    one(work, record, record_id)
    secret = {name for name, field in record.fields().items() if field.secret}
    rows = []
    for row in work.rows(_rows, key_id=record_id, key_type=record.__tablename__):
        changes = {n: v for n, v in orjson.loads(row.changes).items() if n not in secret}
        rows.append(
            {
                "at": row.at.isoformat(),
                "who": str(row.who) if row.who else None,
                "who_kind": row.who_kind,
                "action": row.action,
                "changes": changes,
                "reason": row.reason,
            }
        )
    return rows
