"""What a hall manager orders and sees: the hall's state, its services, zones, windows, queues and warnings."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.protocol.alerts import AlertCard
from common.protocol.messages import Message, Words
from common.protocol.queue import StaffCard, TicketCard

HallMode = Literal["auto", "opening", "open", "last_tickets", "closed", "stopped"]
"""`auto` follows the hours; the others hold until the end of the business day, `stopped` until it is lifted."""


class SetHall(Message):
    """`queue.set_hall`: order the hall's state; the sentence is shown to the public."""

    outlet_id: UUID | None = None
    mode: HallMode
    sentence: Words = {}


class HallState(Message):
    """The hall's state now."""

    outlet_id: UUID
    outlet: Words
    mode: str
    """What was ordered; `auto` when nothing holds."""
    state: str
    """`opening`, `open`, `last_tickets`, `closed`, `stopped`."""
    sentence: Words = {}
    hours: list[tuple[str, str]] = []
    closes_in_seconds: int | None = None
    now: datetime


class SwitchService(Message):
    """`queue.switch_service`: take a service off the kiosks for today, or put it back; who waits is still called."""

    service_id: UUID
    off: bool
    reason: str = Field(default="", max_length=200)


class SetSilent(Message):
    """`queue.set_silent`: silent calling of a zone (QUE-033); stays as set over restarts (QUE-917)."""

    zone_id: UUID
    silent: bool


class MoveWaiting(Message):
    """`queue.move_waiting`: transfer waiting tickets in a batch (QUE-913): those named, else all of a service in a zone."""

    service_id: UUID
    zone_id: UUID
    to_service_id: UUID
    ticket_ids: list[UUID] = Field(default=[], max_length=200)
    priority: bool = False
    reason: str = Field(default="", max_length=200)


class Moved(Message):
    """How many went, and how many of the service still wait in the zone; ask again while any do."""

    moved: int
    left: int


class PlanWindow(Message):
    """A window on the live plan: who, what, how long."""

    window_id: UUID
    label: str
    name: Words = {}
    zone_id: UUID
    state: str
    """`closed`, `free`, `called`, `serving`, `rating`, `paused`, `back_office`."""
    since: datetime | None = None
    staff: StaffCard | None = None
    ticket: TicketCard | None = None
    service: Words = {}
    seconds: int | None = None
    """In this state."""
    limit_seconds: int | None = None
    over_limit: bool = False
    pause_reason: str | None = None
    long_pause: bool = False
    kept_number: str | None = None
    """A ticket that stayed with a closed window; `queue.release` gives it back."""
    served: int = 0
    services: list[UUID] = []
    """What is accepted there now."""


class PlanQueue(Message):
    """A queue on the live plan: one service in one zone."""

    service_id: UUID
    name: Words
    prefix: str
    zone_id: UUID
    waiting: int
    longest_wait_seconds: int | None = None
    estimate_seconds: int | None = None
    """For somebody who comes now."""
    estimate_low: int | None = None
    estimate_high: int | None = None
    windows: list[str] = []
    """Working windows that accept it."""
    off: bool = False
    hidden: str | None = None
    """Why kiosks do not show it now."""
    unserved: bool = False
    """People wait and no window is open for them (QUE-913)."""


class PlanZone(Message):
    """A zone on the live plan."""

    zone_id: UUID
    name: Words
    silent: bool
    waiting: int


class HallPlan(Message):
    """`queue.plan {zone_id?}`: the live plan."""

    hall: HallState
    zones: list[PlanZone]
    windows: list[PlanWindow]
    queues: list[PlanQueue]
    alerts: list[AlertCard]
    now: datetime
