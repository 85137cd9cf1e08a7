"""Reading of the log: attempts to sign in, which the engine keeps, and deletions, of which the audit tells (ADM-027)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, true

from common.protocol.people import AskLog
from server.engine.database.schema import audit, sign_in_attempt

MOST_LOOKED_AT = 20_000
"""Rows that a search by name goes through: the newest."""


def attempts(connection: Connection, asked: AskLog) -> Iterator[Any]:
    """Attempts to sign in, latest first, by all conditions but the name: letters of all scripts are folded later."""
    at = sign_in_attempt.c.at
    where = [at >= asked.since if asked.since else true(), at < asked.until if asked.until else true()]
    if asked.address:
        where.append(sign_in_attempt.c.address == asked.address)
    if asked.kind:
        where.append(sign_in_attempt.c.succeeded.is_(asked.kind == "signed_in"))
    yield from _newest(connection, select(sign_in_attempt).where(and_(*where)).order_by(sign_in_attempt.c.id.desc()))


def deletions(connection: Connection, asked: AskLog) -> Iterator[Any]:
    """Audit rows of what was deleted, latest first."""
    at = audit.c.at
    where: list[ColumnElement[bool]] = [audit.c.changes.like('%"deleted_at":[null,%')]
    where += [at >= asked.since if asked.since else true(), at < asked.until if asked.until else true()]
    columns = (audit.c.at, audit.c.who, audit.c.record_type, audit.c.record_id)
    yield from _newest(connection, select(*columns).where(and_(*where)).order_by(audit.c.id.desc()))


def _newest(connection: Connection, asked: Any) -> Iterator[Any]:
    yield from connection.execute(asked.limit(MOST_LOOKED_AT))
