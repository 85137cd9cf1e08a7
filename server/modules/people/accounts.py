"""Making accounts and the first administrator: what actions, first set-up and the command line share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.messages import LANGUAGES
from common.text import N_, translate
from server.engine.access import tokens
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import Account as AccountFacts
from server.engine.ports import Outsider, ports
from server.modules.organisation.public import PLAN, Post, PostHolder, StaffMember
from server.modules.people import guards
from server.modules.people.access import FIRST_LEVELS, FIRST_ROLES
from server.modules.people.loaders import (
    ACCOUNT_BY_NAME,
    ACCOUNTS,
    ANY_ACCOUNT_OF_PERSON,
    HOLDINGS_OF,
    ROLE_BY_NAME,
    PeopleReading,
    facts_of,
)
from server.modules.people.loaders_identities import (
    ACCOUNTS_OF_MAIL,
    ACCOUNTS_OF_NUMBER,
    IDENTITIES_OF,
    IDENTITY,
    WAITING,
)
from server.modules.people.records import Account, AccountRole, Role, folded
from server.modules.people.records_identities import ExternalIdentity, WaitingIdentity
from server.modules.people.rules import password_problem
from server.modules.people.settings import PASSWORD_LENGTH, PASSWORD_MIXED

NAME_TAKEN = refusal("people.name_taken", N_("The sign-in name {name} is taken."))
UNKNOWN_ROLE = refusal("people.unknown_role", N_("There is no role {name}."), 422)
FOUNDED = refusal("people.founded_already", N_("This hall has an administrator already. Sign in."))
HAS_ACCOUNT = refusal("people.has_account", N_("This staff member can sign in already, as {name}."))
SHORT = refusal("people.password_short", N_("The password needs at least {least} characters."), 422)
IS_NAME = refusal("people.password_is_name", N_("The sign-in name is no password. Choose another."), 422)
PLAIN = refusal("people.password_plain", N_("The password needs letters and digits."), 422)


def refuse_weak(work: Work, password: str, name: str) -> None:
    """Refuse a new password that breaks a rule (ADM-006)."""
    least = work.setting(PASSWORD_LENGTH)
    problem = password_problem(password, name, least, work.setting(PASSWORD_MIXED))
    if problem is not None:
        work.refuse(problem, least=least)


def make_account(
    work: Work, person_id: UUID, name: str, password_hash: str, roles: list[str], *, must_change: bool = False
) -> UUID:
    """An account with its roles for a staff member; refuses a name that is taken. Somebody whose account was deleted gets
    it back, with its history."""
    refuse_taken(work, name)
    person = work.get(StaffMember, person_id)
    main = PLAN.read(work.connection).main
    values: dict[str, Any] = {
        "sign_in_name": name,
        "folded_name": folded(name),
        "person_name": person.name,
        "outlet_id": main.id if main is not None else None,
        "password_hash": password_hash,
        "must_change_password": must_change,
    }
    earlier = work.first(ANY_ACCOUNT_OF_PERSON, key_person=person_id)
    if earlier is None:
        account = work.insert(Account, staff_member_id=person_id, **values)
    elif earlier.deleted_at is None:
        work.refuse("people.has_account", name=earlier.sign_in_name)
    else:
        account = work.change(Account, earlier, deleted_at=None, locked=False, **values)
    for role_name in roles:
        role = work.first(ROLE_BY_NAME, key_name=role_name)
        if role is None:
            work.refuse("people.unknown_role", name=role_name)
        guards.refuse_roles_beyond(work, [role.id])
        work.insert(AccountRole, account_id=account.id, role_id=role.id)
    work.notify("people", "created", type="account", id=account.id)
    return account.id


def refuse_taken(work: Work, name: str, besides: UUID | None = None) -> None:
    """Refuse a sign-in name that another account has, however it is written (COR-I12)."""
    found = work.first(ACCOUNT_BY_NAME, key_name=folded(name))
    if found is not None and found.id != besides:
        work.refuse("people.name_taken", name=name)


def give_post(work: Work, person_id: UUID, post_id: UUID) -> None:
    """A post from today on: its rights come with it (ADM-007)."""
    post = work.get(Post, post_id)
    place = ports.places.main(work.connection)
    day = place.business_day(work.now) if place is not None else work.now.date()
    values = {"post_id": post.id, "staff_member_id": person_id, "held": f"{day.isoformat()}/"}
    PostHolder.check(work, None, values)
    row = work.insert(PostHolder, **values)
    work.notify("organisation", "created", type="post_holder", id=row.id)


def make_first_roles(work: Work) -> None:
    """The roles that a new hall begins with; those that stand are left as they are."""
    for name, (label, permissions) in FIRST_ROLES.items():
        if work.first(ROLE_BY_NAME, key_name=name) is None:
            labels = {code: translate(label, code) for code in LANGUAGES}
            levels = FIRST_LEVELS.get(name, {})
            work.insert(Role, name=name, name_words=labels, permissions=list(permissions), levels=levels)


def take_away(work: Work, account: Any) -> None:
    """End what an account can do: its sessions and its roles; its row stays for what names it (ADM-I01). The name is free
    for others."""
    guards.keep_administrator(work, account.id)
    for row in work.rows(HOLDINGS_OF, key_account=account.id):
        work.change(AccountRole, row, deleted_at=work.now)
    work.change(Account, account, deleted_at=work.now, locked=True, folded_name=account.id.hex)
    end_sessions(work, account)


def end_sessions(work: Work, account: Any) -> None:
    """All sessions of an account's person end; whoever watches accounts looks again."""
    tokens.end_all(work, account.staff_member_id)
    work.notify("people", "changed", type="account", id=account.id)


NO_PASSWORD = "!"
"""Fits no password: the directory checks it."""


class People(PeopleReading):
    """The people port."""

    def admit(self, work: Work, outsider: Outsider) -> AccountFacts | None:
        """The account behind somebody from outside (ADM-026). At the first use it is the one by which the provider's rule
        finds him, else a new one where newcomers get a role; whoever remains waits until an administrator ties him to one."""
        known = work.first(IDENTITY, key_provider=outsider.provider, key_subject=outsider.subject)
        if known is not None:
            account = work.find(Account, known.account_id)
            if account is not None:
                work.change(ExternalIdentity, known, last_at=work.now)
            return facts_of(account)
        account = _found_by_rule(work, outsider)
        if account is None and outsider.role and work.first(ACCOUNT_BY_NAME, key_name=folded(outsider.name)) is None:
            person = work.insert(
                StaffMember,
                name={"en": outsider.full_name[:200]},
                staff_number=f"@{outsider.name}"[:20],
                mail=outsider.mail or None,
            )
            account_id = make_account(work, person.id, outsider.name[:80], NO_PASSWORD, [outsider.role])
            account = work.change(Account, work.get(Account, account_id), directory=True)
        if account is None:
            _let_wait(work, outsider)
            return None
        tie(work, outsider.provider, outsider.subject, account.id)
        return facts_of(account)

    def claim(self, work: Work, name: str, password_hash: str, full_name: dict[str, str]) -> UUID:
        """Make the first administrator; refused when there is an account."""
        if work.scalar(ACCOUNTS):
            work.refuse("people.founded_already")
        make_first_roles(work)
        person = work.insert(StaffMember, name=full_name, staff_number="1")
        make_account(work, person.id, name, password_hash, ["administrator"])
        return person.id


def _found_by_rule(work: Work, outsider: Outsider) -> Any:
    """The account that the provider's rule names: one of two is nobody's, and one that is tied to another identity already waits
    for an administrator."""
    found: list[Any] = []
    if outsider.match == "name":
        account = work.first(ACCOUNT_BY_NAME, key_name=folded(outsider.name))
        found = [account] if account is not None and account.directory else []
    elif outsider.match == "mail" and outsider.mail:
        found = list(work.rows(ACCOUNTS_OF_MAIL, key_mail=outsider.mail.lower()))
    elif outsider.match == "number" and outsider.number:
        found = list(work.rows(ACCOUNTS_OF_NUMBER, key_number=outsider.number))
    if len(found) != 1 or work.first(IDENTITIES_OF, key_account=found[0].id) is not None:
        return None
    return found[0]


def tie(work: Work, provider: str, subject: str, account_id: UUID) -> None:
    """From now on this identity is this account's; nobody waits under it any more."""
    work.insert(ExternalIdentity, provider=provider, subject=subject[:255], account_id=account_id, last_at=work.now)
    waited = work.first(WAITING, key_provider=provider, key_subject=subject)
    if waited is not None:
        work.change(WaitingIdentity, waited, deleted_at=work.now)
        work.notify("people", "deleted", type="waiting_identity", id=waited.id)


def _let_wait(work: Work, outsider: Outsider) -> None:
    facts: dict[str, Any] = {
        "sign_in_name": outsider.name[:80], "full_name": outsider.full_name[:200], "mail": outsider.mail or None,
        "last_at": work.now,
    }  # fmt: skip
    waited = work.first(WAITING, key_provider=outsider.provider, key_subject=outsider.subject)
    if waited is None:
        row = work.insert(WaitingIdentity, provider=outsider.provider, subject=outsider.subject[:255], **facts)
    else:
        row = work.change(WaitingIdentity, waited, **facts)
    work.notify("people", "changed", type="waiting_identity", id=row.id)
