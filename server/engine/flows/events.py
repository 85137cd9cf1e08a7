"""What happens to cases. Listeners know theirs by the flow's code or by the kind of their subject."""

from __future__ import annotations

from uuid import UUID

from server.engine.events import Event


class CaseEvent(Event):
    """What all of them say."""

    case_id: UUID
    flow: str
    """The flow's code."""
    subject: str = ""
    subject_id: UUID | None = None


class StepOpened(CaseEvent):
    """A step waits for somebody from now on."""

    step_id: UUID
    node: str
    kind: str
    person_id: UUID | None = None
    post_id: UUID | None = None
    role_id: UUID | None = None


class StepClosed(CaseEvent):
    """Nobody has to act on this step any more; `state` says why, as `CaseStep.state`."""

    step_id: UUID
    node: str
    kind: str
    state: str


class CaseEnded(CaseEvent):
    """A case is over: approved, rejected, withdrawn or cancelled."""

    state: str


class TimerDue(Event):
    """A timer's moment has come. Told again, it finds the step closed."""

    step_id: UUID


class MoveGoesOn(Event):
    """The next cases of a flow move to another version."""

    flow_id: UUID
    to_version: int
    nodes: dict[str, str] = {}
    after: UUID | None = None
