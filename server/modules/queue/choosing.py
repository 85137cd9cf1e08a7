"""Reads what the rules need to choose the next ticket, and keeps what they saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue.hall import accepted_at, hall_now, place_and_day, policy_at


def choose(work: Work, window: Any, session: Any) -> tuple[rules.Choice, dict[str, Any]] | None:
    """The ticket that the rules put next at a window, with the values that they saw; nothing when nobody waits.

    One prepared statement, and one more for each service at most, each on a partial index of what waits."""
    place, day = place_and_day(work, window.outlet_id)
    outlet = PLAN.read(work.connection).outlets[window.outlet_id]
    if not hall_now(work, outlet, work.now.astimezone(place.zone), day).calls:
        work.refuse("queue.hall_stopped")
    order, policy = accepted_at(work, window, session.staff_id), policy_at(work, window)
    heads = []
    services = {f"service_{place}": service_id for place, service_id in enumerate(order)}
    for first in work.rows(loaders.heads(len(order)), window=window.id, zone=window.zone_id, day=day, **services):
        heads.append(as_head(work, first, bound=bool(first.bound)))
        if first.priority and not first.bound and policy != rules.STRICT:
            other = work.first(loaders.HEAD_OTHERS, zone=window.zone_id, service=first.service_id, day=day)
            if other is not None:
                heads.append(as_head(work, other))
    chosen = rules.next_ticket(heads, order, policy, session.priority_run)
    return None if chosen is None else (chosen, kept(chosen, heads, order, policy, session.priority_run))


def as_head(work: Work, row: Any, *, bound: bool = False) -> rules.Head:
    """A waiting ticket's row as the rules see it."""
    waited = int((work.now - (row.waiting_since or row.issued_at)).total_seconds())
    return rules.Head(row.id, row.service_id, bool(row.priority), row.position, waited, bound, row.number)


def kept(
    chosen: rules.Choice, heads: list[rules.Head], order: Mapping[UUID, int], policy: rules.Policy, run: int
) -> dict[str, Any]:
    """What a choice rested on, small, for the ticket's history: asked again it gives the same answer."""
    return {
        "rule": chosen.rule,
        "heads": [
            [h.ticket_id.hex, h.service_id.hex, int(h.priority), h.position, h.waited, int(h.bound), h.number]
            for h in heads
        ],
        "order": {h.service_id.hex: order[h.service_id] for h in heads if h.service_id in order},
        "policy": [policy.priority_run, policy.longest_wait],
        "run": run,
    }


def recalled(facts: Mapping[str, Any]) -> tuple[list[rules.Head], dict[UUID, int], rules.Policy, int]:
    """What `kept` wrote, as the rules take it."""
    heads = [
        rules.Head(UUID(ticket), UUID(service), bool(priority), position, waited, bool(bound), number)
        for ticket, service, priority, position, waited, bound, number in facts["heads"]
    ]
    order = {UUID(service): rank for service, rank in facts["order"].items()}
    return heads, order, rules.Policy(*facts["policy"]), facts["run"]
