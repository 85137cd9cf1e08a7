"""Reading notices again: what a client missed while it was away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from server.engine.database.schema import head, notice
from server.engine.database.statements import Prepared

PIECE = 500

_after = Prepared(
    select(notice.c.number, notice.c.topic, notice.c.kind, notice.c.ids, notice.c.at)
    .where(notice.c.number > bindparam("since"))
    .order_by(notice.c.number)
    .limit(PIECE)
)
_first = Prepared(select(func.min(notice.c.number).label("first")))
_last = Prepared(select(func.max(notice.c.number).label("last")))
_head = Prepared(select(head.c.number).where(head.c.name == "notice"))


def notices_after(connection: Connection, since: int) -> list[dict[str, Any]]:
    """At most 500 notices after a number, in order."""
    rows = _after.rows(connection, since=since)
    return [row._asdict() for row in rows]


def bounds(connection: Connection) -> tuple[int, int]:
    """The first number that can still be read and the last that was given, also when all were pruned; zeros for none."""
    last = _last.first(connection).last
    if last is None:
        if connection.dialect.name == "postgresql":
            last = _head.first(connection).number
        else:
            cursor = connection.connection.cursor()
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'notice'")
            found = cursor.fetchone()
            last = found[0] if found else 0
        return (last + 1, last)
    return (_first.first(connection).first, last)
