"""The jobs: scheduled work, what it did last and does next; and work that was given up."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from common.protocol.messages import Message, Words


class JobCard(Message):
    """One piece of scheduled work."""

    name: str
    label: str
    every_seconds: float
    last_at: datetime | None = None
    """When this server looked last; nothing since its start."""
    last_ms: int | None = None
    worked: bool = False
    """Whether there was anything to do that time."""
    next_at: datetime | None = None
    problem: Words = {}
    """Why it failed last, in words; empty when it did not."""
    failed_at: datetime | None = None
    failures: int = 0
    """In a row."""
    paused: bool = False


class FailedCard(Message):
    """Work that follows a change and could not be done."""

    id: int
    name: str
    due_at: datetime
    attempts: int
    given_up: bool
    error: str


class JobsView(Message):
    """Answer of `jobs.list`."""

    jobs: list[JobCard]
    waiting: int
    """Pieces of work that wait for their turn."""
    failed: list[FailedCard]
    now: datetime


class NameJob(Message):
    """Input of `jobs.run_now`."""

    name: str = Field(max_length=120)


class PauseJob(Message):
    """Input of `jobs.pause`."""

    name: str = Field(max_length=120)
    paused: bool


class RetryJob(Message):
    """Input of `jobs.retry`."""

    id: int
