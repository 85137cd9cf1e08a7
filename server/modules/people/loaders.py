"""Prepared reading of accounts and roles, and the people port."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from common.protocol.access import Me
from server.engine.access.permissions import PERMISSIONS
from server.engine.database.statements import Prepared
from server.engine.ports import Account as AccountFacts
from server.engine.principal import Principal
from server.modules.organisation.public import PERSON, PLAN, StaffMember, places_of
from server.modules.people.records import Account, AccountRole, Role, folded
from server.modules.people.rules import Granted, together

_account, _role, _holds, _staff = Account.__table__, Role.__table__, AccountRole.__table__, StaffMember.__table__

ACCOUNT_BY_NAME = Prepared(
    select(_account).where(_account.c.folded_name == bindparam("key_name"), _account.c.deleted_at.is_(None))
)
ACCOUNT_OF_PERSON = Prepared(
    select(_account).where(_account.c.staff_member_id == bindparam("key_person"), _account.c.deleted_at.is_(None))
)
ROLE_BY_NAME = Prepared(select(_role).where(_role.c.name == bindparam("key_name"), _role.c.deleted_at.is_(None)))
_roles_of = Prepared(
    select(_role.c.name, _role.c.permissions, _role.c.levels, _role.c.hidden_fields)
    .join(_holds, _holds.c.role_id == _role.c.id)
    .where(_holds.c.account_id == bindparam("key_account"), _holds.c.deleted_at.is_(None), _role.c.deleted_at.is_(None))
)
_person = Prepared(select(_staff).where(_staff.c.id == bindparam("key_id"), _staff.c.deleted_at.is_(None)))
ACCOUNTS = Prepared(select(func.count(_account.c.id).label("n")))
ALL_ACCOUNTS = Prepared(
    select(
        _account.c.id, _account.c.staff_member_id, _account.c.sign_in_name, _account.c.locked,
        _staff.c.name, _staff.c.staff_number, _staff.c.post,
    )
    .join(_staff, _staff.c.id == _account.c.staff_member_id)
    .where(_account.c.deleted_at.is_(None))
    .order_by(_account.c.id)
    .limit(2000)
)  # fmt: skip
ALL_ROLES = Prepared(select(_role).where(_role.c.deleted_at.is_(None)).order_by(_role.c.id))
ALL_HOLDINGS = Prepared(select(_holds.c.account_id, _holds.c.role_id).where(_holds.c.deleted_at.is_(None)))


class PeopleReading:
    """The reading part of the people port."""

    def account(self, connection: Connection, name: str) -> AccountFacts | None:
        """The account of a sign-in name."""
        row = ACCOUNT_BY_NAME.first(connection, key_name=folded(name))
        if row is None:
            return None
        return AccountFacts(row.staff_member_id, row.password_hash, row.locked, row.must_change_password)

    def claimed(self, connection: Connection) -> bool:
        """Whether there is an account: the first administrator has come."""
        return bool(ACCOUNTS.first(connection).n)

    def person(self, connection: Connection, person_id: UUID) -> Principal | None:
        """The person with the permissions of today; nothing when gone or locked."""
        account = ACCOUNT_OF_PERSON.first(connection, key_person=person_id)
        if account is None or account.locked:
            return None
        roles = _roles_of.rows(connection, key_account=account.id)
        holds = together([Granted(r.permissions, r.levels or {}, r.hidden_fields or ()) for r in roles], PERMISSIONS)
        outlet = PLAN.read(connection).main
        person = PERSON.first(connection, key_id=person_id)
        places = {} if person is None else places_of(connection, person, [])
        return Principal(
            id=person_id,
            kind="person",
            name=account.sign_in_name,
            permissions=holds.permissions,
            levels=holds.levels,
            hidden=holds.hidden,
            places=places,
            roles=frozenset(r.name for r in roles),
            outlet_id=outlet.id if outlet else None,
        )

    def me(self, connection: Connection, who: Principal) -> Me:
        """How this person is shown to itself."""
        person = _person.first(connection, key_id=who.id)
        account = ACCOUNT_OF_PERSON.first(connection, key_person=who.id)
        return Me(
            id=who.id,
            kind="person",
            name=person.name if person else {"en": who.name},
            account=who.name,
            post=(person.post or {}) if person else {},
            photo=person.photo if person else None,
            roles=sorted(who.roles),
            permissions=sorted(who.permissions),
            outlet_id=who.outlet_id,
            language=(account.language or None) if account else None,
        )
