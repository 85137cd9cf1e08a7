"""Small tables kept in memory and forgotten when a notice says that they changed. One set a server process and store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

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
        for kept in CACHED.values():
            if kept.kinds and kind not in kept.kinds:
                continue
            if any(topic == t or topic.startswith(t + ".") for t in kept.topics):
                with self.lock:
                    self.heard_so_far += 1
                    self.changed_at[kept.name] = self.heard_so_far
                    self.values.pop(kept.name, None)

    def forget(self) -> None:
        """Forget everything: changes that were read were undone."""
        with self.lock:
            self.heard_so_far += 1
            self.changed_at = dict.fromkeys(CACHED, self.heard_so_far)
            self.values.clear()


_of_engine: WeakKeyDictionary[sqlalchemy.Engine, Caches] = WeakKeyDictionary()
CACHED: dict[str, Cached[Any]] = {}
BEGAN = "openhall_began"
"""In a connection's `info`: how many changes were heard when its transaction began."""
CHANGED = "openhall_changed"
"""In a connection's `info`: the modules whose records the running action has changed."""


def attach(caches: Caches, *engines: sqlalchemy.Engine) -> None:
    """Connections of these engines share these caches."""

    def began(connection: Connection) -> None:
        connection.info[BEGAN] = caches.heard_so_far

    for engine in {*engines}:
        _of_engine[engine] = caches
        sqlalchemy.event.listen(engine, "begin", began)


class Cached(Generic[T]):
    """A declared table: how it is read, and the topics whose notices (of these kinds, else of all) make it stale.

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
        prompt: bool = False,
    ) -> None:
        self.name = name
        self.load = load
        self.topics = topics
        self.kinds = kinds
        self.prompt = prompt
        CACHED[name] = self

    def read(self, connection: Connection, *key: Any) -> T:
        """The table, or its part of this key; read again when it was forgotten.

        A reader that began before the change keeps nothing, and an action that changed it itself reads past the memory and
        leaves nothing there.
        """
        own = connection.info.get(CHANGED)
        if own and any(topic.split(".", 1)[0] in own for topic in self.topics):
            return self.load(connection, *key)
        caches = _of_engine.get(connection.engine)
        if caches is None or (self.prompt and connection.dialect.name != "sqlite"):
            return self.load(connection, *key)
        value = caches.values.get(self.name, {}).get(key)
        if value is not None:
            return value  # type: ignore[no-any-return]
        began = connection.info.get(BEGAN, -1)
        value = self.load(connection, *key)
        with caches.lock:
            if caches.changed_at.get(self.name, 0) <= began:
                caches.values.setdefault(self.name, {})[key] = value
        return value
