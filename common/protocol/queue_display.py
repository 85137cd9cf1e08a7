"""How a zone's displays look."""

from __future__ import annotations

from common.protocol.messages import Message, Words


class DisplayShape(Message):
    """The parts that a display shows besides the call, and its welcome (QUE-026)."""

    earlier: bool = True
    queues: bool = True
    ticker: bool = True
    second_date: str = "none"
    """`lunar`, `jalali` or `gregorian` behind the date of the reader's own calendar."""
    welcome: Words = {}
    """Over the whole screen; empty shows none."""
    welcome_after: int = 0
    """Seconds without a call; 0 shows it before the day's first call only."""
