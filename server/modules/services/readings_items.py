"""When an item that is handed in now will be ready."""

from __future__ import annotations

from common.protocol.calendar import AtPlace, Due, LedgerDay
from common.protocol.services import PromisedDay
from common.text import N_
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.calendars import working_time as wt
from server.engine.errors import refusal
from server.modules.organisation.public import timeline_at
from server.modules.services.access import SEE
from server.modules.services.records_items import ServiceItem

NO_TERM = refusal("services.no_term", N_("This item promises no time."))


@reading("services.promised_day", needs=SEE, input=PromisedDay, output=Due)
def promised_day(work: Work, request: PromisedDay) -> Due:
    """The day until which an item is promised, counted in working days of whoever handles it, day by day (ADM-034)."""
    item = work.get(ServiceItem, request.item_id)
    days = item.legal_days if request.legal else item.promised_days
    if days is None:
        work.refuse("services.no_term")
    timeline = timeline_at(work, AtPlace(department_id=item.authority_id))
    start = (request.start or work.now).astimezone(timeline.zone).date()
    try:
        reached = wt.add_days(timeline, start, days)
    except wt.NoWorkingTime:
        work.refuse("organisation.no_working_time")
    ledger = [
        LedgerDay(day=one.day, kind=one.kind, name=dict(one.name), counted=one.counted, total=one.total)
        for one in reached.ledger
    ]
    return Due(day=reached.day, moment=wt.end_of_work(timeline, reached.day), ledger=ledger)
