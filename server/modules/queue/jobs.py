"""The end of the business day (QUE-902), tickets for trial at opening, and calls that go by themselves (QUE-019)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.text import N_
from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.actions import call_chosen_by_rules
from server.modules.queue.hall import accepted_at, hall_now, place_and_day, window_row
from server.modules.queue.questions import MayCallNext
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.settings import AUTO_CALL
from server.modules.queue.steps import happened, log, told_zone


@job("queue.end_of_day", every_seconds=20, label=N_("Close tickets of days that are over"))
def end_of_day(work: Work) -> None:
    """Expire what still waits from an earlier business day and close its services by a marked entry; 200 at a time."""
    for outlet in PLAN.read(work.connection).outlets.values():
        place = place_of(outlet)
        today = place.business_day(work.now)
        for found in work.rows(loaders.STALE, outlet=outlet.id, day=today):
            _end(work, work.get(Ticket, found.id))
        for session in work.rows(loaders.SESSIONS):
            window = PLAN.read(work.connection).windows.get(session.window_id)
            if window is None or window.outlet_id != outlet.id or session.state == "closed":
                continue
            if place.business_day(session.opened_at) < today:
                happened(work, window, session.staff_id, "day_ended")
                work.change(
                    WindowSession, session, state="closed", staff_id=None, ticket_id=None, last_ticket_id=None,
                    pause_reason=None, paused_at=None, priority_run=0, auto_call_at=None,
                )  # fmt: skip
                work.notify(f"queue.window.{session.window_id}", "closed", window=session.window_id)
        if hall_now(work, outlet, work.now.astimezone(place.zone), today).issues:
            for found in work.rows(day_loaders.TRIALS, outlet=outlet.id, day=today):
                row = work.change(Ticket, work.get(Ticket, found.id), state="void", finished_at=work.now)
                log(work, row, "void", facts={"reason": "opened"})
                told_zone(work, row, "void")


def _end(work: Work, row: Any) -> None:
    # A ticket in service is closed without an end time; nobody knows when it ended.
    state = "expired" if row.state in ("waiting", "called") else "finished"
    work.change(Ticket, row, state=state)
    log(work, row, "day_ended")
    told_zone(work, row, "day_ended")


def due_calls(work: Work) -> list[UUID]:
    """The free windows whose countdown is over and for which somebody waits."""
    found = []
    for session in work.rows(day_loaders.AUTO_DUE, moment=work.now):
        window = PLAN.read(work.connection).windows.get(session.window_id)
        if window is None:
            continue
        _, day = place_and_day(work, window.outlet_id)
        order = accepted_at(work, window, session.staff_id)
        waiting = any(row.service_id in order for row in work.rows(loaders.WAITING, zone=window.zone_id, day=day))
        if waiting or work.scalar(loaders.BOUND_COUNT, window=window.id, day=day):
            found.append(window.id)
    return found


@job("queue.auto_call", every_seconds=1, look=due_calls, label=N_("Call by itself where a window wants that"))
def call_by_itself(work: Work, found: list[UUID]) -> None:
    """Call in place of the clerk when the countdown is over: never while the window is paused, serves, or waits for a
    rating (QUE-918)."""
    for window_id in found:
        window = window_row(work, window_id)
        session = work.first(loaders.SESSION, window=window_id)
        if (
            session is None
            or session.state != "free"
            or session.auto_call_at is None
            or session.auto_call_at > work.now
        ):
            continue
        place, day = place_and_day(work, window.outlet_id)
        outlet = PLAN.read(work.connection).outlets[window.outlet_id]
        if not hall_now(work, outlet, work.now.astimezone(place.zone), day).calls:
            continue
        awaited = work.ask(MayCallNext(window_id=window_id), "")
        if awaited:
            # The countdown begins anew when the time of the rating is over.
            after = work.setting(AUTO_CALL, window=window.id, zone=window.zone_id, outlet=window.outlet_id)
            due = datetime.fromisoformat(awaited) + timedelta(seconds=after)
            work.change(WindowSession, session, auto_call_at=due)
            continue
        call_chosen_by_rules(work, window, session)
