"""Pure decisions about order: who is called next at a window, and why."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Head:
    """A waiting ticket that may be next: the first of its service and class in the zone, or one bound to the window."""

    ticket_id: UUID
    service_id: UUID
    priority: bool
    position: int
    waited: int = 0
    """Seconds."""
    bound: bool = False
    """To this window (QUE-062)."""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How classes mix (note N11). Strictly by priority unless a setting says otherwise."""

    priority_run: int = 0
    """After so many calls of priority tickets in a row one of the others is called; 0 is strict."""
    longest_wait: int = 0
    """Seconds of waiting beyond which the first of a line goes first whatever its class and service; 0 is no bound. Within
    a line nobody overtakes."""


STRICT = Policy()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule as it was asked: what it found and whether it decided."""

    rule: str
    verdict: str
    """`decides`, `narrows`, `passes` (asked, found nothing) or `not_asked`."""
    tickets: tuple[str, ...] = ()
    """The numbers that it looked at, the first one first."""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket that is next and the rule that chose it."""

    head: Head
    rule: str


RULES = ("bound", "longest_wait", "order_of_services", "mixing", "priority", "first_come")
"""In the order in which they are asked."""


def _first(heads: Iterable[Head]) -> Head:
    """First come, first served, priority before the others (QUE-013, QUE-014); by sequence, never by clock."""
    return min(heads, key=lambda h: (not h.priority, h.position))


def _longest(heads: Iterable[Head]) -> Head:
    return min(heads, key=lambda h: (-h.waited, h.position))


def next_ticket(
    heads: Iterable[Head], order: Mapping[UUID, int], policy: Policy = STRICT, run: int = 0
) -> Choice | None:
    """Who is called next at a window; `order` ranks the services that it accepts, `run` is how many priority tickets it
    called in a row.

    Return visits bound to the window (QUE-062), then whoever waits beyond the bound, then the window's own order of
    services (QUE-044); within one rank priority before the others (QUE-013) unless the ratio gives the others their
    turn, each first come, first served by the sequence at which they, or their priority, began (QUE-014, note N10).
    """
    mine = [h for h in heads if h.bound or h.service_id in order]
    if not mine:
        return None
    bound = [h for h in mine if h.bound]
    if bound:
        return Choice(_first(bound), "bound")
    if policy.longest_wait > 0:
        overdue = [h for h in mine if h.waited > policy.longest_wait]
        if overdue:
            return Choice(_longest(overdue), "longest_wait")
    rank = min(order[h.service_id] for h in mine)
    group = [h for h in mine if order[h.service_id] == rank]
    others = [h for h in group if not h.priority]
    if others and len(others) < len(group):
        if 0 < policy.priority_run <= run:
            return Choice(_first(others), "mixing")
        return Choice(_first(group), "priority")
    return Choice(_first(group), "first_come")


def run_after(run: int, chosen: Choice) -> int:
    """How many priority tickets were called in a row after this one."""
    return run + 1 if chosen.head.priority else 0


def explain(heads: Sequence[Head], order: Mapping[UUID, int], policy: Policy = STRICT, run: int = 0) -> list[Step]:
    """Every rule in the order in which it was asked, with the values it saw; empty when nobody waits.

    It describes what `next_ticket` decided; a property test holds the two together.
    """
    chosen = next_ticket(heads, order, policy, run)
    if chosen is None:
        return []
    mine = [h for h in heads if h.bound or h.service_id in order]
    bound = sorted((h for h in mine if h.bound), key=lambda h: (not h.priority, h.position))
    waits = sorted(mine, key=lambda h: (-h.waited, h.position))
    ranked = [h for h in mine if h.service_id in order]
    rank = min((order[h.service_id] for h in ranked), default=0)
    group = sorted((h for h in ranked if order[h.service_id] == rank), key=lambda h: (not h.priority, h.position))
    seen: dict[str, tuple[list[Head], dict[str, Any]]] = {
        "bound": (bound, {}),
        "longest_wait": (waits, {"limit": policy.longest_wait, "longest": waits[0].waited}),
        "order_of_services": (group, {"rank": rank, "left_out": len(ranked) - len(group)}),
        "mixing": ([h for h in group if not h.priority], {"ratio": policy.priority_run, "run": run}),
        "priority": ([h for h in group if h.priority], {}),
        "first_come": (group, {"position": chosen.head.position}),
    }
    steps, over = [], False
    for rule in RULES:
        tickets, facts = seen[rule]
        if over:
            verdict = "not_asked"
        elif rule == chosen.rule:
            verdict, over = "decides", True
        else:
            verdict = "narrows" if rule == "order_of_services" and facts["left_out"] else "passes"
        steps.append(Step(rule, verdict, tuple(h.number for h in tickets[:10]), facts))
    return steps


def sequence(waiting: Iterable[Head], order: Mapping[UUID, int], policy: Policy = STRICT, run: int = 0) -> list[Choice]:
    """All who wait, in the order in which this window alone would call them, each with the rule that puts it there."""
    lines: dict[tuple[Any, ...], deque[Head]] = {}
    for head in sorted(waiting, key=lambda h: h.position):
        lines.setdefault((head.bound, head.service_id, head.priority), deque()).append(head)
    found: list[Choice] = []
    while lines:
        chosen = next_ticket((line[0] for line in lines.values()), order, policy, run)
        if chosen is None:
            break
        found.append(chosen)
        run = run_after(run, chosen)
        key = (chosen.head.bound, chosen.head.service_id, chosen.head.priority)
        lines[key].popleft()
        if not lines[key]:
            del lines[key]
    return found


def why(priority: bool, reason: str | None, transfers: int, rule: str = "") -> list[str]:
    """The codes that explain a place in the queue."""
    codes = [rule] if rule in ("bound", "longest_wait", "mixing") else []
    if priority:
        codes.append("transfer_priority" if transfers else (reason or "priority"))
    codes.append("first_come")
    return codes
