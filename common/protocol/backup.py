"""Backups and checks of the stored data, as the console shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class RunBackup(Message):
    """Input of `backup.run_now`."""

    encrypt: bool | None = None
    """Nothing: as the setting says."""


class StopRun(Message):
    """Input of `backup.stop`."""

    run_id: UUID


class ArchiveCard(Message):
    """One archive in the folder of backups."""

    name: str
    made_at: datetime
    size_kb: int
    encrypted: bool = False


class ArchiveCards(Message):
    """Answer of `backup.archives`, the latest first."""

    folder: str
    archives: list[ArchiveCard]
    confirm: str
    """What a person must type before one of them is restored: the hall's name."""


class RestoreBackup(Message):
    """Input of `backup.restore`."""

    name: str = Field(min_length=1, max_length=120)
    """An archive's name in the folder of backups."""
    confirm: str = Field(max_length=200)
    passphrase: str | None = Field(default=None, max_length=500)
    """Of an encrypted archive; nothing takes the server's own."""


class FindingCard(Message):
    """One thing that a check found."""

    check: str
    said: Words
    note: bool = False
    """Nothing is damaged."""


class BackupRunCard(Message):
    """One backup or check."""

    id: UUID
    kind: str
    state: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    size_kb: int | None = None
    path: str = ""
    encrypted: bool = False
    verified: bool = False
    removed: bool = False
    problem: Words = {}
    """Why it failed, with the next step."""
    stage: str = ""
    progress: int = 0
    findings: list[FindingCard] = []


class RunAnswer(Message):
    """What was begun or stopped."""

    run: BackupRunCard


class BackupView(Message):
    """Answer of `backup.runs`: how the hall's backups stand."""

    state: str
    """`good`, `old` (the last good one is too old, or there is none), `off` (no alarm is set)."""
    last_good_at: datetime | None = None
    next_at: datetime | None = None
    folder: str = ""
    every_hours: int = 0
    alarm_hours: int = 0
    keep_days: int = 0
    keep_least: int = 0
    can_encrypt: bool = False
    """The server knows a passphrase."""
    encrypts: bool = False
    """Backups are encrypted when nobody says otherwise."""
    running: BackupRunCard | None = None
    runs: list[BackupRunCard] = []
    """The latest fifty, latest first."""
    last_check: BackupRunCard | None = None
    """The last verification that ended."""
