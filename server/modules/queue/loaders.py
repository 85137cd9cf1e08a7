"""Prepared reading of tickets, calls and windows' sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, false, func, literal_column, or_, select, true, union_all

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.modules.organisation.public import PLAN
from server.modules.queue.records import Call, Ticket, WindowSession
from server.modules.queue.records_day import HallOrder, ServiceOrder, TicketLayout, queue_hour, queue_pace
from server.modules.queue.rules import Pace, seconds_between

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


_HEAD = (
    ticket.c.id, ticket.c.service_id, ticket.c.priority, ticket.c.position, ticket.c.number, ticket.c.issued_at,
    ticket.c.waiting_since,
)  # fmt: skip
_order = (ticket.c.priority.desc(), ticket.c.position)


def _line(service: str = "service") -> tuple[ColumnElement[bool], ...]:
    return (
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.service_id == bindparam(service),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
        ticket.c.bound_window_id.is_(None),
    )


@cache
def heads(services: int) -> Prepared:
    """The first return visit to a window (QUE-062), then the first in each of so many services' lines (`service_0` …), in
    one statement: as one each they cost a call a tenth of its time."""
    # SKIP LOCKED: on PostgreSQL two windows calling at once pass by each other's ticket (QUE-904); SQLite has one writer.
    to_window = (
        ticket.c.bound_window_id == bindparam("window"),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
        ticket.c.bound_window_id.is_not(None),
    )
    lines = [(true(), to_window), *((false(), _line(f"service_{place}")) for place in range(services))]
    each = [
        select(*_HEAD, bound.label("bound")).where(*where).order_by(*_order).limit(1).with_for_update(skip_locked=True)
        for bound, where in lines
    ]
    return Prepared(union_all(*(select(one.subquery()) for one in each)))


HEAD_OTHERS = Prepared(
    select(*_HEAD)
    .where(*_line(), ticket.c.priority == false())
    .order_by(ticket.c.position)
    .limit(1)
    .with_for_update(skip_locked=True)
)
"""The first without priority; asked only where a ratio or a bound on waiting is set."""
BOUND_COUNT = Prepared(
    select(func.count().label("n"))
    .select_from(ticket)
    .where(
        ticket.c.bound_window_id == bindparam("window"),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
        ticket.c.bound_window_id.is_not(None),
    )
)
AHEAD = Prepared(select((_before(true(), "priority_before") + _before(false(), "position")).label("n")))
EVERY = 2**62
"""As `priority_before`: everybody with priority goes first."""
RECENT_TIMES = Prepared(
    select(ticket.c.started_at, ticket.c.finished_at)
    .where(ticket.c.service_id == bindparam("service"), _in("finished"), ticket.c.finished_at.is_not(None))
    .where(ticket.c.test == false())
    .order_by(ticket.c.finished_at.desc())
    .limit(20)
)


def _counted(*states: str) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(ticket)
        .where(
            ticket.c.outlet_id == bindparam("outlet"),
            ticket.c.business_day == bindparam("day"),
            ticket.c.service_id == bindparam("service"),
            _in(*states),
            ticket.c.test == false(),
        )
        .scalar_subquery()
    )


# Two ranges of two small indexes; one condition for both would read the whole day at each issued ticket.
COUNTED = Prepared(select((_counted("waiting", "called", "serving") + _counted("finished")).label("n")))
WAITING = Prepared(
    select(
        ticket.c.service_id,
        func.count().label("n"),
        func.min(ticket.c.issued_at, type_=ticket.c.issued_at.type).label("oldest"),
    )
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
        ticket.c.test == false(),
    )
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
        _in("called", "serving"),
    )
    .order_by(ticket.c.called_at)
)  # fmt: skip
DAY_ROWS = Prepared(
    select(ticket)
    .where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"), ticket.c.test == false()
    )
    .order_by(ticket.c.issued_at, ticket.c.number)
)
CALLS = Prepared(
    select(
        call.c.sequence, call.c.ticket_id, call.c.window_id, call.c.at, call.c.recall,
        ticket.c.number, ticket.c.service_id, ticket.c.state, ticket.c.pager,
    )
    .join(ticket, ticket.c.id == call.c.ticket_id)
    .where(call.c.zone_id == bindparam("zone"), call.c.business_day == bindparam("day"))
    .order_by(call.c.sequence.desc())
    .limit(20)
)  # fmt: skip
BY_TOKEN = Prepared(select(ticket).where(ticket.c.token == bindparam("token")))
BY_NUMBER = Prepared(
    select(ticket).where(
        ticket.c.outlet_id == bindparam("outlet"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.number == bindparam("number"),
    )
)
HAS_PAGER = Prepared(
    select(ticket.c.id, ticket.c.number).where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"),
        _in("waiting", "called", "serving"), ticket.c.pager == bindparam("pager_number"),
    )
)  # fmt: skip
SESSION = Prepared(select(session).where(session.c.window_id == bindparam("window")))
SESSION_OF = Prepared(select(session).where(session.c.staff_id == bindparam("staff"), session.c.state != "closed"))
SESSIONS = Prepared(select(session))
# Three columns only: issuing asks this for every ticket, and sixteen whole rows cost as much as all the rest.
OPEN_WINDOWS = Prepared(
    select(session.c.window_id, session.c.staff_id, session.c.paused_at).where(session.c.state != "closed")
)
STALE = Prepared(
    select(ticket.c.id).where(ticket.c.outlet_id == bindparam("outlet"), _in("waiting", "called", "serving"),
        ticket.c.business_day < bindparam("day"))
    .limit(200)
)  # fmt: skip
SERVED_BY = Prepared(
    select(func.count().label("n")).select_from(ticket).where(
        ticket.c.window_id == bindparam("window"), ticket.c.zone_id == bindparam("zone"),
        ticket.c.business_day == bindparam("day"), _in("finished"), ticket.c.test == false(),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits at an open window, and since when it is paused."""

    staff_id: UUID
    paused_at: datetime | None


SERVED_BY_WINDOW = Prepared(
    select(ticket.c.window_id, func.count().label("n"))
    .where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"), _in("finished"),
        ticket.c.test == false(),
    )
    .group_by(ticket.c.window_id)
)  # fmt: skip
LINE = Prepared(
    select(ticket)
    .where(
        ticket.c.zone_id == bindparam("zone"),
        ticket.c.service_id == bindparam("service"),
        ticket.c.business_day == bindparam("day"),
        _in("waiting"),
    )
    .order_by(ticket.c.priority.desc(), ticket.c.position)
    .limit(2000)
)


def open_now(connection: Connection) -> dict[UUID, Mapping[UUID, Sitting]]:
    """By zone, the windows where somebody is signed in."""
    windows = PLAN.read(connection).windows
    found: dict[UUID, dict[UUID, Sitting]] = {}
    for row in OPEN_WINDOWS.rows(connection):
        if row.window_id in windows:
            found.setdefault(windows[row.window_id].zone_id, {})[row.window_id] = Sitting(row.staff_id, row.paused_at)
    return dict(found)


OPEN = Cached(
    "queue.open_windows", open_now, ("queue.window", "organisation"),
    spare=("called", "recalled", "started", "finished", "no_show", "transferred"), prompt=True,
)  # fmt: skip
"""As `open_now`, forgotten by every notice of a window but those of its tickets."""


def times_now(connection: Connection, service_id: UUID) -> tuple[int, ...]:
    """The seconds of the last twenty services, latest first."""
    rows = RECENT_TIMES.rows(connection, service=service_id)
    return tuple(s for row in rows if (s := seconds_between(row.started_at, row.finished_at)) is not None)


TIMES = Cached("queue.times", times_now, ("queue.window",), ("finished",), prompt=True)
"""As `times_now`, by service, until the next ticket is finished."""


_hall_orders = Prepared(select(HallOrder.__table__))
_service_orders = Prepared(select(ServiceOrder.__table__).where(ServiceOrder.__table__.c.off == true()))


@dataclass(frozen=True)
class Orders:
    """What managers ordered: by outlet, and the services that they took off, each with the business day of the order."""

    halls: dict[UUID, Any]
    off: dict[UUID, date]


def orders_now(connection: Connection) -> Orders:
    """All orders, whether they still hold or not; there are few."""
    return Orders(
        {row.outlet_id: row for row in _hall_orders.rows(connection)},
        {row.service_id: row.business_day for row in _service_orders.rows(connection)},
    )


ORDERS = Cached("queue.orders", orders_now, ("queue.hall",))
"""As `orders_now`, until a manager orders something else."""

_paces = Prepared(select(queue_pace))


def paces_now(connection: Connection) -> dict[tuple[UUID, UUID], tuple[datetime, Pace]]:
    """By zone and service, how fast its queue moves, and when that was computed."""
    return {
        (row.zone_id, row.service_id): (
            row.at,
            Pace(
                row.first_ms / 1000, row.each_ms / 1000, row.windows, row.middle / 1000, row.low / 1000, row.high / 1000,
                row.known,
            ),
        )
        for row in _paces.rows(connection)
    }  # fmt: skip


PACES = Cached("queue.paces", paces_now, ("queue.pace",))
"""As `paces_now`, until they are computed again."""

_activity = Prepared(
    select(queue_hour.c.service_id, func.sum(queue_hour.c.issued).label("n"))
    .where(
        queue_hour.c.business_day >= bindparam("first", type_=queue_hour.c.business_day.type),
        queue_hour.c.business_day < bindparam("day", type_=queue_hour.c.business_day.type),
    )
    .group_by(queue_hour.c.service_id)
)


def activity_now(connection: Connection, day: date) -> dict[UUID, int]:
    """By service, the tickets of the thirty days before this one (QUE-937): the same all day long."""
    return {row.service_id: int(row.n) for row in _activity.rows(connection, first=day - timedelta(days=30), day=day)}


ACTIVITY = Cached("queue.activity", activity_now, ("queue.hours",))
"""As `activity_now`, until a day's hours are written down."""

_layout = TicketLayout.__table__
HALL_ORDER = Prepared(select(HallOrder.__table__).where(HallOrder.__table__.c.outlet_id == bindparam("outlet")))
SERVICE_ORDER = Prepared(
    select(ServiceOrder.__table__).where(ServiceOrder.__table__.c.service_id == bindparam("service"))
)
DEFAULT_LAYOUT = Prepared(select(_layout).where(_layout.c.is_default == true(), _layout.c.deleted_at.is_(None)))
