"""The verbs of accounts: making, naming, locking, passwords."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Name, Nothing, Words
from common.protocol.people import LEAST_PASSWORD, ChangePassword, PasswordChanged
from common.text import N_
from server.engine.access import tokens
from server.engine.access.sign_in import hasher, verify_password
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import ports
from server.engine.records.description import facts
from server.engine.records.record import When
from server.modules.organisation.public import StaffMember, places_of
from server.modules.people import guards
from server.modules.people.access import EDIT, RESET
from server.modules.people.accounts import (
    end_sessions,
    give_post,
    make_account,
    refuse_taken,
    refuse_weak,
    take_away,
)
from server.modules.people.guards import ADMINISTRATORS
from server.modules.people.loaders import ACCOUNT_OF_PERSON
from server.modules.people.loaders_rights import person_holds
from server.modules.people.records import Account, folded
from server.modules.people.rules import common_place

PASSWORD_WRONG = refusal("people.password_wrong", N_("The present password is wrong."), 403)
SAME = refusal("people.password_same", N_("Choose a password other than the present one."), 422)
NOT_YOURS = refusal("people.not_your_hall", N_("This person does not belong to your hall. Ask the administrator."), 403)
LOCKED_ALREADY = refusal("people.locked_already", N_("This account is locked already. Refresh the list."))
NOT_LOCKED = refusal("people.not_locked", N_("This account is not locked. Refresh the list."))
IN_DIRECTORY = refusal("people.in_directory", N_("The directory keeps this person's password. Change it there."))

Password = Field(min_length=LEAST_PASSWORD, max_length=200, title=N_("New password"), repr=False)


def _administrators(request: Any) -> list[tuple[str, str]]:
    return [ADMINISTRATORS]


class AddAccount(BaseModel):
    """`people.add_account`: a staff member with a sign-in and roles; a new one, or with `person_id` one who is there."""

    name: Name = Field(title=N_("Sign-in name"))
    password: str = Field(min_length=LEAST_PASSWORD, max_length=200, title=N_("Password"), repr=False)
    full_name: Words = Field(default={}, title=N_("Full name"))
    staff_number: str = Field(default="", max_length=20, title=N_("Staff number"))
    person_id: UUID | None = Field(
        default=None, title=N_("Staff member"), json_schema_extra=facts(kind="link", link="staff_member")
    )
    mobile: str | None = Field(default=None, max_length=20, title=N_("Mobile phone"))
    work_phone: str | None = Field(default=None, max_length=20, title=N_("Work phone"))
    department_id: UUID | None = Field(
        default=None, title=N_("Department"), json_schema_extra=facts(kind="link", link="department")
    )
    post_id: UUID | None = Field(default=None, title=N_("Post"), json_schema_extra=facts(kind="link", link="post"))
    post: Words = Field(default={}, title=N_("Title of the post"))
    roles: list[str] = Field(default=["clerk"], title=N_("Roles"))


class AddedAccount(BaseModel):
    """The new account and its staff member."""

    person_id: UUID
    account_id: UUID


class NameAccount(BaseModel):
    """Input of what is done to one account."""

    id: UUID


class RenameAccount(NameAccount):
    """`people.rename`."""

    name: Name = Field(title=N_("Sign-in name"))


class ResetPassword(NameAccount):
    """`people.reset_password`: without the old one; the person chooses another at the next sign-in."""

    password: str = Password


class GivePost(NameAccount):
    """`people.give_post`."""

    post_id: UUID = Field(title=N_("Post"), json_schema_extra=facts(kind="link", link="post"))


def _hashed(engine: Any, who: Any, request: Any) -> str:
    return hasher.hash(request.password)


def _verified(engine: Any, who: Any, request: ChangePassword) -> tuple[str, str] | None:
    """The hash that the present password fits and that of the new one; nothing when it does not fit."""
    with engine.store.reading() as connection:
        account = ACCOUNT_OF_PERSON.first(connection, key_person=who.id)
    if account is None or not verify_password(account.password_hash, request.present):
        return None
    return account.password_hash, hasher.hash(request.password)


@action(
    "people.add_account", needs=EDIT, input=AddAccount, output=AddedAccount, prepare=_hashed, label=N_("Add an account")
)
def add_account(work: Work, request: AddAccount) -> AddedAccount:
    """Add a staff member who can sign in; the password holds for the first sign-in only (COR-I06)."""
    refuse_weak(work, request.password, request.name)
    if request.person_id is not None:
        person = work.get(StaffMember, request.person_id)
    else:
        about: dict[str, Any] = {n: getattr(request, n) for n in ("mobile", "work_phone", "department_id")}
        person = work.insert(
            StaffMember, name=request.full_name or {"en": request.name}, staff_number=request.staff_number or request.name[:20],
            post=request.post or None, **{n: v for n, v in about.items() if v},
        )  # fmt: skip
        work.notify("organisation", "created", type="staff_member", id=person.id)
    account_id = make_account(work, person.id, request.name, work.prepared, request.roles, must_change=True)
    if request.post_id is not None:
        give_post(work, person.id, request.post_id)
    return AddedAccount(person_id=person.id, account_id=account_id)


@action(
    "people.change_password", needs=None, input=ChangePassword, output=PasswordChanged, secret=True, prepare=_verified
)
def change_password(work: Work, request: ChangePassword) -> PasswordChanged:
    """Change one's own password; all other sessions end, this one goes on with all its rights."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action="people.change_password")
    if account.directory:
        work.refuse("people.in_directory")
    # The password may have been changed since it was verified beside the writer.
    if work.prepared is None or work.prepared[0] != account.password_hash:
        work.refuse("people.password_wrong")
    if request.password == request.present:
        work.refuse("people.password_same")
    refuse_weak(work, request.password, account.sign_in_name)
    row = work.get(Account, account.id)
    work.change(Account, row, password_hash=work.prepared[1], must_change_password=False)
    tokens.end_all(work, work.who.id, besides=work.who.token)
    who = ports.people.person(work.connection, work.who.id, work.now)
    return PasswordChanged(must_set_second_factor=who is not None and who.pending == "second_factor")


@action(
    "people.reset_password", needs=RESET, input=ResetPassword, output=Nothing, secret=True, prepare=_hashed,
    label=N_("Reset the password"), on=Account, when=[When("locked", "is", False)],
)  # fmt: skip
def reset_password(work: Work, request: ResetPassword) -> Nothing:
    """Give somebody a new password without the old one (ADM-012); as far as the right reaches, and nobody's who holds
    more than oneself."""
    account = work.get(Account, request.id)
    _within_reach(work, account)
    if account.directory:
        work.refuse("people.in_directory")
    refuse_weak(work, request.password, account.sign_in_name)
    work.change(Account, account, password_hash=work.prepared, must_change_password=True)
    end_sessions(work, account)
    return Nothing()


@action(
    "people.lock", needs=EDIT, input=NameAccount, output=Nothing, locks=_administrators, label=N_("Lock"), on=Account,
    when=[When("locked", "is", False)], question=N_("Lock this account? Its sessions end, and it leaves the list."),
)  # fmt: skip
def lock(work: Work, request: NameAccount) -> Nothing:
    """Somebody is no longer to work here: the sessions end and the account leaves the list (ADM-009)."""
    account = work.get(Account, request.id)
    if account.locked:
        work.refuse("people.locked_already")
    guards.keep_administrator(work, account.id)
    work.change(Account, account, locked=True)
    end_sessions(work, account)
    return Nothing()


@action(
    "people.unlock", needs=EDIT, input=NameAccount, output=Nothing, label=N_("Unlock"), on=Account,
    when=[When("locked", "is", True)],
)  # fmt: skip
def unlock(work: Work, request: NameAccount) -> Nothing:
    """Let somebody sign in again (ADM-I01)."""
    account = work.get(Account, request.id)
    if not account.locked:
        work.refuse("people.not_locked")
    guards.refuse_beyond(work, person_holds(work, account))
    work.change(Account, account, locked=False)
    work.notify("people", "changed", type="account", id=account.id)
    return Nothing()


@action(
    "people.rename", needs=EDIT, input=RenameAccount, output=Nothing, label=N_("Change the sign-in name"), on=Account
)
def rename(work: Work, request: RenameAccount) -> Nothing:
    """Another sign-in name; the password stays."""
    account = work.get(Account, request.id)
    refuse_taken(work, request.name, besides=account.id)
    work.change(Account, account, sign_in_name=request.name, folded_name=folded(request.name))
    work.notify("people", "changed", type="account", id=account.id)
    return Nothing()


@action("people.give_post", needs=EDIT, input=GivePost, output=Nothing, label=N_("Give a post"), on=Account)
def give_a_post(work: Work, request: GivePost) -> Nothing:
    """A post of the organisation chart from today on, with its rights (ADM-007)."""
    give_post(work, work.get(Account, request.id).staff_member_id, request.post_id)
    return Nothing()


@action(
    "people.delete_account", needs=EDIT, input=NameAccount, output=Nothing, locks=_administrators,
    label=N_("Delete the account"), on=Account,
    question=N_("Delete this account? The person cannot sign in any more; what was done with it stays in the histories."),
)  # fmt: skip
def delete_account(work: Work, request: NameAccount) -> Nothing:
    """Take an account away for good (COR-030); its row stays, since histories name it (ADM-I01)."""
    take_away(work, work.get(Account, request.id))
    return Nothing()


def _within_reach(work: Work, account: Any) -> None:
    person = work.find(StaffMember, account.staff_member_id)
    theirs = {} if person is None else places_of(work.connection, person, [])
    level = work.who.level(RESET) or "own"
    if work.who.kind != "house" and not common_place(level, work.who.places, theirs):
        work.refuse("people.not_your_hall")
    guards.refuse_beyond(work, person_holds(work, account))
