"""Checking the audit chain: rows altered, missing, reordered, or unchained for over a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from server.engine.database.outcome import chained
from server.engine.database.schema import audit, head

UNCHAINED = timedelta(minutes=1)
PIECE = 1000


def verify_chain(connection: Connection, now: datetime) -> list[str]:
    """A sentence for each thing that is wrong; empty when the chain is whole. Reads the chain in pieces."""
    findings: list[str] = []
    last_number, last_hash = 0, b"\0" * 32
    while True:
        rows = connection.execute(
            select(audit).where(audit.c.number > last_number).order_by(audit.c.number).limit(PIECE)
        ).all()
        if not rows:
            break
        for row in rows:
            if row.number != last_number + 1:
                findings.append(f"audit row {last_number + 1} is missing; the next one is {row.number}")
            expected = chained(last_hash, row.number, row._asdict())
            if bytes(row.hash) != expected:
                findings.append(f"audit row {row.number} (id {row.id}) was altered, or stands on another one")
            last_number, last_hash = row.number, bytes(row.hash)
    standing = connection.execute(select(head.c.number, head.c.hash).where(head.c.name == "audit")).one()
    if (standing.number, bytes(standing.hash)) != (last_number, last_hash):
        findings.append(f"the chain ends at {last_number}, its head says {standing.number}")
    open_rows = connection.execute(select(audit.c.id, audit.c.at).where(audit.c.number.is_(None))).all()
    findings += [
        f"audit row id {r.id} is not chained since {r.at:%H:%M:%S}" for r in open_rows if now - r.at > UNCHAINED
    ]
    return findings
