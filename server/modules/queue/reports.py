"""Reports of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel

from common.text import N_
from server.engine.actions.work import Work
from server.engine.reports.declare import Column, report
from server.modules.organisation.public import PLAN, StaffMember, place_of
from server.modules.queue import loaders, rules
from server.modules.queue.access import DAY
from server.modules.queue.records import CHANNELS, TICKET_STATES
from server.modules.services.public import OFFERINGS


class DayTickets(BaseModel):
    """Parameters of `queue.day_tickets`: today's business day where none is named."""

    day: date | None = None


@report(
    "queue.day_tickets",
    N_("The day's tickets"),
    needs=DAY,
    input=DayTickets,
    columns=(
        Column("number", N_("Number"), width=10),
        Column("service", N_("Service"), "words", width=28),
        Column("class", N_("Class"), "words", width=24),
        Column("state", N_("State"), "choice", dict(TICKET_STATES)),
        Column("channel", N_("Taken at"), "choice", dict(CHANNELS)),
        Column("priority", N_("Priority"), "choice", {"yes": N_("Yes"), "no": N_("No")}, width=10),
        Column("issued_at", N_("Issued"), "moment", width=20),
        Column("called_at", N_("Called at"), "moment", width=20),
        Column("started_at", N_("Started"), "moment", width=20),
        Column("finished_at", N_("Ended"), "moment", width=20),
        Column("wait", N_("Waited, s"), "seconds", width=10),
        Column("service_time", N_("Served, s"), "seconds", width=10),
        Column("window", N_("Window"), width=9),
        Column("staff", N_("Staff member"), "words", width=24),
        Column("recalls", N_("Recalls"), "number", width=9),
        Column("transfers", N_("Transfers"), "number", width=9),
    ),
)
def day_tickets(work: Work, request: DayTickets) -> Iterable[dict[str, Any]]:
    """Every ticket of a business day, in the order of issue."""
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    services = offerings.services
    outlet = plan.main
    day = request.day or place_of(outlet).business_day(work.now)
    people: dict[Any, Any] = {}
    for row in work.rows(loaders.DAY_ROWS, outlet=outlet.id, day=day):
        if row.staff_id is not None and row.staff_id not in people:
            people[row.staff_id] = work.find(StaffMember, row.staff_id)
        person = people.get(row.staff_id)
        window = plan.windows.get(row.window_id)
        yield {
            "number": row.number,
            "service": services[row.service_id].name if row.service_id in services else {},
            # QUE-037: the leaf is kept, its major class goes with it (note N2).
            "class": services[offerings.top(row.service_id)].name if row.service_id in services else {},
            "state": row.state,
            "channel": row.channel,
            "priority": "yes" if row.priority else "no",
            "issued_at": row.issued_at,
            "called_at": row.called_at,
            "started_at": row.started_at,
            "finished_at": row.finished_at,
            "wait": rules.seconds_between(row.issued_at, row.called_at),
            "service_time": rules.seconds_between(row.started_at, row.finished_at),
            "window": window.label_text if window else None,
            "staff": person.name if person else None,
            "recalls": row.recalls,
            "transfers": row.transfers,
        }
