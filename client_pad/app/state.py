"""What the pad shows, decided from what is known: pure, so that it can be read and tested without a screen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.protocol.evaluation import PadView

PAGES = ("closed", "card", "called", "rating", "paused", "back_office")


def page(view: PadView, now: datetime, rated: set[UUID]) -> str:
    """The one thing now needed.

    A request whose time is over, or that was answered here, brings the card back (EVA-901, EVA-902); nothing is stored
    as satisfied (EVA-903).
    """
    if view.state == "rating":
        asked = view.request
        if asked is None or asked.ticket_id in rated or now > asked.expires_at:
            return "card"
        return "rating"
    return view.state if view.state in PAGES else "card"


def seconds_left(view: PadView, now: datetime) -> tuple[int, float]:
    """Whole seconds until the request's time is over, and the share of it that is left."""
    asked = view.request
    if asked is None:
        return 0, 0.0
    left = max(0.0, (asked.expires_at - now).total_seconds())
    whole = max(1.0, (asked.expires_at - asked.asked_at).total_seconds())
    return int(left + 0.999), min(1.0, left / whole)
