"""What must be true of tickets and windows, whatever happened in between."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from common.text import N_
from server.engine.integrity import Wrong, integrity
from server.engine.ports import ports
from server.modules.queue.access import SUPERVISE
from server.modules.queue.records import Call, Ticket, WindowSession

ticket, session, call = Ticket.__table__, WindowSession.__table__, Call.__table__

TWO_WINDOWS = N_("{count} windows say that the same person works there ({staff}), and that person supervises none.")
NUMBER_TWICE = N_("Ticket {number} of {day} stands {count} times.")
TIMES = N_("Ticket {number} of {day} is {state}, but its times are not those of that state.")
ORDER = N_("Ticket {number} of {day}: its times are not in order.")
NO_TICKET = N_("Window {window} is {state} without a ticket.")
OTHER_STATE = N_("Window {window} is {state}, its ticket {number} is {other}.")
OTHER_WINDOW = N_("Window {window} holds ticket {number}, which says that it is at another window.")
TWO_TICKETS = N_("Ticket {number} is at {count} windows.")
FORGOTTEN = N_("Ticket {number} is {state}, but no window holds it.")
SEQUENCE = N_("Calls of zone {zone} skip or repeat a sequence: {count} calls from {first} to {last}.")


@integrity("queue.one_session_per_person", N_("A person works at one window"))
def one_session_per_person(connection: Connection) -> Iterator[Wrong]:
    """QUE-925; whoever supervises may hold several."""
    many = select(session.c.staff_id, func.count().label("n")).where(session.c.state != "closed")
    for row in connection.execute(many.group_by(session.c.staff_id).having(func.count() > 1)):
        person = ports.people.person(connection, row.staff_id) if row.staff_id is not None else None
        if person is None or not person.may(SUPERVISE):
            yield TWO_WINDOWS, {"count": row.n, "staff": person.name if person is not None else str(row.staff_id)}


@integrity("queue.number_once", N_("A number is given once a day"))
def number_once(connection: Connection) -> Iterator[Wrong]:
    """Contract: (outlet, business day, number) is unique."""
    key = (ticket.c.outlet_id, ticket.c.business_day, ticket.c.number)
    for row in connection.execute(select(*key, func.count().label("n")).group_by(*key).having(func.count() > 1)):
        yield NUMBER_TWICE, {"number": row.number, "day": str(row.business_day), "count": row.n}


@integrity("queue.states_agree_with_times", N_("A ticket's times agree with its state"))
def states_agree_with_times(connection: Connection) -> Iterator[Wrong]:
    """QUE-906. A service that the day's end closed has no end time, since nobody knows it."""
    c = ticket.c
    wrong = or_(
        and_(
            c.state == "waiting", or_(c.started_at.is_not(None), c.finished_at.is_not(None), c.window_id.is_not(None))
        ),
        and_(c.state == "called", or_(c.called_at.is_(None), c.started_at.is_not(None), c.window_id.is_(None))),
        and_(c.state == "serving", or_(c.called_at.is_(None), c.started_at.is_(None), c.finished_at.is_not(None))),
        and_(c.state == "finished", or_(c.called_at.is_(None), c.started_at.is_(None))),
        and_(c.state == "no_show", or_(c.called_at.is_(None), c.finished_at.is_(None))),
    )
    for row in connection.execute(select(c.number, c.business_day, c.state).where(wrong)):
        yield TIMES, {"number": row.number, "day": str(row.business_day), "state": row.state}
    order = or_(c.started_at < c.called_at, c.finished_at < c.started_at)
    for late in connection.execute(select(c.number, c.business_day).where(order)):
        yield ORDER, {"number": late.number, "day": str(late.business_day)}


@integrity("queue.sessions_hold_their_tickets", N_("Windows and their tickets agree"))
def sessions_hold_their_tickets(connection: Connection) -> Iterator[Wrong]:
    """A window that called or serves holds a ticket of that state; a ticket is at one window (QUE-904, QUE-926)."""
    joined = select(
        session.c.window_id, session.c.state, ticket.c.number, ticket.c.state.label("other"),
        ticket.c.window_id.label("where"),
    ).select_from(session.outerjoin(ticket, ticket.c.id == session.c.ticket_id))  # fmt: skip
    for row in connection.execute(joined.where(session.c.state.in_(("called", "serving")))):
        facts = {"window": str(row.window_id), "state": row.state}
        if row.number is None:
            yield NO_TICKET, facts
        elif row.other != row.state:
            yield OTHER_STATE, {**facts, "number": row.number, "other": row.other}
        elif row.where != row.window_id:
            yield OTHER_WINDOW, {**facts, "number": row.number}
    held = (
        select(ticket.c.number, func.count().label("n"))
        .join(session, session.c.ticket_id == ticket.c.id)
        .where(ticket.c.state.in_(("called", "serving")))
        .group_by(ticket.c.id, ticket.c.number)
        .having(func.count() > 1)
    )
    for twice in connection.execute(held):
        yield TWO_TICKETS, {"number": twice.number, "count": twice.n}
    other = aliased(session)
    forgotten = select(ticket.c.number, ticket.c.state).where(
        ticket.c.state.in_(("called", "serving")), ~select(other.c.id).where(other.c.ticket_id == ticket.c.id).exists()
    )
    for alone in connection.execute(forgotten):
        yield FORGOTTEN, {"number": alone.number, "state": alone.state}


@integrity("queue.calls_in_sequence", N_("A zone's calls follow one another"))
def calls_in_sequence(connection: Connection) -> Iterator[Wrong]:
    """QUE-915: displays notice a skipped call by its sequence."""
    c = call.c
    first, last, count = (
        func.min(c.sequence).label("first"),
        func.max(c.sequence).label("last"),
        func.count().label("n"),
    )
    found = select(c.zone_id, first, last, count).group_by(c.zone_id)
    for row in connection.execute(found.having(func.max(c.sequence) - func.min(c.sequence) + 1 != func.count())):
        yield SEQUENCE, {"zone": str(row.zone_id), "first": row.first, "last": row.last, "count": row.n}
