"""A record's history from the audit: who, when, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select, true, union_all

from server.engine.actions.work import Work
from server.engine.database.schema import audit
from server.engine.database.statements import Prepared
from server.engine.records.lists import one
from server.engine.records.record import Record
from server.engine.records.shown import fields_for, names

_rows = Prepared(
    select(audit.c.at, audit.c.who, audit.c.who_kind, audit.c.action, audit.c.changes, audit.c.reason)
    .where(audit.c.record_id == bindparam("key_id"), audit.c.record_type == bindparam("key_type"))
    .order_by(audit.c.id.desc())
    .limit(500)
)


def history_of(work: Work, record: type[Record], record_id: UUID) -> list[dict[str, Any]]:
    """At most 500 changes of one record that the reader may see, latest first, with who made them by name; fields that
    this reader may not know of are left out, protected ones show that they changed."""
    one(work, record, record_id)
    known = {*fields_for(record, work.who), "deleted_at", "attachment"}
    found = work.rows(_rows, key_id=record_id, key_type=record.__tablename__)
    called = names(work, "staff_member", {row.who for row in found if row.who and row.who_kind == "person"})
    rows = []
    for row in found:
        changes = {n: v for n, v in orjson.loads(row.changes).items() if n in known}
        rows.append(
            {
                "at": row.at.isoformat(),
                "who": str(row.who) if row.who else None,
                "who_kind": row.who_kind,
                "who_name": called.get(str(row.who), ""),
                "action": row.action,
                "changes": changes,
                "reason": row.reason,
            }
        )
    return rows


def log_of(
    work: Work, records: Iterable[type[Record]], record_id: UUID | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Changes of several kinds in one list, latest first; fields that this reader may not know of are left out. The kinds
    must be such that whoever may ask sees each of their rows."""
    kinds = {record.__tablename__: record for record in records}
    columns = (
        audit.c.id, audit.c.at, audit.c.who, audit.c.who_kind, audit.c.action, audit.c.record_type, audit.c.record_id,
        audit.c.changes, audit.c.reason,
    )  # fmt: skip
    # By the records' own ids, which have an index: most of the audit is about tickets.
    parts = [
        select(*columns)
        .join(record.__table__, record.__table__.c.id == audit.c.record_id)
        .where(
            audit.c.record_type == kind,
            audit.c.record_id == record_id if record_id is not None else true(),
            audit.c.id < before if before is not None else true(),
        )
        for kind, record in kinds.items()
    ]
    whole = union_all(*parts).subquery()
    asked = select(whole).order_by(whole.c.id.desc()).limit(limit)
    known = {kind: {*fields_for(record, work.who), "deleted_at"} for kind, record in kinds.items()}
    return [
        {
            "number": row.id,
            "at": row.at,
            "who": row.who if row.who_kind == "person" else None,
            "action": row.action,
            "kind": row.record_type,
            "record_id": row.record_id,
            "changes": {n: v for n, v in orjson.loads(row.changes).items() if n in known[row.record_type]},
            "reason": row.reason,
        }
        for row in work.connection.execute(asked)
    ]
