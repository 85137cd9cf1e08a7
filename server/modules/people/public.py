"""What other modules may call of people."""

from __future__ import annotations

from server.engine.ports import ports
from server.modules.people.accounts import People, make_account, make_first_roles, refuse_weak
from server.modules.people.holding import Holding
from server.modules.people.loaders_rights import roles_of

__all__ = ["make_account", "make_first_roles", "refuse_weak", "roles_of"]

ports.people = People()
ports.holding = Holding()
