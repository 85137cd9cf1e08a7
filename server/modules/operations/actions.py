"""Faults step by step: diagnosis, handling, recovery, and up a level where one cannot help (ADM-039)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Nothing
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.description import facts
from server.engine.records.record import When
from server.modules.operations import rules
from server.modules.operations.access import HANDLE
from server.modules.operations.records import Fault

NOT_IN_ORDER = refusal(
    "operations.not_in_order", N_("A fault is diagnosed, then handled, then recovered. Take the next step first.")
)
STANDS = refusal(
    "operations.still_stands", N_("The alarm of this fault still stands. It can be recovered once the alarm has ended.")
)
HIGHEST = refusal("operations.highest_level", N_("This fault is on the third level already."))
LONG: Any = facts(kind="long_text")


class NameFault(BaseModel):
    """Input of what is done to one fault."""

    id: UUID


class Diagnose(NameFault):
    """`operations.diagnose`."""

    words: str = Field(min_length=1, max_length=4000, title=N_("Diagnosis"), json_schema_extra=LONG)


class Handle(NameFault):
    """`operations.handle`."""

    words: str = Field(min_length=1, max_length=4000, title=N_("Handling"), json_schema_extra=LONG)


class Recover(NameFault):
    """`operations.recover`."""

    words: str = Field(min_length=1, max_length=4000, title=N_("Recovery"), json_schema_extra=LONG)


class Escalate(NameFault):
    """`operations.escalate`."""

    words: str = Field(min_length=1, max_length=1000, title=N_("Why"), json_schema_extra=LONG)


def _alone(request: Any) -> list[tuple[str, Any]]:
    return [("fault", request.id)]


def _step(work: Work, row: Any, state: str, **changes: Any) -> Nothing:
    handler = work.who.id if work.who.kind == "person" else row.handler_id
    work.change(Fault, row, state=state, handler_id=handler, **changes)
    work.notify("operations", "fault", id=row.id)
    return Nothing()


def _in_state(work: Work, fault_id: UUID, *states: str) -> Any:
    row = work.get(Fault, fault_id)
    if row.state not in states:
        work.refuse("operations.not_in_order", state=row.state)
    return row


@action(
    "operations.diagnose", needs=HANDLE, input=Diagnose, output=Nothing, locks=_alone, on=Fault,
    label=N_("Diagnose…"), when=(When("state", "is", "reported"),),
)  # fmt: skip
def diagnose(work: Work, request: Diagnose) -> Nothing:
    """Say what the fault is; whoever does so has it in hand."""
    row = _in_state(work, request.id, "reported")
    return _step(work, row, "diagnosed", diagnosis=request.words)


@action(
    "operations.handle", needs=HANDLE, input=Handle, output=Nothing, locks=_alone, on=Fault,
    label=N_("Handle…"), when=(When("state", "is", "diagnosed"),),
)  # fmt: skip
def handle(work: Work, request: Handle) -> Nothing:
    """Say what was done about it."""
    row = _in_state(work, request.id, "diagnosed")
    return _step(work, row, "handled", handling=request.words)


@action(
    "operations.recover", needs=HANDLE, input=Recover, output=Nothing, locks=_alone, on=Fault,
    label=N_("Recovered…"), when=(When("state", "any_of", ("reported", "diagnosed", "handled")),),
)  # fmt: skip
def recover(work: Work, request: Recover) -> Nothing:
    """Say that it works again. While its alarm stands it does not; one that ended by itself needs no handling."""
    row = work.get(Fault, request.id)
    if row.alert_id is not None and row.gone_at is None and row.state in ("reported", "diagnosed", "handled"):
        work.refuse("operations.still_stands")
    if row.state != "handled" and not (row.gone_at is not None and row.state in ("reported", "diagnosed")):
        work.refuse("operations.not_in_order", state=row.state)
    return _step(work, row, "recovered", recovery=request.words)


@action(
    "operations.close", needs=HANDLE, input=NameFault, output=Nothing, locks=_alone, on=Fault,
    label=N_("Close"), when=(When("state", "is", "recovered"),),
)  # fmt: skip
def close(work: Work, request: NameFault) -> Nothing:
    """File a fault that has been recovered."""
    row = _in_state(work, request.id, "recovered")
    return _step(work, row, "closed", closed_at=work.now)


@action(
    "operations.escalate", needs=HANDLE, input=Escalate, output=Nothing, locks=_alone, on=Fault,
    label=N_("Up a level…"), when=(When("state", "any_of", ("reported", "diagnosed")), When("level", "is_not", "third")),
)  # fmt: skip
def escalate(work: Work, request: Escalate) -> Nothing:
    """Give a fault to the next level, with the reason in its history."""
    row = _in_state(work, request.id, "reported", "diagnosed")
    if row.level not in rules.UP:
        work.refuse("operations.highest_level")
    work.change(Fault, row, because=request.words, level=rules.UP[row.level], level_since=work.now)
    work.notify("operations", "fault", id=row.id)
    return Nothing()
