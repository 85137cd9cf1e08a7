"""Engines for both databases, with the driver settings that write_path.md measured."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg2.extras
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from server.engine.database.types import to_json

SAVEPOINT = "SAVEPOINT action"
RELEASE = "RELEASE action"
BACK = "ROLLBACK TO action"


def sqlite_engine(path: Path, *, write: bool) -> Engine:
    """An engine on one SQLite file.

    The writing one begins with BEGIN IMMEDIATE and uses one fixed savepoint name (7 µs instead of 67); the reading ones
    are `query_only`. `isolation_level = None`: the driver must never begin or commit by itself.
    """
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": 10}, pool_size=8, max_overflow=24
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        # synchronous=FULL: NORMAL loses the last commits in a power cut (1,007 of 2,396 in the trial).
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
            "mmap_size=268435456",
        ):
            connection.execute("PRAGMA " + pragma)
        if not write:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    def raw(connection: Any) -> sqlite3.Connection:
        driver: sqlite3.Connection = connection.connection.dbapi_connection
        return driver

    def back(connection: Any, _name: str) -> None:
        raw(connection).execute(BACK)
        raw(connection).execute(RELEASE)

    dialect: Any = engine.dialect
    dialect.do_savepoint = lambda connection, name: raw(connection).execute(SAVEPOINT)
    dialect.do_release_savepoint = lambda connection, name: raw(connection).execute(RELEASE)
    dialect.do_rollback_to_savepoint = back
    dialect.do_commit = lambda driver: driver.execute("COMMIT") if driver.in_transaction else None
    dialect.do_rollback = lambda driver: driver.execute("ROLLBACK") if driver.in_transaction else None
    return engine


def postgresql_engine(url: URL, size: int = 24) -> Engine:
    """An engine on PostgreSQL through psycopg2; ids travel as native UUIDs."""
    psycopg2.extras.register_uuid()
    # As on SQLite: letters of all scripts as they are, so that a text can be looked for in a document.
    return create_engine(driven(url), pool_size=size, max_overflow=8, pool_pre_ping=True, json_serializer=to_json)


def driven(url: URL) -> URL:
    """The address with the driver that we use; SQLAlchemy's own choice is another."""
    return url.set(drivername="postgresql+psycopg2") if url.get_backend_name() == "postgresql" else url


def database_url(text: str | None, data: Path) -> URL:
    """The address of the database: `text`, or the SQLite file in the data folder."""
    if text:
        return make_url(text)
    return make_url(f"sqlite:///{data / 'openhall.db'}")
