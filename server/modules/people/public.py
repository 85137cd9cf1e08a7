"""What other modules may call of people."""

from __future__ import annotations

from server.engine.ports import ports
from server.modules.people.accounts import People, make_account, make_first_roles, refuse_weak
from server.modules.people.loaders_holding import Holding
from server.modules.people.loaders_rights import roles_of
from server.modules.people.loaders_security import AccountSecurity, accounts_now
from server.modules.people.settings import PASSWORD_LENGTH, SECOND_FACTOR

__all__ = [
    "PASSWORD_LENGTH",
    "SECOND_FACTOR",
    "AccountSecurity",
    "accounts_now",
    "make_account",
    "make_first_roles",
    "refuse_weak",
    "roles_of",
]

ports.people = People()
ports.holding = Holding()
