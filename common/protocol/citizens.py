"""Citizens: hints at duplicates, merging and its undo."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message

KIND = "^(applicant|company)$"


class Likeness(Message):
    """`citizens.duplicates`: whom somebody is like. Either an entry that stands, or what has been typed so far."""

    kind: str = Field(default="applicant", pattern=KIND)
    id: UUID | None = None
    name: str = Field(default="", max_length=200)
    born_on: date | None = None
    identity: str = Field(default="", max_length=40)
    mobile: str = Field(default="", max_length=40)
    telephone: str = Field(default="", max_length=40)
    mail: str = Field(default="", max_length=200)
    registration: str = Field(default="", max_length=40)


class Hint(Message):
    """An entry that may be the same one."""

    id: UUID
    name: str
    born_on: date | None = None
    identity: str | None = None
    """Masked."""
    score: int
    """0 to 100."""
    because: list[str]
    """What is alike: `identity`, `registration`, `mobile`, `telephone`, `mail`, `name`, `born_on`."""


class Hints(Message):
    """The likest first."""

    items: list[Hint]


class Merge(Message):
    """`citizens.merge`: one entry goes into another; what led to it leads to the other."""

    kind: str = Field(default="applicant", pattern=KIND)
    keep_id: UUID
    gone_id: UUID
    take: list[str] = Field(default=[], max_length=20)
    """Fields whose values are taken from the entry that goes."""
    reason: str = Field(min_length=1, max_length=500)


class UndoMerge(Message):
    """`citizens.undo_merge`: both entries are again what they were."""

    id: UUID
    """The merge's."""


class Merged(Message):
    """What a merge, or its undo, moved."""

    merge_id: UUID
    moved: int
    left: int = 0
    """By an undo: links and values that somebody changed since, and that stay."""


class OfApplicant(Message):
    """`citizens.restrictions`: whose, and in which area."""

    applicant_id: UUID
    area: str = Field(default="everything", max_length=30)


class RestrictionCard(Message):
    """A restriction that holds today."""

    id: UUID
    area: str
    held: str
    why: str


class RestrictionCards(Message):
    """The restrictions of an applicant that hold today."""

    items: list[RestrictionCard]
