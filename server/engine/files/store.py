"""The file store: bytes lie in the data folder under their hash, their rows in the database."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from common.text import N_
from server.engine.actions.work import Work
from server.engine.database.schema import stored_file
from server.engine.database.statements import Prepared
from server.engine.database.types import new_id
from server.engine.errors import refusal

UNKNOWN_KIND = refusal(
    "files.kind",
    N_(
        "This kind of file is not accepted. Use a picture (PNG, JPEG), PDF, Word, Excel, plain text or a recording (WAV)."
    ),
    422,
)
MISSING = refusal("files.not_found", N_("This file does not exist any more."), 404)

LARGEST = 8 << 20
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_UNPACKED = 200 << 20
"""Bytes to which an office file may unpack: more is an archive bomb, not a document."""

_insert = Prepared(
    insert(stored_file).inline(), ("id", "name", "kind", "size", "sha256", "made_at", "made_by", "public")
)
_find = Prepared(select(stored_file).where(stored_file.c.id == bindparam("key_id")))


def kind_of(content: bytes) -> str | None:
    """The kind of a file by its content, never by its name; nothing for what is not accepted."""
    known = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if known is not None:
        return known
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "audio/wav"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    plain = all(letter.isprintable() or letter in "\r\n\t\ufeff" for letter in text)
    return "text/plain" if content and plain else None


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                return None
            names = set(packed.namelist())
    except zipfile.BadZipFile:
        return None
    if "word/vbaProject.bin" in names or "xl/vbaProject.bin" in names:
        return None  # programs inside
    return next((kind for part, kind in OFFICE.items() if part in names), None)


def path_of(data: Path, hashed: bytes) -> Path:
    """Where the bytes of this hash lie."""
    name = hashed.hex()
    return data / "files" / name[:2] / name


def put(work: Work, name: str, content: bytes, *, file_id: UUID | None = None, public: bool = False) -> UUID:
    """Keep a file: its bytes are on the disk before its row is committed. Gives its id."""
    kind = kind_of(content)
    if kind is None or len(content) > LARGEST:
        work.refuse("files.kind")
    hashed = hashlib.sha256(content).digest()
    target = path_of(work.engine.data, hashed)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(target.name + f".{os.getpid()}.part")
        with open(draft, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, target)
    else:
        os.utime(target)  # young again: the sweep of files that nothing names leaves it alone for a day
    identity = file_id or new_id()
    work.run(
        _insert, id=identity, name=name[:200], kind=kind, size=len(content), sha256=hashed,
        made_at=work.now, made_by=work.who.id, public=public,
    )  # fmt: skip
    work.audit("stored_file", identity, {"name": [None, name], "sha256": [None, hashed.hex()]})
    return identity


def get(work: Work, file_id: UUID) -> tuple[Any, bytes]:
    """A file's row and bytes; refuses when either is gone."""
    row = work.first(_find, key_id=file_id)
    if row is None:
        work.refuse("files.not_found")
    path = path_of(work.engine.data, bytes(row.sha256))
    if not path.is_file():
        work.refuse("files.not_found")
    return row, path.read_bytes()
