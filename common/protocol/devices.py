"""Devices: their heartbeat, their enrolment on the console's side."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.protocol.access import PendingDevice
from common.protocol.messages import Message


class Heartbeat(Message):
    """`devices.heartbeat`, every four seconds by every device. Not audited, takes no key."""

    version: str = Field(max_length=40)
    state: str = Field(default="ok", max_length=40)
    facts: dict[str, Any] = {}
    """Paper, errors, queue of the outbox: small."""
    run: str = Field(default="", max_length=16)
    """Another word each time the program starts; empty of a program that cannot start itself anew."""
    wants_voice: bool = False
    """A display that can speak asks for its zone's one voice."""


class Heard(Message):
    """The answer: the server's time, and whether this display is its zone's voice for the next nine seconds."""

    now: datetime
    voice: bool = False
    restart: bool = False
    """Somebody at the console wants the program to start anew, now."""


class PendingDevices(Message):
    """`devices.pending`: what waits to be compared."""

    items: list[PendingDevice]


class AcceptDevice(Message):
    """`devices.accept`: the digits are the same on both screens; where the device stands."""

    request_id: UUID
    digits: str = Field(pattern=r"^[0-9]{6}$")
    label: str = Field(default="", max_length=80)
    """What the device is called from now on; its own name where none is given."""
    window_id: UUID | None = None
    zone_id: UUID | None = None


class RefuseDevice(Message):
    """`devices.refuse`: not the same digits, or not ours."""

    request_id: UUID


class RemoveDevice(Message):
    """`devices.remove`: its token is worth nothing at once."""

    device_id: UUID


class RestartDevice(Message):
    """`devices.restart`: its program starts anew with its next heartbeat, and tells when it is back."""

    device_id: UUID


class DeviceCard(Message):
    """A device as listed."""

    id: UUID
    kind: str
    label: str
    window_id: UUID | None = None
    zone_id: UUID | None = None
    last_seen: datetime | None = None
    online: bool = False
    version: str = ""
    state: str = ""
    facts: dict[str, Any] = {}
    """What it told with its last word: printer, sign, waiting facts."""
    restarting: bool = False
    """It was told to start anew, and has not spoken since."""


class DeviceCards(Message):
    """`devices.list`."""

    items: list[DeviceCard]


class AddDevice(Message):
    """`devices.add`: a device whose token is printed once (`openhall-server device add`)."""

    kind: str
    label: str = Field(default="", max_length=80)
    window_id: UUID | None = None
    zone_id: UUID | None = None


class AddedDevice(Message):
    """The device and its token; never stored as an answer."""

    device: DeviceCard
    token: str


class ReplaceDevice(Message):
    """`devices.replace`: another device in the place of a broken one. With the request of one that asks to join, and its
    digits, that one; without, the answer holds a token for it."""

    device_id: UUID
    request_id: UUID | None = None
    digits: str = Field(default="", pattern=r"^([0-9]{6})?$")


class ReplacedDevice(Message):
    """The device that stands there now; its token where none was asked to join, never stored as an answer."""

    device: DeviceCard
    token: str | None = None
