"""The end of the business day (QUE-902): nothing of yesterday is called."""

from __future__ import annotations

from typing import Any

from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders
from server.modules.queue.records import Ticket, TicketEvent, WindowSession


@job("queue.end_of_day", every_seconds=20)
def end_of_day(work: Work) -> None:
    """Expire what still waits from an earlier business day and close its services by a marked entry; 200 at a time."""
    for outlet in PLAN.read(work.connection).outlets.values():
        today = place_of(outlet).business_day(work.now)
        for found in work.rows(loaders.STALE, outlet=outlet.id, day=today):
            row = work.get(Ticket, found.id)
            _end(work, row)
        for session in work.rows(loaders.SESSIONS):
            if session.state != "closed" and place_of(outlet).business_day(session.opened_at) < today:
                work.change(WindowSession, session, state="closed", staff_id=None, ticket_id=None, pause_reason=None,
                    paused_at=None, last_ticket_id=None, priority_run=0, auto_call_at=None)  # fmt: skip
                work.notify(f"queue.window.{session.window_id}", "closed", window=session.window_id)


def _end(work: Work, row: Any) -> None:
    # A ticket in service is closed without an end time; nobody knows when it ended.
    state = "expired" if row.state in ("waiting", "called") else "finished"
    work.change(Ticket, row, state=state)
    work.insert(TicketEvent, audited=False, ticket_id=row.id, kind="day_ended", at=work.now)
    work.notify(f"queue.zone.{row.zone_id}", "day_ended", ticket=row.id)
