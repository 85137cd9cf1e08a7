"""Records of citizens (SM-PERS, SM-RESTRICT)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.records.identity import identity_right
from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import (
    address,
    choice,
    day,
    document,
    email,
    identity_number,
    image,
    link,
    long_text,
    period,
    phone,
    yes_no,
)
from server.engine.records.fields import text as line
from server.engine.records.record import Record, Rights
from server.engine.records.unique import unique_together
from server.modules.citizens.access import EDIT, EXPORT, MERGE, RESTRICT, SEE

RIGHTS = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT, export=EXPORT)
IDENTITY_WRONG = refusal(
    "citizens.identity_wrong",
    N_("This identity number cannot be right for this kind of document. Compare it digit by digit."),
    422,
)
KIND_NEEDED = refusal("citizens.identity_kind_needed", N_("Say which document the identity number is of."), 422)
MERGED = refusal(
    "citizens.merged", N_("This entry was merged into another one. Undo the merge instead of restoring it.")
)

DOCUMENTS = (
    ("cn", N_("Resident identity card (China)")),
    ("ru", N_("Insurance number, SNILS (Russia)")),
    ("ir", N_("National code (Iran)")),
    ("passport", N_("Passport")),
    ("other", N_("Another document")),
)
"""Kinds of document; those of a country have check digits."""
AREAS = (
    ("everything", N_("Everything")),
    ("appointments", N_("Appointments")),
    ("workstations", N_("Self-service PCs")),
    ("queue", N_("Tickets from home")),
)
"""What a restriction keeps somebody from."""


class Applicant(Record):
    """A person whom the hall serves. Every opening of one leaves a trace (ADM-I12)."""

    label = N_("Applicant")
    plural = N_("Applicants")
    title = ("name",)
    rights = RIGHTS
    traced = True
    attachments = True
    sections = (("contact", N_("Contact")),)

    name: Mapped[str] = line(N_("Name"), length=120, in_list=True, search=True)
    born_on: Mapped[date] = day(N_("Date of birth"), in_list=True, required=False, index=True)
    identity_kind: Mapped[str] = choice(N_("Identity document"), DOCUMENTS, required=False)
    identity: Mapped[str] = identity_number(N_("Identity number"), in_list=True, required=False)
    mobile: Mapped[str] = phone(N_("Mobile phone"), section="contact", in_list=True, required=False)
    telephone: Mapped[str] = phone(N_("Telephone"), section="contact", required=False)
    mail: Mapped[str] = email(N_("E-mail"), section="contact", required=False)
    address: Mapped[dict[str, str]] = address(N_("Address"), section="contact", required=False)
    language: Mapped[str] = choice(
        N_("Language"),
        (("en", "English"), ("zh", "中文"), ("ru", "Русский"), ("fa", "فارسی")),
        section="contact",
        required=False,
    )
    merged_into_id: Mapped[UUID] = link("applicant", N_("Merged into"), required=False, read_only=True)

    __table_args__ = (Index("ix_applicant_name_sort", "name_sort"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_restored_merge(work, before, values)
        if not values.get("identity") and not values.get("identity_kind"):
            return
        kind = values.get("identity_kind", getattr(before, "identity_kind", None))
        number = values.get("identity")
        if number is None and before is not None and before.identity is not None:
            number = work.engine.vault.open(cls.plan().place_of("identity"), before.identity)
        if number and not kind:
            work.refuse("citizens.identity_kind_needed")
        if number and not identity_right(number, kind or ""):
            work.refuse("citizens.identity_wrong", field="identity")


class Company(Record):
    """A company or other organisation that applies."""

    label = N_("Company")
    plural = N_("Companies")
    title = ("name",)
    rights = RIGHTS
    attachments = True
    sections = (("contact", N_("Contact")),)

    name: Mapped[str] = line(N_("Name"), in_list=True, search=True)
    registration: Mapped[str] = line(N_("Registration number"), length=40, in_list=True, search=True, required=False)
    representative: Mapped[str] = line(N_("Legal representative"), length=120, search=True, required=False)
    contact_person: Mapped[str] = line(N_("Contact person"), length=120, section="contact", search=True, required=False)
    telephone: Mapped[str] = phone(N_("Telephone"), section="contact", required=False)
    mail: Mapped[str] = email(N_("E-mail"), section="contact", required=False)
    address: Mapped[dict[str, str]] = address(N_("Address"), section="contact", required=False)
    merged_into_id: Mapped[UUID] = link("company", N_("Merged into"), required=False, read_only=True)

    __table_args__ = (
        Index("ix_company_name_sort", "name_sort"),
        unique_together("ux_company_registration", "registration"),
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_restored_merge(work, before, values)


class Restriction(Record):
    """That an applicant is kept from something for a time (SM-RESTRICT). Changing or lifting it needs a reason."""

    label = N_("Restriction")
    plural = N_("Restrictions")
    title = ("area", "held")
    order = ("-held",)
    rights = Rights(see=RESTRICT, add=RESTRICT, edit=RESTRICT, delete=RESTRICT)
    reasons = ("edit", "delete")

    applicant_id: Mapped[UUID] = link("applicant", N_("Applicant"), in_list=True, once=True)
    area: Mapped[str] = choice(N_("Kept from"), AREAS, in_list=True)
    held: Mapped[str] = period(N_("From, until"), in_list=True)
    why: Mapped[str] = long_text(N_("Reason"), in_list=True)


class CitizenMerge(Record):
    """That one entry was merged into another: what moved, so that it can be undone."""

    label = N_("Merge")
    plural = N_("Merges")
    title = ("kind", "why")
    rights = Rights(see=MERGE)

    kind: Mapped[str] = choice(
        N_("Kind"), (("applicant", N_("Applicant")), ("company", N_("Company"))), in_list=True, read_only=True
    )
    kept_id: Mapped[UUID] = image(N_("Kept"), required=True, read_only=True)
    gone_id: Mapped[UUID] = image(N_("Merged"), required=True, read_only=True)
    why: Mapped[str] = line(N_("Reason"), length=500, in_list=True, read_only=True)
    moved: Mapped[list[list[str]]] = document(N_("Moved links"), read_only=True)
    """Kind of record, its id and field of every link that led to the merged entry."""
    taken: Mapped[dict[str, list[Any]]] = document(N_("Values taken over"), read_only=True)
    """By field the value before and after; of a protected one its ciphertext."""
    undone: Mapped[bool] = yes_no(N_("Undone"), in_list=True, read_only=True)

    __table_args__ = (Index("ix_citizen_merge_kept", "kept_id"), Index("ix_citizen_merge_gone", "gone_id"))


KINDS: dict[str, type[Record]] = {"applicant": Applicant, "company": Company}


def refuse_restored_merge(work: Any, before: Any, values: dict[str, Any]) -> None:
    """Refuse to restore what lies merged in another entry."""
    if before is not None and "deleted_at" in values and values["deleted_at"] is None and before.merged_into_id:
        work.refuse("citizens.merged")
