"""Restoring over a hall that works: prepared beside it, put in its place when the server starts anew.

`prepare` runs in a worker while the hall works. It backs the present state up, checks the archive whole and unpacks it into
`.prepared` in the data folder; that folder appears in one step, when all of it is there. `put_in_place` runs at a start, before
anything is opened. It goes on where it was cut off: a kill at any moment leaves the old hall or the new one, never a mixture.

SQLite's database is prepared whole. PostgreSQL's is filled at the start: the present tables wait in a schema of their own, and
come back when filling fails.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.engine import URL

from common.text import N_
from server.engine.backup import snapshot
from server.engine.backup.archive import Archive, Manifest, Progress, opened
from server.engine.backup.restore import fill_database, refuse_altered, restore, unpack
from server.engine.backup.take import take
from server.engine.database.file_lock import file_lock
from server.engine.errors import Refused, refusal

log = logging.getLogger(__name__)

OTHER_HALL = refusal(
    "backup.other_hall",
    N_(
        "This archive is of another hall. The console restores a hall's own backups only; on an empty server use "
        "openhall-server restore."
    ),
    422,
)
OTHERS = refusal(
    "backup.others_connected",
    N_("Other programs use the database ({count} connections). Stop the hall's other servers, then restore once more."),
)
NOT_OWNED = refusal(
    "backup.schema_not_owned",
    N_("The database's user {user} does not own the schema, so the hall cannot be replaced. Make it the owner."),
    422,
)
NO_ROOM = refusal(
    "backup.no_room_to_restore",
    N_(
        "The data folder's disk has not enough room: {free} MB are free, about {needed} MB are needed. Nothing was changed."
    ),
    422,
)

PREPARED, DRAFT, BEFORE = ".prepared", ".preparing", ".before"
FACTS, STEP, HALL, DUMP = "facts.json", "step", "hall", "database.pgdump"
SCHEMA = "openhall_before"
SPARE = 64 << 20
PATIENCE = 10.0
"""Seconds within which this server's own last connections must be gone."""


class PreparedFacts(BaseModel):
    """What the start must know; lies beside what was prepared."""

    archive: str
    manifest: Manifest
    who: UUID | None = None
    asked_at: datetime
    kept: dict[str, Any] = {}
    """The row of the backup that was taken of the state before."""
    backups: str = ""
    """The folder of backups: it stays where it is, even inside the data folder."""


@dataclass(frozen=True)
class PutInPlace:
    """What a start did: the hall of `facts` stands now, or `refused` says why the old one still does."""

    facts: PreparedFacts
    refused: Refused | None = None


def prepare(
    archive: Path,
    data: Path,
    url: URL,
    backups: Path,
    *,
    server_id: UUID,
    who: UUID | None,
    now: datetime,
    word: str | None,
    passphrase: str | None,
    row_of: Callable[[Any], dict[str, Any]],
    progress: Progress = lambda stage, done, total: None,
) -> PreparedFacts:
    """Back up what stands, then lay the archive's hall ready. `word` opens the archive, `passphrase` seals the backup of the
    present state. Nothing that works is touched; raises `Refused`, or whatever `progress` raises to stop."""
    draft = data / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with opened(archive, lambda: word) as stream:
            kept = Archive(stream, archive.name, lambda stage, done, total: progress("opening", done, total))
            manifest = kept.manifest
            if manifest.server_id != server_id:
                raise Refused("backup.other_hall")
            refuse_altered(kept, url)
            _refuse_without_room(kept, data)
            if url.get_backend_name() == "postgresql":
                _refuse_foreign_schema(url)
        taken = take(
            url, data, backups, now=now, passphrase=passphrase,
            progress=lambda stage, done, total: progress("keeping", done, total),
        )  # fmt: skip

        def told(_stage: str, done: int, total: int) -> None:
            progress("unpacking", done, total)

        draft.mkdir(mode=0o700)
        if url.get_backend_name() == "sqlite":
            name = Path(url.database or "").name
            restore(archive, draft / HALL, url.set(database=str(draft / HALL / name)), lambda: word, told)
        else:
            with opened(archive, lambda: word) as stream:
                kept = Archive(stream, archive.name)
                (draft / HALL).mkdir()
                unpack(kept, draft / HALL, told)
                with kept.read(manifest.database_entry) as source, open(draft / DUMP, "wb") as target:
                    shutil.copyfileobj(source, target)
                    target.flush()
                    os.fsync(target.fileno())
        facts = PreparedFacts(
            archive=str(archive), manifest=manifest, who=who, asked_at=now, kept=row_of(taken), backups=str(backups)
        )
        _write(draft / FACTS, facts.model_dump_json())
        progress("unpacking", 1, 1)
        os.replace(draft, data / PREPARED)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return facts


def put_in_place(data: Path, url: URL) -> PutInPlace | None:
    """Put what was prepared in the place of what stands; nothing when nothing is prepared. No engine may be open."""
    folder = data / PREPARED
    if not folder.is_dir():
        return None
    with file_lock(data / "restoring.lock", patience=120):
        if not folder.is_dir():
            return None  # another process did it
        facts = PreparedFacts.model_validate_json((folder / FACTS).read_text(encoding="utf-8"))
        log.warning("the hall of %s is put in the place of the present one", facts.manifest.made_at)
        if url.get_backend_name() == "postgresql" and _step(folder) == "prepared":
            try:
                _fill(folder, url, facts.manifest)
            except Refused as no:
                shutil.rmtree(folder)
                log.error("the restore was given up, the hall stands as before: %s %s", no.code, no.facts)
                return PutInPlace(facts, no)
            _write(folder / STEP, "database")
        if _step(folder) != "away":
            _move_away(data, url, Path(facts.backups))
            _write(folder / STEP, "away")
        _move_in(folder / HALL, data, url)
        if url.get_backend_name() == "postgresql":
            _in_database(url, f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE')
        shutil.rmtree(data / BEFORE, ignore_errors=True)
        gone = data / DRAFT
        shutil.rmtree(gone, ignore_errors=True)
        os.replace(folder, gone)  # in one step: from here on nothing is prepared
        shutil.rmtree(gone, ignore_errors=True)
    return PutInPlace(facts)


def _step(folder: Path) -> str:
    path = folder / STEP
    return path.read_text(encoding="ascii") if path.exists() else "prepared"


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


# files


def _stays(part: Path, backups: Path) -> bool:
    """What a restore leaves where it is: backups, locks, logs, and what is hidden."""
    return (
        part.name.startswith(".")
        or part.name == "backups"
        or part.suffix in (".lock", ".log")
        or backups.is_relative_to(part)
    )


def _database_files(url: URL) -> list[Path]:
    if url.get_backend_name() != "sqlite":
        return []
    path = Path(url.database or "")
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]


def _move_away(data: Path, url: URL, backups: Path) -> None:
    before = data / BEFORE
    before.mkdir(mode=0o700, exist_ok=True)
    for part in [*data.iterdir(), *_database_files(url)]:
        if part.exists() and (part in _database_files(url) or not _stays(part, backups)):
            shutil.move(part, before / part.name)


def _move_in(hall: Path, data: Path, url: URL) -> None:
    own = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    # The database last: without it nothing starts.
    for part in sorted(hall.iterdir(), key=lambda p: (own is not None and p.name == own.name, p.name)):
        if own is not None and part.name == own.name and own.parent != data:
            fresh = own.with_name(own.name + ".new")
            shutil.copyfile(part, fresh)
            os.replace(fresh, own)
            part.unlink()
        elif not part.name.endswith(".lock"):
            os.replace(part, data / part.name)


def _refuse_without_room(kept: Archive, data: Path) -> None:
    # A database is packed in its archive, to a quarter of its size or so.
    sizes = {e.path: e.size for e in kept.manifest.entries}
    needed = sum(sizes.values()) + 5 * sizes[kept.manifest.database_entry] + SPARE
    free = shutil.disk_usage(data).free
    if free < needed:
        raise Refused("backup.no_room_to_restore", free=free >> 20, needed=needed >> 20)


# PostgreSQL


def _in_database(url: URL, *statements: str) -> None:
    with snapshot.plain_connection(url) as connection:
        for text in statements:
            connection.exec_driver_sql(text)
        connection.commit()


def _refuse_foreign_schema(url: URL) -> None:
    with snapshot.plain_connection(url) as connection:
        owns = connection.exec_driver_sql(
            "SELECT pg_has_role(n.nspowner, 'USAGE') AND has_database_privilege(current_database(), 'CREATE') "
            "FROM pg_namespace n WHERE n.nspname = 'public'"
        ).scalar_one()
        if not owns:
            user = connection.exec_driver_sql("SELECT current_user").scalar_one()
            raise Refused("backup.schema_not_owned", user=user)


def _refuse_others(url: URL) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with snapshot.plain_connection(url) as connection:
            count = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).scalar_one()
        if not count:
            return
        if time.monotonic() > end:
            raise Refused("backup.others_connected", count=count)
        time.sleep(0.2)


def _fill(folder: Path, url: URL, manifest: Manifest) -> None:
    _refuse_others(url)
    with snapshot.plain_connection(url) as connection:
        waits = connection.exec_driver_sql(f"SELECT 1 FROM pg_namespace WHERE nspname = '{SCHEMA}'").first() is not None
    # One transaction: whoever is cut off here finds either the old state or an empty place and the old state beside it.
    away = "DROP SCHEMA public CASCADE" if waits else f'ALTER SCHEMA public RENAME TO "{SCHEMA}"'
    _in_database(url, away, "CREATE SCHEMA public")
    try:
        drafts = folder / "drafts"
        drafts.mkdir(exist_ok=True)
        fill_database(manifest, url, lambda: (folder / DUMP).open("rb"), drafts)
    except BaseException:
        _in_database(url, "DROP SCHEMA public CASCADE", f'ALTER SCHEMA "{SCHEMA}" RENAME TO public')
        raise
