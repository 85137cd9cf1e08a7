"""Why this one, when mine, and a ticket's whole story: every choice and every wait opens what it was made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from common.protocol.layouts import Layout, LayoutFor, TicketPaper
from common.protocol.queue_kiosk import OfTicket
from common.protocol.queue_window import (
    AskTicket,
    AskWhen,
    AskWhy,
    RuleStep,
    TicketMoment,
    TicketStory,
    When,
    Why,
)
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, StaffMember, place_of
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.access import LAYOUTS, OFFER, SEE
from server.modules.queue.cards import pace_of, ticket_card
from server.modules.queue.choosing import as_head, recalled
from server.modules.queue.hall import (
    accepted_at,
    open_windows,
    place_and_day,
    policy_at,
    serving_windows,
    window_row,
    zone_row,
)
from server.modules.queue.issuing import ahead_of
from server.modules.queue.papers import layout_for, paper_of
from server.modules.queue.readings_kiosk import labels_of
from server.modules.queue.records import Ticket
from server.modules.services.public import OFFERINGS


@reading("queue.why", needs=SEE, input=AskWhy, output=Why)
def why(work: Work, request: AskWhy) -> Why:
    """Why a ticket was called, as kept with it; or why somebody is next at a window, as the rules say now."""
    row = work.get(Ticket, request.ticket_id) if request.ticket_id is not None else None
    if row is not None and row.state != "waiting":
        return _kept(work, row)
    window_id = request.window_id or (row.bound_window_id if row is not None else None)
    if window_id is None:
        work.refuse("records.not_found", record="window", id="")
    return _now(work, window_row(work, window_id), row)


def _kept(work: Work, row: Any) -> Why:
    event = work.first(day_loaders.LAST_CALL_FACTS, ticket=row.id)
    facts = (event.facts or {}) if event is not None else {}
    plan = PLAN.read(work.connection)
    at = plan.windows.get(event.window_id) if event is not None else None
    by = work.find(StaffMember, UUID(facts["by"])) if "by" in facts else None
    steps: list[rules.Step] = []
    services: list[Any] = []
    if "heads" in facts:
        heads, order, policy, run = recalled(facts)
        steps = rules.explain(heads, order, policy, run)
        services = _in_order(work, order)
    return Why(
        ticket=ticket_card(row),
        kept=True,
        at=event.at if event is not None else row.issued_at,
        window=at.label_text if at is not None else None,
        rule=facts.get("rule", ""),
        reason=facts.get("reason", ""),
        by=by.name if by is not None else {},
        steps=[_step(step) for step in steps],
        services=services,
    )


def _now(work: Work, window: Any, row: Any) -> Why:
    session = work.first(loaders.SESSION, window=window.id)
    staff_id = session.staff_id if session is not None else None
    order, policy = accepted_at(work, window, staff_id), policy_at(work, window)
    run = session.priority_run if session is not None else 0
    _, day = place_and_day(work, window.outlet_id)
    heads, rows = [], {}
    for one in work.rows(loaders.WAITING_ROWS, zone=window.zone_id, day=day):
        if one.bound_window_id == window.id or (one.bound_window_id is None and one.service_id in order):
            heads.append(as_head(work, one, bound=one.bound_window_id == window.id))
            rows[one.id] = one
    turns = rules.sequence(heads, order, policy, run)
    place = next(
        (n for n, turn in enumerate(turns, start=1) if row is not None and turn.head.ticket_id == row.id), None
    )
    shown = row if row is not None else (rows[turns[0].head.ticket_id] if turns else None)
    chosen = turns[place - 1] if place is not None else (turns[0] if turns and row is None else None)
    return Why(
        ticket=ticket_card(shown) if shown is not None else None,
        at=work.now,
        window=window.label_text,
        rule=chosen.rule if chosen is not None else "",
        place=place or (1 if turns and row is None else None),
        steps=[_step(step) for step in rules.explain(heads, order, policy, run)],
        services=_in_order(work, order),
    )


def _in_order(work: Work, order: Any) -> list[Any]:
    services = OFFERINGS.read(work.connection).services
    return [services[s].name for s in sorted(order, key=lambda s: order[s]) if s in services]


def _step(step: rules.Step) -> RuleStep:
    return RuleStep(rule=step.rule, verdict=step.verdict, tickets=list(step.tickets), facts=dict(step.facts))


@reading("queue.when", needs=SEE, input=AskWhen, output=When)
def when(work: Work, request: AskWhen) -> When:
    """When a waiting ticket's turn is, with everything that this is made of."""
    row = work.get(Ticket, request.ticket_id)
    if row.state != "waiting":
        work.refuse("queue.not_waiting", number=row.number)
    plan = PLAN.read(work.connection)
    zone = plan.zones[row.zone_id]
    place, day = place_and_day(work, row.outlet_id)
    service = OFFERINGS.read(work.connection).services[row.service_id]
    serving = serving_windows(work, row.service_id, zone, open_windows(work, zone.id))
    if row.bound_window_id is not None:
        serving = [w for w in open_windows(work, zone.id) if w == row.bound_window_id]
    ahead = ahead_of(work, zone.id, row.service_id, day, bool(row.priority), row.position)
    times = loaders.TIMES.read(work.connection, row.service_id)
    pace = pace_of(work, zone.id, row.service_id)
    wait = rules.estimate(ahead, len(serving), times, service.minutes * 60, pace)
    before = work.rows(loaders.LINE, zone=zone.id, service=row.service_id, day=day)
    usual = day_loaders.USUAL.read(work.connection, day).get((row.service_id, work.now.astimezone(place.zone).hour))
    recent = work.rows(day_loaders.RECENT_CALLS, zone=zone.id, day=day)
    over = [r for r in recent if r.state in ("finished", "no_show")]
    basis = "none" if wait is None else "queue" if pace is not None else "services" if times else "usual"
    return When.model_validate(
        {
            "ticket": ticket_card(row),
            "ahead": ahead,
            "ahead_priority": sum(1 for r in before if r.priority and r.id != row.id and _goes_before(r, row)),
            "windows": labels_of(plan, serving),
            "turn_at": work.now + timedelta(seconds=wait.middle) if wait else None,
            "turn_from": work.now + timedelta(seconds=wait.low) if wait else None,
            "turn_until": work.now + timedelta(seconds=wait.high) if wait else None,
            "usual_seconds": round(rules.quantile(times, 0.5)) if times else None,
            "usual_high_seconds": round(rules.quantile(times, 0.9)) if times else None,
            "hour_seconds": usual[0] if usual else None,
            "known": pace.known if pace is not None else len(times),
            "no_show_of_100": round(100 * sum(r.state == "no_show" for r in over) / len(over)) if over else None,
            "basis": basis,
            "now": work.now,
        }
    )


def _goes_before(one: Any, other: Any) -> bool:
    return (not one.priority, one.position) < (not other.priority, other.position)


@reading("queue.ticket", needs=SEE, input=AskTicket, output=TicketStory)
def ticket(work: Work, request: AskTicket) -> TicketStory:
    """One ticket with its history: by id, by its number of today, or by the code on its paper."""
    plan = PLAN.read(work.connection)
    row = None
    if request.ticket_id is not None:
        row = work.find(Ticket, request.ticket_id)
    elif request.token:
        row = work.first(loaders.BY_TOKEN, token=request.token)
    elif request.number and plan.main is not None:
        day = place_of(plan.main).business_day(work.now)
        row = work.first(loaders.BY_NUMBER, outlet=plan.main.id, day=day, number=request.number.strip().upper())
    if row is None:
        work.refuse("records.not_found", record="ticket", id=str(request.ticket_id or request.number or ""))
    services = OFFERINGS.read(work.connection).services
    people: dict[UUID | None, Any] = {}

    def name_of(staff_id: UUID | None) -> dict[str, str]:
        if staff_id not in people:
            people[staff_id] = work.find(StaffMember, staff_id)
        return people[staff_id].name if people[staff_id] is not None else {}

    def label_of(window_id: UUID | None) -> str | None:
        return plan.windows[window_id].label_text if window_id in plan.windows else None

    moments = [
        TicketMoment(
            kind=event.kind,
            at=event.at,
            window=label_of(event.window_id),
            staff=name_of(event.staff_id),
            from_service=services[event.from_service_id].name if event.from_service_id in services else {},
            facts={k: v for k, v in (event.facts or {}).items() if k not in ("heads", "order", "policy", "run")},
        )
        for event in work.rows(day_loaders.MOMENTS, ticket=row.id)
    ]
    return TicketStory(
        ticket=ticket_card(row),
        service=services[row.service_id].name if row.service_id in services else {},
        zone=plan.zones[row.zone_id].name if row.zone_id in plan.zones else {},
        window=label_of(row.window_id),
        staff=name_of(row.staff_id),
        taken_by=name_of(row.taken_by_id),
        matters=row.matters,
        moments=moments,
        now=work.now,
    )


@reading("queue.paper", needs=OFFER, input=OfTicket, output=TicketPaper)
def paper(work: Work, request: OfTicket) -> TicketPaper:
    """A ticket's whole content with the layout to print it by."""
    return paper_of(work, work.get(Ticket, request.ticket_id))


@reading("queue.layout", needs=LAYOUTS, input=LayoutFor, output=Layout)
def layout(work: Work, request: LayoutFor) -> Layout:
    """The layout of a kiosk; its editor previews the same."""
    return layout_for(work, request.device_id or work.who.device_id, zone_row(work, None))
