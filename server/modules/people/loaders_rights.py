"""Prepared reading of rights: what accounts hold, by which way, and who could still administer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.work import Work
from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.ports import ports
from server.engine.principal import Principal
from server.modules.organisation.public import PERSON, places_of, posts_of
from server.modules.people.records import Account, AccountGrant, AccountGroup, AccountRole, Role, RoleGroup
from server.modules.people.records_mandates import Mandate
from server.modules.people.rules import EVERYTHING, Granted, Holds, Way, together

_account, _role, _holds = Account.__table__, Role.__table__, AccountRole.__table__
_group, _member, _grant, _mandate = (
    RoleGroup.__table__,
    AccountGroup.__table__,
    AccountGrant.__table__,
    Mandate.__table__,
)

_roles = Prepared(select(_role).where(_role.c.deleted_at.is_(None)))
_held = Prepared(
    select(_holds.c.role_id).where(_holds.c.account_id == bindparam("key_account"), _holds.c.deleted_at.is_(None))
)
_grouped = Prepared(
    select(_group.c.roles)
    .join(_member, _member.c.role_group_id == _group.c.id)
    .where(
        _member.c.account_id == bindparam("key_account"), _member.c.deleted_at.is_(None), _group.c.deleted_at.is_(None)
    )
)
_granted = Prepared(
    select(_grant.c.permission, _grant.c.level).where(
        _grant.c.account_id == bindparam("key_account"), _grant.c.deleted_at.is_(None)
    )
)
_lent = Prepared(
    select(_mandate.c.id, _mandate.c.giver_id, _mandate.c.roles).where(
        _mandate.c.taker_id == bindparam("key_person"),
        _mandate.c.state == "accepted",
        _mandate.c.deleted_at.is_(None),
        _mandate.c.starts_at <= bindparam("now", type_=_mandate.c.starts_at.type),
        _mandate.c.ends_at > bindparam("now", type_=_mandate.c.ends_at.type),
    )
)
OF_PERSON = Prepared(
    select(_account).where(_account.c.staff_member_id == bindparam("key_person"), _account.c.deleted_at.is_(None))
)
_ways_by_role = Prepared(
    select(_account.c.id.label("account"), _role.c.id.label("role"), _holds.c.id.label("holding"), _role.c.permissions)
    .select_from(_holds.join(_account, _account.c.id == _holds.c.account_id).join(_role, _role.c.id == _holds.c.role_id))
    .where(
        _account.c.locked.is_(False), _account.c.deleted_at.is_(None), _account.c.directory.is_not(True),
        _holds.c.deleted_at.is_(None), _role.c.deleted_at.is_(None),
    )
)  # fmt: skip
_ways_by_group = Prepared(
    select(
        _account.c.id.label("account"), _member.c.id.label("holding"), _group.c.id.label("group_id"), _group.c.roles
    )
    .select_from(
        _member.join(_account, _account.c.id == _member.c.account_id).join(_group, _group.c.id == _member.c.role_group_id)
    )
    .where(
        _account.c.locked.is_(False), _account.c.deleted_at.is_(None), _account.c.directory.is_not(True),
        _member.c.deleted_at.is_(None), _group.c.deleted_at.is_(None),
    )
)  # fmt: skip


def _read_roles(connection: Connection) -> dict[UUID, Any]:
    return {row.id: row for row in _roles.rows(connection)}


ROLES = Cached("people.roles", _read_roles, ("people",), prompt=True)
"""Every role by its id."""


@dataclass(frozen=True)
class Rights:
    """What a person holds today."""

    holds: Holds
    roles: frozenset[str]
    posts: list[Any]
    lent: tuple[Principal, ...] = ()


def granted(rows: Iterable[Any]) -> list[Granted]:
    """What these roles give."""
    return [Granted(r.permissions, r.levels or {}, r.hidden_fields or ()) for r in rows]


def holds_of(connection: Connection, role_ids: Iterable[Any]) -> Holds:
    """What these roles give together; unknown ones nothing."""
    roles = ROLES.read(connection)
    wanted = [UUID(str(one)) for one in role_ids]
    return together(granted(roles[one] for one in wanted if one in roles), PERMISSIONS)


def own_roles(connection: Connection, account: Any, person_id: UUID, day: date) -> tuple[dict[UUID, Any], list[Any]]:
    """The roles of a person by id: those of the account, of its groups and of the posts that are held today (ADM-007);
    and these posts."""
    roles = ROLES.read(connection)
    posts = posts_of(connection, person_id, day)
    ids = {row.role_id for row in _held.rows(connection, key_account=account.id)}
    for row in (*_grouped.rows(connection, key_account=account.id), *posts):
        ids.update(UUID(one) for one in row.roles or ())
    return {one: roles[one] for one in ids if one in roles}, posts


def roles_of(connection: Connection, person_id: UUID, day: date) -> set[UUID]:
    """The roles that a staff member holds on a day; none without an account."""
    account = OF_PERSON.first(connection, key_person=person_id)
    return set(own_roles(connection, account, person_id, day)[0]) if account is not None else set()


def rights_of(connection: Connection, account: Any, person_id: UUID, now: datetime, day: date) -> Rights:
    """Everything that a person may do now: own roles, single permissions, and what mandates lend."""
    roles, posts = own_roles(connection, account, person_id, day)
    own = granted(roles.values())
    own += [
        Granted((row.permission,), {row.permission: row.level})
        for row in _granted.rows(connection, key_account=account.id)
    ]
    lent = tuple(_lender(connection, row, now, day) for row in _lent.rows(connection, key_person=person_id, now=now))
    lent = tuple(giver for giver in lent if giver is not None)
    return Rights(together(own, PERMISSIONS), frozenset(r.name for r in roles.values()), posts, lent)


def _lender(connection: Connection, mandate: Any, now: datetime, day: date) -> Any:
    """The giver of a mandate with what it lends: those of its roles that the giver has himself today. Nothing of what he
    was lent himself, and nothing when he cannot sign in any more."""
    account = OF_PERSON.first(connection, key_person=mandate.giver_id)
    person = PERSON.first(connection, key_id=mandate.giver_id)
    if account is None or account.locked or person is None:
        return None
    roles, posts = own_roles(connection, account, mandate.giver_id, day)
    chosen = {UUID(one) for one in mandate.roles or ()}
    holds = together(granted(row for one, row in roles.items() if one in chosen), PERMISSIONS)
    return Principal(
        id=mandate.giver_id, kind="person", name=account.sign_in_name, permissions=holds.permissions,
        levels=holds.levels, hidden=holds.hidden, places=places_of(connection, person, posts),
    )  # fmt: skip


def administrator_ways(connection: Connection) -> list[Way]:
    """All ways by which accounts of this hall's own, not locked, hold everything. Read past the memory: two may act at
    once."""
    everything = {row.id for row in _roles.rows(connection) if EVERYTHING in (row.permissions or ())}
    ways = [Way(row.account, row.role, row.holding) for row in _ways_by_role.rows(connection) if row.role in everything]
    for row in _ways_by_group.rows(connection):
        ways += [
            Way(row.account, UUID(one), row.holding, row.group_id) for one in row.roles or () if UUID(one) in everything
        ]
    return ways


def person_holds(work: Work, account: Any) -> Holds:
    """What the person of an account holds today by own right."""
    place = ports.places.main(work.connection)
    day = place.business_day(work.now) if place is not None else work.now.date()
    return rights_of(work.connection, account, account.staff_member_id, work.now, day).holds
