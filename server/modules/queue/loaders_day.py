"""Prepared reading of the day beside its queues: blocks of numbers, journals, pauses, recent calls, hours."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, false, func, insert, literal_column, select, true

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.modules.queue.records import Ticket, TicketEvent, WindowSession
from server.modules.queue.records_day import JournalEntry, NumberBlock, WindowEvent, queue_hour, queue_pace

ticket, event, session = Ticket.__table__, TicketEvent.__table__, WindowSession.__table__
block, journal, happened = NumberBlock.__table__, JournalEntry.__table__, WindowEvent.__table__

BLOCKS = Prepared(
    select(block)
    .where(
        block.c.device_id == bindparam("device"),
        block.c.business_day == bindparam("day"),
        block.c.epoch == bindparam("epoch"),
    )
    .order_by(block.c.service_id, block.c.first)
)
"""A kiosk's own blocks of a day."""
BLOCKS_TAKEN = Prepared(
    select(block.c.service_id, block.c.first, block.c.last).where(
        block.c.business_day == bindparam("day"), block.c.outlet_id == bindparam("outlet")
    )
)
"""Everybody's, of every epoch: a number is never given again that day."""
BY_FACT = Prepared(select(ticket).where(ticket.c.fact_id == bindparam("fact"), ticket.c.fact_id.is_not(None)))
# Among those who wait, on their partial index: a hundred tickets enter at once after an hour without the server.
LINE_OF_DAY = (
    ticket.c.zone_id == bindparam("zone"),
    ticket.c.service_id == bindparam("service"),
    ticket.c.business_day == bindparam("day"),
    ticket.c.state == literal_column("'waiting'"),
)
PLACE_BEFORE = Prepared(
    select(func.max(ticket.c.position).label("n")).where(
        *LINE_OF_DAY, ticket.c.issued_at <= bindparam("moment", type_=ticket.c.issued_at.type)
    )
)
PLACE_AFTER = Prepared(
    select(func.min(ticket.c.position).label("n")).where(*LINE_OF_DAY, ticket.c.position > bindparam("place"))
)
FIRST_PLACE = Prepared(select(func.min(ticket.c.position).label("n")).where(*LINE_OF_DAY))
JOURNALED = Prepared(select(journal).where(journal.c.fact_id == bindparam("fact")))
MOMENTS = Prepared(select(event).where(event.c.ticket_id == bindparam("ticket")).order_by(event.c.at, event.c.id))
LAST_CALL_FACTS = Prepared(
    select(event)
    .where(event.c.ticket_id == bindparam("ticket"), event.c.kind == "called")
    .order_by(event.c.at.desc(), event.c.id.desc())
    .limit(1)
)
WINDOW_EVENTS = Prepared(
    select(happened)
    .where(happened.c.business_day == bindparam("day"))
    .order_by(happened.c.window_id, happened.c.at, happened.c.id)
)
OWN_ROWS = Prepared(
    select(ticket).where(
        ticket.c.outlet_id == bindparam("outlet"),
        ticket.c.business_day == bindparam("day"),
        ticket.c.staff_id == bindparam("staff"),
        ticket.c.test == false(),
    )
)
# Through the day's tickets: a history has no index by person.
TRANSFERRED_BY = Prepared(
    select(func.count().label("n"))
    .select_from(event.join(ticket, ticket.c.id == event.c.ticket_id))
    .where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"),
        ticket.c.transfers > 0, event.c.staff_id == bindparam("staff"), event.c.kind == "transferred",
    )
)  # fmt: skip
TRIALS = Prepared(
    select(ticket.c.id)
    .where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"),
        ticket.c.state == literal_column("'waiting'"), ticket.c.test == true(),
    )
    .limit(200)
)  # fmt: skip
SERVING_NOW = Prepared(
    select(ticket.c.id, ticket.c.number, ticket.c.service_id, ticket.c.window_id, ticket.c.started_at)
    .join(session, session.c.ticket_id == ticket.c.id)
    .where(ticket.c.state == "serving", ticket.c.test == false())
)
RECENT_CALLS = Prepared(
    select(
        ticket.c.service_id, ticket.c.window_id, ticket.c.state, ticket.c.issued_at, ticket.c.called_at,
        ticket.c.started_at, ticket.c.finished_at, ticket.c.expected, ticket.c.transfers, ticket.c.waiting_since,
        ticket.c.bound_window_id, ticket.c.priority_from,
    )
    .where(
        ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"),
        ticket.c.called_at.is_not(None), ticket.c.test == false(),
    )
    .order_by(ticket.c.called_at.desc())
    .limit(160)
)  # fmt: skip
"""What the pace of a zone's queues is computed from."""
WAITING_PLACES = Prepared(
    select(ticket.c.service_id, ticket.c.priority)
    .where(
        ticket.c.zone_id == bindparam("zone"), ticket.c.business_day == bindparam("day"),
        ticket.c.state == literal_column("'waiting'"), ticket.c.bound_window_id.is_(None), ticket.c.test == false(),
    )
    .order_by(ticket.c.position)
    .limit(3000)
)  # fmt: skip
AUTO_DUE = Prepared(
    select(session).where(
        session.c.state == "free", session.c.auto_call_at.is_not(None),
        session.c.auto_call_at <= bindparam("moment", type_=session.c.auto_call_at.type),
    )
)  # fmt: skip
FORGET_PACE = Prepared(
    delete(queue_pace).where(
        queue_pace.c.zone_id == bindparam("key_zone"), queue_pace.c.service_id == bindparam("key_service")
    )
)
KEEP_PACE = Prepared(insert(queue_pace).inline(), tuple(c.name for c in queue_pace.c))
KEEP_HOUR = Prepared(insert(queue_hour).inline(), tuple(c.name for c in queue_hour.c))
HOURS_KEPT = Prepared(
    select(func.count().label("n")).select_from(queue_hour).where(queue_hour.c.business_day == bindparam("day"))
)
HOUR_ROWS = Prepared(
    select(ticket.c.service_id, ticket.c.state, ticket.c.issued_at, ticket.c.started_at, ticket.c.finished_at).where(
        ticket.c.outlet_id == bindparam("outlet"), ticket.c.business_day == bindparam("day"), ticket.c.test == false()
    )
)
_usual = Prepared(
    select(
        queue_hour.c.service_id, queue_hour.c.hour, queue_hour.c.middle, queue_hour.c.high, queue_hour.c.served
    ).where(
        queue_hour.c.business_day >= bindparam("first", type_=queue_hour.c.business_day.type),
        queue_hour.c.business_day < bindparam("day", type_=queue_hour.c.business_day.type),
        queue_hour.c.middle.is_not(None),
        queue_hour.c.served > 0,
    )
)


def usual_now(connection: Connection, day: date) -> dict[tuple[UUID, int], tuple[int, int]]:
    """By service and local hour, the usual service seconds of the thirty days before: median and 90th percentile, each
    day weighed by how many it served."""
    sums: dict[tuple[UUID, int], list[int]] = {}
    for row in _usual.rows(connection, first=day - timedelta(days=30), day=day):
        entry = sums.setdefault((row.service_id, row.hour), [0, 0, 0])
        entry[0] += row.middle * row.served
        entry[1] += (row.high or row.middle) * row.served
        entry[2] += row.served
    return {key: (middle // served, high // served) for key, (middle, high, served) in sums.items()}


USUAL = Cached("queue.usual", usual_now, ("queue.hours",))
"""As `usual_now`, until a day's hours are written down."""
