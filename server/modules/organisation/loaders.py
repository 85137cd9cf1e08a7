"""Prepared reading of the organisation, and the places port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.ports import Place
from server.modules.organisation import rules
from server.modules.organisation.loaders_calendar import CALENDARS
from server.modules.organisation.records import (
    Department,
    Outlet,
    Post,
    PostHolder,
    Section,
    SpecialDay,
    StaffMember,
    Window,
    Zone,
)
from server.modules.organisation.rules import business_day
from server.modules.organisation.rules_calendar import public_on

_outlet = Outlet.__table__
_main = Prepared(select(_outlet).where(_outlet.c.deleted_at.is_(None)).order_by(_outlet.c.main.desc(), _outlet.c.id))
_zones = Prepared(select(Zone.__table__).where(Zone.__table__.c.deleted_at.is_(None)).order_by(Zone.__table__.c.id))
_windows = Prepared(
    select(Window.__table__)
    .where(Window.__table__.c.deleted_at.is_(None))
    .order_by(Window.__table__.c.place, Window.__table__.c.label_text)
)
_sections = Prepared(
    select(Section.__table__)
    .where(Section.__table__.c.deleted_at.is_(None))
    .order_by(Section.__table__.c.place, Section.__table__.c.id)
)
_specials = Prepared(select(SpecialDay.__table__).where(SpecialDay.__table__.c.deleted_at.is_(None)))


WINDOWS_OF = Prepared(select(Window.__table__).where(Window.__table__.c.outlet_id == bindparam("outlet")))
"""Every window of an outlet, also those that were taken away."""


@dataclass(frozen=True)
class OutletPlace(Place):
    """An outlet's place with the start of its business day."""

    day_starts: str = "00:00"

    def business_day(self, moment: datetime) -> date:
        return business_day(moment.astimezone(self.zone), self.day_starts)


@dataclass(frozen=True)
class SetApart:
    """A day with public hours of its own because the working calendar says so."""

    periods: list[list[str]]
    name: dict[str, str]


def special_days(connection: Connection) -> dict[tuple[UUID, date], Any]:
    """The outlets' own special days, by outlet and day."""
    return {(row.outlet_id, row.day): row for row in _specials.rows(connection)}


@dataclass(frozen=True)
class Plan:
    """The hall's plan as rows: small, read together, kept until it changes."""

    outlets: dict[UUID, Any]
    zones: dict[UUID, Any]
    windows: dict[UUID, Any]
    sections: dict[UUID, Any]
    specials: dict[tuple[UUID, date], Any]
    """Days with hours of their own, by outlet and day."""

    @property
    def main(self) -> Any:
        """The outlet that this server greets with, or nothing."""
        return next(iter(self.outlets.values()), None)


def _read_plan(connection: Connection) -> Plan:
    def by_id(statement: Prepared) -> dict[UUID, Any]:
        return {row.id: row for row in statement.rows(connection)}

    outlets = by_id(_main)
    own = {(row.outlet_id, row.day): row for row in _specials.rows(connection)}
    specials: dict[tuple[UUID, date], Any] = dict(_set_apart(connection, outlets, own))
    return Plan(outlets, by_id(_zones), by_id(_windows), by_id(_sections), specials)


def _set_apart(
    connection: Connection, outlets: dict[UUID, Any], own: dict[tuple[UUID, date], Any]
) -> Iterator[tuple[tuple[UUID, date], Any]]:
    """The days on which an outlet's hours are not its week's; `public_on` says by what."""
    calendars = CALENDARS.read(connection)
    for outlet in outlets.values():
        timeline = calendars.timeline(ZoneInfo(outlet.time_zone), outlet.id)
        for calendar in {id(use.calendar): use.calendar for use in timeline.uses}.values():
            for day, what in calendar.days.items():
                if timeline.calendar(day) is calendar and (outlet.id, day) not in own:
                    periods, _by = public_on(outlet.hours, day, what, None)
                    yield (outlet.id, day), SetApart(periods, dict(what.name))
    yield from own.items()


PLAN = Cached("organisation.plan", _read_plan, ("organisation",))

_department, _post, _holder = Department.__table__, Post.__table__, PostHolder.__table__
_departments = Prepared(
    select(
        _department.c.id, _department.c.name, _department.c.parent_id, _department.c.section_id, _department.c.outlet_id,
        _department.c.hall_id,
    ).where(_department.c.deleted_at.is_(None))
)  # fmt: skip
_held_posts = Prepared(
    select(_post.c.id, _post.c.department_id, _post.c.head, _post.c.roles, _holder.c.held)
    .join(_holder, _holder.c.post_id == _post.c.id)
    .where(
        _holder.c.staff_member_id == bindparam("key_person"),
        _holder.c.deleted_at.is_(None),
        _post.c.deleted_at.is_(None),
    )
)
_everybody_s_posts = Prepared(
    select(_holder.c.staff_member_id, _holder.c.held, _post.c.id, _post.c.name, _post.c.roles)
    .join(_post, _post.c.id == _holder.c.post_id)
    .where(_holder.c.deleted_at.is_(None), _post.c.deleted_at.is_(None))
    .order_by(_holder.c.id)
)
PERSON = Prepared(
    select(StaffMember.__table__).where(
        StaffMember.__table__.c.id == bindparam("key_id"), StaffMember.__table__.c.deleted_at.is_(None)
    )
)


def _read_departments(connection: Connection) -> dict[UUID, Any]:
    return {row.id: row for row in _departments.rows(connection)}


DEPARTMENTS = Cached("organisation.departments", _read_departments, ("organisation",))
"""Every department's name, place in the tree, section, outlet and hall, by id."""


def posts_of(connection: Connection, person_id: UUID, day: date) -> list[Any]:
    """The posts that a person holds on a day, with their department, whether they head it, and the roles they carry."""
    rows = _held_posts.rows(connection, key_person=person_id)
    return [row for row in rows if rules.within_period(row.held, day)]


def posts_of_all(connection: Connection, day: date) -> list[Any]:
    """Who holds which post on a day, with its name and the roles that it carries."""
    return [row for row in _everybody_s_posts.rows(connection) if rules.within_period(row.held, day)]


def places_of(connection: Connection, person: Any, posts: list[Any]) -> dict[str, tuple[UUID, ...]]:
    """Where a person belongs, by level: the own departments with all below them, their sections, halls and outlets."""
    departments = DEPARTMENTS.read(connection)
    own = {d for d in (person.department_id, *[p.department_id for p in posts]) if d in departments}
    below = rules.with_those_below(own, {row.id: row.parent_id for row in departments.values()})
    main = PLAN.read(connection).main
    halls = {departments[d].hall_id for d in own} | {person.hall_id}
    outlets = {departments[d].outlet_id for d in own} - {None} or ({main.id} if main is not None else set())
    sections = {departments[d].section_id for d in own} | {person.section_id}
    return {
        "department": tuple(below),
        "section": tuple(s for s in sections if s is not None),
        "hall": tuple(h for h in halls if h is not None),
        "outlet": tuple(o for o in outlets if o is not None),
    }


def place_of(outlet: Any) -> OutletPlace:
    """The place of an outlet's row."""
    return OutletPlace(
        outlet_id=outlet.id,
        name=outlet.name,
        zone=ZoneInfo(outlet.time_zone),
        languages=tuple(outlet.languages or ("en",)),
        day_starts=outlet.day_starts,
        opened=outlet.stage == "open",
    )


class Places:
    """The places port."""

    def main(self, connection: Connection) -> Place | None:
        """The outlet that this server greets with."""
        outlet = PLAN.read(connection).main
        if outlet is None or outlet.stage != "open":
            # While a hall is being made everybody waits for the next step: not a moment behind (see setup.py).
            outlet = PLAN.load(connection).main
        return None if outlet is None else place_of(outlet)

    def place(self, connection: Connection, outlet_id: UUID) -> Place:
        """An outlet's time."""
        return place_of(PLAN.read(connection).outlets[outlet_id])
