"""Who holds what, for flows: posts, roles, heads of units; who acts in whose place. Implements `ports.holding`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from server.engine.database.statements import Prepared
from server.engine.ports import Hands, Unit
from server.modules.organisation.public import (
    DEPARTMENTS,
    PERSON,
    Post,
    PostHolder,
    places_of,
    posts_of,
    within_period,
)
from server.modules.people.loaders import STANDS_IN
from server.modules.people.loaders_rights import OF_PERSON, ROLES, own_roles
from server.modules.people.loaders_ways import roles_held, today
from server.modules.people.records_mandates import Mandate, Substitute

_post, _held, _mandate, _substitute = (
    Post.__table__, PostHolder.__table__, Mandate.__table__, Substitute.__table__,
)  # fmt: skip
_stands_for = Prepared(
    select(_substitute.c.person_id, _substitute.c.held).where(
        _substitute.c.substitute_id == bindparam("key_person"), _substitute.c.deleted_at.is_(None)
    )
)
_mandates = Prepared(
    select(_mandate.c.giver_id, _mandate.c.roles).where(
        _mandate.c.taker_id == bindparam("key_person"),
        _mandate.c.state == "accepted",
        _mandate.c.deleted_at.is_(None),
        _mandate.c.starts_at <= bindparam("now", type_=_mandate.c.starts_at.type),
        _mandate.c.ends_at > bindparam("now", type_=_mandate.c.ends_at.type),
    )
)
_holders = Prepared(
    select(_held.c.staff_member_id, _held.c.held)
    .where(_held.c.post_id == bindparam("key_post"), _held.c.deleted_at.is_(None))
    .order_by(_held.c.id)
)
_a_post = Prepared(select(_post).where(_post.c.id == bindparam("key_id"), _post.c.deleted_at.is_(None)))
_any_post = Prepared(select(_post.c.parent_id).where(_post.c.id == bindparam("key_id")))
_head_posts = Prepared(
    select(_post.c.id)
    .where(_post.c.department_id == bindparam("key_department"), _post.c.head.is_(True), _post.c.deleted_at.is_(None))
    .order_by(_post.c.place, _post.c.id)
)


class Holding:
    """Implements `ports.HoldingPort`."""

    def hands(self, connection: Connection, person_id: UUID, now: datetime, day: date) -> Hands:
        """All that this person may act on, and in whose place."""
        found = Hands()
        self._own(connection, found, person_id, day, None, None)
        for row in _stands_for.rows(connection, key_person=person_id):
            if within_period(row.held, day):
                self._own(connection, found, row.person_id, day, row.person_id, None)
        for row in _mandates.rows(connection, key_person=person_id, now=now):
            lent = {UUID(str(one)) for one in row.roles or ()}
            self._own(connection, found, row.giver_id, day, row.giver_id, lent)
        return found

    def _own(
        self, connection: Connection, found: Hands, person_id: UUID, day: date, instead: UUID | None, lent: Any
    ) -> None:
        """Add what a person holds. With `lent`, a mandate's roles, just these and the posts that carry one of them."""
        if lent is None:
            found.people.setdefault(person_id, instead)
        roles: dict[UUID, Any] = {}
        account = OF_PERSON.first(connection, key_person=person_id)
        if account is None or (lent is not None and account.locked):
            posts = posts_of(connection, person_id, day)
        else:
            roles, posts = own_roles(connection, account, person_id, day)
        for row in posts:
            if lent is None or lent & {UUID(str(one)) for one in row.roles or ()}:
                found.posts.setdefault(row.id, instead)
        for role in roles:
            if lent is None or role in lent:
                found.roles.setdefault(role, instead)

    def active(self, connection: Connection, person_id: UUID, day: date) -> bool:
        """Whether a person can act: signs in, was not cancelled, and is not on leave without a substitute."""
        account = OF_PERSON.first(connection, key_person=person_id)
        person = PERSON.first(connection, key_id=person_id)
        if account is None or account.locked or person is None or person.state == "cancelled":
            return False
        return person.state != "leave" or any(
            within_period(row.held, day) for row in STANDS_IN.rows(connection, key_person=person_id)
        )

    def on_post(self, connection: Connection, post_id: UUID, day: date) -> list[UUID]:
        """Who holds a post on a day and can act."""
        if _a_post.first(connection, key_id=post_id) is None:
            return []
        rows = _holders.rows(connection, key_post=post_id)
        held = dict.fromkeys(row.staff_member_id for row in rows if within_period(row.held, day))
        return [one for one in held if self.active(connection, one, day)]

    def with_role(self, work: Any, role_id: UUID) -> list[UUID]:
        """Who has a role today and can act."""
        held = dict.fromkeys(one.account.staff_member_id for one in roles_held(work) if one.role_id == role_id)
        return [one for one in held if self.active(work.connection, one, today(work))]

    def head(self, connection: Connection, department_id: UUID | None, day: date, besides: UUID | None) -> list[UUID]:
        """The posts that head a unit, held by somebody else than `besides`; else those of the unit above it."""
        departments = DEPARTMENTS.read(connection)
        seen: set[UUID] = set()
        while department_id in departments and department_id not in seen:
            seen.add(department_id)
            posts = [row.id for row in _head_posts.rows(connection, key_department=department_id)]
            held = [one for one in posts if set(self.on_post(connection, one, day)) - {besides}]
            if held:
                return held
            department_id = departments[department_id].parent_id
        return []

    def above(self, connection: Connection, post_id: UUID) -> UUID | None:
        """The post above a post, of a deleted one too."""
        row = _any_post.first(connection, key_id=post_id)
        return row.parent_id if row is not None else None

    def unit(self, connection: Connection, person_id: UUID, day: date) -> Unit:
        """Where a person belongs."""
        person = PERSON.first(connection, key_id=person_id)
        if person is None:
            return Unit()
        posts = posts_of(connection, person_id, day)
        places = places_of(connection, person, posts)
        department = person.department_id or next((row.department_id for row in posts), None)
        hall, outlet = places.get("hall", ()), places.get("outlet", ())
        return Unit(department, hall[0] if hall else None, outlet[0] if outlet else None)

    def post_name(self, connection: Connection, post_id: UUID) -> dict[str, str] | None:
        """A post's name; nothing when it does not exist any more."""
        row = _a_post.first(connection, key_id=post_id)
        return None if row is None else dict(row.name)

    def role_name(self, connection: Connection, role_id: UUID) -> dict[str, str] | None:
        """A role's name; nothing when it does not exist any more."""
        row = ROLES.read(connection).get(role_id)
        return None if row is None else dict(row.name_words)

    def person_name(self, connection: Connection, person_id: UUID) -> dict[str, str]:
        """A person's name."""
        row = PERSON.first(connection, key_id=person_id)
        return {} if row is None else dict(row.name)

    def pin_of(self, connection: Connection, person_id: UUID) -> str | None:
        """The hash of a person's PIN; nothing without one."""
        account = OF_PERSON.first(connection, key_person=person_id)
        return account.pin_hash if account is not None else None
