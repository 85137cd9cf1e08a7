"""What commands begin with: where the hall lies, its clock, an engine on a database of this release."""

from __future__ import annotations

import argparse
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy.engine import URL

from server.app import load_modules
from server.engine.backup.loaders import server_passphrase
from server.engine.backup.restore import refuse_unfinished
from server.engine.backup.results import write_down
from server.engine.backup.take import Taken, take
from server.engine.clock import Clock
from server.engine.database.engines import database_url
from server.engine.database.migrations import migrate
from server.engine.engine import Engine

log = logging.getLogger("openhall")

DATABASE_VARIABLE = "OPENHALL_DATABASE"
"""The database's address, where a password on a command line could be read by others."""


def clock_of(text: str | None) -> Clock:
    """A clock from `--clock`: the moment in UTC and, behind an x, its speed."""
    if text is None:
        return Clock()
    moment, _, speed = text.partition("x")
    return Clock(datetime.fromisoformat(moment).replace(tzinfo=UTC), float(speed or 1))


def place_of(options: argparse.Namespace) -> tuple[Path, URL]:
    """The data folder and the database of these options; neither need stand."""
    data: Path = (options.data or user_data_path("openhall", False)).absolute()
    return data, database_url(options.database or os.environ.get(DATABASE_VARIABLE), data)


def open_engine(options: argparse.Namespace, clock: Clock | None = None) -> Engine:
    """The engine on a migrated database; a backup is taken before anything is migrated. Jobs are not started."""
    load_modules()
    data, url = place_of(options)
    refuse_unfinished(data)
    data.mkdir(parents=True, exist_ok=True)
    kept: list[Taken] = []
    without = getattr(options, "without_backup", False)
    migrated = migrate(url, None if without else lambda: kept.append(_kept_before(data, url)))
    engine = Engine(url, data, clock)
    if migrated and kept:
        _write_down(engine, kept[0])
    return engine


def _kept_before(data: Path, url: URL) -> Taken:
    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    taken = take(url, data, folder, now=datetime.now(UTC), passphrase=server_passphrase())
    log.info("before the upgrade a backup was taken: %s", taken.path)
    return taken


def _write_down(engine: Engine, taken: Taken) -> None:
    """In a store of its own: the engine is not open yet."""
    recorder = Engine(engine.url, engine.data, engine.clock)
    recorder.open(jobs=False)
    try:
        recorder.act("backup.taken", lambda work: write_down(work, "migration", taken))
    finally:
        recorder.close()
