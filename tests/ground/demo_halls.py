"""Demo halls on a database of either kind, for one server process or for several that share it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.ground import moment
from tests.ground.databases import Databases
from tests.ground.demo_house import DemoHouse


class DemoHall:
    """A filled demo hall without a server: its data folder and its database."""

    def __init__(self, kind: str, data: Path, database: str) -> None:
        self.kind = kind
        self.data = data
        self.database = database

    def serve(self, **more: Any) -> DemoHouse:
        """A server process of this hall; on PostgreSQL several may run side by side, as in a region."""
        return DemoHouse(self.data, *self.options(), **more)

    def houses(self) -> int:
        """How many server processes this kind of database may have."""
        return 2 if self.kind == "postgresql" else 1

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database, past every server."""
        if self.kind == "postgresql":
            with closing(psycopg2.connect(self.database)) as connection, connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        with closing(sqlite3.connect(f"file:{self.data / 'openhall.db'}?mode=ro", uri=True)) as lite:
            return list(lite.execute(query))

    def verify(self) -> list[str]:
        """The command line of the server's own check of this hall, without the program."""
        return ["verify", "--data", str(self.data), *self.options()]

    def options(self) -> tuple[str, ...]:
        """What names its database on a command line."""
        return ("--database", self.database) if self.kind == "postgresql" else ()


class DemoHalls:
    """Fills one hall of each kind a session and copies it for every test."""

    def __init__(self, folder: Path, databases: Databases, sqlite: Path) -> None:
        self._folder = folder
        self._databases = databases
        self._filled = {"sqlite": sqlite}

    @contextmanager
    def fresh(self, kind: str, data: Path) -> Iterator[DemoHall]:
        """A hall for the block, its folder at `data`."""
        if kind == "sqlite":
            shutil.copytree(self._filled[kind], data)
            yield DemoHall(kind, data, "")
            return
        with self._databases.fresh(kind, "demo hall", self._fill) as url:
            shutil.copytree(self._filled[kind], data)  # the authority and the keys belong to that database
            yield DemoHall(kind, data, url)

    def _fill(self, url: str) -> None:
        folder = self._filled["postgresql"] = self._folder / "postgresql"
        DemoHouse(folder, "--database", url, *moment.the_day_before()).stop()


@pytest.fixture(scope="session")
def demo_halls(databases: Databases, demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DemoHalls:
    """Makes demo halls on either kind of database."""
    return DemoHalls(tmp_path_factory.mktemp("halls"), databases, demo_data)


@pytest.fixture
def demo_hall(database_kind: str, demo_halls: DemoHalls, tmp_path: Path) -> Iterator[DemoHall]:
    """A demo hall of its own on each kind of database, for one test; start its servers with `serve`."""
    with demo_halls.fresh(database_kind, tmp_path / "server") as hall:
        yield hall
