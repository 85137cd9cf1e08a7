"""A change of the configuration as a recorded sequence: parts, simulation, execution and watching, confirmation, filing
(ADM-037). Each step is in the task's history; what it sets, in the history of the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, Field

from common.protocol.messages import Nothing
from common.protocol.operations import AskParts, DropPart, PutPart, TaskPart, TaskParts
from common.protocol.settings import SetSetting
from common.text import N_, translate
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import Said, refusal
from server.engine.records.description import facts
from server.engine.records.record import When
from server.engine.settings import SETTINGS, VALUES, Setting
from server.engine.settings_verbs import EDIT, set_one
from server.modules.operations import rules
from server.modules.operations.access import CHANGE, SEE
from server.modules.operations.actions import NameFault
from server.modules.operations.records_configuration import ConfigurationTask
from server.modules.operations.settings import WATCHING

NO_PARTS = refusal("operations.no_parts", N_("Nothing is to be changed yet: add the settings with their new values."))
NOT_SYSTEM = refusal("operations.not_for_all", N_("{named} has no value for the whole system; change it at its place."))
MEANWHILE = refusal(
    "operations.changed_since",
    N_("{named} was changed after the simulation. Simulate once more and look at the difference."),
)
STEP = refusal("operations.task_step", N_("This step is not the next one of this task. Refresh the list."))
WATCHED = refusal(
    "operations.still_watched", N_("This change is watched until {until}. Confirm it then, or take it back.")
)
LONG: Any = facts(kind="long_text")


class NameTask(NameFault):
    """Input of what is done to one task."""


class Conclude(NameTask):
    """`operations.confirm`, `operations.take_back`."""

    words: str = Field(min_length=1, max_length=4000, title=N_("Outcome"), json_schema_extra=LONG)


def _alone(request: BaseModel) -> list[tuple[str, Any]]:
    return [("configuration_task", request.id)]  # type: ignore[attr-defined]


def _task(work: Work, request: Any, *states: str) -> Any:
    row = work.get(ConfigurationTask, request.id)
    if row.state not in states:
        work.refuse("operations.task_step")
    return row


def _change(work: Work, row: Any, **changes: Any) -> Any:
    changed = work.change(ConfigurationTask, row, **changes)
    work.notify("operations", "task", id=row.id)
    return changed


def _declared(work: Work, name: str) -> Setting[Any]:
    declared = SETTINGS.get(name)
    if declared is None:
        work.refuse("settings.unknown", name=name)
    if "system" not in declared.levels:
        work.refuse("operations.not_for_all", named=Said(declared.label))
    return declared


def _holds(work: Work, name: str) -> tuple[bool, Any]:
    """Whether the whole system has a value of its own, and what holds for it now."""
    found, value = work.engine.settings.own(VALUES.read(work.connection), name, "system", None, work.now)
    return found, value if found else SETTINGS[name].default


def _shown(work: Work, row: Any) -> TaskParts:
    parts = []
    for one in row.parts or []:
        declared = SETTINGS.get(one["name"])
        now = _holds(work, one["name"])[1] if declared is not None else None
        parts.append(
            TaskPart(
                name=one["name"], label=translate(declared.label, work.language) if declared else one["name"],
                unit=declared.unit if declared else "", value=one["value"], now=now, before=one.get("before"),
                same=now == one["value"], elsewhere=rules.own_places(VALUES.read(work.connection), one["name"]),
            )
        )  # fmt: skip
    return TaskParts(state=row.state, parts=parts)


@reading("operations.parts", needs=SEE, input=AskParts, output=TaskParts)
def parts_of(work: Work, request: AskParts) -> TaskParts:
    """The parts of a task: what holds now and what would hold, and how many places have values of their own."""
    return _shown(work, work.get(ConfigurationTask, request.id))


@action("operations.put_part", needs=CHANGE, input=PutPart, output=TaskParts, locks=_alone)
def put_part(work: Work, request: PutPart) -> TaskParts:
    """Say what a setting is to become; a task that was simulated is simulated anew."""
    row = _task(work, request, "draft", "simulated")
    value = _declared(work, request.name).checked(request.value)
    parts = [one for one in row.parts or [] if one["name"] != request.name]
    before = next((one["value"] for one in row.parts or [] if one["name"] == request.name), None)
    work.audit("configuration_task", row.id, {request.name: [before, value]})
    return _shown(work, _change(work, row, state="draft", parts=[*parts, {"name": request.name, "value": value}]))


@action("operations.drop_part", needs=CHANGE, input=DropPart, output=TaskParts, locks=_alone)
def drop_part(work: Work, request: DropPart) -> TaskParts:
    """Leave a setting as it is."""
    row = _task(work, request, "draft", "simulated")
    parts = [one for one in row.parts or [] if one["name"] != request.name]
    before = next((one["value"] for one in row.parts or [] if one["name"] == request.name), None)
    work.audit("configuration_task", row.id, {request.name: [before, None]})
    return _shown(work, _change(work, row, state="draft", parts=parts))


@action(
    "operations.simulate", needs=CHANGE, input=NameTask, output=Nothing, locks=_alone, on=ConfigurationTask,
    label=N_("Simulate"), when=(When("state", "is", "draft"),),
)  # fmt: skip
def simulate(work: Work, request: NameTask) -> Nothing:
    """Compare what would hold with what holds, and keep it: only what was simulated is carried out."""
    row = _task(work, request, "draft")
    if not row.parts:
        work.refuse("operations.no_parts")
    parts = []
    for one in row.parts:
        _declared(work, one["name"]).checked(one["value"])
        own, before = _holds(work, one["name"])
        parts.append({**one, "own": own, "before": before})
    _change(work, row, state="simulated", parts=parts)
    return Nothing()


@action(
    "operations.execute", needs=CHANGE, input=NameTask, output=Nothing, locks=_alone, on=ConfigurationTask,
    label=N_("Carry out"), when=(When("state", "is", "simulated"),), question=N_("Change the settings now, for everybody?"),
)  # fmt: skip
def execute(work: Work, request: NameTask) -> Nothing:
    """Set everything in one step, all or nothing; from now on it is watched."""
    row = _task(work, request, "simulated")
    if not work.may(EDIT):
        work.refuse("access.denied", action="settings.set")
    for one in row.parts:
        if _holds(work, one["name"]) != (one["own"], one["before"]):
            work.refuse("operations.changed_since", named=Said(SETTINGS[one["name"]].label))
        set_one(work, SetSetting(level="system", name=one["name"], value=one["value"]))
    who = work.who.id if work.who.kind == "person" else None
    until = work.now + timedelta(minutes=work.setting(WATCHING))
    _change(work, row, state="executed", executed_at=work.now, executed_by=who, watched_until=until)
    return Nothing()


@action(
    "operations.confirm", needs=CHANGE, input=Conclude, output=Nothing, locks=_alone, on=ConfigurationTask,
    label=N_("Confirm…"), when=(When("state", "is", "executed"),),
)  # fmt: skip
def confirm(work: Work, request: Conclude) -> Nothing:
    """Say that it does what it should, once it has been watched."""
    row = _task(work, request, "executed")
    if work.now < row.watched_until:
        work.refuse("operations.still_watched", until=row.watched_until.isoformat(timespec="minutes"))
    _change(work, row, state="confirmed", outcome=request.words)
    return Nothing()


@action(
    "operations.take_back", needs=CHANGE, input=Conclude, output=Nothing, locks=_alone, on=ConfigurationTask,
    label=N_("Take back…"), when=(When("state", "is", "executed"),),
)  # fmt: skip
def take_back(work: Work, request: Conclude) -> Nothing:
    """Let what held before hold again; what somebody has set since stays."""
    row = _task(work, request, "executed")
    if not work.may(EDIT):
        work.refuse("access.denied", action="settings.set")
    for one in row.parts:
        if _holds(work, one["name"]) == (True, one["value"]):
            before = one["before"] if one["own"] else None
            set_one(work, SetSetting(level="system", name=one["name"], value=before))
    _change(work, row, state="taken_back", outcome=request.words)
    return Nothing()


@action(
    "operations.file_task", needs=CHANGE, input=NameTask, output=Nothing, locks=_alone, on=ConfigurationTask,
    label=N_("File"), when=(When("state", "any_of", ("confirmed", "taken_back")),),
)  # fmt: skip
def file_task(work: Work, request: NameTask) -> Nothing:
    """The end of the sequence: from now on it can only be read."""
    row = _task(work, request, "confirmed", "taken_back")
    _change(work, row, state="filed")
    return Nothing()
