"""Making accounts and the first administrator: what actions, first set-up and the command line share."""

from __future__ import annotations

from uuid import UUID

from common.protocol.messages import LANGUAGES
from common.text import N_, translate
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.organisation.public import StaffMember
from server.modules.people.access import FIRST_ROLES
from server.modules.people.loaders import ACCOUNT_BY_NAME, ACCOUNTS, ROLE_BY_NAME, PeopleReading
from server.modules.people.records import Account, AccountRole, Role, folded

NAME_TAKEN = refusal("people.name_taken", N_("The sign-in name {name} is taken."))
UNKNOWN_ROLE = refusal("people.unknown_role", N_("There is no role {name}."), 422)
FOUNDED = refusal("people.founded_already", N_("This hall has an administrator already. Sign in."))


def make_account(work: Work, person_id: UUID, name: str, password_hash: str, roles: list[str]) -> UUID:
    """An account with its roles for a staff member; refuses a name that is taken."""
    if work.first(ACCOUNT_BY_NAME, key_name=folded(name)) is not None:
        work.refuse("people.name_taken", name=name)
    account = work.insert(
        Account,
        sign_in_name=name,
        folded_name=folded(name),
        staff_member_id=person_id,
        password_hash=password_hash,
        must_change_password=False,
    )
    for role_name in roles:
        role = work.first(ROLE_BY_NAME, key_name=role_name)
        if role is None:
            work.refuse("people.unknown_role", name=role_name)
        work.insert(AccountRole, account_id=account.id, role_id=role.id)
    work.notify("people", "created", type="account", id=account.id)
    return account.id


def make_first_roles(work: Work) -> None:
    """The roles that a new hall begins with; those that stand are left as they are."""
    for name, (label, permissions) in FIRST_ROLES.items():
        if work.first(ROLE_BY_NAME, key_name=name) is None:
            labels = {code: translate(label, code) for code in LANGUAGES}
            work.insert(Role, name=name, name_words=labels, permissions=list(permissions))


class People(PeopleReading):
    """The people port."""

    def claim(self, work: Work, name: str, password_hash: str, full_name: dict[str, str]) -> UUID:
        """Make the first administrator; refused when there is an account."""
        if work.scalar(ACCOUNTS):
            work.refuse("people.founded_already")
        make_first_roles(work)
        person = work.insert(StaffMember, name=full_name, staff_number="1")
        make_account(work, person.id, name, password_hash, ["administrator"])
        return person.id
