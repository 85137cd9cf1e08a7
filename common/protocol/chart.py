"""The organisation chart's own log of changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message


class AskChartLog(Message):
    """`organisation.chart_log`: changes of the chart, latest first."""

    record_id: UUID | None = None
    """Only those of one department, post or holder."""
    before: int | None = None
    """Only what came before this entry's number."""
    limit: int = Field(default=100, ge=1, le=500)


class ChartChange(Message):
    """One change: who, when, of which department, post or holder, from what to what."""

    number: int
    at: datetime
    who: str
    """By name; empty for the house."""
    action: str
    kind: str
    """`department`, `post`, `post_holder`."""
    record_id: UUID
    name: str
    """What it is called now; empty where the reader may not see it."""
    changes: dict[str, Any] = {}
    """By field before and after."""
    reason: str | None = None


class ChartLog(Message):
    """Its answer."""

    items: list[ChartChange]
    labels: dict[str, str] = {}
    """The names of records that changed links lead to, by id."""
