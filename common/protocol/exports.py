"""Messages of exports: whole lists as files."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message
from common.records.query import Query


class StartExport(Message):
    """`exports.start`: the whole result of a query, in these columns."""

    type: str
    form: Literal["xlsx", "csv", "pdf"]
    query: Query = Query()
    columns: list[str] = Field(default=[], max_length=200)
    language: str = "en"


class NameExport(Message):
    """Input of `exports.state` and `exports.stop`."""

    id: UUID


class ExportState(Message):
    """How an export stands. Its file is at `GET /api/exports/{id}` while it is kept."""

    id: UUID
    type: str
    form: str
    state: str
    percent: int
    rows: int
    file_name: str = ""
    size: int = 0
    problem: str = ""
    problem_facts: dict[str, Any] = {}


class Exports(Message):
    """One's own exports, the latest first."""

    exports: list[ExportState]
