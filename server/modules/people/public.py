"""What other modules may call of people."""

from __future__ import annotations

from server.engine.ports import ports
from server.modules.people.accounts import People, make_account, make_first_roles, refuse_weak

__all__ = ["make_account", "make_first_roles", "refuse_weak"]

ports.people = People()
