"""What is there, beside what was acknowledged: every difference is a sentence."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

from tests.attack.day import KINDS, Ledger, Step

Rows = Callable[[str], list[tuple[Any, ...]]]
"""Asks the database past every server."""

STATES = {
    "issued": "waiting",
    "called": "called",
    "started": "serving",
    "finished": "finished",
    "transferred": "waiting",
}
FOLLOWS = {
    "": ("issued",),
    "issued": ("called",),
    "called": ("started", "finished", "transferred"),
    "started": ("finished", "transferred"),
    "transferred": ("called",),
    "finished": (),
}


def lost_or_doubled(rows: Rows, ledger: Ledger, pending: dict[str, Step]) -> list[str]:
    """Acknowledged and not there, there and never said, there twice; `pending` steps may be there, each once, or not."""
    wrong: list[str] = []
    open_ = Counter(KINDS[one.verb] for one in pending.values())
    numbers = {_id(one): str(number) for one, number in rows("SELECT id, number FROM ticket")}
    if len(set(numbers.values())) != len(numbers):
        wrong.append("a number was given twice")
    there = _histories(rows, numbers)
    for number, kinds in ledger.history.items():
        if number not in there:
            wrong.append(f"{number} was acknowledged ({', '.join(kinds)}) and is not there")
    more: Counter[str] = Counter()
    for number, kinds in there.items():
        # As a bag: a ticket can be called before the kiosk has heard that it was issued. The order has its own rules.
        said, stands = Counter(ledger.history.get(number, [])), Counter(kinds)
        if said - stands:
            wrong.append(f"{number}: acknowledged {dict(said)}, there {kinds}")
        more += stands - said
        if any(after not in FOLLOWS[kind] for kind, after in pairwise(["", *kinds])):
            wrong.append(f"{number} went {kinds}")
    grades = {numbers[_id(one)]: grade for one, grade in rows("SELECT ticket_id, grade FROM rating")}
    for number, grade in ledger.rated.items():
        if grades.get(number) != grade:
            wrong.append(f"{number}: rated {grade}, there {grades.get(number)}")
    more["rated"] = len(grades.keys() - ledger.rated.keys())
    wrong += [
        f"{count} {kind} there that nobody was told of, {open_[kind]} on their way"
        for kind, count in more.items()
        if count > open_[kind]
    ]
    for number, state in rows("SELECT number, state FROM ticket"):
        if there[number] and STATES[there[number][-1]] != state:
            wrong.append(f"{number} is {state}, its history ends with {there[number][-1]}")
    calls = Counter(numbers[_id(one)] for (one,) in rows("SELECT ticket_id FROM call"))
    wrong += [
        f"{number}: {calls[number]} calls, {kinds.count('called')} in its history"
        for number, kinds in there.items()
        if calls[number] != kinds.count("called")
    ]
    return wrong + _gaps(rows, numbers.values())


def _gaps(rows: Rows, numbers: Any) -> list[str]:
    """Numbers of a service and calls of a zone run from one on without gaps, whatever was killed."""
    wrong = []
    series: dict[str, list[int]] = {}
    for number in numbers:
        prefix, serial = re.fullmatch(r"(\D+)(\d+)", number).groups()  # type: ignore[union-attr]
        series.setdefault(f"numbers {prefix}", []).append(int(serial))
    for zone, sequence in rows("SELECT zone_id, sequence FROM call"):
        series.setdefault(f"calls of zone {_id(zone)}", []).append(sequence)
    for name, found in series.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            wrong.append(f"{name}: gaps or doubles in {len(found)} up to {max(found)}")
    return wrong


def untold(rows: Rows) -> list[str]:
    """Whether the notices from the first on, replayed, give the histories and states that the tables hold."""
    numbers = {_id(one): str(number) for one, number in rows("SELECT id, number FROM ticket")}
    heard: dict[str, list[str]] = {number: [] for number in numbers.values()}
    last: dict[str, tuple[str, str]] = {}
    for ids, kind, topic in rows("SELECT ids, kind, topic FROM notice WHERE topic LIKE 'queue.zone.%' ORDER BY number"):
        ticket = (json.loads(ids) if isinstance(ids, str) else ids).get("ticket")
        if ticket is None or kind not in STATES:
            continue
        # A transfer into another zone is told in both.
        if kind != "transferred" or last.get(ticket, (topic, ""))[0] == topic or last[ticket][1] != kind:
            heard[numbers[UUID(ticket)]].append(kind)
        last[ticket] = (topic, kind)
    held = _histories(rows, numbers)
    return [f"{one}: told {heard[one]}, there {held[one]}" for one in held if heard[one] != held[one]]


def _histories(rows: Rows, numbers: dict[UUID, str]) -> dict[str, list[str]]:
    """By number, what happened to a ticket in order: ids of rows are made as they happen."""
    found: dict[str, list[str]] = {number: [] for number in numbers.values()}
    for ticket, kind in rows("SELECT ticket_id, kind FROM ticket_event ORDER BY id"):
        found[numbers[_id(ticket)]].append(kind)
    return found


def _id(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    return UUID(bytes=bytes(value)) if isinstance(value, (bytes, memoryview)) else UUID(str(value))
