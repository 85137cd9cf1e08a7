"""Pure decisions about ratings."""

from __future__ import annotations

from datetime import datetime


def acceptable(
    *, asked_at: datetime, expires_at: datetime, rated_at: datetime, now: datetime, from_outbox: bool
) -> bool:
    """Whether a rating may still be taken.

    At the pad with a server: while the request is open (EVA-010). From the outbox: when it was given while the request
    was open, however late it arrives; never from the future.
    """
    if from_outbox:
        return asked_at <= rated_at <= expires_at and rated_at <= now
    return now <= expires_at
