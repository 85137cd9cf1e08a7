"""The one to-do list: open steps that wait for the reader, cases in which the reader took part, and what may be submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

Light = Literal["green", "yellow", "red", "stopped", "none"]
"""`none`: without a term."""


class AskToDo(Message):
    """Input of `to_do.list`."""

    kind: Literal["todo", "participated", "done"] = "todo"
    """`todo`: steps that wait for the reader; `participated`: running cases in which the reader took part; `done`: such as
    have ended."""
    light: Light | None = None
    flow_id: UUID | None = None
    sender_id: UUID | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    search: str = Field(default="", max_length=100)
    """Words of the case's subject or number."""
    after: str = Field(default="", max_length=80)
    """`ToDoPage.next` of the page before."""
    limit: int = Field(default=50, ge=1, le=200)


class ToDoItem(Message):
    """A row of the list."""

    case_id: UUID
    step_id: UUID | None = None
    """The step that waits; nothing in `participated` and `done`."""
    number: str
    name: Words
    """What the case is about."""
    flow: Words
    step: Words = {}
    """What is needed now; of a case in which one took part where it stands."""
    kind: str = "step"
    """As `CaseStep.kind`."""
    state: str = "running"
    """The case's."""
    opened_at: datetime
    """When it came; in `participated` and `done` when the reader acted last."""
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    light: Light = "none"
    """As it was at `ToDoPage.now`; it turns by itself at the two instants."""
    sender: str = ""
    instead_of: str = ""
    """In whose place the reader may act: a substitute, or somebody with a mandate."""
    bulk: bool = False
    """May be approved together with others."""
    own: bool = False
    """The reader submitted it."""


class ToDoPage(Message):
    """A page of the list, by due date; what has no term comes last."""

    items: list[ToDoItem]
    next: str = ""
    now: datetime


class ToDoGroup(Message):
    """How many rows have one flow or sender."""

    id: UUID
    name: str
    count: int


class ToDoCounts(Message):
    """How much waits for the reader."""

    todo: int
    green: int = 0
    yellow: int = 0
    red: int = 0
    stopped: int = 0
    none: int = 0
    flows: list[ToDoGroup] = []
    senders: list[ToDoGroup] = []
    next_due_at: datetime | None = None
    turns_at: datetime | None = None
    """When the next light turns."""


class AskCases(Message):
    """Input of `to_do.cases`: running cases of the house by light, for supervisors."""

    light: Light | None = None
    flow_id: UUID | None = None
    after: str = Field(default="", max_length=80)
    limit: int = Field(default=50, ge=1, le=200)


class OfCase(Message):
    """Input of `to_do.ledger`: the deadline of a step, or without one of the whole case."""

    case_id: UUID
    step_id: UUID | None = None


class Startable(Message):
    """Something that may be submitted."""

    flow_id: UUID
    code: str
    name: Words
    subject: str = ""
    """The kind of record whose form begins it; without one the case's own values are asked for."""
    fields: list[StartField] = []


class StartField(Message):
    """A value that is asked for when something is submitted."""

    name: str
    label: Words
    kind: str
    required: bool = False


class Startables(Message):
    """Answer of `to_do.startable`."""

    items: list[Startable]


class Submit(Message):
    """Input of `to_do.submit`: begin a case that has no record of its own."""

    code: str = Field(max_length=60)
    subject: str = Field(min_length=1, max_length=200)
    """What it is about, in the submitter's words."""
    values: dict[str, Any] = {}
    opinion: str = Field(default="", max_length=4000)
    chosen: dict[str, UUID] = {}


class Submitted(Message):
    """The case that was begun."""

    case_id: UUID
    number: str


Startable.model_rebuild()
