"""How the system is run: an hour's figures, offences against the security rules, faults step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message


class AskFigures(Message):
    """`operations.figures`: the last days."""

    days: int = Field(default=7, ge=1, le=366)


class HourFigures(Message):
    """An hour of operation; nothing where nothing was measured."""

    begins_at: datetime
    changes_ms: int | None = None
    slowest_ms: int | None = None
    looks_ms: int | None = None
    load: int | None = None
    programs: int
    people: int
    devices: int
    devices_here: int
    database_mb: int
    disk_free_mb: int
    failed_sign_ins: int
    faults: int

    @property
    def at(self) -> datetime:
        """Where it stands in a drawing."""
        return self.begins_at


class Figures(Message):
    """The hours that were measured, the earliest first."""

    hours: list[HourFigures]
    now: datetime


class Offender(Message):
    """What or who offends against a rule, or keeps it."""

    kind: str = ""
    """The kind of its record; empty where it has none."""
    id: UUID | None = None
    name: str
    note: str = ""


class SecurityRule(Message):
    """One rule with what was found."""

    code: str
    title: str
    advice: str
    """What to do next, in the reader's language."""
    grade: Literal["good", "warn", "bad"]
    items: list[Offender] = []
    page: str = ""
    """The page of the workbench on which it is put right."""


class SecurityView(Message):
    """`operations.security`: the gravest first."""

    rules: list[SecurityRule]
    now: datetime


class AskParts(Message):
    """`operations.parts`: of which configuration task."""

    id: UUID


class PutPart(AskParts):
    """`operations.put_part`: what a setting is to become for the whole system."""

    name: str = Field(max_length=80)
    value: Any


class DropPart(AskParts):
    """`operations.drop_part`."""

    name: str = Field(max_length=80)


class TaskPart(Message):
    """One setting of a configuration task."""

    name: str
    label: str
    unit: str = ""
    value: Any
    now: Any = None
    """What holds for the whole system now."""
    before: Any = None
    """What held when it was simulated."""
    same: bool = False
    """It would change nothing."""
    elsewhere: int = 0
    """Places with a value of their own, which stays."""


class TaskParts(Message):
    """The parts of a configuration task."""

    state: str
    parts: list[TaskPart]
