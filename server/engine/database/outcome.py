"""What an action leaves to be written with it: its audit rows and its notices."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, select, update

from server.engine.database.schema import action_key, audit, head, notice, notice_outbox
from server.engine.database.statements import Prepared

AUDIT_COLUMNS = (
    "at", "who", "who_kind", "action", "record_type", "record_id", "changes", "reason", "address", "number", "hash",
)  # fmt: skip
NOTICE_COLUMNS = ("topic", "kind", "ids", "at")

_insert_key = Prepared(insert(action_key).inline(), ("scope", "digest", "at", "result"))
_insert_audit = Prepared(insert(audit).inline(), AUDIT_COLUMNS)
_insert_sealed = Prepared(insert(audit).inline(), ("id", *AUDIT_COLUMNS))
_insert_notice = Prepared(insert(notice).inline(), NOTICE_COLUMNS)
_insert_outbox = Prepared(insert(notice_outbox).inline(), NOTICE_COLUMNS)
_read_head = Prepared(select(head.c.number, head.c.hash).where(head.c.name == bindparam("which")))
_write_head = Prepared(
    update(head)
    .where(head.c.name == bindparam("which"))
    .values(number=bindparam("new_number"), hash=bindparam("new_hash"))
)


ANSWERED = "openhall_answered"
"""In a writing connection's `info` on SQLite: the key rows of the batch by scope, which are written at its end."""


@dataclass
class Outcome:
    """The result of an action with the rows that are written at the end of its transaction or batch."""

    result: Any = None
    audit: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    key: dict[str, Any] | None = None
    """The key row of this action, where the store writes it with its batch (SQLite)."""
    after: list[Callable[[], None]] = field(default_factory=list)
    """Called after the commit is durable, in the writer's thread; for in-process wake-ups only."""


def canonical(row: dict[str, Any]) -> bytes:
    """The bytes of an audit row that its hash stands for: every column but its number and the hash itself."""
    values = [
        row["id"],
        row["at"].isoformat(timespec="microseconds"),
        row["who"].hex if row["who"] else None,
        row["who_kind"],
        row["action"],
        row["record_type"],
        row["record_id"].hex if row["record_id"] else None,
        row["changes"],
        row["reason"],
    ]
    if row["address"] is not None:  # a row of before addresses were kept has the hash that it always had
        values.append(row["address"])
    return orjson.dumps(values)


def chained(previous: bytes, number: int, row: dict[str, Any]) -> bytes:
    """The hash of an audit row on top of the one before it."""
    return hashlib.sha256(previous + number.to_bytes(8, "big") + hashlib.sha256(canonical(row)).digest()).digest()


def write_sealed(connection: Connection, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Write the rows of a batch on SQLite: keys, audit chained, notices numbered in commit order; gives the notices."""
    cursor = connection.connection.cursor()
    dialect = connection.dialect
    keys = [outcome.key for outcome in outcomes if outcome.key is not None]
    if keys:
        _insert_key.on(dialect).many(cursor, keys)
    rows = [row for outcome in outcomes for row in outcome.audit]
    if rows:
        number, last = _read_head.on(dialect).first(cursor, {"which": "audit"})
        last = bytes(last)
        # Its id is part of what the hash stands for, so it is given here: the one that AUTOINCREMENT would give.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
        (identity,) = cursor.fetchone() or (0,)
        for row in rows:
            number += 1
            identity += 1
            row["id"] = identity
            last = chained(last, number, row)
            row["number"], row["hash"] = number, last
        _insert_sealed.on(dialect).many(cursor, rows)
        _write_head.on(dialect).execute(cursor, {"which": "audit", "new_number": number, "new_hash": last})
    notices = [row for outcome in outcomes for row in outcome.notices]
    if notices:
        _insert_notice.on(dialect).many(cursor, notices)
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'notice'")
        (last_number,) = cursor.fetchone() or (0,)
        for place, row in enumerate(notices):
            row["number"] = last_number - len(notices) + 1 + place
    return notices


def write_open(connection: Connection, outcome: Outcome) -> None:
    """Write an action's rows on PostgreSQL: unchained and unnumbered; the sequencer does both within a second."""
    cursor = connection.connection.cursor()
    if outcome.audit:
        for row in outcome.audit:
            row["number"] = row["hash"] = None
        _insert_audit.on(connection.dialect).many(cursor, outcome.audit)
    if outcome.notices:
        _insert_outbox.on(connection.dialect).many(cursor, outcome.notices)
