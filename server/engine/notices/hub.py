"""The hub: hands committed notices to the live sockets of this process, in their order."""

from __future__ import annotations

import asyncio
from typing import Any

BACKLOG = 2000
"""Notices that may wait for one slow client before it is told to read everything anew."""


class Subscriber:
    """One live client: its topics and what waits to be sent."""

    def __init__(self, topics: list[str]) -> None:
        self.topics = topics
        self.queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.overflowed = False

    def wants(self, topic: str) -> bool:
        """A topic matches itself and everything below it."""
        return any(topic == t or topic.startswith(t + ".") for t in self.topics)


class Hub:
    """Fan-out of notices in the event loop's thread."""

    def __init__(self) -> None:
        self.last = 0
        self._subscribers: set[Subscriber] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inner: list[Any] = []

    @property
    def count(self) -> int:
        """How many programs are connected live."""
        return len(self._subscribers)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver in this loop from now on."""
        self._loop = loop

    def listen(self, callback: Any) -> None:
        """Call `callback(row)` for every notice, in whatever thread brings it; for caches of this process."""
        self._inner.append(callback)

    def deliver(self, rows: list[dict[str, Any]]) -> None:
        """Take committed notices from the store's thread."""
        for row in rows:
            for callback in self._inner:
                callback(row)
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._deliver, rows)

    def _deliver(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["number"] <= self.last:
                continue
            self.last = row["number"]
            for subscriber in self._subscribers:
                if subscriber.wants(row["topic"]):
                    if subscriber.queue.qsize() >= BACKLOG:
                        subscriber.overflowed = True
                        subscriber.queue.put_nowait(None)
                    else:
                        subscriber.queue.put_nowait(row)

    def add(self, subscriber: Subscriber) -> None:
        """Begin to deliver to this client."""
        self._subscribers.add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Stop delivering to this client."""
        self._subscribers.discard(subscriber)

    def close_all(self) -> None:
        """Wake every client so that its socket can end."""
        for subscriber in self._subscribers:
            subscriber.queue.put_nowait(None)
