"""What the security rules want to know of accounts; for other modules, through `public`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from common.text.words import pick
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.modules.people.loaders_rights import own_roles
from server.modules.people.records import Account
from server.modules.people.rules import EVERYTHING

_account = Account.__table__
_standing = Prepared(
    select(_account)
    .where(_account.c.deleted_at.is_(None), _account.c.locked.is_(False))
    .order_by(_account.c.sign_in_name)
)


@dataclass(frozen=True)
class AccountSecurity:
    """One account that may sign in."""

    id: UUID
    name: str
    sign_in_name: str
    everything: bool
    """Whether a role gives everything: whoever holds it administers the house."""
    codes: bool
    """Gives codes as a second proof."""
    elsewhere: bool
    """Somebody else, such as a directory, checks the password."""
    first_password: bool
    """Has not chosen a password of the own yet."""
    used_at: datetime | None
    """The last time the password was given."""
    made_at: datetime


def accounts_now(work: Work, today: date) -> list[AccountSecurity]:
    """Every account that is not locked."""
    found = []
    for row in work.rows(_standing):
        roles, _posts = own_roles(work.connection, row, row.staff_member_id, today)
        found.append(
            AccountSecurity(
                row.id, pick(row.person_name or {}) or row.sign_in_name, row.sign_in_name,
                any(EVERYTHING in role.permissions for role in roles.values()), row.second_factor is not None,
                bool(row.directory), row.must_change_password, row.password_at, row.created_at,
            )
        )  # fmt: skip
    return found
