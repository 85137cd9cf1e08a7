"""Migrations: revisions lie in the engine and in the modules, in one global chain with one head."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL

from common.text import N_
from server.engine.database.engines import driven
from server.engine.database.file_lock import Held, file_lock
from server.engine.database.schema import metadata
from server.engine.errors import Refused, refusal

log = logging.getLogger(__name__)

ELSEWHERE = refusal(
    "database.migrating_elsewhere",
    N_(
        "Another process is bringing this database to its release for {minutes} minutes already. Wait until it has ended."
    ),
)
UNKNOWN_REVISION = refusal(
    "database.newer_release", N_("This database was made by a newer release of Openhall. Install that release.")
)
SERVER = Path(__file__).resolve().parents[2]
LOCK = 7_202_611
"""Advisory lock of a migration on PostgreSQL: two server processes starting at once migrate one after the other."""
PATIENCE = 600.0
"""Seconds that a process waits for another one's migration."""


def places() -> list[Path]:
    """Every folder that holds revisions."""
    return [SERVER / "engine" / "migrations", *sorted((SERVER / "modules").glob("*/migrations"))]


def configuration(**attributes: Any) -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(SERVER / "engine" / "database" / "environment"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(p) for p in places()))
    config.attributes.update(attributes)
    return config


def heads() -> list[str]:
    """The heads of the chain; more than one is an error that `check` reports."""
    return list(ScriptDirectory.from_config(configuration()).get_heads())


def chain() -> list[str]:
    """Every revision of this release."""
    return [revision.revision for revision in ScriptDirectory.from_config(configuration()).walk_revisions()]


def revision_of(connection: Connection) -> str | None:
    """The revision at which the database stands; nothing when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(url: URL, before: Callable[[], None] | None = None) -> bool:
    """Bring the database to the head; gives whether anything was done. `before` (a backup) runs first when it is not empty.

    Of two processes one does it; the other waits, says so, and finds it done. Raises `Refused` for a newer database.
    """
    engine = create_engine(driven(url))
    try:
        with engine.connect() as connection, _alone(url, connection):
            if url.get_backend_name() == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("PRAGMA busy_timeout=20000")
                connection.commit()
            standing = revision_of(connection)
            connection.commit()
            if [standing] == heads():
                return False
            if standing is not None and standing not in chain():
                raise Refused("database.newer_release")
            if standing is not None and before is not None:
                before()
            command.upgrade(configuration(connection=connection), "head")
            connection.commit()
            return True
    finally:
        engine.dispose()


@contextmanager
def _alone(url: URL, connection: Connection) -> Iterator[None]:
    def waiting() -> None:
        log.warning("another process is bringing this database to its release; waiting for it")

    if url.get_backend_name() == "postgresql":
        # The lock belongs to the connection and ends with it, whatever happens to this process.
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
            waiting()
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        connection.commit()
        yield
        return
    database = Path(url.database or "")
    try:
        with file_lock(database.with_name(database.name + ".migrating.lock"), PATIENCE, waiting):
            yield
    except Held:
        raise Refused("database.migrating_elsewhere", minutes=round(PATIENCE / 60)) from None


def differences(connection: Connection) -> list[Any]:
    """What the declared records and the migrated tables do not agree on; empty when all is well."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def new_revision(module: str, message: str, url: URL) -> Path:
    """Write a module's next revision from what its records declare beyond the present chain."""
    engine = create_engine(driven(url))
    folder = SERVER / "engine" if module == "engine" else SERVER / "modules" / module
    owned = _tables_of(module)

    def include(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
        return kind != "table" or name in owned

    migrate(url)
    (folder / "migrations").mkdir(exist_ok=True)
    with engine.connect() as connection:
        config = configuration(connection=connection, include_object=include)
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        made = command.revision(
            config,
            message=message,
            autogenerate=True,
            version_path=str(folder / "migrations"),
            rev_id=f"{number:04d}",
        )
    engine.dispose()
    return Path(made.path)  # type: ignore[union-attr]


def _tables_of(module: str) -> set[str]:
    from server.engine.records.record import RECORDS

    records = {
        name: "engine" if r.__module__.startswith("server.engine.") else r.plan().module for name, r in RECORDS.items()
    }
    plain = {"device_health": "devices", "zone_voice": "devices", "queue_pace": "queue", "queue_hour": "queue"}
    return {table for table in metadata.tables if records.get(table, plain.get(table, "engine")) == module}
