"""What the queue does about events."""

from __future__ import annotations

from server.engine.actions.work import Work
from server.engine.events import listener
from server.modules.queue import loaders
from server.modules.queue.events import StartDue
from server.modules.queue.records import Ticket, TicketEvent, WindowSession


@listener(StartDue)
def start_when_due(work: Work, event: StartDue) -> None:
    """Begin the service of a ticket that still stands as called since then."""
    row = work.find(Ticket, event.ticket_id)
    session = work.first(loaders.SESSION, window=event.window_id)
    if row is None or session is None or row.state != "called" or row.called_at != event.called_at:
        return
    row = work.change(Ticket, row, state="serving", started_at=work.now)
    work.change(WindowSession, session, state="serving")
    work.insert(
        TicketEvent, audited=False, ticket_id=row.id, kind="started", at=work.now, window_id=row.window_id,
        staff_id=row.staff_id,
    )  # fmt: skip
    for topic in (f"queue.zone.{row.zone_id}", f"queue.window.{event.window_id}"):
        work.notify(topic, "started", ticket=row.id, window=event.window_id)
