"""Checking the audit chain: rows altered, missing, reordered, or unchained for over a minute, each named.

Rows are read as raw values, not through the column types: a byte that makes a value unreadable must be named, not stop the
check. A row's hash is checked on the hash that is stored before it, so that one altered row is one finding. Where hashes do
not fit, the contents of the other misfits are tried: what fits elsewhere was moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, select

from common.text import N_
from server.engine.audit.anchor import mark
from server.engine.database.schema import head
from server.engine.integrity import MOST, Finding

UNCHAINED = timedelta(minutes=1)
PIECE = 1000
COMPARED = 300
"""Misfits among which moved rows are looked for; the work grows with their square."""

ALTERED = N_("Audit row {number} (id {id}) was altered.")
HASH_ALTERED = N_("Audit row {number} (id {id}): its hash was altered, its content was not.")
UNREADABLE = N_("Audit row {number} (id {id}) was altered: it cannot be read any more.")
MISSING = N_("Audit row {number} is missing.")
MISSING_MANY = N_("Audit rows {number} to {last} are missing.")
REORDERED = N_("Audit row {number} (id {id}) was reordered: it stood at {place}.")
STRANGE_NUMBER = N_("Audit row id {id}: its number was altered to {number}.")
HEAD = N_("The audit chain ends at {number}, its head says {head}.")
OPEN = N_("Audit row id {id} is not chained since {since}.")
OPEN_UNREADABLE = N_("Audit row id {id} is not chained and its time cannot be read.")


@dataclass(frozen=True)
class _Row:
    """A row as it stands: `digest` stands for its content, nothing when that cannot be read."""

    id: Any
    number: int
    digest: bytes | None
    hash: bytes


@dataclass(frozen=True)
class _Misfit:
    """A row that does not fit, or follows a gap; `previous` is the hash stored before it, nothing after a gap."""

    row: _Row
    previous: bytes | None


@dataclass(frozen=True)
class _Gap:
    """Numbers that no row has; `previous` is the hash stored before the first of them."""

    first: int
    last: int
    previous: bytes


# As `outcome.canonical` writes them. SQLite keeps whatever is put into a column, so its types are looked at as well.
_SQLITE = """
SELECT id, number, CAST(at AS BLOB), who, CAST(who_kind AS BLOB), CAST(action AS BLOB), CAST(record_type AS BLOB), record_id,
CAST(changes AS BLOB), CAST(reason AS BLOB), CAST(address AS BLOB), hash,
typeof(at) = 'text' AND typeof(who) IN ('blob', 'null') AND typeof(who_kind) = 'text' AND typeof(action) = 'text'
AND typeof(record_type) = 'text' AND typeof(record_id) IN ('blob', 'null') AND typeof(changes) = 'text'
AND typeof(reason) IN ('text', 'null') AND typeof(address) IN ('text', 'null')
FROM audit
"""
_POSTGRESQL = """
SELECT id, number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), who, who_kind, action, record_type,
record_id, changes, reason, address, hash, true
FROM audit
"""


def _link(previous: bytes, number: int, digest: bytes) -> bytes:
    """As `outcome.chained`, from the digest of the content."""
    return hashlib.sha256(previous + number.to_bytes(8, "big") + digest).digest()


def verify_chain(connection: Connection, now: datetime) -> list[Finding]:
    """What is wrong with the chain; empty when it is whole. Reads it in pieces."""
    strange, misfits, gaps = list(_numberless(connection)), {}, []
    begins, before, _ = mark(connection)
    last = _Row(None, begins, None, before)
    previous: bytes | None
    for row in _chained_rows(connection):
        if row.number <= last.number:
            strange.append(_found(STRANGE_NUMBER, id=row.id, number=row.number))
            continue
        previous = last.hash
        if row.number != last.number + 1:
            gaps.append(_Gap(last.number + 1, row.number - 1, last.hash))
            previous = None
        if previous is None or row.digest is None or _link(previous, row.number, row.digest) != row.hash:
            misfits[row.number] = _Misfit(row, previous)
        last = row
    standing = connection.execute(select(head.c.number, head.c.hash).where(head.c.name == "audit")).one()
    found, end = _explained(misfits, gaps, (last.number, last.hash), (standing.number, bytes(standing.hash)))
    if (standing.number, bytes(standing.hash)) != end:
        found.append(_found(HEAD, number=end[0], head=standing.number))
    return [*strange, *found, *_open(connection, now)]


def _found(sentence: str, **facts: Any) -> Finding:
    return Finding("audit.chain", sentence, facts)


def _explained(
    misfits: dict[int, _Misfit], gaps: list[_Gap], last: tuple[int, bytes], standing: tuple[int, bytes]
) -> tuple[list[Finding], tuple[int, bytes]]:
    """Names for what does not fit, and where the chain ends in truth."""
    right, moved = _moved(misfits, gaps)
    found: list[Finding] = []
    for gap in gaps:
        after = gap.last + 1
        if after in moved and after == last[0]:
            # The row behind the gap belongs elsewhere: there is no gap, the chain ends before it.
            last = (gap.first - 1, gap.previous)
            continue
        missing = [n for n in range(gap.first, min(gap.last, gap.first + COMPARED) + 1) if n not in right]
        if len(missing) == 1:
            found.append(_found(MISSING, number=missing[0]))
        elif missing:
            found.append(_found(MISSING_MANY, number=missing[0], last=gap.last))
    for number, misfit in sorted(misfits.items()):
        row = misfit.row
        if number in moved:
            found.append(_found(REORDERED, number=number, id=row.id, place=moved[number]))
            continue
        previous = right.get(number - 1) or misfit.previous
        if row.digest is None:
            found.append(_found(UNREADABLE, number=number, id=row.id))
        elif previous is not None:
            own = _link(previous, number, row.digest)
            if own == row.hash:
                continue
            after_it = misfits.get(number + 1)
            borne_out = own == standing[1] if after_it is None else _fits(own, number + 1, after_it.row)
            if borne_out:
                right[number] = own
                if number == last[0]:
                    last = (number, own)
            found.append(_found(HASH_ALTERED if borne_out else ALTERED, number=number, id=row.id))
    return found, last


def _fits(previous: bytes, number: int, row: _Row) -> bool:
    return row.digest is not None and _link(previous, number, row.digest) == row.hash


def _moved(misfits: dict[int, _Misfit], gaps: list[_Gap]) -> tuple[dict[int, bytes], dict[int, int]]:
    """Rows that fit at another place than their own: the right hash by place, and the right place by present number."""
    candidates = [m.row for m in misfits.values() if m.row.digest is not None][:COMPARED]
    places: list[tuple[int, bytes | None]] = [(number, m.previous) for number, m in misfits.items()]
    places += [(gap.first, gap.previous) for gap in gaps]
    ends = {gap.first: gap.last for gap in gaps}
    right: dict[int, bytes] = {}
    moved: dict[int, int] = {}
    for start, before in sorted(places, key=lambda p: p[0])[:COMPARED]:
        # A place in a gap opens the next one, once what stood there is known.
        for number in range(start, ends.get(start, start) + 1):
            previous = right.get(number - 1) or (before if number == start else None)
            here = misfits.get(number)
            fit = previous and _fitting(previous, number, candidates, here.row.hash if here else b"")
            if not fit:
                break
            row, right[number] = fit
            moved[row.number] = number
    return right, moved


def _fitting(previous: bytes, number: int, candidates: list[_Row], stored: bytes) -> tuple[_Row, bytes] | None:
    for row in candidates:
        if row.number != number and row.digest is not None:
            own = _link(previous, number, row.digest)
            if own in (row.hash, stored):
                return row, own
    return None


def _chained_rows(connection: Connection) -> Iterator[_Row]:
    sqlite = connection.dialect.name == "sqlite"
    text = _SQLITE + "WHERE typeof(number) = 'integer' AND number > ?" if sqlite else _POSTGRESQL + "WHERE number > %s"
    last = -(2**63)
    while True:
        rows = connection.exec_driver_sql(f"{text} ORDER BY number LIMIT {PIECE}", (last,)).all()
        if not rows:
            return
        for values in rows:
            last = values[1]
            hashed = values[11]
            yield _Row(
                values[0],
                last,
                _digest(values, sqlite),
                bytes(hashed) if isinstance(hashed, bytes | memoryview) else b"",
            )


def _digest(values: Any, sqlite: bool) -> bytes | None:
    identity, _, at, who, who_kind, action, record_type, record_id, changes, reason, address, _, typed = values
    if not typed:
        return None
    try:
        if sqlite:
            at, who_kind, action, record_type, changes, reason, address = (
                None if v is None else bytes(v).decode()
                for v in (at, who_kind, action, record_type, changes, reason, address)
            )
            if at is None or len(at) != 26 or at[10] != " ":
                return None
            at = f"{at[:10]}T{at[11:]}+00:00"
            who, record_id = (None if v is None else bytes(v).hex() for v in (who, record_id))
        else:
            who, record_id = (None if v is None else v.hex for v in (who, record_id))
        parts = [identity, at, who, who_kind, action, record_type, record_id, changes, reason]
        content = orjson.dumps(parts if address is None else [*parts, address])
    except (UnicodeDecodeError, orjson.JSONEncodeError):
        return None
    return hashlib.sha256(content).digest()


def _numberless(connection: Connection) -> Iterator[Finding]:
    """SQLite would keep a number that is none."""
    if connection.dialect.name == "sqlite":
        text = "SELECT id, CAST(number AS BLOB) FROM audit WHERE typeof(number) NOT IN ('integer', 'null') LIMIT 100"
        for identity, number in connection.exec_driver_sql(text):
            yield _found(STRANGE_NUMBER, id=identity, number=bytes(number).decode(errors="replace"))


def _open(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Rows that no chain holds yet."""
    # Their times as text: one that cannot be read must not end the check.
    at = (
        "CAST(CAST(at AS BLOB) AS TEXT)"
        if connection.dialect.name == "sqlite"
        else "CAST(at AT TIME ZONE 'UTC' AS TEXT)"
    )
    for identity, text in connection.exec_driver_sql(f"SELECT id, {at} FROM audit WHERE number IS NULL LIMIT {MOST}"):
        try:
            since = datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
        except ValueError:
            yield _found(OPEN_UNREADABLE, id=identity)
            continue
        if now - since > UNCHAINED:
            yield _found(OPEN, id=identity, since=f"{since:%Y-%m-%d %H:%M:%S}")
