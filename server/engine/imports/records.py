"""The runs of imports and their rows, staged until they are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.database.schema import metadata
from server.engine.database.types import Id
from server.engine.records.fields import choice, document, long_text, moment, number, text, yes_no
from server.engine.records.record import Record, Retention
from server.engine.records.scope import Rights, Scope

STATES = (
    ("to_read", N_("Waiting to be read")),
    ("reading", N_("Being read")),
    ("read", N_("Read")),
    ("to_check", N_("Waiting to be checked")),
    ("checking", N_("Being checked")),
    ("checked", N_("Checked")),
    ("taking", N_("Being taken over")),
    ("stopped", N_("Stopped")),
    ("done", N_("Done")),
    ("undoing", N_("Being undone")),
    ("undone", N_("Undone")),
    ("failed", N_("Failed")),
)
WAYS = (("add", N_("Add")), ("update", N_("Change")), ("both", N_("Add and change")))
"""What an import does with a row: by its key it meets an entry that is there, or not."""


class ImportRun(Record):
    """A file on its way into a list."""

    label = N_("Import")
    plural = N_("Imports")
    title = ("file_name",)
    rights = Rights()
    scope = Scope(own=("created_by",))
    retention = Retention(days=30, after="created_at", why=N_("So long an import can be undone."))

    record_type: Mapped[str] = text(N_("Kind of entry"), length=60)
    file_name: Mapped[str] = text(N_("File"), length=200)
    language: Mapped[str] = text(N_("Language"), length=2)
    options: Mapped[dict[str, Any]] = document(N_("How it is read"))
    columns: Mapped[list[Any]] = document(N_("Columns"))
    about: Mapped[dict[str, Any]] = document(N_("What the file is"))
    reason: Mapped[str] = long_text(N_("Reason"), required=False)
    only_good: Mapped[bool] = yes_no(N_("Only the good rows"))
    state: Mapped[str] = choice(N_("State"), STATES, default="to_read")
    percent: Mapped[int] = number(N_("Progress"), default=0)
    rows: Mapped[int] = number(N_("Rows"), default=0)
    good: Mapped[int] = number(N_("Good rows"), default=0)
    bad: Mapped[int] = number(N_("Bad rows"), default=0)
    added: Mapped[int] = number(N_("Added"), default=0)
    changed: Mapped[int] = number(N_("Changed"), default=0)
    same: Mapped[int] = number(N_("As they were"), default=0)
    undone: Mapped[int] = number(N_("Undone"), default=0)
    kept: Mapped[int] = number(N_("Left, as they were changed since"), default=0)
    problem: Mapped[str] = text(N_("What went wrong"), length=80, required=False)
    problem_facts: Mapped[dict[str, Any]] = document(N_("What went wrong, in detail"), required=False)
    worker: Mapped[str] = text(N_("Worked on by"), length=40, required=False)
    beat_at: Mapped[datetime] = moment(N_("Last sign of life"), required=False)
    began_at: Mapped[datetime] = moment(N_("Taken from"), required=False)
    ended_at: Mapped[datetime] = moment(N_("Taken until"), required=False)
    stop_wanted: Mapped[bool] = yes_no(N_("To be stopped"))


import_row = Table(
    "import_row",
    metadata,
    Column("run_id", Id, ForeignKey("import_run.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("record_id", Id),
    Column("version", Integer),
    Column("content", LargeBinary, nullable=False),
)
"""A row of a file by its number there: `good` and `bad` after the check, then `taken`, `same`; after an undo `undone`, `kept`.

`content` is sealed, since a row may hold what is protected: the cells as they stand in the file, the values that became of
them, what is wrong with them, and what an entry held before. `version` is the entry's after it was taken: another one means
that somebody changed it since."""
Index("ix_import_row_state", import_row.c.run_id, import_row.c.state, import_row.c.number)
Index("ix_import_row_record", import_row.c.record_id)
