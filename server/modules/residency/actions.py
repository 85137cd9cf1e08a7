"""The verbs of filings: submit, approve, return, reject. One of each a kind, so that each is a button on its own list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Nothing
from common.protocol.people import LEAST_PASSWORD
from common.text import N_
from server.engine.access.sign_in import hasher
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.record import Record, When
from server.modules.people.public import make_account, refuse_weak
from server.modules.residency.access import DECIDE, FILE
from server.modules.residency.deciding import KINDS, decide, submit
from server.modules.residency.records import PersonEntry

NOT_A_DRAFT = refusal("residency.not_a_draft", N_("This filing is not a draft. Refresh the list."))
NOT_SUBMITTED = refusal("residency.not_submitted", N_("This filing does not wait for a decision. Refresh the list."))
NO_PASSWORD = refusal(
    "residency.no_password", N_("The filing asks for the account {name}: give its first password."), 422
)


class NameFiling(BaseModel):
    """Input of what is done to one filing."""

    id: UUID


class Decide(NameFiling):
    """A head's decision."""

    opinion: str = Field(default="", max_length=2000, title=N_("Opinion"))


class Reason(NameFiling):
    """A decision that needs its reason."""

    opinion: str = Field(min_length=1, max_length=2000, title=N_("Opinion"))


class ApprovePerson(Decide):
    """`residency.approve_person_entry`."""

    password: str | None = Field(
        default=None, min_length=LEAST_PASSWORD, max_length=200, title=N_("First password of the account"), repr=False
    )
    roles: list[str] = Field(default=["clerk"], title=N_("Roles"))


def _alone(request: Any) -> list[tuple[str, Any]]:
    return [("filing", request.id)]


def _verbs(record: type[Record]) -> None:
    """Declare the verbs of one kind."""
    kind = record.__tablename__
    waits = (When("state", "is", "submitted"),)

    @action(
        f"residency.submit_{kind}", needs=FILE, input=NameFiling, output=Nothing, locks=_alone, on=record,
        label=N_("Submit"), when=(When("state", "is", "draft"),),
    )  # fmt: skip
    def submitted(work: Work, request: NameFiling) -> Nothing:
        """Hand a draft to the head."""
        submit(work, record, request.id)
        return Nothing()

    if record is not PersonEntry:

        @action(
            f"residency.approve_{kind}", needs=DECIDE, input=Decide, output=Nothing, locks=_alone, on=record,
            label=N_("Approve"), when=waits,
        )  # fmt: skip
        def approved(work: Work, request: Decide) -> Nothing:
            """Approve a filing; it takes effect at once or on its day."""
            decide(work, record, request.id, "approve", request.opinion)
            return Nothing()

    @action(
        f"residency.return_{kind}", needs=DECIDE, input=Reason, output=Nothing, locks=_alone, on=record,
        label=N_("Return"), when=waits,
    )  # fmt: skip
    def returned(work: Work, request: Reason) -> Nothing:
        """Give a filing back to be corrected."""
        decide(work, record, request.id, "return", request.opinion)
        return Nothing()

    @action(
        f"residency.reject_{kind}", needs=DECIDE, input=Reason, output=Nothing, locks=_alone, on=record,
        label=N_("Reject"), when=waits,
    )  # fmt: skip
    def rejected(work: Work, request: Reason) -> Nothing:
        """Reject a filing for good."""
        decide(work, record, request.id, "reject", request.opinion)
        return Nothing()


for _record in KINDS:
    _verbs(_record)


def _hashed(engine: Any, who: Any, request: ApprovePerson) -> str | None:
    return hasher.hash(request.password) if request.password else None


@action(
    "residency.approve_person_entry", needs=DECIDE, input=ApprovePerson, output=Nothing, locks=_alone, prepare=_hashed,
    on=PersonEntry, label=N_("Approve"), when=(When("state", "is", "submitted"),),
)  # fmt: skip
def approve_person(work: Work, request: ApprovePerson) -> Nothing:
    """Approve a worker: the staff file is made, and the account that the filing names (COR-011)."""
    filing = work.get(PersonEntry, request.id)
    if filing.sign_in_name:
        if request.password is None:
            work.refuse("residency.no_password", name=filing.sign_in_name)
        refuse_weak(work, request.password, filing.sign_in_name)
    row = decide(work, PersonEntry, request.id, "approve", request.opinion)
    if filing.sign_in_name:
        make_account(work, row.staff_member_id, filing.sign_in_name, work.prepared, request.roles, must_change=True)
    return Nothing()
