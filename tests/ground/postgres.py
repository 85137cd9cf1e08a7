"""A private PostgreSQL cluster in a temporary folder: for the tests, and for the bench.

    with cluster() as postgres:
        url = postgres.create("hall")

It listens on a free loopback port, runs as an unprivileged user when we are root (PostgreSQL refuses root), writes
through to the disk like a real one, and is gone afterwards, also when its owner was killed: the keeper process, which
starts and stops it, sees its standard input close.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

REPLACED_BY = "OPENHALL_TEST_DATABASE"
"""Environment variable: the URL of a PostgreSQL in which databases may be created, instead of a cluster of our own."""


class Missing(Exception):
    """PostgreSQL's programs are not installed, or the cluster did not start; the sentence says what to do."""


@dataclass
class Cluster:
    """A running PostgreSQL in which we may create databases."""

    admin: str
    """`postgresql://` URL of a database that always stands."""
    prefix: str = field(default_factory=lambda: f"openhall_{secrets.token_hex(4)}")
    """Begins the name of every database made here, so that two suites in one cluster never meet."""
    keeper: subprocess.Popen[str] | None = None
    """The process that keeps it, where it is ours."""

    def crash(self) -> None:
        """Kill PostgreSQL as a power cut does, and start it again; only in a cluster of our own."""
        assert self.keeper is not None and self.keeper.stdin and self.keeper.stdout
        self.keeper.stdin.write("crash\n")
        self.keeper.stdin.flush()
        if not self.keeper.stdout.readline():
            raise Missing("PostgreSQL did not come back after its crash")

    def url(self, database: str) -> str:
        """The address of one database of this cluster."""
        return urlunsplit(urlsplit(self.admin)._replace(path="/" + database))

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of `template` (a name given here before); answers its URL."""
        full = f"{self.prefix}_{name}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(full), sql.Identifier(f"{self.prefix}_{template}" if template else "template0")
        )
        self._run(command)
        return self.url(full)

    def drop(self, name: str) -> None:
        """Drop a database given here, also when somebody is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{self.prefix}_{name}")))

    def _run(self, command: sql.Composed) -> None:
        connection = psycopg2.connect(self.admin)
        try:
            connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)  # CREATE DATABASE refuses a transaction
            with connection.cursor() as cursor:
                cursor.execute(command)
        finally:
            connection.close()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of our own for as long as the block runs, or the one that `OPENHALL_TEST_DATABASE` names."""
    replaced = os.environ.get(REPLACED_BY)
    if replaced:
        yield Cluster(replaced)
        return
    keeper = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("keeper.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdin and keeper.stdout
    try:
        line = keeper.stdout.readline()
        said = json.loads(line) if line else {"problem": "PostgreSQL's keeper ended at once"}
        if "problem" in said:
            raise Missing(said["problem"])
        yield Cluster(said["url"], keeper=keeper)
    finally:
        keeper.stdin.close()  # the keeper stops the cluster and removes its folder
        keeper.wait(timeout=30)
        keeper.stdout.close()
