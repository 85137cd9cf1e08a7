"""The runs: every backup and every check of the stored data, with how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.backup.access import SEE
from server.engine.records.fields import choice, document, moment, number, text, yes_no
from server.engine.records.record import Record, Retention, Rights

KINDS = (
    ("scheduled", N_("By schedule")),
    ("manual", N_("From the console")),
    ("command", N_("On the command line")),
    ("migration", N_("Before an upgrade")),
    ("before_restore", N_("Before a restore")),
    ("verification", N_("Check of the data")),
    ("restoration", N_("Restore")),
)
STATES = (
    ("waiting", N_("Waiting")),
    ("running", N_("Running")),
    ("good", N_("Good")),
    ("bad", N_("Damage found")),
    ("failed", N_("Failed")),
    ("stopped", N_("Stopped")),
    ("interrupted", N_("Cut off")),
)


class BackupRun(Record):
    """One backup or one check of the stored data."""

    label = N_("Backup")
    plural = N_("Backups")
    title = ("kind", "began_at")
    rights = Rights(see=SEE)
    retention = Retention(days=730, after="created_at")

    kind: Mapped[str] = choice(N_("Kind"), KINDS, in_list=True)
    state: Mapped[str] = choice(N_("State"), STATES, default="waiting", in_list=True)
    began_at: Mapped[datetime] = moment(N_("Began"), in_list=True, required=False, index=True)
    ended_at: Mapped[datetime] = moment(N_("Ended"), in_list=True, required=False)
    seconds: Mapped[int] = number(N_("Duration"), unit="s", in_list=True, required=False)
    size_kb: Mapped[int] = number(N_("Size"), unit="kB", in_list=True, required=False)
    path: Mapped[str] = text(N_("File"), length=500, required=False)
    encrypted: Mapped[bool] = yes_no(N_("Encrypted"))
    verified: Mapped[bool] = yes_no(N_("Read again and checked"), in_list=True)
    removed: Mapped[bool] = yes_no(N_("Deleted by retention"))
    problem: Mapped[str] = text(N_("What went wrong"), length=80, required=False)
    problem_facts: Mapped[Any] = document(N_("What went wrong, in detail"), required=False)
    findings: Mapped[Any] = document(N_("Findings"), required=False)
    stage: Mapped[str] = text(N_("Step"), length=80, required=False)
    progress: Mapped[int] = number(N_("Progress"), unit="%", default=0)
    beat_at: Mapped[datetime] = moment(N_("Last sign of life"), required=False)
    stop_wanted: Mapped[bool] = yes_no(N_("To be stopped"))
    slot: Mapped[str] = text(N_("Open"), length=10, required=False, unique="ever")
    """`open` while it waits or runs, nothing afterwards: at most one in the whole hall."""
