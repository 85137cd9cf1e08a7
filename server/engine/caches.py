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
        self.values: dict[str, Any] = {}

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
    """A declared table: how it is read, and the topics whose notices (of these kinds, else of all) make it stale."""

    def __init__(
        self, name: str, load: Callable[[Connection], T], topics: tuple[str, ...], kinds: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.load = load
        self.topics = topics
        self.kinds = kinds
        CACHED[name] = self

    def read(self, connection: Connection) -> T:
        """The table; read again when it was forgotten. A reader that began before the change keeps nothing, and an
        action that changed it itself reads past the memory and leaves nothing there."""
        own = connection.info.get(CHANGED)
        if own and any(topic.split(".", 1)[0] in own for topic in self.topics):
            return self.load(connection)
        caches = _of_engine.get(connection.engine)
        if caches is None:
            return self.load(connection)
        value = caches.values.get(self.name)
        if value is not None:
            return value  # type: ignore[no-any-return]
        began = connection.info.get(BEGAN, -1)
        value = self.load(connection)
        with caches.lock:
            if caches.changed_at.get(self.name, 0) <= began:
                caches.values[self.name] = value
        return value
