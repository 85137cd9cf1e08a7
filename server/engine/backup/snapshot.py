"""One state of the database as a file, taken while the hall works; and what that state says of itself.

SQLite: its online backup, some pages a step, inside one reading transaction. Without that transaction every commit between
two steps begins the copy anew, and on a busy morning it would never end; with it the writer never waits (WAL).
PostgreSQL: `pg_dump` on an exported snapshot, so that the facts are those of the dump.
"""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from common.text import N_
from server.engine.backup import postgres
from server.engine.backup.archive import BLOCK, Progress
from server.engine.database.engines import driven
from server.engine.errors import Refused, refusal

UNREACHABLE = refusal("backup.database_unreachable", N_("The database cannot be reached: {said}"), 422)
EMPTY = refusal("backup.empty_database", N_("There is no hall in this database yet, so there is nothing to keep."), 422)
BROKEN = refusal(
    "backup.database_broken", N_("The copy of the database is not sound: {said}. Run openhall-server verify."), 422
)

PAGES = 512
"""2 MB a step; between two steps others get the interpreter and the disk."""
SQLITE_ENTRY, POSTGRESQL_ENTRY = "database.sqlite3.gz", "database.pgdump"


@dataclass
class Facts:
    """What one state of the database says of itself."""

    server_id: UUID
    epoch: str
    revision: str
    demo: bool
    audit_head: int
    counts: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    """SHA-256 of every file that it names."""


def facts_of(connection: Connection) -> Facts:
    """Read them; refuses a database without a hall. Plain SQL: the database may stand at an older revision."""
    tables = sorted(inspect(connection).get_table_names())
    if "house" not in tables or "alembic_version" not in tables:
        raise Refused("backup.empty_database")

    def rows(text: str) -> list[Any]:
        return list(connection.exec_driver_sql(text))

    house = {row[0]: row[1] for row in rows("SELECT name, value FROM house")}
    revisions = rows("SELECT version_num FROM alembic_version")
    if "server_id" not in house or not revisions:
        raise Refused("backup.empty_database")
    heads = [row[0] for row in rows("SELECT number FROM head WHERE name = 'audit'")]
    return Facts(
        server_id=UUID(house["server_id"]),
        epoch=house["epoch"],
        revision=revisions[0][0],
        demo=house.get("demo") == "yes",
        audit_head=int(heads[0]) if heads else 0,
        counts={t: int(rows(f'SELECT count(*) FROM "{t}"')[0][0]) for t in tables},
        files={bytes(row[0]).hex() for row in rows("SELECT sha256 FROM stored_file")},
    )


@contextmanager
def plain_connection(url: URL) -> Iterator[Connection]:
    """A connection without the engine's settings; refuses in words when the database cannot be reached."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise Refused("backup.database_unreachable", said=f"{url.database} does not exist")
    engine = create_engine(driven(url))
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as failure:
        raise Refused("backup.database_unreachable", said=str(failure.orig).strip()[:300]) from failure
    finally:
        engine.dispose()


def keep(url: URL, folder: Path, progress: Progress) -> tuple[Facts, Path]:
    """Write one state of the database into a file in `folder`; gives its facts and the file, named as its entry."""
    if url.get_backend_name() == "sqlite":
        return _keep_sqlite(Path(url.database or ""), folder, progress)
    return _keep_postgresql(url, folder, progress)


def _keep_sqlite(path: Path, folder: Path, progress: Progress) -> tuple[Facts, Path]:
    if not path.is_file():
        raise Refused("backup.database_unreachable", said=f"{path} does not exist")
    plain, packed = folder / "database.sqlite3", folder / SQLITE_ENTRY
    try:
        # Read and write in the address: a reader of a WAL database must be able to make its -shm file.
        with (
            closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as source,
            closing(sqlite3.connect(plain, isolation_level=None)) as target,
        ):
            target.execute("PRAGMA synchronous=OFF")  # a draft; what counts is synced at the end
            source.execute("PRAGMA query_only=ON")
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()

            def step(_status: int, left: int, total: int) -> None:
                progress("database", total - left, total * 2)

            source.backup(target, pages=PAGES, progress=step, sleep=0.002)
            source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode=DELETE")
            said = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as failure:
        # Only the copy is written to, so a failed write speaks of its disk, not of the database.
        code = getattr(failure, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, str(failure)) from failure
        if code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_CANTOPEN):
            raise OSError(errno.EIO, str(failure)) from failure
        raise Refused("backup.database_broken", said=str(failure)) from failure
    if said != "ok":
        raise Refused("backup.database_broken", said=str(said)[:300])
    with plain_connection(URL.create("sqlite", database=str(plain))) as connection:
        facts = facts_of(connection)
    size = plain.stat().st_size
    with open(plain, "rb") as source_file, gzip.open(packed, "wb", compresslevel=1) as target_file:
        done = 0
        while block := source_file.read(BLOCK):
            target_file.write(block)
            done += len(block)
            progress("database", size + done, size * 2)
    plain.unlink()
    return facts, packed


def _keep_postgresql(url: URL, folder: Path, progress: Progress) -> tuple[Facts, Path]:
    target = folder / POSTGRESQL_ENTRY
    with plain_connection(url) as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            facts = facts_of(connection)
            guess = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one() // 4

            def step() -> None:
                written = target.stat().st_size if target.exists() else 0
                progress("database", min(written, guess), guess)

            step()
            postgres.run(
                "pg_dump", url, "--format=custom", "--compress=1", "--no-owner", "--no-privileges",
                f"--snapshot={snapshot}", f"--file={target}", step=step,
            )  # fmt: skip
    return facts, target


def size_of(url: URL) -> int:
    """About how many bytes the database fills."""
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        return sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    with plain_connection(url) as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def is_empty(url: URL) -> bool:
    """Whether nothing stands in the database, so that one may be restored into it."""
    if url.get_backend_name() == "sqlite":
        return not Path(url.database or "").exists()
    with plain_connection(url) as connection:
        inspector = inspect(connection)
        return not inspector.get_table_names() and not inspector.get_sequence_names()


def bring_back(url: URL, source: Callable[[], Any], folder: Path, step: Callable[[], None] = lambda: None) -> None:
    """Fill an empty database from an archive's entry, opened by `source`; all or nothing."""
    if url.get_backend_name() == "sqlite":
        target = Path(url.database or "")
        with source() as packed, gzip.open(packed, "rb") as plain, open(target, "xb") as file:
            while block := plain.read(BLOCK):
                file.write(block)
                step()
            file.flush()
            os.fsync(file.fileno())
        return
    dump = folder / POSTGRESQL_ENTRY
    with source() as packed, open(dump, "wb") as file:
        shutil.copyfileobj(packed, file, BLOCK)
    try:
        postgres.run(
            "pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump),
            step=step,
        )  # fmt: skip
    finally:
        dump.unlink()
