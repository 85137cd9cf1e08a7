"""Messages of imports: lists from files."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message

Encoding = Literal["", "utf-8", "gb18030", "windows-1251", "windows-1256", "utf-16"]


class Reading(Message):
    """How a file is to be read; what is empty is found out."""

    encoding: Encoding = ""
    separator: Literal["", ",", ";", "\t", "|"] = ""
    sheet: str = Field(default="", max_length=60)
    head: int = Field(default=0, ge=0, le=1000)
    """The line that holds the headings, from 1."""
    numbers: Literal["", "point", "comma"] = ""
    """What stands before the decimals; else as the reader's language has it."""
    dates: Literal["", "day_first", "month_first"] = ""
    """How `03/04/2026` is meant; the day comes first unless told."""
    calendar: Literal["", "gregorian", "jalali"] = ""
    """Else a year from 1200 to 1599 is a Jalali one."""


class ReadAgain(Message):
    """`imports.read`: read the file once more, in another way."""

    id: UUID
    reading: Reading = Reading()


class CheckImport(Message):
    """`imports.check`: try every row out. Nothing is changed by it."""

    id: UUID
    mapping: list[str] = Field(max_length=300)
    """For each column the target that it fills, or nothing."""
    way: Literal["add", "update", "both"] = "add"
    key: str = ""
    """The target by which rows meet entries that are there; needed unless all are to be added."""
    allow_twice: bool = False
    """Rows that say the same as an earlier one are taken too."""
    reading: Reading = Reading()


class TakeImport(Message):
    """`imports.take`: take the rows over, all of them or the good ones only."""

    id: UUID
    only_good: bool = False
    reason: str | None = Field(default=None, max_length=500)


class NameImport(Message):
    """Input of `imports.state`, `imports.stop`, `imports.go_on`, `imports.keep`, `imports.undo`, `imports.drop`."""

    id: UUID


class AskImports(Message):
    """`imports.mine`: one's own imports, of one kind of entry or all."""

    type: str = ""


class AskRows(Message):
    """`imports.rows`: rows in one state, some at a time."""

    id: UUID
    state: Literal["bad", "good", "kept", "taken"] = "bad"
    after: int = 0
    limit: int = Field(default=200, ge=1, le=500)


class AskTargets(Message):
    """`imports.targets`: what the columns of a file may fill."""

    type: str


class Target(Message):
    """Something that a column may fill: a field, one language of a text, one part of an address."""

    name: str
    label: str
    kind: str
    required: bool = False
    key: bool = False
    """Rows may be met by it."""
    typed: bool = True
    """False for what is given by the house: it serves as a key alone."""
    help: str = ""


class Targets(Message):
    """What a kind of entry takes, for this reader."""

    targets: list[Target]
    may_add: bool
    may_change: bool
    reason_to_add: bool = False
    reason_to_change: bool = False


class FileColumn(Message):
    """A column of the file."""

    heading: str
    samples: list[str] = []
    target: str = ""
    """What it seems to fill, or was made to fill last time."""


class ImportState(Message):
    """How an import stands."""

    id: UUID
    type: str
    file_name: str
    state: str
    percent: int = 0
    created_at: datetime
    columns: list[FileColumn] = []
    about: dict[str, Any] = {}
    """What was found out: form, encoding, separator, sheets, sheet, head."""
    options: dict[str, Any] = {}
    rows: int = 0
    good: int = 0
    bad: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    undone: int = 0
    kept: int = 0
    only_good: bool = False
    began_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = ""
    problem_sentence: str = ""


class Imports(Message):
    """Imports, the latest first."""

    imports: list[ImportState]


class Fault(Message):
    """What is wrong with a row."""

    column: str = ""
    """The target's label; nothing where it is about the whole row."""
    sentence: str


class FileRow(Message):
    """A row of the file by its number there."""

    number: int
    cells: list[str]
    faults: list[Fault] = []
    record_id: UUID | None = None


class Rows(Message):
    """Some rows; `next` asks for those that follow."""

    headings: list[str]
    rows: list[FileRow]
    next: int | None = None
