"""The paper journal: what a window did while the server was away, entered with its real times."""

from __future__ import annotations

import secrets
from typing import Any

from common.protocol.queue_kiosk import EnteredJournal, EnterJournal, JournalEntered, JournalLine
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.access import CALL
from server.modules.queue.cards import ticket_card
from server.modules.queue.events import TicketFinished
from server.modules.queue.hall import place_and_day, window_row
from server.modules.queue.issuing import next_number, next_place
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.records_day import JournalEntry
from server.modules.queue.steps import freed, log, told, window_lock
from server.modules.services.public import OFFERINGS


@action("queue.enter_journal", needs=CALL, input=EnterJournal, output=EnteredJournal, locks=window_lock)
def enter_journal(work: Work, request: EnterJournal) -> EnteredJournal:
    """Enter lines of the paper journal; each is recognised for ever by its own id, so that none counts twice."""
    window = window_row(work, request.window_id)
    return EnteredJournal(results=[_line(work, window, line) for line in request.lines])


def _line(work: Work, window: Any, line: JournalLine) -> JournalEntered:
    known = work.first(day_loaders.JOURNALED, fact=str(line.fact_id))
    if known is not None:
        row = work.find(Ticket, known.ticket_id)
        return JournalEntered(
            fact_id=line.fact_id, result="known", ticket=ticket_card(row) if row is not None else None
        )
    service = OFFERINGS.read(work.connection).leaf(line.service_id)
    if service is None:
        return JournalEntered(fact_id=line.fact_id, result="refused", code="service_unknown")
    if not rules.sound_times(line.started_at, line.finished_at, work.now):
        return JournalEntered(fact_id=line.fact_id, result="refused", code="times_wrong")
    row, result = _ended(work, window, service, line)
    work.insert(
        JournalEntry, fact_id=str(line.fact_id), window_id=window.id, staff_id=work.who.id, number=line.number or None,
        service_id=service.id, ticket_id=row.id, started_at=line.started_at, finished_at=line.finished_at,
        outcome=line.outcome, result=result,
    )  # fmt: skip
    return JournalEntered(fact_id=line.fact_id, result=result, ticket=ticket_card(row))


def _ended(work: Work, window: Any, service: Any, line: JournalLine) -> tuple[Any, Any]:
    """The ticket of a line as it stands after it, and what became of the line."""
    outlet = PLAN.read(work.connection).outlets[window.outlet_id]
    place, _ = place_and_day(work, outlet.id)
    day = place.business_day(line.started_at)
    standing = work.first(loaders.BY_NUMBER, outlet=outlet.id, day=day, number=line.number) if line.number else None
    state = rules.journal_ends(standing.state if standing is not None else None, line.outcome)
    if standing is not None and state is None:
        return standing, "over"
    times: dict[str, Any] = {
        "state": state, "window_id": window.id, "staff_id": work.who.id, "finished_at": line.finished_at,
        "started_at": line.started_at if line.outcome == "served" else None, "matters": line.matters,
    }  # fmt: skip
    if standing is None:
        row = work.insert(
            Ticket, number=line.number or next_number(work, outlet, service, day), service_id=service.id,
            zone_id=window.zone_id, outlet_id=outlet.id, business_day=day, priority=False, channel="paper",
            position=next_place(work), token=secrets.token_urlsafe(16), issued_at=line.started_at,
            called_at=line.started_at, **times,
        )  # fmt: skip
    else:
        _leave(work, standing)
        called = min(standing.called_at or line.started_at, line.started_at)
        row = work.change(Ticket, standing, called_at=called, **times)
    log(work, row, "called", at=line.started_at, facts={"rule": "journal"})
    log(work, row, "finished" if line.outcome == "served" else "no_show", at=line.finished_at)
    log(work, row, "journal")
    told(work, window, "journal", row)
    if line.outcome == "served":
        work.emit(TicketFinished(ticket_id=row.id, window_id=window.id, staff_id=row.staff_id, request_rating=False))
    return row, "entered" if standing is not None else "made"


def _leave(work: Work, row: Any) -> None:
    """A ticket that a window still holds leaves it."""
    session = work.first(loaders.SESSION, window=row.window_id) if row.window_id is not None else None
    if session is not None and session.ticket_id == row.id:
        holder = window_row(work, session.window_id)
        if session.state == "closed":
            work.change(WindowSession, session, ticket_id=None)
        else:
            freed(work, holder, session)
        told(work, holder, "journal", row)
