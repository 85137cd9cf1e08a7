"""The server's clock, as far as it is known here."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime, timedelta

HEARD_SECONDS = 120.0
"""So long a word of the server counts: a machine's own clock strays less than a hundredth of a second in that time."""


class ServerClock:
    """The server's time and speed; until it is known, this machine's. Never steps back. One thread.

    A word of the server is as late as its way was long, on a bad cable by seconds: of the last words the one that says the
    latest time is nearest to the truth. Without that a rating could seem to be given before it was asked for.
    """

    def __init__(self) -> None:
        self._words = deque([(time.monotonic(), datetime.now(UTC))])
        self._speed = 1.0
        self._last = self._words[0][1]
        self._known = False

    def set(self, now: datetime, speed: float) -> None:
        """Take over what the server says. The first word may step back (this machine's clock was wrong); later ones not."""
        if not self._known:
            self._last = now
        if not self._known or speed != self._speed:
            self._words.clear()
        heard = time.monotonic()
        while self._words and self._words[0][0] < heard - HEARD_SECONDS:
            self._words.popleft()
        self._words.append((heard, now))
        self._speed, self._known = speed, True

    def at(self, now: datetime) -> None:
        """A later word of the same server, its speed unchanged."""
        self.set(now, self._speed)

    def now(self) -> datetime:
        """UTC."""
        here = time.monotonic()
        said = (now + timedelta(seconds=(here - heard) * self._speed) for heard, now in self._words)
        self._last = max(self._last, *said)
        return self._last
