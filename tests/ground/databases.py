"""Fresh databases of both kinds, made as copies of a template that is filled once a session."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ground.postgres import Cluster

KINDS = ("sqlite", "postgresql")
"""Everything that touches a database is tried on both: SQLite's single writer hides races."""


class Databases:
    """Makes databases for one test process."""

    def __init__(self, folder: Path, borrow: Callable[[], Cluster]) -> None:
        self._folder = folder
        self._borrow = borrow
        self._cluster: Cluster | None = None
        self._numbers = itertools.count(1)
        self._templates: dict[tuple[str, str], str] = {}

    @property
    def cluster(self) -> Cluster:
        """The session's PostgreSQL. Raises postgres.Missing."""
        if self._cluster is None:
            self._cluster = self._borrow()
        return self._cluster

    @contextmanager
    def fresh(self, kind: str, template: str = "", fill: Callable[[str], None] | None = None) -> Iterator[str]:
        """The URL of a new database, dropped after the block.

        With `template` and `fill` it is a copy of a database that `fill(url)` filled once in this process; `fill` must
        have closed all its connections when it returns.
        """
        name = f"n{next(self._numbers)}"
        source = self._template(kind, template, fill) if fill else None
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            if source:
                shutil.copyfile(self._folder / f"{source}.db", path)
            yield f"sqlite:///{path}"
            for left in self._folder.glob(f"{name}.db*"):
                left.unlink(missing_ok=True)
        else:
            cluster = self.cluster
            url = cluster.create(name, source)
            try:
                yield url
            finally:
                cluster.drop(name)

    def close(self) -> None:
        """Drop the templates."""
        for kind, template in self._templates:
            if kind == "postgresql":
                self.cluster.drop(self._templates[kind, template])

    def _template(self, kind: str, template: str, fill: Callable[[str], None]) -> str:
        standing = self._templates.get((kind, template))
        if standing is not None:
            return standing
        name = f"t{next(self._numbers)}"
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            fill(f"sqlite:///{path}")
            if Path(f"{path}-wal").exists():
                raise RuntimeError(f"template {template}: a connection is still open, see its -wal file")
        else:
            fill(self.cluster.create(name))
        self._templates[kind, template] = name
        return name
