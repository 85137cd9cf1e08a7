"""Pure decisions about who asks for a ticket: lists, what a service demands, the green channel by card (QUE-068, QUE-018)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

Demand = Literal["none", "optional", "required"]

DECLARED = "green_channel"
"""The citizen says so; staff see it as such (QUE-924)."""
RECOGNISED = "green_recognised"
"""Told by card: by a list or by age."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the lists say of one person for one service today."""

    listed: str | None = None
    """`black`, `white` or neither; whoever is on both gets no ticket."""
    green: bool = False


def listing(
    entries: Iterable[tuple[str, UUID | None, str]],
    services: Collection[UUID],
    today: date,
    holds: Callable[[str, date], bool],
) -> Listing:
    """The entries (list, service, period) of one person, as they hold today for a service.

    `services` is the service with the classes above it; an entry without a service is for all of them.
    """
    found = {
        name
        for name, service_id, held in entries
        if (service_id is None or service_id in services) and holds(held, today)
    }
    listed = "black" if "black" in found else "white" if "white" in found else None
    return Listing(listed, "green" in found)


def demanded(demand: Demand, listed_only: bool) -> Demand:
    """What a service asks of whoever takes a ticket: `none`, `optional` or `required`."""
    return "required" if listed_only else demand


def must_show(demand: str, listed_only: bool, *, vouched: bool) -> bool:
    """Whether there is no ticket without an identity. A staff member who takes the ticket for the citizen vouches with
    the own name (QUE-045), but cannot put anybody on a list."""
    return listed_only or (demand == "required" and not vouched)


def green_reason(reason: str | None, by_card: bool, green: bool, age: int | None, green_age: int) -> str | None:
    """The reason that a ticket gets: what was declared, or `RECOGNISED` where a card lets the house tell by itself.

    Only a card does: a number that was typed or scanned may be anybody's. Nobody recognises by declaring it.
    """
    if by_card and (green or (green_age > 0 and age is not None and age >= green_age)):
        return RECOGNISED
    return None if reason == RECOGNISED else reason


def born_on(kind: str, number: str) -> date | None:
    """The day of birth that a number tells: digits 7 to 14 of a Chinese one (GB 11643-1999), none of the others."""
    if kind != "cn":
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def age_on(born: date | None, today: date) -> int | None:
    """Whole years of age on a day."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
