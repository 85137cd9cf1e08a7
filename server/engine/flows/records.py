"""Records of flows: definitions with their versions; cases with their steps, opinions, urging and changes.

People, posts and roles stand as bare ids without a link: a step that was done must never keep a post from being deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from common.text import N_
from server.engine.database.types import Id
from server.engine.flows.access import CASES, EDIT, SEE
from server.engine.records.fields import choice, document, link, long_text, moment, number, numbered, text, words
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN, Scope

VERSION_STATES = (
    ("draft", N_("Draft")),
    ("published", N_("Published")),
    ("retired", N_("Replaced")),
)
CASE_STATES = (
    ("running", N_("Under way")),
    ("approved", N_("Approved")),
    ("rejected", N_("Rejected")),
    ("withdrawn", N_("Withdrawn")),
    ("cancelled", N_("Cancelled")),
)
STEP_KINDS = (
    ("step", N_("Step")),
    ("countersign", N_("Countersigning")),
    ("opinion", N_("Opinion asked for")),
    ("automatic", N_("Automatic step")),
    ("timer", N_("Timer")),
    ("condition", N_("Condition")),
)
STEP_STATES = (
    ("open", N_("Open")),
    ("approved", N_("Approved")),
    ("refused", N_("Refused")),
    ("returned", N_("Returned")),
    ("transferred", N_("Handed on")),
    ("answered", N_("Answered")),
    ("withdrawn", N_("Withdrawn")),
    ("void", N_("No longer needed")),
    ("passed", N_("Passed")),
    ("failed", N_("Failed")),
)
"""`open` is the only one under way; `passed` is what the house did by itself."""
OPINION_KINDS = (
    ("start", N_("Submitted")),
    ("approve", N_("Approved")),
    ("return", N_("Returned")),
    ("refuse", N_("Refused")),
    ("withdraw", N_("Withdrawn")),
    ("transfer", N_("Handed on")),
    ("ask", N_("Asked for an opinion")),
    ("give", N_("Opinion")),
    ("supervise", N_("Supervision")),
)
OPEN_STEP = sql("state = 'open'")
RUNNING_CASE = sql("state = 'running'")


def _id(*, index: bool = False) -> Any:
    return mapped_column(Id, nullable=True, index=index or None)


class Flow(Record):
    """A way of approval that administrators define; what it says stands in its versions."""

    label = N_("Flow")
    plural = N_("Flows")
    title = ("name",)
    rights = Rights(see=SEE, edit=EDIT)
    scope = OPEN

    code: Mapped[str] = text(N_("Code"), length=60, in_list=True, search=True, read_only=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    subject: Mapped[str] = text(N_("Kind of entry"), length=60, in_list=True, required=False, read_only=True)
    """The kind of record whose cases run through it; nothing for any."""
    current: Mapped[int] = number(N_("Version in use"), in_list=True, required=False, read_only=True)
    exchanged: Mapped[list[dict[str, Any]]] = document(N_("Exchanged posts"), required=False, read_only=True)
    """That a post stands in the place of another (SVD-044): `old`, `new`, and `upto` which version."""

    __table_args__ = (Index("ux_flow_code", "code", unique=True),)


class FlowVersion(Record):
    """One version of a flow. A published one never changes again: running cases stand on it."""

    label = N_("Version of a flow")
    plural = N_("Versions of flows")
    title = ("flow_id", "number")
    rights = Rights(see=SEE)
    scope = OPEN

    flow_id: Mapped[UUID] = link("flow", N_("Flow"), in_list=True, index=False)
    number: Mapped[int] = number(N_("Version"), in_list=True)
    state: Mapped[str] = choice(N_("State"), VERSION_STATES, default="draft", in_list=True)
    definition: Mapped[dict[str, Any]] = document(N_("Definition"))
    published_at: Mapped[datetime] = moment(N_("Published"), in_list=True, required=False)
    note: Mapped[str] = long_text(N_("What is new"), required=False, in_list=True)
    spec: Mapped[Any] = document(N_("Compiled form"), required=False, secret=True)
    """What the engine runs, compiled when the version was published, in the serializer's form."""
    serializer: Mapped[str] = mapped_column(String(20), nullable=True)

    __table_args__ = (Index("ux_flow_version_number", "flow_id", "number", unique=True),)


class FlowCase(Record):
    """Something on its way through a flow: an application, a filing, a change."""

    label = N_("Case")
    plural = N_("Cases")
    title = ("number", "name")
    order = ("-created_at",)
    rights = Rights(see=CASES)
    scope = Scope(own=("applicant_id", "created_by"), department="department_id", hall="hall_id", outlet="outlet_id")

    number: Mapped[str] = numbered(N_("Number"), "F{year}-{serial:06}", in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("Subject"), in_list=True)
    flow_id: Mapped[UUID] = link("flow", N_("Flow"), in_list=True)
    flow_version_id: Mapped[UUID] = link("flow_version", N_("Version"))
    subject: Mapped[str] = text(N_("Kind of entry"), length=60, required=False)
    state: Mapped[str] = choice(N_("State"), CASE_STATES, default="running", in_list=True)
    started_at: Mapped[datetime] = moment(N_("Started"), in_list=True)
    ended_at: Mapped[datetime] = moment(N_("Ended"), in_list=True, required=False)
    due_at: Mapped[datetime] = moment(N_("Due"), in_list=True, required=False)
    yellow_at: Mapped[datetime] = moment(N_("Yellow from"), required=False)
    red_at: Mapped[datetime] = moment(N_("Red from"), required=False)
    content: Mapped[dict[str, Any]] = document(N_("Values"))
    """What conditions may compute with and what steps may fill in. Protected values never stand here."""
    subject_id: Mapped[UUID] = _id(index=True)
    applicant_id: Mapped[UUID] = _id(index=True)
    department_id: Mapped[UUID] = _id()
    """The applicant's unit on the day it began."""
    hall_id: Mapped[UUID] = _id()
    outlet_id: Mapped[UUID] = _id()
    tokens: Mapped[Any] = document(N_("Where it stands"), required=False, secret=True)
    """Where the case stands, as the engine's serializer writes it, without the version's own part."""
    serializer: Mapped[str] = mapped_column(String(20), nullable=True)

    __table_args__ = (
        Index("ix_flow_case_flow_state", "flow_id", "state"),
        Index("ix_flow_case_due", "due_at", sqlite_where=RUNNING_CASE, postgresql_where=RUNNING_CASE),
    )


class CaseStep(Record):
    """A step of a case, open or closed. An open one is one row of somebody's to-do list: it waits for a person, for
    whoever holds a post, or for whoever has a role; its light turns at `yellow_at` and `red_at`."""

    label = N_("Step of a case")
    plural = N_("Steps of cases")
    title = ("name",)
    order = ("-opened_at",)
    rights = Rights(see=CASES)
    scope = Scope(through="case_id")

    case_id: Mapped[UUID] = link("flow_case", N_("Case"), in_list=True)
    flow_id: Mapped[UUID] = link("flow", N_("Flow"), in_list=True, index=False)
    node: Mapped[str] = text(N_("Place in the flow"), length=60)
    name: Mapped[dict[str, str]] = words(N_("Step"), in_list=True)
    kind: Mapped[str] = choice(N_("Kind"), STEP_KINDS, default="step", in_list=True)
    state: Mapped[str] = choice(N_("State"), STEP_STATES, default="open", in_list=True)
    opened_at: Mapped[datetime] = moment(N_("Opened"), in_list=True)
    closed_at: Mapped[datetime] = moment(N_("Closed"), in_list=True, required=False)
    due_at: Mapped[datetime] = moment(N_("Due"), in_list=True, required=False)
    yellow_at: Mapped[datetime] = moment(N_("Yellow from"), required=False)
    red_at: Mapped[datetime] = moment(N_("Red from"), required=False)
    bulk: Mapped[bool] = mapped_column(nullable=False, default=False)
    """May be approved together with others, in one go."""
    seat: Mapped[int] = mapped_column(nullable=False, default=0)
    """Which of the countersigners; nought where there is but one."""
    post_id: Mapped[UUID] = _id()
    role_id: Mapped[UUID] = _id()
    person_id: Mapped[UUID] = _id()
    sender_id: Mapped[UUID] = _id()
    """Who sent it here: the applicant, the one before, whoever handed it on or asks."""
    closed_by: Mapped[UUID] = _id()
    """Who acted; the house for what it did by itself."""
    closed_for: Mapped[UUID] = _id()
    """In whose place, where a substitute or somebody with a mandate acted."""
    task: Mapped[str] = mapped_column(String(36), nullable=True)
    """The engine's own id of this step."""
    fires_at: Mapped[datetime] = moment(N_("Goes on by itself"), required=False)
    facts: Mapped[Any] = document(N_("In detail"), required=False)
    """Of a condition which rule with which inputs chose which way; of an automatic step what it did or why it failed."""

    __table_args__ = (
        Index("ix_case_step_of_person", "person_id", "due_at", sqlite_where=OPEN_STEP, postgresql_where=OPEN_STEP),
        Index("ix_case_step_of_post", "post_id", "due_at", sqlite_where=OPEN_STEP, postgresql_where=OPEN_STEP),
        Index("ix_case_step_of_role", "role_id", "due_at", sqlite_where=OPEN_STEP, postgresql_where=OPEN_STEP),
        Index("ix_case_step_fires", "fires_at", sqlite_where=OPEN_STEP, postgresql_where=OPEN_STEP),
        Index("ix_case_step_closed_by", "closed_by", "closed_at"),
        Index("ix_case_step_closed_for", "closed_for", "closed_at"),
        Index(
            "ux_case_step_task", "case_id", "task", "kind", "seat", unique=True,
            sqlite_where=sql("state = 'open' AND kind <> 'opinion'"),
            postgresql_where=sql("state = 'open' AND kind <> 'opinion'"),
        ),
    )  # fmt: skip


class CaseOpinion(Record):
    """What somebody said and did at a step; never changed."""

    label = N_("Opinion")
    plural = N_("Opinions")
    title = ("kind",)
    order = ("created_at",)
    rights = Rights(see=CASES)
    scope = Scope(through="case_id")
    attachments = True

    case_id: Mapped[UUID] = link("flow_case", N_("Case"), in_list=True)
    step_id: Mapped[UUID] = link("case_step", N_("Step"), in_list=True, required=False)
    kind: Mapped[str] = choice(N_("Kind"), OPINION_KINDS, in_list=True)
    opinion: Mapped[str] = long_text(N_("Opinion"), required=False, in_list=True)
    signed: Mapped[str] = choice(
        N_("Signed"), (("pin", N_("By PIN")), ("drawn", N_("By hand"))), required=False, in_list=True
    )
    signature_file: Mapped[UUID] = _id()
    person_id: Mapped[UUID] = _id()
    for_person_id: Mapped[UUID] = _id()
    """In whose place."""
    to_person_id: Mapped[UUID] = _id()
    """To whom it was handed on, or who is asked."""


class CaseUrge(Record):
    """That somebody urged a step on, or supervised it: who, when, whom (SM-URGE)."""

    label = N_("Urging")
    plural = N_("Urgings")
    title = ("kind",)
    order = ("-created_at",)
    rights = Rights(see=CASES)
    scope = Scope(through="case_id")

    case_id: Mapped[UUID] = link("flow_case", N_("Case"), in_list=True)
    step_id: Mapped[UUID] = link("case_step", N_("Step"), in_list=True, required=False)
    kind: Mapped[str] = choice(
        N_("Kind"), (("urge", N_("Urged")), ("supervise", N_("Supervised"))), default="urge", in_list=True
    )
    message: Mapped[str] = long_text(N_("Message"), required=False, in_list=True)
    people: Mapped[list[str]] = document(N_("Whom"), required=False)
    """The people who held the step at that moment; ids as text."""
    person_id: Mapped[UUID] = _id()
    """Who urged."""


class CaseChange(Record):
    """One value of the form that was changed at a step: before and after."""

    label = N_("Change of a case")
    plural = N_("Changes of cases")
    title = ("field",)
    order = ("created_at",)
    rights = Rights(see=CASES)
    scope = Scope(through="case_id")

    case_id: Mapped[UUID] = link("flow_case", N_("Case"), in_list=True)
    step_id: Mapped[UUID] = link("case_step", N_("Step"), in_list=True, required=False)
    field: Mapped[str] = text(N_("Field"), length=120, in_list=True)
    before: Mapped[Any] = document(N_("Before"), required=False)
    after: Mapped[Any] = document(N_("After"), required=False)
    person_id: Mapped[UUID] = _id()
