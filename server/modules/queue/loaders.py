"""Prepared reading of tickets, calls and windows' sessions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from server.engine.database.statements import Prepared
from server.modules.queue.records import Call, Ticket, WindowSession

ticket, call, session = Ticket.__table__, Call.__table__, WindowSession.__table__


def _in(*states: str) -> ColumnElement[bool]:
    """One of these states; not IN, whose list a statement compiled once cannot expand."""
    return or_(*[ticket.c.state == state for state in states])


# SKIP LOCKED: on PostgreSQL two windows calling at once pass by each other's ticket (QUE-904); SQLite has one writer.
HEAD = Prepared(
    select(ticket.c.id, ticket.c.service_id, ticket.c.priority, ticket.c.position)
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.service_id == bindparam("service"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.state == "waiting",
    )
    .order_by(ticket.c.priority.desc(), ticket.c.position)
    .limit(1)
    .with_for_update(skip_locked=True)
)
AHEAD = Prepared(
    select(func.count().label("n"))
    .select_from(ticket)
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.service_id == bindparam("service"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.state == "waiting",
        or_(
            ticket.c.priority > bindparam("priority", type_=ticket.c.priority.type),
            and_(
                ticket.c.priority == bindparam("priority", type_=ticket.c.priority.type),
                ticket.c.position < bindparam("position"),
            ),
        ),
    )
)
RECENT_TIMES = Prepared(
    select(ticket.c.started_at, ticket.c.finished_at)
    .where(ticket.c.service_id == bindparam("service"), ticket.c.state == "finished")
    .order_by(ticket.c.finished_at.desc())
    .limit(20)
)
COUNTED = Prepared(
    select(func.count().label("n"))
    .select_from(ticket)
    .where(
        ticket.c.outlet_id == bindparam("outlet"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.service_id == bindparam("service"),
        _in("waiting", "called", "serving", "finished"),
    )
)
WAITING = Prepared(
    select(
        ticket.c.service_id,
        func.count().label("n"),
        func.min(ticket.c.issued_at, type_=ticket.c.issued_at.type).label("oldest"),
    )
    .where(
        ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"), ticket.c.state == "waiting"
    )
    .group_by(ticket.c.service_id)
)
WAITING_ROWS = Prepared(
    select(ticket)
    .where(
        ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"), ticket.c.state == "waiting"
    )
    .order_by(ticket.c.priority.desc(), ticket.c.position)
    .limit(2000)
)
CALLED_ROWS = Prepared(
    select(ticket)
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.called_at.is_not(None),
    )
    .order_by(ticket.c.called_at.desc())
    .limit(1000)
)
CURRENT_NUMBERS = Prepared(
    select(ticket.c.service_id, ticket.c.number, ticket.c.called_at)
    .where(
        ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"),
        ticket.c.called_at.is_not(None), _in("called", "serving"),
    )
    .order_by(ticket.c.called_at)
)  # fmt: skip
DAY_ROWS = Prepared(
    select(ticket)
    .where(ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"))
    .order_by(ticket.c.issued_at, ticket.c.number)
)
CALLS = Prepared(
    select(
        call.c.sequence, call.c.ticket_id, call.c.window_id, call.c.at, call.c.recall,
        ticket.c.number, ticket.c.service_id, ticket.c.state,
    )
    .join(ticket, ticket.c.id == call.c.ticket_id)
    .where(call.c.zone_id == bindparam("zone"), call.c.business_day == bindparam("day"))
    .order_by(call.c.sequence.desc())
    .limit(20)
)  # fmt: skip
SESSION = Prepared(select(session).where(session.c.window_id == bindparam("window")))
SESSION_OF = Prepared(select(session).where(session.c.staff_id == bindparam("staff"), session.c.state != "closed"))
SESSIONS = Prepared(select(session))
# One column only: issuing asks this for every ticket, and sixteen whole rows cost as much as all the rest.
OPEN_WINDOWS = Prepared(select(session.c.window_id).where(session.c.state != "closed"))
STALE = Prepared(
    select(ticket.c.id).where(ticket.c.outlet_id == bindparam("outlet"), _in("waiting", "called", "serving"),
        ticket.c.business_day < bindparam("day"))
    .limit(200)
)  # fmt: skip
SERVED_BY = Prepared(
    select(func.count().label("n")).select_from(ticket).where(
        ticket.c.window_id == bindparam("window"), ticket.c.zone_id == bindparam("zone"),
        ticket.c.business_day == bindparam("day"), ticket.c.state == "finished",
    )
)  # fmt: skip
