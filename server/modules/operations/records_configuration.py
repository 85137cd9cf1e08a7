"""Records of planned changes of the configuration (ADM-037, ADM-038)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, computed, document, link, long_text, moment, numbered, words
from server.engine.records.record import Record, Rights, When
from server.engine.records.scope import OPEN
from server.modules.operations import loaders
from server.modules.operations.access import CHANGE, SEE

BEGUN = refusal(
    "operations.task_begun",
    N_("This change has been carried out. What was asked for stays as it was; make a new task."),
)
TASK_STATES = (
    ("draft", N_("Task")),
    ("simulated", N_("Simulated")),
    ("executed", N_("Carried out, watched")),
    ("confirmed", N_("Confirmed")),
    ("taken_back", N_("Taken back")),
    ("filed", N_("Filed")),
)
"""The recorded sequence: input, parts, simulation, execution and watching, confirmation, filing."""
_OPEN = (When("state", "any_of", ("draft", "simulated")),)


class ConfigurationTask(Record):
    """A change of several settings that is planned, tried out, carried out as one, watched, confirmed and filed."""

    label = N_("Configuration task")
    plural = N_("Configuration tasks")
    title = ("number", "name")
    order = ("-number",)
    rights = Rights(see=SEE, add=CHANGE, edit=CHANGE)
    scope = OPEN
    attachments = True
    sections = (("course", N_("What became of it")),)

    number: Mapped[str] = numbered(N_("Number"), "C-{year}-{serial:04}", in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("What is to be changed"), in_list=True, editable_when=_OPEN)
    why: Mapped[str] = long_text(N_("Why"), editable_when=_OPEN)
    state: Mapped[str] = choice(N_("State"), TASK_STATES, default="draft", read_only=True, in_list=True)
    parts: Mapped[list[dict[str, Any]]] = document(N_("Parts"), default=[], required=False, secret=True)
    """By setting its `name` and new `value`; after the simulation what held `before`, and whether it was a value of its own."""
    executed_at: Mapped[datetime] = moment(
        N_("Carried out"), required=False, read_only=True, in_list=True, section="course"
    )
    executed_by: Mapped[UUID] = link(
        "staff_member", N_("Carried out by"), required=False, read_only=True, section="course"
    )
    watched_until: Mapped[datetime] = moment(N_("Watched until"), required=False, read_only=True, section="course")
    faults = computed(
        "number",
        N_("Faults since then"),
        lambda work, row: loaders.faults_since(work, row.executed_at),
        section="course",
    )
    outcome: Mapped[str] = long_text(N_("Outcome"), required=False, read_only=True, section="course")

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and before.state not in ("draft", "simulated"):
            work.refuse("operations.task_begun")
