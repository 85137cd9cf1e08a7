"""Prepared reading of warnings that ended."""

from sqlalchemy import bindparam, select

from server.engine.database.schema import alert
from server.engine.database.statements import Prepared

MOST = 5000
PAST = Prepared(
    select(alert)
    .where(
        alert.c.raised_at >= bindparam("begin", type_=alert.c.raised_at.type),
        alert.c.raised_at < bindparam("end", type_=alert.c.raised_at.type),
        alert.c.ended_at.is_not(None),
    )
    .order_by(alert.c.raised_at.desc(), alert.c.id)
    .limit(MOST)
)
"""Raised within [begin, end): by the index on when they were raised."""
