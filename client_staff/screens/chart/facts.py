"""The organisation as its chart shows it: departments as a tree, posts in them, who holds which on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.text.fold import fold
from common.text.words import pick

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who works here."""

    id: str
    name: str
    photo: str | None = None
    department_id: str | None = None


@dataclass(frozen=True)
class Holding:
    """That a person holds a post in a period such as `2026-03-01/`."""

    id: str
    person: Person
    held: str
    acting: bool = False


@dataclass(frozen=True)
class Unit:
    """A department."""

    id: str
    name: str
    parent_id: str | None
    row: Row = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Seat:
    """A post of a department; `parent_id` is the post that it is under."""

    id: str
    name: str
    department_id: str
    parent_id: str | None
    head: bool = False
    seats: int = 1
    row: Row = field(default_factory=dict, compare=False)
    holders: tuple[Holding, ...] = ()


@dataclass
class Chart:
    """All of it on one day, in the order in which it stands."""

    units: dict[str, Unit] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def roots(self) -> list[Unit]:
        """Departments that belong to no other."""
        return [one for one in self.units.values() if one.parent_id not in self.units]

    def below(self, unit_id: str) -> list[Unit]:
        """The departments straight below one."""
        return [one for one in self.units.values() if one.parent_id == unit_id]

    def seats_of(self, unit_id: str) -> list[tuple[Seat, int]]:
        """The posts of a department with how deep each lies under others of it, superiors first."""
        own = {one.id: one for one in self.seats.values() if one.department_id == unit_id}

        def walk(parent: str | None, depth: int) -> Iterator[tuple[Seat, int]]:
            for one in own.values():
                if (one.parent_id if one.parent_id in own else None) == parent:
                    yield one, depth
                    yield from walk(one.id, depth + 1)

        # Heads first: who leads a department stands at its top.
        return sorted(walk(None, 0), key=lambda pair: not (pair[0].head and pair[1] == 0))

    def within(self, unit_id: str) -> set[str]:
        """A department and all below it."""
        found, ahead = set(), [unit_id]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += [unit.id for unit in self.below(one)]
        return found

    def under(self, seat_id: str) -> set[str]:
        """A post and all posts under it, wherever they lie."""
        found, ahead = set(), [seat_id]
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += [seat.id for seat in self.seats.values() if seat.parent_id == one]
        return found

    def staff(self, unit_id: str) -> set[str]:
        """Everybody of a department and of those below: who belongs to it, and who holds a post of it."""
        inside = self.within(unit_id)
        there = {one.id for one in self.people.values() if one.department_id in inside}
        return there | {h.person.id for s in self.seats.values() if s.department_id in inside for h in s.holders}

    def head_of(self, unit_id: str) -> Seat | None:
        """The post that heads a department."""
        return next((s for s in self.seats.values() if s.department_id == unit_id and s.head), None)

    def without_post(self, unit_id: str) -> list[Person]:
        """Who belongs to a department and holds no post of it."""
        holding = {h.person.id for s in self.seats.values() if s.department_id == unit_id for h in s.holders}
        return [p for p in self.people.values() if p.department_id == unit_id and p.id not in holding]

    @property
    def empty_seats(self) -> list[Seat]:
        """Posts that nobody holds."""
        return [one for one in self.seats.values() if not one.holders]

    def may_move(self, what: str, onto: str) -> bool:
        """Whether something may be put there: a department under another or at the top (an empty name), not under itself;
        a post into a department or under a post, not under itself."""
        if what in self.units:
            return onto != self.units[what].parent_id and (
                onto == "" or (onto in self.units and onto not in self.within(what))
            )
        if what not in self.seats:
            return False
        seat = self.seats[what]
        if onto in self.units:
            return onto != seat.department_id or seat.parent_id is not None
        return onto in self.seats and onto != seat.parent_id and onto not in self.under(what)

    def find(self, words: str) -> list[str]:
        """Departments, posts, and posts of people whose name says all these words, in the order of the chart."""
        wanted = fold(words).split()
        if not wanted:
            return []

        def said(text: str) -> bool:
            there = fold(text)
            return all(word in there for word in wanted)

        holding = {h.person.id for seat in self.seats.values() for h in seat.holders}
        found = []
        for unit in self.in_order():
            # Whoever holds a post is found there.
            others = [p.name for p in self.without_post(unit.id) if p.id not in holding]
            names = [unit.name, str(unit.row.get("number") or ""), *others]
            if said(" ".join(names)):
                found.append(unit.id)
            for seat, _depth in self.seats_of(unit.id):
                if said(" ".join([seat.name, *[h.person.name for h in seat.holders]])):
                    found.append(seat.id)
        return found

    def in_order(self) -> Iterator[Unit]:
        """Every department, each before those below it."""

        def walk(units: list[Unit]) -> Iterator[Unit]:
            for one in units:
                yield one
                yield from walk(self.below(one.id))

        return walk(self.roots)


def within_period(held: str, day: date) -> bool:
    """Whether a period such as `2026-03-01/2026-03-31` holds a day."""
    first, _stroke, last = held.partition("/")
    return first <= day.isoformat() and (not last or day.isoformat() <= last)


def chart_of(
    units: Iterable[Row], seats: Iterable[Row], holdings: Iterable[Row], people: Iterable[Row], day: date
) -> Chart:
    """Records as the chart of a day."""
    staff = {
        row["id"]: Person(row["id"], pick(row["name"]), row.get("photo"), row.get("department_id")) for row in people
    }
    made = Chart(people=staff)
    for row in sorted(units, key=_place):
        made.units[row["id"]] = Unit(row["id"], pick(row["name"]), row.get("parent_id"), row)
    held: dict[str, list[Holding]] = {}
    for row in holdings:
        person = staff.get(row["staff_member_id"])
        if person is not None and within_period(row["held"], day):
            held.setdefault(row["post_id"], []).append(Holding(row["id"], person, row["held"], bool(row.get("acting"))))
    for row in sorted(seats, key=_place):
        if row["department_id"] in made.units:
            made.seats[row["id"]] = Seat(
                row["id"], pick(row["name"]), row["department_id"], row.get("parent_id"), bool(row.get("head")),
                int(row.get("seats") or 1), row, tuple(sorted(held.get(row["id"], []), key=lambda h: h.acting)),
            )  # fmt: skip
    return made


def _place(row: Row) -> tuple[int, str, str]:
    return int(row.get("place") or 0), pick(row["name"]), str(row["id"])
