"""What the queue does about events."""

from __future__ import annotations

from server.engine.actions.work import Work
from server.engine.events import answers, listener
from server.modules.organisation.public import WindowOpen
from server.modules.queue import loaders
from server.modules.queue.events import PriorityDue, StartDue
from server.modules.queue.issuing import next_place
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.steps import log, told_zone


@listener(StartDue)
def start_when_due(work: Work, event: StartDue) -> None:
    """Begin the service of a ticket that still stands as called since then."""
    row = work.find(Ticket, event.ticket_id)
    session = work.first(loaders.SESSION, window=event.window_id)
    if row is None or session is None or row.state != "called" or row.called_at != event.called_at:
        return
    row = work.change(Ticket, row, state="serving", started_at=work.now)
    work.change(WindowSession, session, state="serving")
    log(work, row, "started")
    for topic in (f"queue.zone.{row.zone_id}", f"queue.window.{event.window_id}"):
        work.notify(topic, "started", ticket=row.id, window=event.window_id)


@answers(WindowOpen)
def is_open(work: Work, question: WindowOpen) -> bool | None:
    """Whether anybody sits at one of these windows, or left a ticket in service there."""
    for window_id in question.window_ids:
        session = work.first(loaders.SESSION, window=window_id)
        ticket = work.find(Ticket, session.ticket_id) if session is not None else None
        if session is not None and (session.state != "closed" or (ticket and ticket.state in ("called", "serving"))):
            return True
    return None


@listener(PriorityDue)
def priority_when_due(work: Work, event: PriorityDue) -> None:
    """The appointed time has come: the ticket has priority from now on, by the moment at which it began (QUE-015)."""
    row = work.find(Ticket, event.ticket_id)
    if row is None or row.state != "waiting" or row.priority or row.priority_from != event.since:
        return
    row = work.change(Ticket, row, priority=True, position=next_place(work))
    log(work, row, "priority", facts={"reason": "appointment"})
    told_zone(work, row, "priority")
