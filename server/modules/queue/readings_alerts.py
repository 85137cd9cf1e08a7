"""Warnings that ended: when, how far, of what, and who took care; to look through and to take along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from common.protocol.alerts import AlertCard, AskPastAlerts, PastAlert, PastAlerts
from common.text import N_, translate
from common.text.fold import fold
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.jobs.alerts import SEE, card_of
from server.engine.jobs.watch import WATCHES
from server.engine.reports.declare import Column, report
from server.modules.organisation.public import PLAN, StaffMember, place_of
from server.modules.queue.loaders_alerts import PAST

MOST_DAYS = 62
PERIOD_WRONG = refusal(
    "queue.period_wrong", N_("Choose days in their order, at most {most} of them: {days} are asked for."), 422
)


@reading("queue.past_alerts", needs=SEE, input=AskPastAlerts, output=PastAlerts)
def past_alerts(work: Work, request: AskPastAlerts) -> PastAlerts:
    """The warnings that ended, raised on some days, the latest first."""
    found = list(_found(work, request))
    return PastAlerts(
        items=found[: request.limit],
        watches={name: translate(one.label, work.language) for name, one in sorted(WATCHES.items())},
        total=len(found),
        now=work.now,
    )


@report(
    "queue.past_alerts",
    N_("Warnings that ended"),
    needs=SEE,
    input=AskPastAlerts,
    columns=(
        Column("label", N_("Warning"), width=32),
        Column("name", N_("Of what"), "words", width=28),
        Column("about", N_("Ticket, window, zone"), width=24),
        Column("since", N_("Over its limit since"), "moment", width=20),
        Column("raised_at", N_("Told at"), "moment", width=20),
        Column("ended_at", N_("Ended"), "moment", width=20),
        Column("value", N_("Highest"), "number", width=10),
        Column("limit", N_("Limit"), "number", width=10),
        Column("unit", N_("Unit"), width=8),
        Column("seen_at", N_("Seen at"), "moment", width=20),
        Column("seen_by", N_("Seen by"), "words", width=24),
    ),
)
def past_alerts_report(work: Work, request: AskPastAlerts) -> Iterable[dict[str, Any]]:
    """The same as rows."""
    for one in _found(work, request):
        card = one.card
        yield {
            "label": card.label, "name": card.name, "about": " · ".join(_parts(card)), "since": card.since,
            "raised_at": card.raised_at, "ended_at": card.ended_at, "value": card.value, "limit": card.limit,
            "unit": card.unit, "seen_at": card.seen_at, "seen_by": one.seen_by,
        }  # fmt: skip


def _found(work: Work, request: AskPastAlerts) -> Iterable[PastAlert]:
    begin, end = _period(work, request)
    wanted = fold(request.search).split()
    people: dict[Any, dict[str, str]] = {}
    for row in work.rows(PAST, begin=begin, end=end):
        if request.watch is not None and row.watch != request.watch:
            continue
        card = card_of(row, work.language)
        if row.seen_by is not None and row.seen_by not in people:
            person = work.find(StaffMember, row.seen_by)
            people[row.seen_by] = person.name if person is not None else {}
        seen_by = people.get(row.seen_by, {})
        text = fold(" ".join((card.label, *card.name.values(), *_parts(card), *seen_by.values())))
        if all(word in text for word in wanted):
            yield PastAlert(card=card, seen_by=seen_by)


def _period(work: Work, request: AskPastAlerts) -> tuple[datetime, datetime]:
    """From the begin of the first day to the end of the last, in the hall's time."""
    outlet = PLAN.read(work.connection).main
    place = place_of(outlet) if outlet is not None else None
    zone = place.zone if place is not None else UTC
    today = work.now.astimezone(zone).date()
    first = request.first or request.last or today
    last = request.last or first
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        work.refuse("queue.period_wrong", most=MOST_DAYS, days=days)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _parts(card: AlertCard) -> list[str]:
    """What its facts name: ticket, window, zone, reason."""
    facts = card.facts
    found = [str(facts[name]) for name in ("number", "window", "reason") if facts.get(name)]
    zone = facts.get("zone")
    return [*found, *(zone.values() if isinstance(zone, dict) else ())]
