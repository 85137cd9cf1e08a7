"""Small tables kept in memory and forgotten when a notice says that they changed. One set a server process and store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

import sqlalchemy
from sqlalchemy import Connection

T = TypeVar("T")


class Caches:
    """The kept tables of one store."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.heard_so_far = 0
        self.changed_at: dict[str, int] = {}
        self.values: dict[str, dict[tuple[Any, ...], Any]] = {}

    def heard(self, topic: str, kind: str = "") -> None:
        """A notice of this topic and kind was committed: forget what depends on it."""
        for name in _stale_after(topic, kind, len(CACHED)):
            with self.lock:
                self.heard_so_far += 1
                self.changed_at[name] = self.heard_so_far
                self.values.pop(name, None)

    def forget(self) -> None:
        """Forget everything: changes that were read were undone."""
        with self.lock:
            self.heard_so_far += 1
            self.changed_at = dict.fromkeys(CACHED, self.heard_so_far)
            self.values.clear()


CACHED: dict[str, Cached[Any]] = {}
KEPT = "openhall_caches"
"""In a connection's `info`: the caches that it shares."""
BEGAN = "openhall_began"
"""In a connection's `info`: how many changes were heard when its transaction began."""
CHANGED = "openhall_changed"
"""In a connection's `info`: the modules whose records the running action has changed."""


@lru_cache(4096)
def _stale_after(topic: str, kind: str, _declared: int) -> tuple[str, ...]:
    """The tables that a notice makes stale; remembered, since every change asks."""
    return tuple(
        kept.name
        for kept in CACHED.values()
        if (kind in kept.kinds if kept.kinds else kind not in kept.spare)
        and any(topic == t or topic.startswith(t + ".") for t in kept.topics)
    )


def attach(caches: Caches, *engines: sqlalchemy.Engine) -> None:
    """Connections of these engines share these caches."""

    def began(connection: Connection) -> None:
        connection.info[KEPT] = caches
        connection.info[BEGAN] = caches.heard_so_far

    for engine in {*engines}:
        sqlalchemy.event.listen(engine, "begin", began)


class Cached(Generic[T]):
    """A declared table: how it is read, and the topics whose notices make it stale: those of `kinds`, else all but those of
    `spare`.

    `load(connection, *key)` may read a part, which is then kept under its key. A `prompt` one is kept only where a notice
    is heard before its change is acknowledged, which is on SQLite; elsewhere every reading loads it.
    """

    def __init__(
        self,
        name: str,
        load: Callable[..., T],
        topics: tuple[str, ...],
        kinds: tuple[str, ...] = (),
        *,
        spare: tuple[str, ...] = (),
        prompt: bool = False,
    ) -> None:
        self.name = name
        self.load = load
        self.topics = topics
        self.modules = frozenset(topic.split(".", 1)[0] for topic in topics)
        self.kinds = kinds
        self.spare = spare
        self.prompt = prompt
        CACHED[name] = self

    def read(self, connection: Connection, *key: Any) -> T:
        """The table, or its part of this key; read again when it was forgotten.

        A reader that began before the change keeps nothing, and an action that changed it itself reads past the memory and
        leaves nothing there.
        """
        info = connection.info
        own = info.get(CHANGED)
        if own and not self.modules.isdisjoint(own):
            return self.load(connection, *key)
        caches = info.get(KEPT)
        if caches is None or (self.prompt and connection.dialect.name != "sqlite"):
            return self.load(connection, *key)
        kept = caches.values.get(self.name)
        if kept is not None and key in kept:
            return kept[key]  # type: ignore[no-any-return]
        began = info.get(BEGAN, -1)
        value = self.load(connection, *key)
        with caches.lock:
            if caches.changed_at.get(self.name, 0) <= began:
                caches.values.setdefault(self.name, {})[key] = value
        return value
