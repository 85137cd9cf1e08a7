"""Records of people who sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from common.text.fold import fold
from server.engine.access.permissions import PERMISSIONS
from server.engine.errors import refusal
from server.engine.principal import LEVELS
from server.engine.records.fields import document, link, text, words, yes_no
from server.engine.records.record import Record, Rights
from server.modules.people.access import EDIT, SEE

LAST_ADMINISTRATOR = refusal("people.last_administrator", N_("At least one administrator who can sign in must remain."))
UNKNOWN_PERMISSION = refusal("people.unknown_permission", N_("There is no permission {name}."), 422)


class Account(Record):
    """A sign-in of a staff member. Passwords change through their own command only."""

    label = N_("Account")
    title = ("sign_in_name",)
    rights = Rights(see=SEE, edit=EDIT)

    sign_in_name: Mapped[str] = text(N_("Sign-in name"), length=80, in_list=True, search=True, read_only=True)
    folded_name: Mapped[str] = text(N_("Sign-in name, folded"), length=80, unique=True, secret=True)
    staff_member_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, read_only=True)
    password_hash: Mapped[str] = text(N_("Password"), length=200, secret=True)
    locked: Mapped[bool] = yes_no(N_("Locked"), in_list=True)
    must_change_password: Mapped[bool] = yes_no(N_("Must change the password"))
    language: Mapped[str] = text(N_("Language"), length=2, default="", required=False)

    __table_args__ = (Index("ux_account_staff_member", "staff_member_id", unique=True),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and values.get("locked") and before.staff_member_id == work.who.id:
            work.refuse("people.last_administrator")


class Role(Record):
    """A named set of permissions; `*` stands for all."""

    label = N_("Role")
    title = ("name",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT)

    name: Mapped[str] = text(N_("Code"), length=40, in_list=True, search=True, unique=True)
    name_words: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    permissions: Mapped[list[str]] = document(N_("Permissions"))
    levels: Mapped[dict[str, str]] = document(N_("How far they reach"), required=False)
    """By permission, one of own, department, section, hall, outlet; the others reach over all."""
    hidden_fields: Mapped[list[str]] = document(N_("Hidden fields"), required=False)
    """As `record.field`."""

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        for name in values.get("permissions") or ():
            if name != "*" and name not in PERMISSIONS:
                work.refuse("people.unknown_permission", name=name)
        for name, level in (values.get("levels") or {}).items():
            if name not in PERMISSIONS or level not in LEVELS:
                work.refuse("people.unknown_permission", name=f"{name}: {level}")
        if before is not None and before.name == "administrator" and "*" not in values.get("permissions", ["*"]):
            work.refuse("people.last_administrator")


class AccountRole(Record):
    """That an account holds a role."""

    label = N_("Role of an account")
    rights = Rights(see=SEE)

    account_id: Mapped[UUID] = link("account", N_("Account"), in_list=True)
    role_id: Mapped[UUID] = link("role", N_("Role"), in_list=True)

    __table_args__ = (Index("ux_account_role", "account_id", "role_id", unique=True),)


def folded(name: str) -> str:
    """A sign-in name as it is compared."""
    return fold(name)[:80]
