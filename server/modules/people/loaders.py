"""Prepared reading of accounts, and the people port."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from common.protocol.access import Me
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.ports import Account as AccountFacts
from server.engine.ports import Proof, Provider, ports
from server.engine.principal import ALL, Principal
from server.engine.settings import SettingValues
from server.modules.organisation.public import PERSON, StaffMember, places_of, within_period
from server.modules.people.loaders_identities import PROVIDERS
from server.modules.people.loaders_rights import OF_PERSON, rights_of
from server.modules.people.loaders_view import REACH, chosen, narrowed
from server.modules.people.records import Account, AccountRole, Role, folded
from server.modules.people.records_mandates import Substitute
from server.modules.people.settings import SECOND_FACTOR, SHORT_SIGN_IN

_account, _role, _holds, _staff = Account.__table__, Role.__table__, AccountRole.__table__, StaffMember.__table__
_substitute = Substitute.__table__

ACCOUNT_BY_NAME = Prepared(
    select(_account).where(_account.c.folded_name == bindparam("key_name"), _account.c.deleted_at.is_(None))
)
_account_by_id = Prepared(select(_account).where(_account.c.id == bindparam("key_id"), _account.c.deleted_at.is_(None)))
ACCOUNT_OF_PERSON = OF_PERSON
ACCOUNT_OF_CARD = Prepared(
    select(_account).where(_account.c.card_index == bindparam("key_card"), _account.c.deleted_at.is_(None))
)
ANY_ACCOUNT_OF_PERSON = Prepared(select(_account).where(_account.c.staff_member_id == bindparam("key_person")))
HOLDINGS_OF = Prepared(
    select(_holds).where(_holds.c.account_id == bindparam("key_account"), _holds.c.deleted_at.is_(None))
)
STANDS_IN = Prepared(
    select(_substitute.c.substitute_id, _substitute.c.held)
    .where(_substitute.c.person_id == bindparam("key_person"), _substitute.c.deleted_at.is_(None))
    .order_by(_substitute.c.id)
)
_proved = Prepared(
    update(Account)
    .where(Account.id == bindparam("key_id"))
    .values(
        password_at=bindparam("password_at", type_=_account.c.password_at.type),
        second_step=bindparam("second_step"),
        recovery=bindparam("recovery", type_=_account.c.recovery.type),
    )
)
ROLE_BY_NAME = Prepared(select(_role).where(_role.c.name == bindparam("key_name"), _role.c.deleted_at.is_(None)))
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
        return facts_of(ACCOUNT_BY_NAME.first(connection, key_name=folded(name)))

    def account_of_card(self, connection: Connection, indexes: list[str]) -> AccountFacts | None:
        """The account of a card, by any of the indexes under which its number may be kept."""
        found = (ACCOUNT_OF_CARD.first(connection, key_card=one) for one in indexes)
        return next((facts_of(row) for row in found if row is not None), None)

    def account_of(self, connection: Connection, account_id: UUID) -> AccountFacts | None:
        """The account of an id."""
        return facts_of(_account_by_id.first(connection, key_id=account_id))

    def providers(self, connection: Connection) -> list[Provider]:
        """The identity providers that are in use, in their order."""
        return list(PROVIDERS.read(connection))

    def claimed(self, connection: Connection) -> bool:
        """Whether there is an account: the first administrator has come."""
        return bool(ACCOUNTS.first(connection).n)

    def person(
        self, connection: Connection, person_id: UUID, now: datetime | None = None, since: datetime | None = None
    ) -> Principal | None:
        """The person with the permissions of this moment; nothing when gone, locked or cancelled. A session that began at
        `since` need not give codes because a setting of later wants them."""
        account = ACCOUNT_OF_PERSON.first(connection, key_person=person_id)
        person = PERSON.first(connection, key_id=person_id)
        if account is None or account.locked:
            return None
        if person is not None and person.state == "cancelled":
            return None  # COR-015
        now = now or datetime.now(UTC)
        place = ports.places.main(connection)
        rights = rights_of(connection, account, person_id, now, place.business_day(now) if place else now.date())
        permissions, levels = set(rights.holds.permissions), dict(rights.holds.levels)
        for giver in rights.lent:
            levels.update(dict.fromkeys(giver.permissions - permissions, "own"))
            permissions |= giver.permissions
        pending = ""
        if account.must_change_password and not account.directory:
            pending = "password"
        elif account.second_factor is None and _must_give_codes(connection, permissions, since or now):
            pending = "second_factor"
        places = {} if person is None else places_of(connection, person, rights.posts)
        level = levels.get(REACH, ALL) if REACH in permissions else None
        view = chosen(connection, account.in_view, level, places)
        return Principal(
            id=person_id,
            kind="person",
            name=account.sign_in_name,
            permissions=frozenset() if pending else frozenset(permissions),
            levels=levels,
            places=places,
            in_view=narrowed(connection, view) if view else {},
            hidden=rights.holds.hidden,
            roles=rights.roles,
            lent=() if pending else rights.lent,
            pending=pending,
            outlet_id=view.get("outlet") or (place.outlet_id if place else None),
        )

    def proved(self, work: Work, account_id: UUID, proof: Proof) -> bool:
        """Keep what a sign-in used up: the step of a code, a recovery code; and when the password was given. Whether the
        proof still stood: no code serves twice."""
        row = work.get(Account, account_id)
        if proof.step is not None and proof.step <= (row.second_step or 0):
            return False
        left = list(row.recovery or ())
        if proof.recovery is not None:
            if proof.recovery not in left:
                return False
            left.remove(proof.recovery)
            work.audit("account", account_id, {"recovery": ["•", "•"]})
        work.run(
            _proved, key_id=account_id, second_step=proof.step or row.second_step, recovery=left,
            password_at=work.now if proof.password else row.password_at,
        )  # fmt: skip
        return True

    def substitute(self, connection: Connection, person_id: UUID, day: date) -> UUID | None:
        """Who stands in for a person on a day, or nobody."""
        rows = STANDS_IN.rows(connection, key_person=person_id)
        return next((row.substitute_id for row in rows if within_period(row.held, day)), None)

    def short_ways(self, connection: Connection, person_id: UUID | None, now: datetime) -> str:
        """Whether the hall of a person (without one: of this server) lets people sign in by card or PIN, and by which."""
        place = ports.places.main(connection)
        at: dict[str, UUID | None] = {"outlet": place.outlet_id if place else None}
        person = PERSON.first(connection, key_id=person_id) if person_id is not None else None
        if person is not None:
            halls = places_of(connection, person, []).get("hall", ())
            at["hall"] = halls[0] if halls else None
        return SettingValues().value(connection, SHORT_SIGN_IN, now, at)

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


def facts_of(row: Any) -> AccountFacts | None:
    if row is None:
        return None
    return AccountFacts(
        person_id=row.staff_member_id,
        account_id=row.id,
        name=row.sign_in_name,
        password_hash=row.password_hash,
        locked=row.locked,
        must_change_password=row.must_change_password and not row.directory,
        directory=bool(row.directory),
        second_factor=row.second_factor,
        recovery=tuple(row.recovery or ()),
        pin_hash=row.pin_hash,
        password_at=row.password_at,
    )


def _must_give_codes(connection: Connection, permissions: set[str], since: datetime) -> bool:
    who = SettingValues().value(connection, SECOND_FACTOR, since, {})
    return who == "everybody" or (who == "administrators" and permissions >= PERMISSIONS.keys())
