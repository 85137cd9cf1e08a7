"""Taking a backup: keys first, then the database, then the files; written as a draft, checked, synced, and only then named.

Keys and anchors come before the database, so that no anchor speaks of rows that the copy has not; files after it, so that
every file that the copy names is there (none is deleted within a day).
"""

from __future__ import annotations

import errno
import fnmatch
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from common import VERSION
from common.text import N_
from server.engine.backup import snapshot
from server.engine.backup.archive import DATA, Archive, ArchiveWriter, Manifest, Progress, archive_name, opened
from server.engine.backup.cipher import Sealing, checked
from server.engine.database.file_lock import Held, file_lock
from server.engine.errors import Refused, refusal

NO_FOLDER = refusal(
    "backup.no_folder",
    N_("The folder {folder} is not there. Is the disk connected? Make the folder, or choose another."),
    422,
)
NOT_WRITABLE = refusal("backup.not_writable", N_("Nothing can be written into {folder}: {said}."), 422)
NO_SPACE = refusal(
    "backup.no_space",
    N_("The disk of {folder} has not enough room: {free} MB are free, about {needed} MB are needed. Nothing was kept."),
    422,
)
EXISTS = refusal("backup.file_exists", N_("{name} exists already and is not overwritten. Choose another name."), 422)

log = logging.getLogger(__name__)

DRAFT = ".openhall-draft-"
LOCK = "lock"
SMALL = 1 << 20
"""Up to this size the data folder's own files are read before the database: keys, anchors, the authority."""
LEFT_OUT = ("openhall.db*", "backups", "exports", "files", "*.lock", "*.log", "*.part", "*.new", ".*")
"""What lies in the data folder and is not kept here: the database and the files (they are kept by themselves), drafts, logs."""
SPARE = 32 << 20


class Stopped(Exception):
    """Somebody stopped the backup; nothing of it remains."""


@dataclass(frozen=True)
class Taken:
    """A finished backup."""

    path: Path
    size: int
    encrypted: bool
    seconds: float
    files: int
    missing_files: list[str] = field(default_factory=list)
    altered_files: list[str] = field(default_factory=list)


def take(
    url: URL,
    data: Path,
    to: Path,
    *,
    now: datetime,
    passphrase: str | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Taken:
    """Back the hall up into the folder `to`, or into the file `to` when it names none that stands as a folder.

    The archive is read again and checked before it gets its name. Raises `Refused` with words, or `Stopped`.
    """
    began = time.monotonic()
    if passphrase is not None:
        checked(passphrase)
    folder, name = (to, "") if to.is_dir() or not _file_like(to) else (to.parent, to.name)
    if not folder.is_dir():
        raise Refused("backup.no_folder", folder=str(folder))
    if name and to.exists():
        raise Refused("backup.file_exists", name=str(to))
    clear_drafts(folder)
    try:
        needed = snapshot.size_of(url) * 3 // 2 + sum(p.stat().st_size for p, _ in _stored(data)) + SPARE
        _refuse_without_room(folder, needed)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
    except OSError as failure:
        raise _in_words(failure, folder) from failure
    try:
        with file_lock(draft / LOCK):
            path, manifest = _written(url, data, draft, now, passphrase, progress)
            size = path.stat().st_size
            target = _named(folder, name or archive_name(manifest.server_id, now, passphrase is not None), bool(name))
            os.replace(path, target)
            _sync(folder)
    except OSError as failure:
        raise _in_words(failure, folder) from failure
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    seconds = time.monotonic() - began
    files = sum(1 for e in manifest.entries if e.path.startswith(DATA + "files/"))
    return Taken(target, size, passphrase is not None, seconds, files, manifest.missing_files, manifest.altered_files)


def _file_like(to: Path) -> bool:
    return to.suffix in (".tar", ".sealed")


def _written(
    url: URL, data: Path, draft: Path, now: datetime, passphrase: str | None, progress: Progress
) -> tuple[Path, Manifest]:
    here = _own(data, {draft.parent.resolve(), Path(url.database or "").resolve()})
    own = {name: path.read_bytes() for path, name in here if path.stat().st_size <= SMALL}
    facts, database = snapshot.keep(url, draft, progress)
    stored = _stored(data)
    total = database.stat().st_size + sum(path.stat().st_size for path, _ in stored)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress("files", min(done, total), total)

    path = draft / "archive"
    present, altered = set(), []
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealing = Sealing(file, passphrase) if passphrase is not None else None
        writer = ArchiveWriter(sealing or file, now)
        writer.add(database.name, database, step)
        for name, content in sorted(own.items()):
            writer.add(DATA + name, content)
        for source, name in here:
            if name not in own:
                writer.add(DATA + name, source, step)
        for source, name in stored:
            try:
                entry = writer.add(DATA + name, source, step)
            except FileNotFoundError:
                continue  # deleted between the look and the copy; told below when the database names it
            if len(source.name) == 64:
                present.add(source.name)
                if entry.sha256 != source.name:
                    altered.append(source.name)
        manifest = Manifest(
            release=VERSION,
            made_at=now,
            server_id=facts.server_id,
            epoch=facts.epoch,
            revision=facts.revision,
            database=url.get_backend_name(),
            database_entry=database.name,
            demo=facts.demo,
            audit_head=facts.audit_head,
            counts=facts.counts,
            entries=writer.entries,
            missing_files=sorted(facts.files - present),
            altered_files=sorted(altered),
        )
        writer.finish(manifest)
        if sealing is not None:
            sealing.finish()
        file.flush()
        os.fsync(file.fileno())
    database.unlink()
    with opened(path, lambda: passphrase) as stream:
        Archive(stream, path.name, progress)
    return path, manifest


def _own(data: Path, besides: set[Path]) -> list[tuple[Path, str]]:
    """The data folder's own files with their names in the archive: whatever is not named as left out, nor `besides`."""

    def left_out(path: Path) -> bool:
        return path.resolve() in besides or any(fnmatch.fnmatch(path.name, pattern) for pattern in LEFT_OUT)

    return sorted(_walk(data, left_out))


def _stored(data: Path) -> list[tuple[Path, str]]:
    """The file store's files with their names in the archive."""
    folder = data / "files"
    return sorted((path, f"files/{name}") for path, name in _walk(folder, lambda p: p.suffix == ".part"))


def _walk(folder: Path, left_out: Callable[[Path], bool], before: str = "") -> Iterator[tuple[Path, str]]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if left_out(path) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path, left_out, f"{before}{path.name}/")
        elif path.is_file():
            yield path, before + path.name


def _named(folder: Path, name: str, given: bool) -> Path:
    """A name that is free: two backups of one second get a number."""
    target = folder / name
    number = 2
    while target.exists():
        if given:
            raise Refused("backup.file_exists", name=str(target))
        target = folder / name.replace("Z.tar", f"Z-{number}.tar")
        number += 1
    return target


def clear_drafts(folder: Path) -> int:
    """Take away what backups left that were killed in the middle; gives how many. A living one holds its lock."""
    count = 0
    for draft in folder.glob(DRAFT + "*"):
        try:
            with file_lock(draft / LOCK):
                pass
        except (Held, OSError):
            continue
        log.warning("a backup that was cut off left %s; it is taken away", draft)
        shutil.rmtree(draft, ignore_errors=True)
        count += 1
    return count


def _refuse_without_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused("backup.no_space", folder=str(folder), free=free >> 20, needed=(needed >> 20) + 1)


def _in_words(failure: OSError, folder: Path) -> Refused:
    if failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        free = shutil.disk_usage(folder).free if folder.is_dir() else 0
        return Refused("backup.no_space", folder=str(folder), free=free >> 20, needed="?")
    if failure.errno == errno.ENOENT and not folder.is_dir():
        return Refused("backup.no_folder", folder=str(folder))
    return Refused("backup.not_writable", folder=str(folder), said=failure.strerror or str(failure))


def _sync(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call and needs none."""
    if os.name != "nt":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
