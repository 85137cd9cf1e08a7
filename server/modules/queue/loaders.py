"""Prepared reading of tickets, calls and windows' sessions."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, false, func, literal_column, or_, select, true

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.modules.organisation.public import PLAN
from server.modules.queue.records import Call, Ticket, WindowSession
from server.modules.queue.rules import seconds_between

ticket, call, session = Ticket.__table__, Call.__table__, WindowSession.__table__


def _in(*states: str) -> ColumnElement[bool]:
    """One of these states, written out: with a bound state SQLite must plan the statement anew at every run to see
    whether a partial index holds (16 µs instead of 4)."""
    return or_(*[ticket.c.state == literal_column(f"'{state}'") for state in states])


def _before(priority: ColumnElement[bool], position: str) -> ColumnElement[int]:
    """How many wait with this priority before a place: one range of the index, since an OR would read all."""
    return (
        select(func.count())
        .select_from(ticket)
        .where(
            ticket.c.zone_id == bindparam("zone"),
            ticket.c.service_id == bindparam("service"),
            ticket.c.business_day == bindparam("day"),
            _in("waiting"),
            ticket.c.priority == priority,
            ticket.c.position < bindparam(position),
        )
        .scalar_subquery()
    )


# SKIP LOCKED: on PostgreSQL two windows calling at once pass by each other's ticket (QUE-904); SQLite has one writer.
HEAD = Prepared(
    select(ticket.c.id, ticket.c.service_id, ticket.c.priority, ticket.c.position)
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.service_id == bindparam("service"),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
    )
    .order_by(ticket.c.priority.desc(), ticket.c.position)
    .limit(1)
    .with_for_update(skip_locked=True)
)
AHEAD = Prepared(select((_before(true(), "priority_before") + _before(false(), "position")).label("n")))
EVERY = 2**62
"""As `priority_before`: everybody with priority goes first."""
RECENT_TIMES = Prepared(
    select(ticket.c.started_at, ticket.c.finished_at)
    .where(ticket.c.service_id == bindparam("service"), _in("finished"), ticket.c.finished_at.is_not(None))
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
    .where(ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"), _in("waiting"))
    .group_by(ticket.c.service_id)
)
WAITING_ROWS = Prepared(
    select(ticket)
    .where(ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"), _in("waiting"))
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
        ticket.c.business_day == bindparam("day"), _in("finished"),
    )
)  # fmt: skip


def open_now(connection: Connection) -> dict[UUID, frozenset[UUID]]:
    """By zone, the windows where somebody is signed in."""
    windows = PLAN.read(connection).windows
    found: dict[UUID, set[UUID]] = {}
    for row in OPEN_WINDOWS.rows(connection):
        if row.window_id in windows:
            found.setdefault(windows[row.window_id].zone_id, set()).add(row.window_id)
    return {zone: frozenset(opened) for zone, opened in found.items()}


OPEN = Cached("queue.open_windows", open_now, ("queue.window", "organisation"), prompt=True)
"""As `open_now`, forgotten by every notice of a window."""


def times_now(connection: Connection, service_id: UUID) -> tuple[int, ...]:
    """The seconds of the last twenty services, latest first."""
    rows = RECENT_TIMES.rows(connection, service=service_id)
    return tuple(s for row in rows if (s := seconds_between(row.started_at, row.finished_at)) is not None)


TIMES = Cached("queue.times", times_now, ("queue.window",), ("finished",), prompt=True)
"""As `times_now`, by service, until the next ticket is finished."""
