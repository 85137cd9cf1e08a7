"""Prepared reading of identities from outside, and of the providers that prove them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.ports import Provider
from server.modules.organisation.public import StaffMember
from server.modules.people.records import Account, Role
from server.modules.people.records_identities import ExternalIdentity, IdentityProvider, WaitingIdentity

_identity, _waiting, _provider = ExternalIdentity.__table__, WaitingIdentity.__table__, IdentityProvider.__table__
_account, _staff, _role = Account.__table__, StaffMember.__table__, Role.__table__

IDENTITY = Prepared(
    select(_identity).where(
        _identity.c.provider == bindparam("key_provider"),
        _identity.c.subject == bindparam("key_subject"),
        _identity.c.deleted_at.is_(None),
    )
)
IDENTITIES_OF = Prepared(
    select(_identity.c.id, _identity.c.provider).where(
        _identity.c.account_id == bindparam("key_account"), _identity.c.deleted_at.is_(None)
    )
)
WAITING = Prepared(
    select(_waiting).where(
        _waiting.c.provider == bindparam("key_provider"),
        _waiting.c.subject == bindparam("key_subject"),
        _waiting.c.deleted_at.is_(None),
    )
)
_with_staff = (
    select(_account)
    .join(_staff, _staff.c.id == _account.c.staff_member_id)
    .where(_account.c.deleted_at.is_(None), _staff.c.deleted_at.is_(None))
    .limit(2)
)
ACCOUNTS_OF_MAIL = Prepared(_with_staff.where(func.lower(_staff.c.mail) == bindparam("key_mail")))
ACCOUNTS_OF_NUMBER = Prepared(_with_staff.where(_staff.c.staff_number == bindparam("key_number")))
_providers = Prepared(
    select(_provider, _role.c.name.label("role_name"))
    .join(_role, (_role.c.id == _provider.c.newcomers_id) & _role.c.deleted_at.is_(None), isouter=True)
    .where(_provider.c.deleted_at.is_(None), _provider.c.enabled.is_(True))
    .order_by(_provider.c.place, _provider.c.id)
    .limit(20)
)


def read_providers(connection: Connection) -> list[Provider]:
    """The providers that are in use."""
    return [_provider_of(row) for row in _providers.rows(connection)]


PROVIDERS = Cached("people.providers", read_providers, ("people",))


def _provider_of(row: Any) -> Provider:
    return Provider(
        code=row.code, names=row.name, symbol=row.symbol, issuer=row.issuer, client_id=row.client_id,
        secret=row.client_secret or "", scopes=row.scopes,
        claims={
            "name": row.claim_name or "", "full_name": row.claim_full_name or "", "mail": row.claim_mail or "",
            "number": row.claim_number or "",
        },
        match=row.known_by, role=row.role_name or "", asks_anew=row.asks_anew, leaves_too=row.leaves_too,
        port=row.loopback_port or 0, web_return=row.web_return or "",
    )  # fmt: skip
