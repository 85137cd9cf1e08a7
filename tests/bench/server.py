"""The bench's own server: the product's, with verbs that no hall has. `python -m tests.bench.server serve …`"""

from __future__ import annotations

import functools
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from server.__main__ import main
from server.app import load_modules
from server.demo.fill import id_of
from server.demo.hall import WINDOW_SERVICES
from server.engine.actions.declare import ACTIONS, action, reading
from server.engine.actions.work import Work
from server.engine.jobs.declare import SCHEDULED
from server.modules.organisation.records import Window
from server.modules.queue.records import Ticket, TicketEvent, WindowSession
from server.modules.services.records import WindowService


class Nothing(BaseModel):
    """Neither asked nor answered."""


class Many(BaseModel):
    """So many, and how long ago."""

    count: int = 0
    days_ago: int = 0


@dataclass
class Held:
    """How long a verb or job had the writer for itself."""

    runs: int = 0
    longest_ms: float = 0.0
    over_50: int = 0


class AllHeld(BaseModel):
    """By verb or job."""

    held: dict[str, Held]


HELD: dict[str, Held] = {}


@action("bench.null", needs=None, input=Nothing, output=Nothing, keyless=True)
def null(work: Work, request: Nothing) -> Nothing:
    """An empty action: the way there and back, and an empty commit."""
    return Nothing()


@action("bench.windows", needs=None, input=Many, output=Nothing, keyless=True)
def windows(work: Work, request: Many) -> Nothing:
    """Windows up to this number, each open under the caller and accepting what the demo hall's own do."""
    for number in range(1, request.count + 1):
        kind = (number - 1) % 16
        if number > 16:
            work.insert(
                Window, id=id_of("window", number), outlet_id=id_of("outlet"), zone_id=id_of("zone", kind // 8),
                label_text=str(number), place=number,
            )  # fmt: skip
            for prefix in WINDOW_SERVICES[kind]:
                work.insert(
                    WindowService, window_id=id_of("window", number), service_id=id_of("service", prefix), rank=1
                )
        work.insert(
            WindowSession, window_id=id_of("window", number), staff_id=work.who.id, state="free", opened_at=work.now
        )
        work.notify(f"queue.window.{id_of('window', number)}", "opened")
    work.notify("organisation", "changed")
    work.notify("services", "changed")
    return Nothing()


@action("bench.tickets", needs=None, input=Many, output=Nothing, keyless=True)
def tickets(work: Work, request: Many) -> Nothing:
    """Tickets that were served on a day, with their history; without `days_ago` below zero they wait now."""
    waiting = request.days_ago < 0
    day = work.business_day(id_of("outlet")) - timedelta(days=max(0, request.days_ago))
    moment = work.now - timedelta(days=max(0, request.days_ago), minutes=20)
    later: dict[str, Any] = {"called_at": moment, "started_at": moment, "finished_at": moment + timedelta(minutes=4)}
    for place in range(request.count):
        kind = place % len(WINDOW_SERVICES)
        row = work.insert(
            Ticket, audited=False, number=f"Z{work.next_number('bench', day.isoformat())}",
            service_id=id_of("service", WINDOW_SERVICES[kind][0]), zone_id=id_of("zone", kind // 8),
            outlet_id=id_of("outlet"), business_day=day, state="waiting" if waiting else "finished", channel="kiosk",
            position=work.next_place() * 1024, token=secrets.token_urlsafe(16), issued_at=moment, priority=False,
            **({} if waiting else {**later, "window_id": id_of("window", kind + 1), "staff_id": work.who.id}),
        )  # fmt: skip
        for what in ("issued",) if waiting else ("issued", "called", "started", "finished"):
            work.insert(TicketEvent, audited=False, ticket_id=row.id, kind=what, at=moment)
    return Nothing()


@action("bench.clear", needs=None, input=Nothing, output=Nothing, keyless=True)
def clear(work: Work, request: Nothing) -> Nothing:
    """Everything that waits or is at a window has been served; all windows are free."""
    run = work.connection.exec_driver_sql
    run(
        "UPDATE ticket SET state = 'finished', called_at = issued_at, finished_at = issued_at "
        "WHERE state = 'waiting' OR state = 'called' OR state = 'serving'"
    )
    run("UPDATE window_session SET state = 'free', ticket_id = NULL")
    return Nothing()


@reading("bench.held", needs=None, input=Nothing, output=AllHeld)
def held(work: Work, request: Nothing) -> AllHeld:
    """What had the writer for how long since the start."""
    return AllHeld(held=HELD)


def measured(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of a verb or job with its time written down."""
    told = HELD.setdefault(name, Held())

    @functools.wraps(function)
    def run(*given: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*given)
        finally:
            took = (time.perf_counter() - began) * 1000
            told.runs += 1
            told.over_50 += took > 50
            told.longest_ms = max(told.longest_ms, round(took, 1))

    return run


def measure() -> None:
    """Measure every verb that changes something and every job in the writer, but the bench's own."""
    for name, verb in ACTIONS.items():
        if not verb.reads and not name.startswith("bench."):
            ACTIONS[name] = replace(verb, function=measured(name, verb.function))
    for name, job in SCHEDULED.items():
        if not job.aside:
            SCHEDULED[name] = replace(job, function=measured(name, job.function))


if __name__ == "__main__":
    load_modules()
    measure()
    sys.exit(main())
