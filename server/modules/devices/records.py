"""Records of devices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Column, String, Table
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.database.schema import metadata
from server.engine.database.types import Document, Id, Utc
from server.engine.records.fields import choice, computed, link, text
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.modules.devices.access import EDIT, SEE

KINDS = (
    ("kiosk", N_("Ticket kiosk")),
    ("pad", N_("Evaluation pad")),
    ("led", N_("Display")),
    ("staff_pc", N_("Staff PC")),
    ("pc", N_("Self-service PC")),
)


ONLINE = timedelta(seconds=15)
"""Devices speak every four seconds."""


class Device(Record):
    """A device of the hall; its token is nowhere but on the device."""

    label = N_("Device")
    plural = N_("Devices")
    title = ("name",)
    rights = Rights(see=SEE, edit=EDIT)
    scope = OPEN

    kind: Mapped[str] = choice(N_("Kind"), KINDS, in_list=True, read_only=True)
    name: Mapped[str] = text(N_("Name"), length=80, in_list=True, search=True)
    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, required=False)
    zone_id: Mapped[UUID] = link("zone", N_("Zone"), in_list=True, required=False)
    replaced_by_id: Mapped[UUID] = link("device", N_("Replaced by"), required=False, read_only=True)
    online = computed("yes_no", N_("Online"), lambda work, row: is_online(work, row.id), in_list=True)
    last_seen = computed("moment", N_("Last heard"), lambda work, row: last_word(work, row.id, "seen_at"), in_list=True)
    program = computed(
        "text", N_("Program version"), lambda work, row: last_word(work, row.id, "version"), in_list=True
    )
    health = computed("text", N_("Health"), lambda work, row: last_word(work, row.id, "state"), in_list=True)


device_health = Table(
    "device_health",
    metadata,
    Column("device_id", Id, primary_key=True),
    Column("seen_at", Utc, nullable=False),
    Column("version", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("facts", Document, nullable=False),
    Column("run", String(16), nullable=False, server_default=""),
    Column("restart_run", String(16)),
)
"""The last word of each device; not audited, since it changes every few seconds. `restart_run` is the run of its program that
was told to end and start anew."""

zone_voice = Table(
    "zone_voice",
    metadata,
    Column("zone_id", Id, primary_key=True),
    Column("device_id", Id, nullable=False),
    Column("until", Utc, nullable=False),
)
"""Which display speaks for a zone, and until when: one voice a zone, taken over when its lease runs out."""

_words: WeakKeyDictionary[Any, dict[UUID, Any]] = WeakKeyDictionary()
"""The last words of all devices, read once a list."""


def last_word(work: Any, device_id: UUID, name: str) -> Any:
    """What a device said last of itself (`seen_at`, `version`, `state`); nothing when it never spoke."""
    if work not in _words:
        from server.modules.devices.loaders import HEALTH  # it reads these tables

        _words[work] = {row.device_id: row for row in work.rows(HEALTH)}
    row = _words[work].get(device_id)
    return None if row is None else getattr(row, name)


def is_online(work: Any, device_id: UUID) -> bool:
    """Whether a device has spoken a moment ago."""
    seen_at = last_word(work, device_id, "seen_at")
    return seen_at is not None and work.now - seen_at < ONLINE
