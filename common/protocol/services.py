"""Service items: until when one is promised."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.protocol.messages import Message


class PromisedDay(Message):
    """`services.promised_day`: of which item, handed in when; now without."""

    item_id: UUID
    start: datetime | None = None
    legal: bool = False
    """By its statutory time instead of the promised one."""
