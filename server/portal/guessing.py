"""A brake for whoever tries codes: wrong ones are counted by address, right ones cost nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WRONG_ALLOWED = 20
"""So many wrong codes from one address in a window; a crumpled ticket is scanned a few times, a hall shares one address."""
WINDOW = timedelta(minutes=5)
MOST_ADDRESSES = 5000


class Guesses:
    """Kept in this process alone: the 128 bits of a code are the lock, this only spares the server the work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, address: str, now: datetime) -> int:
        """Seconds until this address may try again; 0 when it may now."""
        with self._lock:
            tried = self._recent(address, now)
            if len(tried) < WRONG_ALLOWED:
                return 0
            return max(1, int((tried[0] + WINDOW - now).total_seconds() + 0.999))

    def wrong(self, address: str, now: datetime) -> None:
        """A code that opens nothing."""
        with self._lock:
            tried = self._recent(address, now)
            tried.append(now)
            self._wrong[address] = tried
            self._wrong.move_to_end(address)
            while len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def _recent(self, address: str, now: datetime) -> deque[datetime]:
        tried = self._wrong.get(address, deque())
        while tried and tried[0] <= now - WINDOW:
            tried.popleft()
        return tried
