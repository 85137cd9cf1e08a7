"""The archive: a plain tar (every system can open it), a manifest with hashes, and a seal over all bytes before it.

Order of the entries: the database, the data folder's own files (`data/…`), the file store (`data/files/…`), `manifest.json`,
`seal`. The manifest comes last, so that an archive without it is one that was never finished; the seal holds the SHA-256 of
everything before itself, so that no byte anywhere can change unseen.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final
from uuid import UUID

from pydantic import BaseModel, ValidationError

from common.text import N_
from server.engine.backup.cipher import Unsealing, is_sealed
from server.engine.errors import Refused, refusal

NOT_ONE = refusal("backup.not_an_archive", N_("{name} is not an archive of Openhall."), 422)
NO_ARCHIVE = refusal("backup.no_archive", N_("There is no file {name}. Check the path."), 422)

KIND = "openhall backup"
FORMAT = 1
MANIFEST, SEAL = "manifest.json", "seal"
DATA = "data/"
BLOCK = 1 << 20
FORM: Final = tarfile.GNU_FORMAT
PASSPHRASE_VARIABLE = "OPENHALL_BACKUP_PASSPHRASE"

Progress = Callable[[str, int, int], None]
"""`progress(stage, done, total)`; it may raise to stop."""


class Entry(BaseModel):
    """One file of an archive."""

    path: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """What an archive holds and where it comes from."""

    kind: str = KIND
    format: int = FORMAT
    release: str
    made_at: datetime
    server_id: UUID
    epoch: str
    revision: str
    database: str
    """`sqlite` or `postgresql`."""
    database_entry: str
    demo: bool = False
    audit_head: int = 0
    counts: dict[str, int] = {}
    """Rows by table, for the comparison after a restore."""
    entries: list[Entry] = []
    missing_files: list[str] = []
    """Files that the database names and the file store had not."""
    altered_files: list[str] = []
    """Files of the store whose bytes are not those of their name."""


def archive_name(server_id: UUID, made_at: datetime, encrypted: bool) -> str:
    """`openhall-1a2b3c4d-20260302T102400Z.tar`: sorts by time and tells halls apart."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"openhall-{server_id.hex[:8]}-{stamp}.tar" + (".sealed" if encrypted else "")


_NAMED = re.compile(r"openhall-([0-9a-f]{8})-(\d{8}T\d{6})Z(?:-\d+)?\.tar(?:\.sealed)?")


def named_time(name: str, server_id: UUID) -> datetime | None:
    """When an archive of this hall was made, by its name; nothing for any other file."""
    found = _NAMED.fullmatch(name)
    if found is None or found[1] != server_id.hex[:8]:
        return None
    return datetime.strptime(found[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


class _Hashing:
    """Passes bytes on and keeps their hash and number."""

    def __init__(self, under: Any) -> None:
        self._under = under
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self.hash.update(content)
        self.size += len(content)
        self._under.write(content)
        return len(content)

    def tell(self) -> int:
        return self.size


class _Reading:
    """Hashes what tarfile reads of a file that may grow or shrink meanwhile."""

    def __init__(self, under: IO[bytes], step: Callable[[int], None]) -> None:
        self._under = under
        self._step = step
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._under.read(size)
        self.hash.update(content)
        self._step(len(content))
        return content


class ArchiveWriter:
    """Writes an archive into a stream, entry by entry."""

    def __init__(self, stream: Any, made_at: datetime) -> None:
        self._out = _Hashing(stream)
        out: Any = self._out
        self._tar = tarfile.TarFile(fileobj=out, mode="w", format=FORM, copybufsize=BLOCK)
        self._when = int(made_at.timestamp())
        self.entries: list[Entry] = []

    def add(self, path: str, source: Path | bytes, step: Callable[[int], None] = lambda n: None) -> Entry:
        """Add a file under `path`; gives its entry. Raises OSError when it cannot be read."""
        if isinstance(source, bytes):
            entry = self._add(path, io.BytesIO(source), len(source), step)
        else:
            with open(source, "rb") as stream:
                entry = self._add(path, stream, source.stat().st_size, step)
        self.entries.append(entry)
        return entry

    def finish(self, manifest: Manifest) -> None:
        """Write manifest and seal; the stream stays open."""
        content = manifest.model_dump_json(indent=1).encode()
        self._add(MANIFEST, io.BytesIO(content), len(content), lambda n: None)
        seal = self._out.hash.hexdigest().encode() + b"\n"
        self._add(SEAL, io.BytesIO(seal), len(seal), lambda n: None)
        self._tar.close()

    def _add(self, path: str, stream: IO[bytes], size: int, step: Callable[[int], None]) -> Entry:
        about = _about(path, size, self._when)
        reading: Any = _Reading(stream, step)
        self._tar.addfile(about, reading)
        return Entry(path=path, size=size, sha256=reading.hash.hexdigest())


def _about(path: str, size: int, when: float) -> tarfile.TarInfo:
    about = tarfile.TarInfo(path)
    about.size, about.mtime, about.mode = size, int(when), 0o600
    return about


@contextmanager
def opened(path: Path, passphrase: Callable[[], str | None]) -> Iterator[BinaryIO]:
    """The plain bytes of an archive file. `passphrase()` is asked when it is encrypted."""
    if not path.is_file():
        raise Refused("backup.no_archive", name=str(path))
    with open(path, "rb") as file:
        if not is_sealed(file.read(64)):
            file.seek(0)
            yield file
            return
        file.seek(0)
        word = passphrase()
        if not word:
            raise Refused("backup.needs_passphrase", variable=PASSPHRASE_VARIABLE)
        yield io.BufferedReader(Unsealing(file, word), BLOCK)  # type: ignore[type-var]


class Archive:
    """An archive that was checked whole before anything of it is used."""

    def __init__(self, stream: BinaryIO, name: str, progress: Progress = lambda stage, done, total: None) -> None:
        """Check every byte. Raises `Refused` when it is not an archive, not whole, or altered."""
        self._stream = stream
        try:
            self._tar = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115  lives as long as the stream
            members = self._tar.getmembers()
        except (tarfile.TarError, EOFError, ValueError, OverflowError):
            raise Refused("backup.not_an_archive", name=name) from None
        names = [member.name for member in members]
        if MANIFEST not in names and DATA.rstrip("/") not in {n.split("/")[0] for n in names}:
            raise Refused("backup.not_an_archive", name=name)
        if names[-2:] != [MANIFEST, SEAL] or not all(m.isreg() for m in members):
            raise Refused("backup.damaged", where="it is not whole, it was cut off or altered")
        self._members = {member.name: member for member in members}
        if len(self._members) != len(members):
            raise Refused("backup.damaged", where="an entry stands twice in it")
        self._check_seal(members[-1], progress)
        try:
            self.manifest = Manifest.model_validate_json(self._content(MANIFEST))
        except ValidationError:
            raise Refused("backup.damaged", where="its manifest cannot be read") from None
        if self.manifest.kind != KIND:
            raise Refused("backup.not_an_archive", name=name)
        told = {entry.path: entry.size for entry in self.manifest.entries}
        if told != {m.name: m.size for m in members[:-2]} or self.manifest.database_entry not in told:
            raise Refused("backup.damaged", where="its entries are not those of its manifest")
        for path in told:
            parts = PurePosixPath(path).parts
            if path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
                raise Refused("backup.damaged", where="an entry would leave its folder")

    def _check_seal(self, seal: tarfile.TarInfo, progress: Progress) -> None:
        hashed = hashlib.sha256()
        self._stream.seek(0)
        left = seal.offset
        while left:
            block = self._stream.read(min(BLOCK, left))
            if not block:
                raise Refused("backup.damaged", where="it was cut off")
            hashed.update(block)
            left -= len(block)
            progress("checking", seal.offset - left, seal.offset)
        content = self._content(SEAL)
        self._stream.seek(seal.offset_data + seal.size)
        rest = self._stream.read()
        if content != hashed.hexdigest().encode() + b"\n":
            raise Refused("backup.damaged", where=self._altered())
        self._stream.seek(seal.offset)
        # A tar's header has bytes that nobody reads, and this one stands behind what the seal covers.
        header = self._stream.read(tarfile.BLOCKSIZE)
        end = seal.offset_data + 3 * tarfile.BLOCKSIZE
        whole = -(-end // tarfile.RECORDSIZE) * tarfile.RECORDSIZE
        if (
            any(rest)
            or len(rest) != whole - seal.offset_data - seal.size
            or header != _about(SEAL, seal.size, seal.mtime).tobuf(FORM)
        ):
            raise Refused("backup.damaged", where="its end was altered")

    def _altered(self) -> str:
        """Which entries are not those of the manifest, when that can be told."""
        try:
            manifest = Manifest.model_validate_json(self._content(MANIFEST))
        except ValidationError:
            return "its manifest was altered"
        bad = [e.path for e in manifest.entries if e.path in self._members and self.hash_of(e.path) != e.sha256]
        return f"{', '.join(bad[:3])} was altered" if bad else "its headers or its manifest were altered"

    def _content(self, path: str) -> bytes:
        with self.read(path) as stream:
            return stream.read()

    def hash_of(self, path: str) -> str:
        """The SHA-256 of one entry as it lies here."""
        hashed = hashlib.sha256()
        with self.read(path) as stream:
            while block := stream.read(BLOCK):
                hashed.update(block)
        return hashed.hexdigest()

    def read(self, path: str) -> IO[bytes]:
        """The bytes of one entry."""
        found = self._tar.extractfile(self._members[path])
        assert found is not None
        return found
