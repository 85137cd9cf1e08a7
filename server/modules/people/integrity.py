"""What must be true of accounts and roles."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from common.text import N_
from server.engine.access.permissions import PERMISSIONS
from server.engine.integrity import Wrong, integrity
from server.modules.organisation.public import StaffMember
from server.modules.people.loaders_rights import administrator_ways
from server.modules.people.records import Account, Role, folded

account, role, staff = Account.__table__, Role.__table__, StaffMember.__table__

NOBODY = N_(
    "No account that can sign in holds all rights any more. Add one: openhall-server user NAME --role administrator."
)
GONE = N_("The account {name} belongs to a staff member who was deleted, and is not locked.")
FOLDED = N_("The account {name} cannot be found by its name: its folded name is not that of the name.")
TWICE = N_("{count} accounts have the sign-in name {name}.")
RIGHT = N_("The role {name} holds the right {right}, which this release does not know.")


@integrity("people.an_administrator_remains", N_("At least one administrator can sign in"))
def an_administrator_remains(connection: Connection) -> Iterator[Wrong]:
    """A hall that has accounts has an administrator."""
    if not connection.execute(select(func.count()).select_from(account)).scalar_one():
        return
    if not administrator_ways(connection):
        yield NOBODY, {}


@integrity("people.accounts_have_people", N_("Accounts belong to people and are found by name"))
def accounts_have_people(connection: Connection) -> Iterator[Wrong]:
    """An account of somebody who left is locked; a name leads to one account."""
    names: dict[str, int] = {}
    rows = connection.execute(
        select(account.c.sign_in_name, account.c.folded_name, account.c.locked, staff.c.deleted_at)
        .select_from(account.join(staff, staff.c.id == account.c.staff_member_id))
        .where(account.c.deleted_at.is_(None))
    )
    for row in rows:
        names[row.folded_name] = names.get(row.folded_name, 0) + 1
        if row.deleted_at is not None and not row.locked:
            yield GONE, {"name": row.sign_in_name}
        if row.folded_name != folded(row.sign_in_name):
            yield FOLDED, {"name": row.sign_in_name}
    for name, count in names.items():
        if count > 1:
            yield TWICE, {"name": name, "count": count}


@integrity("people.roles_hold_known_rights", N_("Roles hold rights that exist"))
def roles_hold_known_rights(connection: Connection) -> Iterator[Wrong]:
    """A right that no module declares gives nothing and hides a slip."""
    for row in connection.execute(select(role.c.name, role.c.permissions).where(role.c.deleted_at.is_(None))):
        for right in row.permissions or ():
            if right != "*" and right not in PERMISSIONS:
                yield RIGHT, {"name": row.name, "right": right}
