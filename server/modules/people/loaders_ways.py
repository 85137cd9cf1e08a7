"""Prepared reading of the ways by which people hold roles: themselves, by a group, by a post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.ports import ports
from server.modules.organisation.public import posts_of_all
from server.modules.people.loaders import ALL_ACCOUNTS, ALL_HOLDINGS
from server.modules.people.records import AccountGrant, AccountGroup, RoleGroup

_group, _member, _grant = RoleGroup.__table__, AccountGroup.__table__, AccountGrant.__table__
_members = Prepared(
    select(_member.c.account_id, _group.c.name, _group.c.roles)
    .join(_group, _group.c.id == _member.c.role_group_id)
    .where(_member.c.deleted_at.is_(None), _group.c.deleted_at.is_(None))
    .order_by(_member.c.id)
)
ALL_GRANTS = Prepared(
    select(_grant.c.account_id, _grant.c.permission, _grant.c.level).where(_grant.c.deleted_at.is_(None))
)


@dataclass(frozen=True)
class RoleHeld:
    """That an account holds a role, by which way."""

    account: Any
    role_id: UUID
    by: str
    through: dict[str, str]


def today(work: Work) -> date:
    """The business day of this hall."""
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def roles_held(work: Work) -> Iterator[RoleHeld]:
    """Every way by which every account holds a role today."""
    accounts = {row.id: row for row in work.rows(ALL_ACCOUNTS)}
    by_person = {row.staff_member_id: row for row in accounts.values()}
    for row in work.rows(ALL_HOLDINGS):
        if row.account_id in accounts:
            yield RoleHeld(accounts[row.account_id], row.role_id, "role", {})
    for row in work.rows(_members):
        if row.account_id in accounts:
            for one in row.roles or ():
                yield RoleHeld(accounts[row.account_id], UUID(str(one)), "group", row.name)
    for row in posts_of_all(work.connection, today(work)):
        if row.staff_member_id in by_person:
            for one in row.roles or ():
                yield RoleHeld(by_person[row.staff_member_id], UUID(str(one)), "post", row.name)
