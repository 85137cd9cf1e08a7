"""When a backup is due and when its lack is an alarm: pure."""

from __future__ import annotations

from datetime import datetime, timedelta

RETRY = timedelta(hours=1)
"""After a failed one the next try comes no later."""


def next_due(
    first: datetime | None, last_good: datetime | None, last_try: datetime | None, hours: int
) -> datetime | None:
    """The moment of the next backup; nothing without a schedule or before the hall's first change (`first`)."""
    if hours == 0 or first is None:
        return None
    every = timedelta(hours=hours)
    due = (last_good or first) + every
    if last_try is not None and (last_good is None or last_try > last_good):
        due = max(due, last_try + min(every, RETRY))
    return due


def state(first: datetime | None, last_good: datetime | None, hours: int, now: datetime) -> str:
    """`good`, `old` or `off`, as `BackupView` says."""
    if hours == 0:
        return "off"
    since = last_good or first
    return "old" if since is not None and now - since > timedelta(hours=hours) else "good"
