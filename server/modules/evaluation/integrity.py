"""What must be true of ratings."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from common.text import N_
from server.engine.integrity import Wrong, integrity
from server.modules.evaluation.records import GRADES, EvaluationRequest, Rating
from server.modules.queue.public import Ticket

rating, request, ticket = Rating.__table__, EvaluationRequest.__table__, Ticket.__table__

TWICE = N_("Ticket {ticket} has {count} ratings.")
NOT_ASKED = N_("Ticket {number} was rated, but its request for a rating is {state}.")
NO_RATING = N_("The request for a rating of ticket {number} says that it was rated, but there is no rating.")
NOT_SERVED = N_("Ticket {number} was rated, but it is {state}.")
GRADE = N_("The rating {id} has the grade {grade}, which does not exist.")
OTHER = N_("The rating of ticket {number} names another day or outlet than the ticket.")


@integrity("evaluation.one_rating_a_ticket", N_("A ticket is rated once"))
def one_rating_a_ticket(connection: Connection) -> Iterator[Wrong]:
    """EVA-002."""
    many = select(rating.c.ticket_id, func.count().label("n")).group_by(rating.c.ticket_id).having(func.count() > 1)
    for row in connection.execute(many):
        yield TWICE, {"ticket": str(row.ticket_id), "count": row.n}


@integrity("evaluation.ratings_were_asked_for", N_("Ratings and their requests agree"))
def ratings_were_asked_for(connection: Connection) -> Iterator[Wrong]:
    """A rating exists exactly where its request says so, of a ticket that was served (EVA-002, EVA-022)."""
    rated = (
        select(
            ticket.c.number, ticket.c.state, request.c.state.label("asked"),
            or_(rating.c.business_day != ticket.c.business_day, rating.c.outlet_id != ticket.c.outlet_id).label("other"),
        )
        .select_from(rating.join(ticket, ticket.c.id == rating.c.ticket_id)
                     .outerjoin(request, request.c.ticket_id == rating.c.ticket_id))
    )  # fmt: skip
    for row in connection.execute(rated):
        if row.asked != "rated":
            yield NOT_ASKED, {"number": row.number, "state": row.asked or "—"}
        if row.state not in ("serving", "finished"):
            yield NOT_SERVED, {"number": row.number, "state": row.state}
        if row.other:
            yield OTHER, {"number": row.number}
    without = select(request.c.number).where(
        request.c.state == "rated", ~select(rating.c.id).where(rating.c.ticket_id == request.c.ticket_id).exists()
    )
    for row in connection.execute(without):
        yield NO_RATING, {"number": row.number}
    for row in connection.execute(
        select(rating.c.id, rating.c.grade).where(rating.c.grade.not_in([g for g, _ in GRADES]))
    ):
        yield GRADE, {"id": str(row.id), "grade": row.grade}
