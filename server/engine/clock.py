"""Time is handed in: everything asks this clock, and nothing else."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The server's time in UTC; it never steps back.

    A demo clock begins at `start` and runs `speed` times as fast. When the machine's clock is set back, time stands
    still until it is reached again, so that no order and no duration turns round.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = start
        self._born = time.monotonic()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The current moment in UTC."""
        if self._start is None:
            moment = datetime.now(UTC)
        else:
            moment = self._start + timedelta(seconds=(time.monotonic() - self._born) * self.speed)
        with self._lock:
            if moment < self._last:
                moment = self._last
            self._last = moment
        return moment
