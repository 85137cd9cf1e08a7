"""Deciding a filing and what then happens: a department or a staff file is made, leaves, or comes back.

Nothing is deleted by it: a withdrawn department and a cancelled person keep all that they have done (COR-I02).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from common.text import translate
from server.engine.access import tokens
from server.engine.actions.work import Work
from server.engine.ports import ports
from server.engine.records.attachments import attached, carry
from server.engine.records.record import RECORDS, Record
from server.modules.organisation.public import StaffMember, Window, WindowOpen
from server.modules.residency import loaders
from server.modules.residency.events import FilingDecided, FilingSubmitted
from server.modules.residency.records import (
    PersonCancellation,
    PersonEntry,
    PersonReinstatement,
    UnitEntry,
    UnitWithdrawal,
)

KINDS: tuple[type[Record], ...] = (UnitEntry, UnitWithdrawal, PersonEntry, PersonCancellation, PersonReinstatement)


def today(work: Work) -> date:
    """The hall's business day."""
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def submit(work: Work, record: type[Record], filing_id: UUID) -> None:
    """Hand a draft to the head."""
    row = work.get(record, filing_id)
    if row.state != "draft":
        work.refuse("residency.not_a_draft")
    work.change(record, row, state="submitted")
    work.emit(FilingSubmitted(kind=record.__tablename__, filing_id=filing_id))
    tell(work, record, filing_id)


def decide(work: Work, record: type[Record], filing_id: UUID, outcome: str, opinion: str) -> Any:
    """Approve, reject, or return a filing to its draft with the head's opinion (COR-005). Gives its row; what an approval
    brings about comes with it, or on its day."""
    row = work.get(record, filing_id)
    if row.state != "submitted":
        work.refuse("residency.not_submitted")
    state = {"approve": "approved", "reject": "rejected", "return": "draft"}[outcome]
    by = work.who.id if work.who.kind == "person" else None
    row = work.change(record, row, state=state, opinion=opinion or None, decided_by=by, decided_at=work.now)
    if state == "approved":
        row = take_effect(work, record, row)
    if state != "draft":
        work.emit(FilingDecided(kind=record.__tablename__, filing_id=filing_id, approved=state == "approved"))
    tell(work, record, filing_id)
    return row


def take_effect(work: Work, record: type[Record], row: Any) -> Any:
    """What an approved filing brings about, if its day has come."""
    return _EFFECTS[record](work, row)


def tell(work: Work, record: type[Record], filing_id: UUID) -> None:
    """Lists that show it look again."""
    work.notify("residency", "changed", type=record.__tablename__, id=filing_id)


def _unit_enters(work: Work, row: Any) -> Any:
    department = RECORDS["department"]
    made = work.insert(
        department, name=row.name, short_name=row.short_name, number=row.number, section_id=row.section_id,
        hall_id=row.hall_id, state="present",
    )  # fmt: skip
    work.notify("organisation", "created", type="department", id=made.id)
    return work.change(UnitEntry, row, department_id=made.id)


def _unit_leaves(work: Work, row: Any) -> Any:
    """The department and what belongs to it, its windows and its people go out of service together (COR-I01)."""
    if row.withdrawn_on > today(work):
        return row
    departments = loaders.with_those_below(work, row.department_id)
    windows, people = loaders.of_departments(work, departments)
    if work.ask(WindowOpen(window_ids=tuple(windows)), False):
        return row  # the last citizen is served first; the job looks again within the minute
    gone: tuple[tuple[type[Record], list[UUID], dict[str, Any]], ...] = (
        (RECORDS["department"], departments, {"state": "withdrawn"}),
        (Window, windows, {"in_service": False}),
    )
    for kind, ids, change in gone:
        for one in ids:
            work.change(kind, work.get(kind, one), **change)
            work.notify("organisation", "changed", type=kind.__tablename__, id=one)
    for person in people:
        _set_state(work, person, "cancelled")
        tokens.end_all(work, person)
    return work.change(UnitWithdrawal, row, done=True)


def _person_enters(work: Work, row: Any) -> Any:
    vault = work.engine.vault
    mobile = vault.open(PersonEntry.plan().place_of("mobile"), row.mobile) if row.mobile is not None else None
    same = (
        "name", "sex", "born_on", "photo", "mail", "department_id", "hall_id", "window_id", "category", "staff_number",
        "work_permit", "post", "duty_id", "entered_on", "dispatching_unit", "dispatch_id",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in same}
    StaffMember.check(work, None, {**values, "mobile": mobile})
    person = work.insert(StaffMember, **values, mobile=mobile, state="normal")
    carry(work, StaffMember, person.id, _papers(work, row))
    work.notify("organisation", "created", type="staff_member", id=person.id)
    return work.change(PersonEntry, row, staff_member_id=person.id)


def _papers(work: Work, row: Any) -> list[tuple[UUID, str]]:
    """What was signed and whatever else lies with a filing, for the person's file (COR-012)."""
    papers = [
        (UUID(one), f"{translate(PersonEntry.fields()[name].label, work.language)} {number}")
        for name in ("notice", "undertaking")
        for number, one in enumerate(getattr(row, name) or (), 1)
    ]
    return papers + [(one.file_id, one.name) for one in attached(work, PersonEntry, row.id)]


def _person_leaves(work: Work, row: Any) -> Any:
    if row.cancelled_on > today(work):
        return row
    _set_state(work, row.staff_member_id, "cancelled")
    tokens.end_all(work, row.staff_member_id)  # COR-015
    return work.change(PersonCancellation, row, done=True)


def _person_returns(work: Work, row: Any) -> Any:
    if row.reinstated_on > today(work):
        return row
    _set_state(work, row.staff_member_id, "normal")
    return work.change(PersonReinstatement, row, done=True)


def _set_state(work: Work, person_id: UUID, state: str) -> None:
    person = work.find(StaffMember, person_id)
    if person is not None and person.state != state:
        StaffMember.check(work, person, {"state": state})
        work.change(StaffMember, person, state=state)
        work.notify("organisation", "changed", type="staff_member", id=person_id)
        work.notify("people", "changed", type="staff_member", id=person_id)


_EFFECTS: dict[type[Record], Callable[[Work, Any], Any]] = {
    UnitEntry: _unit_enters,
    UnitWithdrawal: _unit_leaves,
    PersonEntry: _person_enters,
    PersonCancellation: _person_leaves,
    PersonReinstatement: _person_returns,
}
