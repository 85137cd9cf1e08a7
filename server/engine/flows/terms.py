"""The terms of steps and cases: the one place where flows ask for a due date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.protocol.calendar import AtPlace
from common.text import N_
from server.engine.actions.work import Work
from server.engine.calendars.deadlines import Term, Warning, reckon
from server.engine.calendars.working_time import NoWorkingTime
from server.engine.errors import refusal
from server.engine.flows.definition import FlowTerm
from server.engine.ports import ports

NO_TIME = refusal(
    "flows.no_working_time",
    N_(
        "The working calendar has too little working time ahead for this term. Set the calendar of the coming years first."
    ),
)


def instants(work: Work, term: FlowTerm | None, case: Any, started: datetime | None = None) -> dict[str, Any]:
    """When a term that begins now ends, and when its light turns; nothing without a term."""
    if term is None:
        return {"due_at": None, "yellow_at": None, "red_at": None}
    at = AtPlace(department_id=case.department_id, hall_id=case.hall_id, outlet_id=case.outlet_id)
    try:
        found = reckon(
            ports.calendars.timeline(work, at),
            (started or work.now).replace(microsecond=0),
            Term(term.amount, term.unit, term.working, term.free_end),
            warning=Warning(term.warn_share),
        )
    except NoWorkingTime:
        work.refuse("flows.no_working_time")
    return {"due_at": found.due, "yellow_at": found.yellow, "red_at": found.due}
