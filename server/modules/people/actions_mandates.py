"""The verbs of mandates: offered by their giver, accepted by their taker, lapsing by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from common.protocol.messages import Nothing
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import ports
from server.engine.records.description import facts
from server.engine.records.record import When
from server.modules.organisation.public import StaffMember
from server.modules.people.access import EDIT, MANDATES
from server.modules.people.loaders import ACCOUNT_OF_PERSON
from server.modules.people.loaders_rights import own_roles
from server.modules.people.records_mandates import Mandate
from server.modules.people.rules import mandate_problem

TO_ONESELF = refusal("people.mandate_to_oneself", N_("A mandate goes to somebody else."), 422)
OVER = refusal("people.mandate_over", N_("A mandate ends after it begins, and in the future."), 422)
NOT_YOUR_ROLE = refusal("people.not_your_role", N_("You can lend only roles that you hold yourself."), 403)
NOT_YOURS = refusal("people.not_your_mandate", N_("This mandate concerns others."), 403)
ANSWERED = refusal("people.mandate_answered", N_("This mandate is {state} already. Refresh the list."))
NO_ACCOUNT = refusal("people.no_account", N_("{name} cannot sign in. Choose somebody who can."), 422)


class OfferMandate(BaseModel):
    """`people.offer_mandate`."""

    taker_id: UUID = Field(title=N_("Taken by"), json_schema_extra=facts(kind="link", link="staff_member"))
    roles: list[UUID] = Field(
        min_length=1, max_length=20, title=N_("Roles"), json_schema_extra=facts(kind="links", link="role")
    )
    starts_at: AwareDatetime = Field(title=N_("From"))
    ends_at: AwareDatetime = Field(title=N_("Until"))
    note: str = Field(default="", max_length=500, title=N_("Note"))


class NameMandate(BaseModel):
    """Input of what is done to one mandate."""

    id: UUID


class OfferedMandate(BaseModel):
    """The new mandate."""

    id: UUID


@action("people.offer_mandate", needs=MANDATES, input=OfferMandate, output=OfferedMandate, label=N_("Offer a mandate"))
def offer_mandate(work: Work, request: OfferMandate) -> OfferedMandate:
    """Lend somebody roles of one's own from a moment until another; they hold once the taker has accepted."""
    starts, ends = request.starts_at, request.ends_at
    problem = mandate_problem(work.who.id, request.taker_id, starts, ends, work.now)
    if problem is not None:
        work.refuse(problem)
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    held = _roles_today(work, account)
    if any(one not in held for one in request.roles):
        work.refuse("people.not_your_role")
    person = work.get(StaffMember, request.taker_id)
    taker = work.first(ACCOUNT_OF_PERSON, key_person=person.id)
    if taker is None or taker.locked:
        work.refuse("people.no_account", name=next(iter(person.name.values()), ""))
    row = work.insert(
        Mandate, giver_id=work.who.id, taker_id=person.id, roles=[str(one) for one in dict.fromkeys(request.roles)],
        starts_at=starts, ends_at=ends, note=request.note or None,
    )  # fmt: skip
    work.notify("people", "created", type="mandate", id=row.id)
    return OfferedMandate(id=row.id)


@action(
    "people.accept_mandate", needs=MANDATES, input=NameMandate, output=Nothing, label=N_("Accept"), on=Mandate,
    when=[When("state", "is", "offered")],
)  # fmt: skip
def accept_mandate(work: Work, request: NameMandate) -> Nothing:
    """Take what was offered to oneself; nobody acts for another without knowing."""
    row = work.get(Mandate, request.id)
    if row.taker_id != work.who.id:
        work.refuse("people.not_your_mandate")
    if row.ends_at <= work.now:
        work.refuse("people.mandate_over")
    return _become(work, row, ("offered",), "accepted")


@action(
    "people.decline_mandate", needs=MANDATES, input=NameMandate, output=Nothing, label=N_("Decline"), on=Mandate,
    when=[When("state", "any_of", ["offered", "accepted"])],
)  # fmt: skip
def decline_mandate(work: Work, request: NameMandate) -> Nothing:
    """Refuse what was offered to oneself, or give it back."""
    row = work.get(Mandate, request.id)
    if row.taker_id != work.who.id:
        work.refuse("people.not_your_mandate")
    return _become(work, row, ("offered", "accepted"), "declined")


@action(
    "people.withdraw_mandate", needs=MANDATES, input=NameMandate, output=Nothing, label=N_("Withdraw"), on=Mandate,
    when=[When("state", "any_of", ["offered", "accepted"])],
)  # fmt: skip
def withdraw_mandate(work: Work, request: NameMandate) -> Nothing:
    """End a mandate before its time: its giver, or whoever keeps the accounts."""
    row = work.get(Mandate, request.id)
    if row.giver_id != work.who.id and not work.may(EDIT):
        work.refuse("people.not_your_mandate")
    return _become(work, row, ("offered", "accepted"), "withdrawn")


def _become(work: Work, row: Any, before: tuple[str, ...], state: str) -> Nothing:
    if row.state not in before:
        work.refuse("people.mandate_answered", state=row.state)
    row = work.change(Mandate, row, state=state, answered_at=work.now)
    work.notify("people", "changed", type="mandate", id=row.id, version=row.version)
    return Nothing()


def _roles_today(work: Work, account: Any) -> set[UUID]:
    if account is None:
        return set()
    place = ports.places.main(work.connection)
    moment: datetime = work.now
    day = place.business_day(moment) if place is not None else moment.date()
    return set(own_roles(work.connection, account, work.who.id, day)[0])
