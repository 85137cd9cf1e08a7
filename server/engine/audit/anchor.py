"""The head of the audit chain, signed outside the database: a chain cut short or hashed anew as a whole is seen.

In the data folder: `audit.key` (made once, readable by the server's own user only) and `audit.anchors` (the last anchor of
each day and the latest). Who can write both the database and this folder can still forge all; keep copies elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, select

from common.text import N_
from server.engine.database.schema import audit, head, house
from server.engine.database.statements import Prepared
from server.engine.integrity import Finding
from server.engine.jobs.declare import job
from server.engine.made_once import write_once

if TYPE_CHECKING:
    from server.engine.engine import Engine

KEY = "audit.key"
ANCHORS = "audit.anchors"

GONE = N_("The anchors of the audit chain are gone from the data folder.")
ALTERED = N_("The audit chain's anchor of {at} was altered.")
CUT = N_("The audit chain reached row {number} at {at}; that row is gone.")
OTHER = N_("Audit row {number} is not the one that was anchored at {at}.")

MARK_ALTERED = N_("The mark that says where the log begins, after row {number}, was altered.")

MARK = "audit_from"
BEGIN = b"\0" * 32
"""What stands for the hash before the first row."""

_mark = Prepared(select(house.c.value).where(house.c.name == MARK))
_head = Prepared(select(head.c.number, head.c.hash).where(head.c.name == "audit"))
_row = Prepared(select(audit.c.hash).where(audit.c.number == bindparam("key_number")))


class Anchor(NamedTuple):
    """What the chain's head was at a moment."""

    at: str
    number: int
    hash: str
    signature: str


def _key(data: Path) -> bytes:
    path = data / KEY
    if not path.exists():
        write_once(path, secrets.token_hex(32).encode())
    return bytes.fromhex(path.read_text())


def _signature(key: bytes, server_id: str, at: str, number: int, hashed: str) -> str:
    return hmac.new(key, f"{server_id} {at} {number} {hashed}".encode(), hashlib.sha256).hexdigest()


def _read(data: Path) -> list[Anchor]:
    path = data / ANCHORS
    if not path.exists():
        return []
    lines = (line.split() for line in path.read_text().splitlines())
    return [Anchor(at, int(number), hashed, signature) for at, number, hashed, signature in lines]


def signed_mark(data: Path, server_id: str, number: int, hashed: str) -> str:
    """The value that says, signed, up to which line the log was deleted by its retention."""
    return f"{number} {hashed} {_signature(_key(data), server_id, MARK, number, hashed)}"


def mark(connection: Connection) -> tuple[int, bytes, str]:
    """Up to which line the log was deleted, that line's hash, and the mark's signature; 0 for a whole log."""
    row = _mark.first(connection)
    if row is None:
        return 0, BEGIN, ""
    number, hashed, signature = row.value.split()
    return int(number), bytes.fromhex(hashed), signature


def write_anchor(connection: Connection, data: Path, server_id: str, now: datetime) -> None:
    """Sign the head as it stands; the file is replaced whole. Nothing is written when the chain did not grow."""
    standing = _head.first(connection)
    anchors = _read(data)
    if anchors and anchors[-1].number >= standing.number:
        return
    at, hashed = now.isoformat(timespec="seconds"), bytes(standing.hash).hex()
    if anchors and anchors[-1].at[:10] == at[:10]:
        anchors.pop()
    anchors.append(Anchor(at, standing.number, hashed, _signature(_key(data), server_id, at, standing.number, hashed)))
    fresh = data / f"{ANCHORS}.{os.getpid()}.new"
    with fresh.open("w") as file:
        file.writelines(f"{a.at} {a.number} {a.hash} {a.signature}\n" for a in anchors)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(data / ANCHORS)


def verify_anchors(connection: Connection, data: Path, server_id: str) -> list[Finding]:
    """A finding for each anchor that is not genuine or that the chain does not bear out."""
    findings: list[Finding] = []

    def found(sentence: str, **facts: object) -> None:
        findings.append(Finding("audit.anchors", sentence, facts))

    if (data / KEY).exists() and not (data / ANCHORS).exists():
        found(GONE)
    anchors = _read(data)
    begins, begin_hash, signature = mark(connection)
    key = _key(data) if anchors or begins else b""
    if begins and not hmac.compare_digest(signature, _signature(key, server_id, MARK, begins, begin_hash.hex())):
        found(MARK_ALTERED, number=begins)
        begins = 0
    for a in anchors:
        if not hmac.compare_digest(a.signature, _signature(key, server_id, a.at, a.number, a.hash)):
            found(ALTERED, at=a.at)
            continue
        if a.number <= begins:
            continue  # deleted by retention
        row = _row.first(connection, key_number=a.number) if a.number else None
        if a.number and row is None:
            found(CUT, number=a.number, at=a.at)
        elif row is not None and bytes(row.hash).hex() != a.hash:
            found(OTHER, number=a.number, at=a.at)
    return findings


@job("audit.anchor", every_seconds=60, aside=True, label=N_("Sign the head of the log"))
def anchor(engine: Engine) -> None:
    """Anchor the head once a minute, beside the writer: the file is flushed to the disk."""
    with engine.store.reading() as connection:
        write_anchor(connection, engine.data, str(engine.house.server_id), engine.clock.now())
