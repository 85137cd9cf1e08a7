"""Records of operations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from common.text import N_
from server.engine.database.types import Id
from server.engine.records.fields import (
    choice,
    day,
    link,
    links,
    long_text,
    moment,
    number,
    numbered,
    words,
)
from server.engine.records.record import Record, Retention, Rights
from server.engine.records.scope import OPEN
from server.modules.operations.access import HANDLE, REPORT, SECURITY, SEE

SOURCES = (
    ("person", N_("Reported by a person")),
    ("server", N_("Server and disks")),
    ("database", N_("Database")),
    ("device", N_("Device")),
    ("backup", N_("Backup")),
    ("job", N_("Job of the server")),
    ("network", N_("Network")),
)
FAULT_STATES = (
    ("reported", N_("Reported")),
    ("diagnosed", N_("Diagnosed")),
    ("handled", N_("Handled")),
    ("recovered", N_("Recovered")),
    ("closed", N_("Closed")),
)
"""In their order (ADM-039)."""
LEVELS = (
    ("first", N_("First: the operator on duty")),
    ("second", N_("Second: the system's administrators")),
    ("third", N_("Third: makers and specialists")),
)
"""The three levels of the operation's organisation (ADM-039)."""


class Fault(Record):
    """Something of the system that does not work, from its alarm to its recovery (ADM-039)."""

    label = N_("Fault")
    plural = N_("Faults")
    title = ("number", "name")
    order = ("-found_at",)
    rights = Rights(see=SEE, add=REPORT, edit=HANDLE)
    scope = OPEN
    attachments = True
    retention = Retention(days=1100, after="found_at", why=N_("Three years, so that what comes again is recognised."))
    sections = (("order", N_("Diagnosis, handling, recovery")),)

    number: Mapped[str] = numbered(N_("Number"), "F-{year}-{serial:04}", in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("What is wrong"), in_list=True)
    source: Mapped[str] = choice(N_("Of"), SOURCES, default="person", in_list=True)
    about: Mapped[str] = long_text(N_("What was seen"), required=False)
    state: Mapped[str] = choice(N_("State"), FAULT_STATES, default="reported", read_only=True, in_list=True)
    level: Mapped[str] = choice(N_("Level"), LEVELS, default="first", read_only=True, in_list=True)
    found_at: Mapped[datetime] = moment(N_("Found"), required=False, read_only=True, in_list=True, index=True)
    gone_at: Mapped[datetime] = moment(N_("The alarm ended"), required=False, read_only=True, in_list=True)
    handler_id: Mapped[UUID] = link("staff_member", N_("In whose hands"), required=False, read_only=True, in_list=True)
    level_since: Mapped[datetime] = moment(N_("On this level since"), required=False, read_only=True, section="order")
    diagnosis: Mapped[str] = long_text(N_("Diagnosis"), required=False, read_only=True, section="order")
    handling: Mapped[str] = long_text(N_("Handling"), required=False, read_only=True, section="order")
    recovery: Mapped[str] = long_text(N_("Recovery"), required=False, read_only=True, section="order")
    closed_at: Mapped[datetime] = moment(N_("Closed"), required=False, read_only=True, section="order")
    watch: Mapped[str] = mapped_column(String(80), nullable=True)
    """The watch that raised the alarm, and of what; nothing where a person reported it."""
    subject: Mapped[str] = mapped_column(String(80), nullable=True)
    alert_id: Mapped[UUID] = mapped_column(Id, nullable=True)

    __table_args__ = (Index("ux_fault_alert", "alert_id", unique=True),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is None:
            values["found_at"] = values["level_since"] = work.now


class OperatingFigure(Record):
    """An hour of operation: server, database, devices and connections (ADM-043)."""

    label = N_("Hour of operation")
    plural = N_("Hours of operation")
    title = ("begins_at",)
    order = ("-begins_at",)
    rights = Rights(see=SEE)
    scope = OPEN
    retention = Retention(
        days=800, after="begins_at", why=N_("Two years and a month, to compare with the year before.")
    )

    begins_at: Mapped[datetime] = moment(N_("Hour"), in_list=True)
    changes_ms: Mapped[int] = number(N_("Until a change is kept, ms"), in_list=True, required=False)
    slowest_ms: Mapped[int] = number(N_("The slowest change, ms"), in_list=True, required=False)
    looks_ms: Mapped[int] = number(N_("Until a look is answered, ms"), in_list=True, required=False)
    load: Mapped[int] = number(N_("Load of each processor, %"), in_list=True, required=False)
    programs: Mapped[int] = number(N_("Connected programs, at most"), in_list=True)
    people: Mapped[int] = number(N_("People signed in"), in_list=True)
    devices: Mapped[int] = number(N_("Devices"), in_list=True)
    devices_here: Mapped[int] = number(N_("Devices that were heard"), in_list=True)
    database_mb: Mapped[int] = number(N_("Database, MB"), in_list=True)
    disk_free_mb: Mapped[int] = number(N_("Free on the data's disk, MB"), in_list=True)
    failed_sign_ins: Mapped[int] = number(N_("Failed sign-ins"), in_list=True)
    faults: Mapped[int] = number(N_("Faults that stand"), in_list=True)

    __table_args__ = (Index("ux_operating_figure_hour", "begins_at", unique=True),)


class SecurityTraining(Record):
    """A training in the security rules, planned and held (ADM-044)."""

    label = N_("Security training")
    plural = N_("Security trainings")
    title = ("name",)
    order = ("-planned_on",)
    rights = Rights(see=SECURITY, add=SECURITY, edit=SECURITY, delete=SECURITY)
    scope = OPEN
    attachments = True

    name: Mapped[dict[str, str]] = words(N_("Subject"), in_list=True)
    planned_on: Mapped[date] = day(N_("Planned for"), in_list=True)
    held_on: Mapped[date] = day(N_("Held on"), required=False, in_list=True)
    teacher_id: Mapped[UUID] = link("staff_member", N_("Held by"), required=False, in_list=True)
    departments: Mapped[list[str]] = links("department", N_("For departments"))
    attended: Mapped[list[str]] = links("staff_member", N_("Who took part"))
    outcome: Mapped[str] = long_text(N_("Outcome"), required=False)
