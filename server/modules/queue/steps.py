"""What several verbs of a window do: who holds it, which ticket is there, what is written down and told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.modules.queue import loaders, rules
from server.modules.queue.access import SUPERVISE
from server.modules.queue.events import StartDue, WindowClosed
from server.modules.queue.hall import place_and_day, window_row
from server.modules.queue.records import Call, Ticket, TicketEvent, WindowSession
from server.modules.queue.records_day import WindowEvent
from server.modules.queue.settings import AUTO_CALL, START_AFTER


def window_lock(request: Any) -> list[tuple[str, UUID]]:
    """The lock of verbs at one window."""
    return [("window", request.window_id)]


def session_of(work: Work, window_id: UUID) -> Any:
    """The session at an open window; refuses when nobody, or somebody else, works there."""
    session = work.first(loaders.SESSION, window=window_id)
    if session is None or session.state == "closed":
        work.refuse("queue.window_closed")
    if session.staff_id != work.who.id and not work.may(SUPERVISE):
        work.refuse("queue.not_your_window")
    return session


def current(work: Work, window_id: UUID, verb: str) -> tuple[Any, Any, Any]:
    """Window, session and current ticket; refuses when the verb is not allowed in its state (QUE-906)."""
    window = window_row(work, window_id)
    session = session_of(work, window.id)
    row = work.find(Ticket, session.ticket_id)
    if row is None:
        work.refuse("queue.no_ticket")
    if rules.changed(verb, row.state) is None:
        work.refuse("queue.wrong_state", number=row.number)
    return window, session, row


def freed(work: Work, window: Any, session: Any, **more: Any) -> Any:
    """The window is free: the countdown to its next call begins where calls go by themselves (QUE-019, QUE-918)."""
    after = work.setting(AUTO_CALL, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    due = work.now + timedelta(seconds=after) if after else None
    return work.change(WindowSession, session, **{"state": "free", "ticket_id": None, "auto_call_at": due, **more})


def give_call(work: Work, window: Any, session: Any, row: Any, facts: dict[str, Any] | None, run: int) -> Any:
    """Call a ticket to a window: state, log with the rule that chose it, announcement; gives the new row."""
    row = work.change(
        Ticket, row, state="called", called_at=work.now, window_id=window.id, staff_id=session.staff_id,
        started_at=None, finished_at=None,
    )  # fmt: skip
    work.change(WindowSession, session, state="called", ticket_id=row.id, priority_run=run, auto_call_at=None)
    log(work, row, "called", facts=facts)
    announce(work, window, row, recall=False)
    after = work.setting(START_AFTER, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    if after:
        due = StartDue(ticket_id=row.id, window_id=window.id, called_at=work.now)
        work.emit_at(due, work.now + timedelta(seconds=after))
    return row


def close(work: Work, session: Any, kind: str = "closed", reason: str | None = None) -> None:
    """Nobody sits at the window any more; its ticket stays with it (QUE-926)."""
    window = window_row(work, session.window_id)
    happened(work, window, session.staff_id, kind, reason)
    work.change(
        WindowSession, session, state="closed", staff_id=None, paused_at=None, pause_reason=None, auto_call_at=None
    )
    told(work, window, kind)
    work.emit(WindowClosed(window_id=window.id))


def refuse_awaited(work: Work, until: str) -> None:
    """The next call waits for a rating (QUE-060)."""
    left = (datetime.fromisoformat(until) - work.now).total_seconds()
    work.refuse("queue.rating_awaited", seconds=max(1, round(left)), until=until)


def log(work: Work, row: Any, kind: str, *, facts: dict[str, Any] | None = None, **more: Any) -> None:
    """Write a change of a ticket down with its time, window and person (QUE-906)."""
    work.insert(
        TicketEvent,
        audited=False,
        ticket_id=row.id,
        kind=kind,
        at=more.pop("at", work.now),
        window_id=row.window_id,
        staff_id=row.staff_id,
        facts=facts,
        **more,
    )


def happened(work: Work, window: Any, staff_id: UUID | None, kind: str, reason: str | None = None) -> None:
    """Write down what happened at a window besides its tickets (QUE-919)."""
    _, day = place_and_day(work, window.outlet_id)
    work.insert(
        WindowEvent, audited=False, window_id=window.id, staff_id=staff_id, business_day=day, kind=kind, at=work.now,
        reason=reason,
    )  # fmt: skip


def announce(work: Work, window: Any, row: Any, *, recall: bool) -> None:
    """One announcement more in the zone of the window."""
    number = work.next_number(f"call:{window.zone_id.hex}", "")
    work.insert(
        Call, audited=False, zone_id=window.zone_id, sequence=number, business_day=row.business_day, ticket_id=row.id,
        window_id=window.id, at=work.now, recall=recall,
    )  # fmt: skip
    told(work, window, "recalled" if recall else "called", row)


def told(work: Work, window: Any, kind: str, row: Any = None) -> None:
    """Tell whoever shows the zone or the window."""
    ids = {"window": window.id} if row is None else {"window": window.id, "ticket": row.id}
    work.notify(f"queue.zone.{window.zone_id}", kind, **ids)
    work.notify(f"queue.window.{window.id}", kind, **ids)


def told_zone(work: Work, row: Any, kind: str) -> None:
    """Tell whoever shows the ticket's zone."""
    work.notify(f"queue.zone.{row.zone_id}", kind, ticket=row.id)


def restart_countdown(work: Work, window_id: UUID) -> None:
    """The rating has come: the countdown to the next call begins now (QUE-918)."""
    session = work.first(loaders.SESSION, window=window_id)
    if session is None or session.state != "free" or session.auto_call_at is None:
        return
    window = window_row(work, window_id)
    after = work.setting(AUTO_CALL, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
    work.change(WindowSession, session, auto_call_at=work.now + timedelta(seconds=after) if after else None)
