"""Alerts: a watched figure that crossed its limit, told once, ended when it falls."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

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
