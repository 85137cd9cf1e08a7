"""The log: what was changed, looked at and signed in to, by whom and from where."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message

Part = Literal["changes", "deletions", "looks", "chart", "sign_ins"]
"""`looks` are looks at protected data, `chart` changes of the organisation chart."""


class FindInLog(Message):
    """Input of `logs.find`: every filter that is given must hold."""

    part: Part = "changes"
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    who: UUID | None = None
    name: str = Field(default="", max_length=80)
    """Of `sign_ins`: the name that was typed, or a part of it."""
    kind: str = Field(default="", max_length=60)
    """A kind of record."""
    record_id: UUID | None = None
    action: str = Field(default="", max_length=80)
    address: str = Field(default="", max_length=60)
    before: int | None = None
    """Only lines before this number: the way to the next page."""
    limit: int = Field(default=100, ge=1, le=500)


class LogLine(Message):
    """One line of the log."""

    number: int
    at: datetime
    who: UUID | None = None
    who_kind: str = ""
    who_name: str = ""
    action: str = ""
    action_label: str = ""
    kind: str = ""
    kind_label: str = ""
    record_id: UUID | None = None
    record_name: str = ""
    """As it is called today, where the reader may see it."""
    address: str = ""
    reason: str = ""
    succeeded: bool | None = None
    """Of a sign-in."""
    changes: dict[str, list[Any]] = {}
    """Before and after by field; what the reader may not know of is left out, protected values are never here."""


class LogPage(Message):
    """Answer of `logs.find`, the latest first."""

    lines: list[LogLine]
    next: int | None = None
    """To be asked for as `before`; nothing at the end."""
    labels: dict[str, str] = {}
    """Names of the records that values of links name, by id."""


class LogChoices(Message):
    """Answer of `logs.choices`: what may be filtered by."""

    kinds: dict[str, str]
    actions: dict[str, str]
    people: dict[str, str]
    keep_days: int
    """How long the log is kept; nothing deletes it before."""
