"""What no change of rights may do: give more than its author holds, or lock out the last administrator.

Called by the records' own checks and by the verbs. Both hold on any path: forms, verbs, posts, imports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from common.text import N_
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.perform import take_locks
from server.engine.errors import refusal
from server.modules.people.rules import EVERYTHING, Granted, Holds, administrator_remains, beyond, together

LAST_ADMINISTRATOR = refusal("people.last_administrator", N_("At least one administrator who can sign in must remain."))
BEYOND_OWN = refusal(
    "people.beyond_own", N_("You cannot give the permission {name}, which you do not have, or not as far."), 403
)

ADMINISTRATORS = ("people", "administrators")
"""The lock of whatever could take the last administrator away."""


def keep_administrator(work: Any, *without: UUID) -> None:
    """Refuse when nobody who can sign in would hold everything without what is named (accounts, roles, groups, or rows
    that tie them). Two who take each other's rights away at once wait here for one another."""
    from server.modules.people.loaders_rights import administrator_ways  # the loaders stand on the records

    take_locks(work.connection, [":".join(ADMINISTRATORS)])
    ways = administrator_ways(work.connection)
    touched = any({way.account, way.role, way.holding, way.group} & set(without) for way in ways)
    if touched and not administrator_remains(ways, without):
        work.refuse("people.last_administrator")


def own_holds(work: Any) -> Holds:
    """What the one who acts holds himself."""
    return Holds(work.who.permissions, dict(work.who.levels), frozenset())


def refuse_beyond(work: Any, given: Holds) -> None:
    """Refuse when something is given that the one who acts does not hold; the house gives whatever it wants."""
    if work.who.kind == "house":
        return
    name = beyond(own_holds(work), given)
    if name is not None:
        work.refuse("people.beyond_own", name=name)


def refuse_less_than_everything(work: Any) -> None:
    """Refuse whoever does not hold every permission: what is changed could give anybody's rights away."""
    refuse_beyond(work, together([Granted((EVERYTHING,), {})], PERMISSIONS))


def refuse_roles_beyond(work: Any, role_ids: Iterable[Any]) -> None:
    """Refuse roles that hold more than the one who acts."""
    from server.modules.people.loaders_rights import holds_of

    refuse_beyond(work, holds_of(work.connection, role_ids))


def role_may_become(work: Any, before: Any, values: dict[str, Any]) -> None:
    """A role as it is to be: no permission beyond one's own; not the last that holds everything."""
    after = [values.get(n, getattr(before, n, None)) for n in ("permissions", "levels")]
    if not values.get("deleted_at") and ("permissions" in values or "levels" in values or "deleted_at" in values):
        refuse_beyond(work, together([Granted(after[0] or (), after[1] or {})], PERMISSIONS))
    if before is not None and EVERYTHING in (before.permissions or ()):
        gone = bool(values.get("deleted_at")) or EVERYTHING not in (after[0] or ())
        if gone:
            keep_administrator(work, before.id)


def group_may_become(work: Any, before: Any, values: dict[str, Any]) -> None:
    """A group of roles: as for each of its roles."""
    if not values.get("deleted_at"):
        refuse_roles_beyond(work, values.get("roles", before.roles if before is not None else ()) or ())
    if before is not None and (values.get("deleted_at") or _fewer(before.roles, values.get("roles", before.roles))):
        keep_administrator(work, before.id)


def holding_may_become(work: Any, before: Any, values: dict[str, Any]) -> None:
    """That an account holds a role."""
    if values.get("deleted_at"):
        keep_administrator(work, before.id)
    else:
        refuse_roles_beyond(work, [values.get("role_id") or before.role_id])


def membership_may_become(work: Any, before: Any, values: dict[str, Any]) -> None:
    """That an account holds the roles of a group."""
    from server.modules.people.records import RoleGroup

    if before is not None and (values.get("deleted_at") or values.get("role_group_id", before.role_group_id) != before.role_group_id
                               or values.get("account_id", before.account_id) != before.account_id):  # fmt: skip
        keep_administrator(work, before.id)
    if not values.get("deleted_at"):
        group = work.find(RoleGroup, values.get("role_group_id") or before.role_group_id)
        refuse_roles_beyond(work, (group.roles if group is not None else None) or ())


def grant_may_become(work: Any, before: Any, values: dict[str, Any]) -> None:
    """A single permission of an account."""
    if not values.get("deleted_at"):
        name = values.get("permission") or before.permission
        level = values.get("level") or (before.level if before is not None else "all")
        refuse_beyond(work, together([Granted((name,), {name: level})], PERMISSIONS))


def _fewer(before: Collection[str] | None, after: Collection[str] | None) -> bool:
    return bool(set(before or ()) - set(after or ()))
