"""How the server stands: its machine, its database, its disks, over the last day."""

from __future__ import annotations

from datetime import datetime

from common.protocol.messages import Message


class DiskCard(Message):
    """One disk that the server writes to."""

    what: str
    """`data` or `backups`."""
    folder: str
    total_mb: int
    free_mb: int
    there: bool = True


class Sample(Message):
    """What was measured once a minute."""

    at: datetime
    read_ms: float
    write_ms: float
    """From asking until a change is durable."""
    load: float | None = None
    """Work that waits for the machine's processors, by processor; nothing where the system does not say."""
    programs: int = 0
    """Programs that are connected live."""
    waiting: int = 0
    """Jobs that wait."""


class SystemState(Message):
    """Answer of `system.state`."""

    now: datetime
    version: str
    started_at: datetime
    system: str
    processors: int
    database: str
    database_version: str
    database_mb: int
    files: int
    disks: list[DiskCard]
    samples: list[Sample]
    """Since the start, at most a day."""
    jobs_waiting: int
    jobs_failed: int
