"""Restoring an archive into an empty place, and what a restored hall does differently: a new epoch, no old sessions.

Everything is checked before anything is written. The data folder is filled in `.restoring` inside it and moved into place at
the very end, the database last; a folder in which `.restoring` stands is refused by every command.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from common import VERSION
from common.text import N_
from server.engine.backup import snapshot
from server.engine.backup.archive import BLOCK, DATA, Archive, Manifest, Progress, opened
from server.engine.database.migrations import chain, migrate
from server.engine.errors import Refused, refusal

NOT_EMPTY = refusal(
    "backup.place_not_empty",
    N_("{place} is not empty. A restore overwrites nothing: name an empty or new folder."),
    422,
)
DATABASE_NOT_EMPTY = refusal(
    "backup.database_not_empty",
    N_("The database {place} is not empty. A restore overwrites nothing: name an empty one."),
    422,
)
OTHER_DATABASE = refusal(
    "backup.other_database",
    N_(
        "This archive is of a hall on {kind}, the place is on {place}. Restore it into an empty database of its own kind."
    ),
    422,
)
NEWER = refusal(
    "backup.newer_release",
    N_("This archive was made by release {release}; this is {own}. Install that release or a newer one."),
    422,
)
OTHER_FORMAT = refusal(
    "backup.other_format", N_("This archive has format {format}, which this release cannot read."), 422
)
UNFINISHED = refusal(
    "backup.unfinished_restore",
    N_("A restore into {place} was cut off. Empty the folder (and the database) and restore once more."),
    422,
)
COUNTS = refusal(
    "backup.counts_differ", N_("The restored database has other rows than the archive says: {tables}."), 422
)

RESTORING = ".restoring"


@dataclass(frozen=True)
class Restored:
    """A finished restore."""

    manifest: Manifest
    epoch: str
    migrated: bool


def refuse_unfinished(data: Path) -> None:
    """Refuse a data folder in which a restore was cut off."""
    if (data / RESTORING).exists():
        raise Refused("backup.unfinished_restore", place=str(data))


def restore(
    archive: Path,
    data: Path,
    url: URL,
    passphrase: Callable[[], str | None],
    progress: Progress = lambda stage, done, total: None,
) -> Restored:
    """Bring an archive back into an empty folder and database. Raises `Refused` before anything is changed.

    The caller starts the engine once afterwards to write down that it happened.
    """
    refuse_unfinished(data)
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Refused("backup.place_not_empty", place=str(data))
    with opened(archive, passphrase) as stream:
        kept = Archive(stream, archive.name, progress)
        _refuse_foreign(kept.manifest, url)
        if not snapshot.is_empty(url):
            raise Refused("backup.database_not_empty", place=url.render_as_string(hide_password=True))
        refuse_altered(kept, url)
        existed = data.is_dir()
        try:
            restored = _fill(kept, data, url, progress)
        except BaseException:
            # Nothing was there before, so all of it is ours. A PostgreSQL that was filled stays and is refused next time.
            shutil.rmtree(data / RESTORING, ignore_errors=True)
            if not existed:
                shutil.rmtree(data, ignore_errors=True)
            raise
    return restored


def _refuse_foreign(manifest: Manifest, url: URL) -> None:
    if manifest.format > 1:
        raise Refused("backup.other_format", format=manifest.format)
    if manifest.revision not in chain() or _numbers(manifest.release) > _numbers(VERSION):
        raise Refused("backup.newer_release", release=manifest.release, own=VERSION)
    if manifest.database != url.get_backend_name():
        raise Refused("backup.other_database", kind=manifest.database, place=url.get_backend_name())


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.split(".") if part.isdigit()]


def _fill(kept: Archive, data: Path, url: URL, progress: Progress) -> Restored:
    draft = data / RESTORING
    draft.mkdir(parents=True)
    unpack(kept, draft, progress)
    inside = url.get_backend_name() == "sqlite" and Path(url.database or "").parent == data
    name = Path(url.database or "").name
    filled = url.set(database=str(draft / name)) if inside else url
    restored = fill_database(
        kept.manifest,
        filled,
        lambda: kept.read(kept.manifest.database_entry),
        draft,
        lambda: progress("database", 0, 1),
    )
    for part in sorted(draft.iterdir(), key=lambda p: (p.name == name, p.name)):
        if not part.name.endswith("migrating.lock"):
            os.replace(part, data / part.name)
    shutil.rmtree(draft)
    progress("database", 1, 1)
    return restored


def unpack(kept: Archive, to: Path, progress: Progress) -> None:
    """Write the data folder's own files and the file store of an archive into a folder."""
    entries = kept.manifest.entries
    total, done = sum(entry.size for entry in entries), 0
    for entry in entries:
        if entry.path.startswith(DATA):
            _write(kept, entry.path, to / entry.path.removeprefix(DATA))
        done += entry.size
        progress("files", done, total)


def fill_database(
    manifest: Manifest, url: URL, source: Callable[[], Any], folder: Path, step: Callable[[], None] = lambda: None
) -> Restored:
    """Fill an empty database from an archive's entry, compare its rows with what the archive says, begin a new epoch and
    bring it to this release. `folder` is for drafts."""
    snapshot.bring_back(url, source, folder, step)
    with snapshot.plain_connection(url) as connection:
        found = snapshot.facts_of(connection).counts
        other = [t for t in sorted({*found, *manifest.counts}) if found.get(t) != manifest.counts.get(t)]
        if other:
            raise Refused("backup.counts_differ", tables=", ".join(other[:5]))
        epoch = _begin_anew(connection)
        connection.commit()
    return Restored(manifest, epoch, migrate(url))


def refuse_altered(kept: Archive, url: URL) -> None:
    """Refuse an archive that cannot be restored onto this kind of database by this release, or of which an entry was
    altered."""
    _refuse_foreign(kept.manifest, url)
    for entry in kept.manifest.entries:
        if kept.hash_of(entry.path) != entry.sha256:
            raise Refused("backup.damaged", where=f"{entry.path} was altered")


def _begin_anew(connection: Connection) -> str:
    """A new epoch: live clients read everything anew and leases of the old one are refused. Sessions of people end, since
    one that was ended after the backup would stand again; devices keep their tokens. Work in hand is nobody's."""
    epoch = secrets.token_hex(6)
    for text in (
        f"UPDATE house SET value = '{epoch}' WHERE name = 'epoch'",
        "UPDATE access_token SET ended_at = issued_at WHERE kind = 'person' AND ended_at IS NULL",
        "UPDATE job SET leased_until = NULL WHERE done_at IS NULL",
        "DELETE FROM enrolment",
    ):
        connection.exec_driver_sql(text)
    return epoch


def _write(kept: Archive, entry: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        kept.read(entry) as source,
        open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(source, file, BLOCK)
        file.flush()
        os.fsync(file.fileno())
