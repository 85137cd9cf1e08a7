"""What is deleted by its retention, and the keys of protected values."""

from __future__ import annotations

from datetime import datetime

from common.protocol.messages import Message


class RetentionLine(Message):
    """One kind of record that is kept for so many days."""

    kind: str
    label: str
    days: int
    since: str
    """The field from which the days count, in the reader's language."""
    why: str = ""
    due: int = 0
    """Rows that go at the next turn."""
    held: int = 0
    """Rows that are old enough, but that others still name: they stay until those go."""


class RetentionView(Message):
    """Answer of `retention.tonight`: what would go."""

    lines: list[RetentionLine]
    files: int = 0
    """Files of the file store that nothing names any more and that are older than a day."""
    files_kb: int = 0
    hour: int = 3
    """The hour of the outlet at which it is done."""
    at_work: bool = False
    """It runs now."""
    last_at: datetime | None = None
    last_rows: int = 0


class KeysView(Message):
    """Answer of `vault.state`: how far protected values are sealed with the newest key."""

    version: int
    whole: int
    left: int
