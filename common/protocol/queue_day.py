"""Figures of the business day: the manager's, and each person's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.protocol.messages import Message, Words


class DayService(Message):
    """A service's figures of today."""

    service_id: UUID
    name: Words
    issued: int
    waiting: int
    serving: int
    finished: int
    no_show: int
    mean_wait_seconds: int | None
    mean_service_seconds: int | None


class DayWindow(Message):
    """A window's figures of today."""

    window_id: UUID
    label: str
    state: str
    staff: Words = {}
    number: str | None = None
    since: datetime | None = None
    served: int
    mean_service_seconds: int | None
    rated: int = 0


class DayHour(Message):
    """Tickets issued and finished in one local hour."""

    hour: int
    issued: int
    finished: int


class Day(Message):
    """`queue.day {zone_id?}`: the manager's live figures of the business day."""

    business_day: str
    outlet: Words
    issued: int
    waiting: int
    called: int
    serving: int
    finished: int
    no_show: int
    longest_wait_seconds: int | None
    mean_wait_seconds: int | None
    mean_service_seconds: int | None
    windows_open: int
    windows_total: int
    services: list[DayService]
    classes: list[DayService] = []
    """The top classes, each the sum of its services (QUE-037)."""
    windows: list[DayWindow]
    hours: list[DayHour]
    grades: dict[str, int] = {}
    """Ratings of today by grade; `none` counts finished tickets without one."""
    now: datetime


class OwnDay(Message):
    """`queue.mine`: the caller's own figures of the business day."""

    business_day: str
    served: int
    matters: int
    no_show: int
    transferred: int
    mean_wait_seconds: int | None
    mean_service_seconds: int | None
    longest_service_seconds: int | None
    paused_seconds: int
    pauses: int
    hours: list[DayHour]
    """Tickets called (`issued`) and finished by local hour."""
    grades: dict[str, int] = {}
    now: datetime


class PauseRow(Message):
    """One pause of the business day (QUE-919)."""

    window_id: UUID
    label: str
    staff: Words = {}
    reason: str
    began_at: datetime
    ended_at: datetime | None = None
    seconds: int
    long: bool = False
    """Longer than the setting allows."""


class Pauses(Message):
    """`queue.pauses {zone_id?}`."""

    items: list[PauseRow]
    now: datetime
