"""Approval flows: what acts on a step, what administrators draw, and how a case's path travels."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class OnStep(Message):
    """What every act on a step says."""

    step_id: UUID
    opinion: str = Field(default="", max_length=4000)


class Approve(OnStep):
    """Input of `flows.approve`, also of a case that was returned to its applicant and is submitted again."""

    values: dict[str, Any] = {}
    """Values of the form that were filled in or changed at this step."""
    chosen: dict[str, UUID] = {}
    """By node, who does the next step where whoever acts chooses."""


class Sign(Approve):
    """Input of `flows.sign`: an approval with a signature, by PIN or drawn by hand."""

    pin: str = Field(default="", max_length=40)
    drawn_file: UUID | None = None
    """The picture of the signature in the file store."""


class Reject(OnStep):
    """Input of `flows.reject`."""

    opinion: str = Field(min_length=1, max_length=4000)


class Return(OnStep):
    """Input of `flows.return_`: back to an earlier step, without one to the step before."""

    opinion: str = Field(min_length=1, max_length=4000)
    node: str = Field(default="", max_length=60)


class Transfer(OnStep):
    """Input of `flows.transfer`: somebody else does it instead."""

    person_id: UUID


class AskOpinion(OnStep):
    """Input of `flows.ask_opinion`: the step stays where it is."""

    people: list[UUID] = Field(min_length=1, max_length=20)
    opinion: str = Field(min_length=1, max_length=4000)


class GiveOpinion(OnStep):
    """Input of `flows.give_opinion`."""

    opinion: str = Field(min_length=1, max_length=4000)


class OnCase(Message):
    """What an act on a whole case says."""

    case_id: UUID
    opinion: str = Field(default="", max_length=4000)


class Urge(Message):
    """Input of `flows.urge` and `flows.supervise`: a word to whoever holds the open steps, or one of them."""

    case_id: UUID
    step_id: UUID | None = None
    message: str = Field(default="", max_length=1000)


class Acted(Message):
    """Answer of everything that acts on a case."""

    case_id: UUID
    state: str
    open: list[UUID] = []
    """The steps that wait now."""


class AskCase(Message):
    """Input of `flows.case`."""

    case_id: UUID


class HeldBy(Message):
    """For whom a step waits."""

    person: Words = {}
    post: Words = {}
    role: Words = {}
    people: list[Words] = []
    """The people who can act on it now."""


class StepCard(Message):
    """One step of a case's path."""

    id: UUID
    node: str
    name: Words
    kind: str
    state: str
    opened_at: datetime
    closed_at: datetime | None = None
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    held: HeldBy = HeldBy()
    by: Words = {}
    instead_of: Words = {}
    facts: Any = None


class OpinionCard(Message):
    """What somebody said at a step."""

    step_id: UUID | None
    kind: str
    opinion: str
    signed: str = ""
    signature_file: UUID | None = None
    by: Words
    instead_of: Words = {}
    to: Words = {}
    at: datetime


class ChangeCard(Message):
    """A value that was changed between two steps."""

    step_id: UUID | None
    field: str
    label: Words = {}
    before: Any = None
    after: Any = None
    by: Words
    at: datetime


class UrgeCard(Message):
    """That somebody urged or supervised."""

    step_id: UUID | None
    kind: str
    message: str
    by: Words
    people: list[Words]
    at: datetime


class NodeCard(Message):
    """A node of the case's drawing: `done`, `open`, `ahead`."""

    id: str
    kind: str
    name: Words
    x: int
    y: int
    state: str


class EdgeCard(Message):
    """A way of the case's drawing."""

    source: str
    target: str
    name: Words = {}
    taken: bool = False


class MyStep(Message):
    """What the reader may do at an open step."""

    step_id: UUID
    kind: str
    read: list[str]
    write: list[str]
    required: list[str]
    form: str = ""
    form_version: int | None = None
    signature: str = ""
    may_return_to: list[str] = []
    may_refuse: bool = False
    may_transfer: bool = False
    choose: list[str] = []
    """Nodes after it whose holder is chosen here."""


class CaseView(Message):
    """Answer of `flows.case`: the whole path, as screens draw it and as it prints."""

    id: UUID
    number: str
    name: Words
    flow: Words
    flow_version: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    applicant: Words
    subject: str
    subject_id: UUID | None
    content: dict[str, Any]
    labels: dict[str, Words]
    kinds: dict[str, str] = {}
    """Of the values: `number`, `text`, `yes_no`, …"""
    steps: list[StepCard]
    opinions: list[OpinionCard]
    changes: list[ChangeCard]
    urged: list[UrgeCard]
    nodes: list[NodeCard]
    edges: list[EdgeCard]
    mine: list[MyStep]


# what administrators draw


class SaveDraft(Message):
    """Input of `flows.save_draft`: a new flow, or the draft of one that exists."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    name: Words
    subject: str = Field(default="", max_length=60)
    definition: dict[str, Any]
    note: str = Field(default="", max_length=1000)
    expects: int | None = None
    """The record's version that was read; another one means that somebody else drew meanwhile."""


class DraftSaved(Message):
    """Answer of `flows.save_draft`."""

    flow_id: UUID
    number: int
    version: int


class AskFlow(Message):
    """Input of readings about one flow; without a number its draft, else the version in use."""

    code: str = Field(max_length=60)
    number: int | None = None


class FlowView(Message):
    """Answer of `flows.drawing`."""

    flow_id: UUID
    code: str
    name: Words
    subject: str
    number: int
    state: str
    version: int
    current: int | None
    definition: dict[str, Any]
    running: dict[int, int]
    """Running cases by version."""


class CheckDefinition(Message):
    """Input of `flows.check`."""

    definition: dict[str, Any]


class FindingCard(Message):
    """Something that keeps a flow from being published."""

    code: str
    node: str = ""
    edge: str = ""
    facts: dict[str, Any] = {}
    said: Words
    row: int | None = None
    column: str = ""
    start: int | None = None
    end: int | None = None


class Findings(Message):
    """Answer of `flows.check`."""

    findings: list[FindingCard]


class PublishFlow(Message):
    """Input of `flows.publish`: the draft becomes the version in use for new cases."""

    code: str = Field(max_length=60)
    note: str = Field(default="", max_length=1000)


class Published(Message):
    """Answer of `flows.publish`."""

    number: int


class BpmnText(Message):
    """A flow as BPMN 2.0 XML."""

    bpmn: str = Field(max_length=2_000_000)


class ReadBpmn(Message):
    """Answer of `flows.read_bpmn`: the definition, not yet saved, with what is wrong with it."""

    definition: dict[str, Any]
    findings: list[FindingCard]


class AutomaticCard(Message):
    """An automatic step that can be drawn."""

    name: str
    label: Words
    kind: str


class AutomaticCards(Message):
    """Answer of `flows.automatic_steps`."""

    steps: list[AutomaticCard]


class MoveCases(Message):
    """Input of `flows.try_move` and `flows.move`."""

    code: str = Field(max_length=60)
    to_version: int
    nodes: dict[str, str] = {}
    """What became of nodes: the old one's id, the new one's. Those that keep their id need not stand here."""


class Unfit(Message):
    """A case that would not fit a version, and why."""

    case_id: UUID
    number: str
    said: Words
    facts: dict[str, Any] = {}


class MoveTried(Message):
    """Answer of `flows.try_move`."""

    fit: int
    unfit: list[Unfit]


class ExchangePost(Message):
    """Input of `flows.exchange_post`."""

    old_id: UUID
    new_id: UUID
    reason: str = Field(min_length=1, max_length=1000)


class Exchanged(Message):
    """Answer of `flows.exchange_post`."""

    flows: int
    steps: int


class Play(Message):
    """One act of a case that is only played."""

    node: str
    does: Literal["approve", "refuse", "return", "time_passes"]
    to: str = ""
    """Back to which step."""
    seat: int = 0
    values: dict[str, Any] = {}


class TryOut(Message):
    """Input of `flows.try_out`: a definition, what the case carries, and what was played so far. Nothing is stored."""

    definition: dict[str, Any]
    content: dict[str, Any] = {}
    plays: list[Play] = Field(default=[], max_length=500)


class PlayedStep(Message):
    """A step of a played case that waits."""

    node: str
    kind: str
    seats: int
    signed: int
    may_return_to: list[str]


class Played(Message):
    """Answer of `flows.try_out`: where the played case stands."""

    open: list[PlayedStep]
    ended: str | None
    state: str
    path: list[dict[str, Any]]
    """What was done and decided, in order: node, what, and of a condition its facts."""
    content: dict[str, Any]
