"""The verbs of people: making accounts and changing passwords."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Name, Nothing, Words
from common.text import N_
from server.engine.access import tokens
from server.engine.access.sign_in import hasher, verify_password
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.organisation.public import StaffMember
from server.modules.people.access import EDIT
from server.modules.people.accounts import make_account
from server.modules.people.loaders import ACCOUNT_OF_PERSON
from server.modules.people.records import Account

PASSWORD_WRONG = refusal("people.password_wrong", N_("The present password is wrong."), 403)


class AddAccount(BaseModel):
    """`people.add_account`: a staff member with a sign-in and roles."""

    name: Name
    password: str = Field(min_length=8, max_length=200)
    full_name: Words
    staff_number: str = Field(max_length=20)
    post: Words = {}
    roles: list[str] = ["clerk"]


class AddedAccount(BaseModel):
    """The new staff member."""

    person_id: UUID


class ChangePassword(BaseModel):
    """`people.change_password`: one's own."""

    present: str = Field(max_length=200)
    password: str = Field(min_length=8, max_length=200)


def _hashed(engine: Any, who: Any, request: AddAccount) -> str:
    return hasher.hash(request.password)


def _verified(engine: Any, who: Any, request: ChangePassword) -> tuple[str, str] | None:
    """The hash that the present password fits and that of the new one; nothing when it does not fit."""
    with engine.store.reading() as connection:
        account = ACCOUNT_OF_PERSON.first(connection, key_person=who.id)
    if account is None or not verify_password(account.password_hash, request.present):
        return None
    return account.password_hash, hasher.hash(request.password)


@action("people.add_account", needs=EDIT, input=AddAccount, output=AddedAccount, prepare=_hashed)
def add_account(work: Work, request: AddAccount) -> AddedAccount:
    """Add a staff member who can sign in."""
    person = work.insert(
        StaffMember, name=request.full_name, staff_number=request.staff_number, post=request.post or None
    )
    make_account(work, person.id, request.name, work.prepared, request.roles)
    work.notify("organisation", "created", type="staff_member", id=person.id)
    return AddedAccount(person_id=person.id)


@action("people.change_password", needs=None, input=ChangePassword, output=Nothing, secret=True, prepare=_verified)
def change_password(work: Work, request: ChangePassword) -> Nothing:
    """Change one's own password; all other sessions end."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action="people.change_password")
    # The password may have been changed since it was verified beside the writer.
    if work.prepared is None or work.prepared[0] != account.password_hash:
        work.refuse("people.password_wrong")
    row = work.get(Account, account.id)
    work.change(Account, row, password_hash=work.prepared[1], must_change_password=False)
    tokens.end_all(work, work.who.id)
    return Nothing()
