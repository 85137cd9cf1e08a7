"""What follows from changes of the organisation."""

from __future__ import annotations

from server.engine.actions.work import Work
from server.engine.calendars import recount
from server.engine.events import listener
from server.modules.organisation.events import CalendarChanged


@listener(CalendarChanged, when="inside")
def deadlines_are_counted_anew(work: Work, event: CalendarChanged) -> None:
    """Open deadlines follow the calendar; the ledger keeps what they were (ADM-I07)."""
    recount.begin(work, event.calendar_id, event.first, event.last, event.why)
