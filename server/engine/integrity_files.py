"""The file store against the database: bytes missing, altered, or known to no row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from common.text import N_
from server.engine.database.schema import stored_file
from server.engine.files.store import path_of
from server.engine.integrity import Wrong

MISSING = N_("The file {name} ({id}) is missing from the file store. Restore it from a backup.")
ALTERED = N_("The file {name} ({id}) has other bytes than it had when it was kept. Restore it from a backup.")
ORPHAN = N_("The file store holds {path}, which no entry names ({size} bytes).")

YOUNG = timedelta(days=1)
"""A file's bytes are there before its row, and no file is deleted within a day."""


def altered_or_missing(connection: Connection, data: Path) -> Iterator[Wrong]:
    """Every row's bytes, hashed anew."""
    looked: dict[bytes, str | None] = {}
    columns = (stored_file.c.id, stored_file.c.name, stored_file.c.sha256)
    for row in connection.execute(select(*columns).order_by(stored_file.c.made_at)):
        hashed = bytes(row.sha256)
        if hashed not in looked:
            looked[hashed] = _state(path_of(data, hashed), hashed)
        sentence = looked[hashed]
        if sentence is not None:
            yield sentence, {"name": row.name, "id": str(row.id)}


def _state(path: Path, hashed: bytes) -> str | None:
    try:
        with open(path, "rb") as file:
            return None if hashlib.file_digest(file, "sha256").digest() == hashed else ALTERED
    except FileNotFoundError:
        return MISSING


def orphans(connection: Connection, data: Path, now: datetime) -> Iterator[Wrong]:
    """Files older than a day that no row names."""
    for path, size in nameless(connection, data, now):
        yield ORPHAN, {"path": f"files/{path.parent.name}/{path.name}", "size": size}


def nameless(connection: Connection, data: Path, now: datetime) -> Iterator[tuple[Path, int]]:
    """Files of the store older than a day that no row names, with their size."""
    known = {bytes(hashed).hex() for (hashed,) in connection.execute(select(stored_file.c.sha256))}
    for path in sorted((data / "files").glob("??/*")):
        if len(path.name) != 64 or path.name in known:
            continue
        about = path.stat()
        if now - datetime.fromtimestamp(about.st_mtime, UTC) > YOUNG:
            yield path, about.st_size
