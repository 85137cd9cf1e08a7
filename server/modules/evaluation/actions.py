"""The verbs of ratings, what the pad reads, and what the module answers to the queue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from common.protocol.evaluation import PadAt, PadView, Rate, Rated, RatingCard, Requested, RequestRating
from common.protocol.queue import RatingRequest
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.errors import refusal
from server.engine.events import answers, listener
from server.modules.evaluation.access import PAD, RATE, REQUEST
from server.modules.evaluation.records import EvaluationRequest, Rating
from server.modules.evaluation.rules import acceptable
from server.modules.evaluation.settings import LOCK, WAIT
from server.modules.organisation.public import PLAN
from server.modules.queue.public import (
    SESSION,
    GradesOfDay,
    GradesOfPerson,
    MayCallNext,
    MayReopen,
    OpenRequest,
    Ticket,
    TicketFinished,
    TicketReopened,
    restart_countdown,
    staff_card,
    window_row,
)

NO_TICKET = refusal("evaluation.no_ticket", N_("There is no served ticket at this window to rate."))
NOT_ASKED = refusal("evaluation.not_asked", N_("No rating is asked for this ticket."))
OVER = refusal("evaluation.request_over", N_("The time for this rating is over."))
RATED = refusal("evaluation.already_rated", N_("This ticket has been rated already."))
WRONG_PAD = refusal("evaluation.wrong_pad", N_("Only the pad of that window can give this rating."), 403)

_request, _rating = EvaluationRequest.__table__, Rating.__table__
OF_TICKET = Prepared(select(_request).where(_request.c.ticket_id == bindparam("ticket")))
LATEST = Prepared(
    select(_request).where(_request.c.window_id == bindparam("window")).order_by(_request.c.asked_at.desc()).limit(1)
)
RATING_OF = Prepared(select(_rating).where(_rating.c.ticket_id == bindparam("ticket")))
GRADES_OF_PERSON = Prepared(
    select(_rating.c.grade, func.count().label("n"))
    .where(_rating.c.staff_id == bindparam("staff"), _rating.c.business_day == bindparam("day"))
    .group_by(_rating.c.grade)
)
GRADES_OF_DAY = Prepared(
    select(_rating.c.grade, func.count().label("n"))
    .where(_rating.c.outlet_id == bindparam("outlet"), _rating.c.business_day == bindparam("day"))
    .group_by(_rating.c.grade)
)


def _ask(work: Work, window_id: UUID, ticket: Any) -> Any:
    """Open the one request of a ticket; one that lapsed is opened anew."""
    window = window_row(work, window_id)
    expires = work.now + timedelta(
        seconds=work.setting(WAIT, window=window_id, zone=window.zone_id, outlet=window.outlet_id)
    )
    row = work.first(OF_TICKET, ticket=ticket.id)
    if row is None:
        row = work.insert(
            EvaluationRequest, ticket_id=ticket.id, number=ticket.number, window_id=window_id, staff_id=ticket.staff_id,
            asked_at=work.now, expires_at=expires,
        )  # fmt: skip
    elif row.state == "rated":
        work.refuse("evaluation.already_rated")
    else:
        row = work.change(EvaluationRequest, row, expires_at=expires, state="open")
    work.notify(f"evaluation.window.{window_id}", "asked", request=row.id, ticket=ticket.id)
    return row


@action(
    "evaluation.request",
    needs=REQUEST,
    input=RequestRating,
    output=Requested,
    locks=lambda r: [("window", r.window_id)],
)
def request_rating(work: Work, request: RequestRating) -> Requested:
    """Ask the citizen at this window for a rating of the ticket just served (EVA-007)."""
    session = work.first(SESSION, window=request.window_id)
    if session is None or session.state == "closed":
        work.refuse("queue.window_closed")
    if session.staff_id != work.who.id and not work.may("queue.supervise"):
        work.refuse("queue.not_your_window")
    ticket = work.find(Ticket, session.ticket_id or session.last_ticket_id)
    if ticket is None or ticket.state not in ("serving", "finished"):
        work.refuse("evaluation.no_ticket")
    return Requested(request=_shown(_ask(work, request.window_id, ticket)))


@action("evaluation.rate", needs=RATE, input=Rate, output=Rated, locks=lambda r: [("ticket", r.ticket_id)])
def rate(work: Work, request: Rate) -> Rated:
    """Take the citizen's rating from that window's pad; one a ticket, while it is asked for (EVA-002, EVA-022)."""
    asked = work.first(OF_TICKET, ticket=request.ticket_id)
    if asked is None:
        work.refuse("evaluation.not_asked")
    if work.who.device_kind != "pad" or work.who.window_id != asked.window_id:
        work.refuse("evaluation.wrong_pad")
    stood = work.first(RATING_OF, ticket=request.ticket_id)
    if stood is not None:
        # A fact is recognised for ever by the id made where it happened: sent again it has no second effect.
        if request.fact_id is not None and stood.fact_id == str(request.fact_id):
            return Rated(rating=_card(stood))
        work.refuse("evaluation.already_rated")
    late = request.fact_id is not None and request.rated_at is not None
    rated_at = request.rated_at if late and request.rated_at is not None else work.now
    if not acceptable(
        asked_at=asked.asked_at, expires_at=asked.expires_at, rated_at=rated_at, now=work.now, from_outbox=late
    ):
        work.refuse("evaluation.request_over")
    ticket = work.get(Ticket, request.ticket_id)
    row = work.insert(
        Rating, ticket_id=ticket.id, outlet_id=ticket.outlet_id, business_day=ticket.business_day,
        window_id=asked.window_id, staff_id=ticket.staff_id, grade=request.grade, rated_at=rated_at,
        fact_id=str(request.fact_id) if request.fact_id else None,
    )  # fmt: skip
    work.change(EvaluationRequest, asked, state="rated")
    work.notify(f"evaluation.window.{asked.window_id}", "rated", ticket=ticket.id)
    restart_countdown(work, asked.window_id)
    return Rated(rating=_card(row))


@reading("evaluation.pad", needs=PAD, input=PadAt, output=PadView)
def pad(work: Work, request: PadAt) -> PadView:
    """The one thing that a window's pad shows now."""
    window_id = work.who.window_id or request.window_id
    if window_id is None:
        work.refuse("records.not_found", record="window", id="")
    window = window_row(work, window_id)
    outlet = PLAN.read(work.connection).outlets[window.outlet_id]
    session = work.first(SESSION, window=window_id)
    held = session is not None and session.state != "closed"
    asked = _open(work, window_id)
    ticket = work.find(Ticket, session.ticket_id) if held else None
    state = "closed"
    if held:
        state = {"paused": "paused", "back_office": "back_office", "called": "called"}.get(session.state, "card")
        if asked is not None and session.state in ("free", "serving"):
            state = "rating"
    return PadView(
        window_id=window_id,
        label=window.label_text,
        state=state,
        organisation=outlet.organisation,
        outlet=outlet.name,
        staff=staff_card(work, session.staff_id) if held else None,
        ticket_id=ticket.id if ticket is not None else (asked.ticket_id if asked is not None else None),
        number=ticket.number if ticket is not None else (asked.number if asked is not None else None),
        request=_shown(asked) if asked is not None and state == "rating" else None,
        languages=list(outlet.languages or ["en"]),
        now=work.now,
    )


def _open(work: Work, window_id: UUID) -> Any:
    row = work.first(LATEST, window=window_id)
    return row if row is not None and row.state == "open" and work.now <= row.expires_at else None


def _shown(row: Any) -> RatingRequest:
    return RatingRequest(
        id=row.id, ticket_id=row.ticket_id, number=row.number, asked_at=row.asked_at, expires_at=row.expires_at
    )


def _card(row: Any) -> RatingCard:
    return RatingCard(id=row.id, ticket_id=row.ticket_id, grade=row.grade, rated_at=row.rated_at)


@listener(TicketFinished, when="inside")
def ask_when_finished(work: Work, event: TicketFinished) -> None:
    """A finished service asks for its rating by itself, unless the clerk said otherwise (EVA-001)."""
    if event.request_rating:
        _ask(work, event.window_id, work.get(Ticket, event.ticket_id))


@answers(MayCallNext)
def not_before_the_rating(work: Work, question: MayCallNext) -> str | None:
    """QUE-060 and note N5: the next call waits for the rating or the end of its time."""
    asked = _open(work, question.window_id)
    if asked is None:
        return None
    window = window_row(work, question.window_id)
    locked = work.setting(LOCK, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    return asked.expires_at.isoformat() if locked else None


@answers(OpenRequest)
def open_request(work: Work, question: OpenRequest) -> dict[str, Any] | None:
    """The open request of a window."""
    asked = _open(work, question.window_id)
    return _shown(asked).model_dump() if asked is not None else None


@answers(GradesOfDay)
def grades_of_day(work: Work, question: GradesOfDay) -> dict[str, int]:
    """Ratings of a day by grade."""
    rows = work.rows(GRADES_OF_DAY, outlet=question.outlet_id, day=date.fromisoformat(question.business_day))
    return {row.grade: row.n for row in rows}


@answers(GradesOfPerson)
def grades_of_person(work: Work, question: GradesOfPerson) -> dict[str, int]:
    """Ratings of a staff member on a day by grade."""
    rows = work.rows(GRADES_OF_PERSON, staff=question.staff_id, day=date.fromisoformat(question.business_day))
    return {row.grade: row.n for row in rows}


@answers(MayReopen)
def not_after_the_rating(work: Work, question: MayReopen) -> str | None:
    """A finish that was rated stays: the rating belongs to it (EVA-002)."""
    return "evaluation.already_rated" if work.first(RATING_OF, ticket=question.ticket_id) is not None else None


@listener(TicketReopened, when="inside")
def ask_no_more(work: Work, event: TicketReopened) -> None:
    """The mistaken finish is taken back: nobody is asked for a rating until the service ends."""
    asked = work.first(OF_TICKET, ticket=event.ticket_id)
    if asked is not None and asked.state == "open":
        work.change(EvaluationRequest, asked, state="withdrawn")
        work.notify(f"evaluation.window.{event.window_id}", "withdrawn", request=asked.id)
