"""Records of residency: one kind a filing, each with its state and the head's opinion."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.fields import (
    choice,
    day,
    email,
    entry,
    files,
    image,
    link,
    long_text,
    moment,
    phone,
    text,
    words,
    yes_no,
)
from server.engine.records.fields import (
    number as whole,
)
from server.engine.records.record import RECORDS, Record, Rights, When
from server.engine.records.scope import Scope
from server.modules.organisation.public import bare_name
from server.modules.residency.access import EXPORT, FILE, SEE

DECIDED = refusal("residency.decided", N_("This filing is with the head, or decided. Only a draft can be changed."))

NOT_CANCELLED = refusal("residency.not_cancelled", N_("{named} is not cancelled, so there is nothing to reinstate."))
CANCELLED = refusal("residency.cancelled_already", N_("{named} is cancelled already. File a reinstatement instead."))

STATES = (
    ("draft", N_("Draft")),
    ("submitted", N_("With the head")),
    ("approved", N_("Approved")),
    ("rejected", N_("Rejected")),
)
SEXES = (("female", N_("Female")), ("male", N_("Male")))
CATEGORIES = (("front", N_("Front office")), ("back", N_("Back office")))
RIGHTS = Rights(see=SEE, add=FILE, edit=FILE, delete=FILE, export=EXPORT)
DRAFT = (When("state", "is", "draft"),)
_DECISION = (When("state", "is_not", "draft"),)


def refuse_decided(work: Work, before: Any) -> None:
    """What the head has, or has decided, is not changed under his hands; verbs change it themselves."""
    if before is not None and before.state != "draft":
        work.refuse("residency.decided")


def _refuse_state(work: Work, before: Any, values: dict[str, Any], *, cancelled: bool) -> None:
    """A cancellation names somebody who is not cancelled yet, a reinstatement somebody who is (COR-016)."""
    named = values.get("staff_member_id") or (before.staff_member_id if before is not None else None)
    person = work.find(RECORDS["staff_member"], named) if named is not None and not values.get("deleted_at") else None
    if person is not None and (person.state == "cancelled") is not cancelled:
        code = "residency.not_cancelled" if cancelled else "residency.cancelled_already"
        work.refuse(code, field="staff_member_id", named=bare_name(person.name))


class UnitEntry(Record):
    """A department that moves into the hall (COR-002, COR-003)."""

    label = N_("Department entry filing")
    plural = N_("Department entry filings")
    title = ("name",)
    order = ("-created_at",)
    rights = RIGHTS
    scope = Scope(own=("created_by",), department="department_id", hall="hall_id")
    attachments = True
    sections = (("people", N_("Responsible people")), ("decision", N_("Decision")))

    name: Mapped[dict[str, str]] = words(N_("Department"), in_list=True, editable_when=DRAFT)
    short_name: Mapped[dict[str, str]] = words(N_("Short name"), required=False, editable_when=DRAFT)
    number: Mapped[str] = text(
        N_("Department number"), length=20, in_list=True, search=True, required=False, editable_when=DRAFT
    )
    window_name: Mapped[dict[str, str]] = words(N_("Window name"), required=False, editable_when=DRAFT)
    windows: Mapped[int] = whole(N_("Windows"), default=1, least=0, most=999, in_list=True, editable_when=DRAFT)
    staff: Mapped[int] = whole(N_("Staff"), default=1, least=0, most=9999, in_list=True, editable_when=DRAFT)
    section_id: Mapped[UUID] = link("section", N_("Section"), required=False, editable_when=DRAFT)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), required=False, editable_when=DRAFT)
    leader: Mapped[str] = text(N_("Unit leader in charge"), section="people", editable_when=DRAFT)
    leader_phone: Mapped[str] = phone(N_("Leader's phone"), section="people", editable_when=DRAFT)
    window_head: Mapped[str] = text(N_("Window head"), section="people", editable_when=DRAFT)
    window_head_phone: Mapped[str] = phone(N_("Window head's phone"), section="people", editable_when=DRAFT)
    site_head: Mapped[str] = text(N_("On-site head"), section="people", editable_when=DRAFT)
    site_head_phone: Mapped[str] = phone(N_("On-site head's phone"), section="people", editable_when=DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", section="decision", in_list=True, read_only=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), section="decision", required=False, read_only=True)
    decided_by: Mapped[UUID] = link(
        "staff_member", N_("Decided by"), section="decision", required=False, read_only=True, shown_when=_DECISION
    )
    decided_at: Mapped[datetime] = moment(N_("Decided"), section="decision", required=False, read_only=True)
    department_id: Mapped[UUID] = link(
        "department", N_("Department made of it"), section="decision", required=False, read_only=True
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_decided(work, before)


class UnitEntryService(Record):
    """A service item that a department brings in (COR-004)."""

    label = N_("Service brought in")
    plural = N_("Services brought in")
    title = ("name",)
    rights = RIGHTS
    scope = Scope(through="filing_id")

    filing_id: Mapped[UUID] = link("unit_entry", N_("Filing"), in_list=True)
    name: Mapped[dict[str, str]] = words(N_("Service"), in_list=True)
    kind: Mapped[str] = text(N_("Service type"), length=80, in_list=True, required=False)
    target: Mapped[str] = text(N_("Service target"), length=120, in_list=True, required=False)
    limit_days: Mapped[int] = whole(
        N_("Promised time limit"), unit="d", least=0, most=3650, in_list=True, required=False
    )
    fee: Mapped[str] = text(N_("Charge standard"), length=200, in_list=True, required=False)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        filing = values.get("filing_id") or (before.filing_id if before is not None else None)
        refuse_decided(work, work.find(UnitEntry, filing))


class UnitWithdrawal(Record):
    """A department that leaves the hall (COR-006)."""

    label = N_("Department withdrawal filing")
    plural = N_("Department withdrawal filings")
    title = ("department_id", "withdrawn_on")
    order = ("-created_at",)
    rights = RIGHTS
    scope = Scope(own=("created_by",), department="department_id")
    attachments = True
    sections = (("decision", N_("Decision")),)

    department_id: Mapped[UUID] = link("department", N_("Window unit"), in_list=True, editable_when=DRAFT)
    withdrawn_on: Mapped[date] = day(N_("Withdrawal"), in_list=True, editable_when=DRAFT)
    remarks: Mapped[str] = long_text(N_("Remarks"), required=False, editable_when=DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", section="decision", in_list=True, read_only=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), section="decision", required=False, read_only=True)
    decided_by: Mapped[UUID] = link(
        "staff_member", N_("Decided by"), section="decision", required=False, read_only=True, shown_when=_DECISION
    )
    decided_at: Mapped[datetime] = moment(N_("Decided"), section="decision", required=False, read_only=True)
    done: Mapped[bool] = yes_no(N_("Has taken effect"), section="decision", read_only=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_decided(work, before)


class PersonEntry(Record):
    """A worker who comes into the hall (COR-008, COR-009, COR-010, COR-I03)."""

    label = N_("Personnel entry filing")
    plural = N_("Personnel entry filings")
    title = ("name",)
    order = ("-created_at",)
    rights = RIGHTS
    scope = Scope(own=("created_by", "staff_member_id"), department="department_id", hall="hall_id")
    attachments = True
    sections = (
        ("work", N_("Work")), ("dispatch", N_("Dispatching side")), ("papers", N_("Papers")), ("decision", N_("Decision")),
    )  # fmt: skip

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, editable_when=DRAFT)
    sex: Mapped[str] = choice(N_("Sex"), SEXES, required=False, editable_when=DRAFT)
    born_on: Mapped[date] = day(N_("Date of birth"), required=False, editable_when=DRAFT)
    photo: Mapped[UUID] = image(N_("Photo"), editable_when=DRAFT)
    mobile: Mapped[str] = phone(N_("Mobile phone"), required=False, editable_when=DRAFT)
    mail: Mapped[str] = email(N_("E-mail"), required=False, editable_when=DRAFT)
    department_id: Mapped[UUID] = link(
        "department", N_("Department"), section="work", in_list=True, editable_when=DRAFT
    )
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), section="work", required=False, editable_when=DRAFT)
    window_id: Mapped[UUID] = link("window", N_("Window"), section="work", required=False, editable_when=DRAFT)
    floor: Mapped[str] = text(N_("Floor"), length=20, section="work", required=False, editable_when=DRAFT)
    category: Mapped[str] = choice(N_("Category"), CATEGORIES, section="work", required=False, editable_when=DRAFT)
    staff_number: Mapped[str] = text(
        N_("Work number"), length=20, section="work", in_list=True, search=True, editable_when=DRAFT
    )
    work_permit: Mapped[str] = text(
        N_("Work permit number"), length=40, section="work", required=False, editable_when=DRAFT
    )
    post: Mapped[dict[str, str]] = words(N_("Position"), section="work", required=False, editable_when=DRAFT)
    duty_id: Mapped[UUID] = entry("duty", N_("Duty"), section="work", required=False, editable_when=DRAFT)
    entered_on: Mapped[date] = day(N_("Entry"), section="work", in_list=True, editable_when=DRAFT)
    business_scope: Mapped[str] = long_text(N_("Business scope"), section="work", required=False, editable_when=DRAFT)
    shuttle: Mapped[bool] = yes_no(N_("Takes the shuttle bus"), section="work", editable_when=DRAFT)
    meals: Mapped[bool] = yes_no(N_("Eats at the centre"), section="work", editable_when=DRAFT)
    sign_in_name: Mapped[str] = text(
        N_("Login account"), length=80, section="work", required=False, editable_when=DRAFT
    )
    dispatching_unit: Mapped[str] = text(N_("Dispatching unit"), section="dispatch", editable_when=DRAFT)
    dispatched_post: Mapped[str] = text(N_("Dispatched post"), section="dispatch", required=False, editable_when=DRAFT)
    dispatch_id: Mapped[UUID] = entry(
        "dispatch_status", N_("Dispatch status"), section="dispatch", required=False, editable_when=DRAFT
    )
    leader: Mapped[str] = text(N_("Section leader in charge"), section="dispatch", required=False, editable_when=DRAFT)
    leader_phone: Mapped[str] = phone(N_("Leader's phone"), section="dispatch", required=False, editable_when=DRAFT)
    head: Mapped[str] = text(N_("Section head"), section="dispatch", required=False, editable_when=DRAFT)
    head_phone: Mapped[str] = phone(N_("Section head's phone"), section="dispatch", required=False, editable_when=DRAFT)
    notice: Mapped[list[str]] = files(N_("Notice, scanned"), section="papers", editable_when=DRAFT)
    undertaking: Mapped[list[str]] = files(N_("Letter of undertaking, scanned"), section="papers", editable_when=DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", section="decision", in_list=True, read_only=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), section="decision", required=False, read_only=True)
    decided_by: Mapped[UUID] = link(
        "staff_member", N_("Decided by"), section="decision", required=False, read_only=True, shown_when=_DECISION
    )
    decided_at: Mapped[datetime] = moment(N_("Decided"), section="decision", required=False, read_only=True)
    staff_member_id: Mapped[UUID] = link(
        "staff_member", N_("Staff file made of it"), section="decision", required=False, read_only=True
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_decided(work, before)


class PersonCancellation(Record):
    """A worker whose filing is cancelled (COR-014)."""

    label = N_("Personnel cancellation filing")
    plural = N_("Personnel cancellation filings")
    title = ("staff_member_id", "cancelled_on")
    order = ("-created_at",)
    rights = RIGHTS
    scope = Scope(own=("created_by", "staff_member_id"), department="department_id")
    attachments = True
    sections = (("decision", N_("Decision")),)

    department_id: Mapped[UUID] = link("department", N_("Window unit"), in_list=True, editable_when=DRAFT)
    staff_member_id: Mapped[UUID] = link("staff_member", N_("Name"), in_list=True, editable_when=DRAFT)
    cancelled_on: Mapped[date] = day(N_("Cancellation"), in_list=True, editable_when=DRAFT)
    remarks: Mapped[str] = long_text(N_("Remarks"), required=False, editable_when=DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", section="decision", in_list=True, read_only=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), section="decision", required=False, read_only=True)
    decided_by: Mapped[UUID] = link(
        "staff_member", N_("Decided by"), section="decision", required=False, read_only=True, shown_when=_DECISION
    )
    decided_at: Mapped[datetime] = moment(N_("Decided"), section="decision", required=False, read_only=True)
    done: Mapped[bool] = yes_no(N_("Has taken effect"), section="decision", read_only=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_decided(work, before)
        _refuse_state(work, before, values, cancelled=False)


class PersonReinstatement(Record):
    """A worker who was cancelled and comes back (COR-016)."""

    label = N_("Personnel reinstatement")
    plural = N_("Personnel reinstatements")
    title = ("staff_member_id", "reinstated_on")
    order = ("-created_at",)
    rights = RIGHTS
    scope = Scope(own=("created_by", "staff_member_id"), department="department_id")
    attachments = True
    sections = (("decision", N_("Decision")),)

    department_id: Mapped[UUID] = link("department", N_("Window unit"), in_list=True, editable_when=DRAFT)
    staff_member_id: Mapped[UUID] = link("staff_member", N_("Name"), in_list=True, editable_when=DRAFT)
    reinstated_on: Mapped[date] = day(N_("Reinstatement"), in_list=True, editable_when=DRAFT)
    remarks: Mapped[str] = long_text(N_("Remarks"), required=False, editable_when=DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", section="decision", in_list=True, read_only=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), section="decision", required=False, read_only=True)
    decided_by: Mapped[UUID] = link(
        "staff_member", N_("Decided by"), section="decision", required=False, read_only=True, shown_when=_DECISION
    )
    decided_at: Mapped[datetime] = moment(N_("Decided"), section="decision", required=False, read_only=True)
    done: Mapped[bool] = yes_no(N_("Has taken effect"), section="decision", read_only=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        refuse_decided(work, before)
        _refuse_state(work, before, values, cancelled=True)
