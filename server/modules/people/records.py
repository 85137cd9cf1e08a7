"""Records of people who sign in, and of what they may do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from common.text import N_
from common.text.fold import fold
from server.engine.access.permissions import PERMISSIONS
from server.engine.errors import refusal
from server.engine.principal import LEVELS
from server.engine.records.fields import choice, document, link, links, moment, number, text, words, yes_no
from server.engine.records.record import Record, Rights
from server.engine.records.scope import Scope
from server.modules.people import guards
from server.modules.people.access import EDIT, SEE

UNKNOWN_PERMISSION = refusal("people.unknown_permission", N_("There is no permission {name}."), 422)

STANDS = sql("deleted_at IS NULL")
"""A row that was deleted is in nobody's way."""

REACHES = (
    ("own", N_("Own")),
    ("department", N_("Department")),
    ("section", N_("Section")),
    ("hall", N_("Hall")),
    ("outlet", N_("Outlet")),
    ("all", N_("All")),
)


class Account(Record):
    """A sign-in of a staff member. Passwords, names and locks change through their own commands only; nobody is ever
    deleted from the table, since history names them (ADM-I01)."""

    label = N_("Account")
    plural = N_("Accounts")
    title = ("sign_in_name",)
    rights = Rights(see=SEE, edit=EDIT)
    scope = Scope(own=("staff_member_id",), outlet="outlet_id")
    usual = {"locked": False}  # ADM-009, ADM-010

    sign_in_name: Mapped[str] = text(N_("Sign-in name"), length=80, in_list=True, search=True, read_only=True)
    folded_name: Mapped[str] = text(N_("Sign-in name, folded"), length=80, unique="ever", secret=True)
    staff_member_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, read_only=True)
    person_name: Mapped[dict[str, str]] = words(N_("Full name"), required=False, in_list=True, read_only=True)
    outlet_id: Mapped[UUID] = link("outlet", N_("Jurisdiction"), required=False, in_list=True)  # ADM-013
    password_hash: Mapped[str] = text(N_("Password"), length=200, secret=True)
    locked: Mapped[bool] = yes_no(N_("Locked"), in_list=True, read_only=True)
    must_change_password: Mapped[bool] = yes_no(N_("Must change the password"), read_only=True)
    language: Mapped[str] = text(N_("Language"), length=2, default="", required=False)
    directory: Mapped[bool] = yes_no(
        N_("Signs in through the directory"),
        required=False,
        help=N_("The directory checks the password, not this hall."),
    )
    second_factor: Mapped[str] = text(N_("Key of the codes"), length=400, secret=True, required=False)
    second_factor_since: Mapped[datetime] = moment(N_("Gives codes since"), required=False, read_only=True)
    second_step: Mapped[int] = number(N_("Last code"), secret=True, required=False)
    recovery: Mapped[list[str]] = document(N_("Recovery codes"), secret=True, required=False)
    pin_hash: Mapped[str] = text(N_("PIN"), length=200, secret=True, required=False)
    card_index: Mapped[str] = text(N_("Card"), length=40, secret=True, required=False, unique="ever")
    password_at: Mapped[datetime] = moment(N_("Last gave the password"), required=False, read_only=True)
    in_view: Mapped[dict[str, str]] = document(N_("In view"), secret=True, required=False)
    """The outlet and the department that this person has chosen to look at; no link, so that they may be deleted."""

    __table_args__ = (Index("ux_account_staff_member", "staff_member_id", unique=True),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and values.get("directory") and not before.directory:
            guards.keep_administrator(work, before.id)  # ADM-I11: one of the hall's own remains


class Role(Record):
    """A named set of permissions; `*` stands for all."""

    label = N_("Role")
    plural = N_("Roles")
    title = ("name_words",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)

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
        guards.role_may_become(work, before, values)


class RoleGroup(Record):
    """Roles that are given together (COR-033)."""

    label = N_("Role group")
    plural = N_("Role groups")
    title = ("name",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    roles: Mapped[list[str]] = links("role", N_("Roles"), required=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        guards.group_may_become(work, before, values)


class AccountRole(Record):
    """That an account holds a role: a user's roles, and the users inside a role (COR-031)."""

    label = N_("Role of an account")
    plural = N_("Roles of accounts")
    title = ("account_id",)
    rights = Rights(see=SEE, add=EDIT, delete=EDIT)

    account_id: Mapped[UUID] = link("account", N_("Account"), in_list=True)
    role_id: Mapped[UUID] = link("role", N_("Role"), in_list=True)

    __table_args__ = (
        Index(
            "ux_account_role_held", "account_id", "role_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS
        ),
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        guards.holding_may_become(work, before, values)


class AccountGroup(Record):
    """That an account holds the roles of a group (COR-034)."""

    label = N_("Role group of an account")
    plural = N_("Role groups of accounts")
    title = ("account_id",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)

    account_id: Mapped[UUID] = link("account", N_("Account"), in_list=True)
    role_group_id: Mapped[UUID] = link("role_group", N_("Role group"), in_list=True)

    __table_args__ = (
        Index(
            "ux_account_group_held", "account_id", "role_group_id", unique=True, sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )  # fmt: skip

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        guards.membership_may_become(work, before, values)


class AccountGrant(Record):
    """A single permission given to an account without a role (COR-032)."""

    label = N_("Permission of an account")
    plural = N_("Permissions of accounts")
    title = ("permission",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)

    account_id: Mapped[UUID] = link("account", N_("Account"), in_list=True)
    permission: Mapped[str] = text(N_("Permission"), length=80, in_list=True, search=True)
    level: Mapped[str] = choice(N_("Reaches"), REACHES, default="all", in_list=True)

    __table_args__ = (
        Index(
            "ux_account_grant_held",
            "account_id",
            "permission",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        name = values.get("permission")
        if name is not None and name not in PERMISSIONS:
            work.refuse("people.unknown_permission", name=name)
        guards.grant_may_become(work, before, values)


def folded(name: str) -> str:
    """A sign-in name as it is compared."""
    return fold(name)[:80]
