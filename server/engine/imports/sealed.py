"""Rows of a file on their way: sealed, since any of them may hold what is protected."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from server.engine.database.types import to_json
from server.engine.errors import Refused, Said
from server.engine.vault import Vault

ROW = "import_row.content"
FILE = "import_run.file"
_head = struct.Struct(">IIB16s")


@dataclass
class Staged:
    """A row of the file: what stands there, what becomes of it, what is wrong with it."""

    number: int
    cells: list[str]
    record_id: str = ""
    """The entry that it changes, or the id of the one that it adds."""
    adds: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    """What the changed fields held, for an undo."""


def seal(vault: Vault, row: Staged) -> bytes:
    """A row as it is kept."""
    return vault.seal(ROW, to_json(asdict(row)))


def unseal(vault: Vault, content: bytes) -> Staged:
    """The row again."""
    kept = orjson.loads(vault.open(ROW, content))
    kept.pop("revives", None)  # of rows that an earlier release staged
    return Staged(**kept)


def write_file(vault: Vault, path: Path, content: bytes) -> None:
    """Keep a file that was sent, sealed."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # The vault seals texts; each byte becomes the letter of the same number and comes back as it was.
    path.write_bytes(vault.seal(FILE, content.decode("latin-1")))


def read_file(vault: Vault, path: Path) -> bytes:
    """The file that was sent."""
    return vault.open(FILE, path.read_bytes()).encode("latin-1")


@dataclass(frozen=True)
class Line:
    """What the server must know of a row to stage it, and the row itself."""

    number: int
    good: bool
    record_id: UUID
    content: bytes


def write_rows(stream: Any, vault: Vault, rows: list[Staged]) -> None:
    """Append rows to the worker's result."""
    for row in rows:
        content = seal(vault, row)
        stream.write(_head.pack(len(content), row.number, not row.faults, UUID(row.record_id).bytes) + content)


def read_rows(path: Path) -> Iterator[Line]:
    """The rows of a worker's result."""
    with open(path, "rb") as stream:
        while head := stream.read(_head.size):
            size, number, good, record_id = _head.unpack(head)
            yield Line(number, bool(good), UUID(bytes=record_id), stream.read(size))


def faults_of(no: Refused) -> list[dict[str, Any]]:
    """What a refusal says of a row: each wrong field, or the sentence about all of it."""
    if isinstance(no.facts.get("fields"), list):
        return [
            {"field": f["field"], "code": f["code"], "message": f["message"], "facts": f["facts"]}
            for f in no.facts["fields"]
        ]
    facts = {name: {"said": str(v)} if isinstance(v, Said) else v for name, v in no.facts.items()}
    facts.pop("current", None)
    return [
        {"field": str(no.facts.get("field") or ""), "code": no.code, "message": no.declared.sentence, "facts": facts}
    ]
