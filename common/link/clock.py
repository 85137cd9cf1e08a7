"""The server's clock, as far as it is known here."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class ServerClock:
    """The server's time and speed; until it is known, this machine's. Never steps back. One thread."""

    def __init__(self) -> None:
        self._base = datetime.now(UTC)
        self._at = time.monotonic()
        self._speed = 1.0
        self._last = self._base
        self._known = False

    def set(self, now: datetime, speed: float) -> None:
        """Take over what the server says. The first word may step back (this machine's clock was wrong); later ones not."""
        if not self._known:
            self._last = now
        self._base, self._at, self._speed, self._known = now, time.monotonic(), speed, True

    def at(self, now: datetime) -> None:
        """A later word of the same server, its speed unchanged."""
        self.set(now, self._speed)

    def now(self) -> datetime:
        """UTC."""
        passed = (time.monotonic() - self._at) * self._speed
        self._last = max(self._last, self._base + timedelta(seconds=passed))
        return self._last
