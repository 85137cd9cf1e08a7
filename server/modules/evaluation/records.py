"""Records of ratings. Nobody changes a rating, `admin` included."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import choice, day, link, moment, text
from server.engine.records.record import Record, Retention, Rights, Scope
from server.modules.evaluation.access import SEE

GRADES = (
    ("very_satisfied", N_("Very satisfied")),
    ("satisfied", N_("Satisfied")),
    ("fair", N_("Fair")),
    ("dissatisfied", N_("Dissatisfied")),
)


class EvaluationRequest(Record):
    """That a rating of a ticket was asked for; one a ticket (EVA-002, EVA-007)."""

    label = N_("Request for a rating")
    plural = N_("Requests for a rating")
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",), through="ticket_id")

    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), index=False)
    number: Mapped[str] = text(N_("Number"), length=12)
    window_id: Mapped[UUID] = link("window", N_("Window"), index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), required=False, index=False)
    asked_at: Mapped[datetime] = moment(N_("Asked at"))
    expires_at: Mapped[datetime] = moment(N_("Awaited until"))
    state: Mapped[str] = text(N_("State"), length=10, default="open")

    __table_args__ = (Index("ux_evaluation_request_ticket", "ticket_id", unique=True),)


_r = EvaluationRequest.__table__
Index("ix_evaluation_request_window", _r.c.window_id, _r.c.asked_at.desc())


class Rating(Record):
    """A citizen's rating of one ticket."""

    label = N_("Rating")
    plural = N_("Ratings")
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",), outlet="outlet_id")
    retention = Retention(why=N_("Stars and figures are computed from it."))

    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), in_list=True, index=False)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), index=False)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True)
    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, required=False)
    grade: Mapped[str] = choice(N_("Grade"), GRADES, in_list=True)
    rated_at: Mapped[datetime] = moment(N_("Rated at"), in_list=True)
    fact_id: Mapped[str] = text(N_("Made at the pad as"), length=36, required=False, unique="ever")

    __table_args__ = (
        Index("ux_rating_ticket", "ticket_id", unique=True),
        Index("ix_rating_day", "outlet_id", "business_day"),
    )
