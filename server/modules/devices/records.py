"""Records of devices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, String, Table
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.database.schema import metadata
from server.engine.database.types import Document, Id, Utc
from server.engine.records.fields import choice, link, text
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


class Device(Record):
    """A device of the hall; its token is nowhere but on the device."""

    label = N_("Device")
    title = ("name",)
    rights = Rights(see=SEE, edit=EDIT)
    scope = OPEN

    kind: Mapped[str] = choice(N_("Kind"), KINDS, in_list=True, read_only=True)
    name: Mapped[str] = text(N_("Name"), length=80, in_list=True, search=True)
    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, required=False)
    zone_id: Mapped[UUID] = link("zone", N_("Zone"), in_list=True, required=False)


device_health = Table(
    "device_health",
    metadata,
    Column("device_id", Id, primary_key=True),
    Column("seen_at", Utc, nullable=False),
    Column("version", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("facts", Document, nullable=False),
)
"""The last word of each device; not audited, since it changes every few seconds."""

zone_voice = Table(
    "zone_voice",
    metadata,
    Column("zone_id", Id, primary_key=True),
    Column("device_id", Id, nullable=False),
    Column("until", Utc, nullable=False),
)
"""Which display speaks for a zone, and until when: one voice a zone, taken over when its lease runs out."""
