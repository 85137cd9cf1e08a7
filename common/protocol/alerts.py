"""Alerts: a watched figure that crossed its limit, told once, ended when it falls."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class AlertCard(Message):
    """One alert. `facts` name what it is about; `value` and `limit` are in the watch's unit."""

    id: UUID
    watch: str
    """`queue.class_waiting`, `queue.handling_time`, `queue.long_pause`, `queue.unserved`, …"""
    label: str
    subject: str
    name: Words = {}
    """Of what is watched: a service, a window."""
    value: int
    """The highest so far; of lengths of time to the minute."""
    limit: int
    unit: str = ""
    facts: dict[str, Any] = {}
    since: datetime
    """When the value went over its limit."""
    raised_at: datetime
    ended_at: datetime | None = None
    seen_at: datetime | None = None
    seen_by: UUID | None = None


class AskAlerts(Message):
    """`alerts.list`: those that stand; with `ended` also those of the last day."""

    ended: bool = False


class Alerts(Message):
    """Alerts, the latest first."""

    items: list[AlertCard]
    now: datetime


class AlertSeen(Message):
    """`alerts.seen`: somebody takes care of it."""

    alert_id: UUID


class AskPastAlerts(Message):
    """`queue.past_alerts`: warnings that ended, raised on these days of the hall; all texts of `search` must be found."""

    first: date | None = None
    """Today where none is named."""
    last: date | None = None
    """The same day as `first` where none is named; at most 62 days."""
    watch: str | None = Field(default=None, max_length=80)
    search: str = Field(default="", max_length=100)
    limit: int = Field(default=500, ge=1, le=2000)


class PastAlert(Message):
    """A warning that ended, with who took care of it."""

    card: AlertCard
    seen_by: Words = {}


class PastAlerts(Message):
    """Warnings that ended, the latest first; `total` before `limit`."""

    items: list[PastAlert]
    watches: dict[str, str]
    """What is watched, by its words: to choose from."""
    total: int
    now: datetime
