"""Tokens of people's sessions and of devices: 256 random bits, stored as their hash only."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from server.engine.database.schema import access_token
from server.engine.database.statements import Prepared
from server.engine.ports import ports
from server.engine.principal import Principal

if TYPE_CHECKING:
    from server.engine.actions.work import Work

HELD_SECONDS = 3.0
"""How long a principal is held in memory; an ended session or changed right is seen at once in this process (by its
notice) and within this time in another."""

PERSON_HOURS = 12
DEVICE_DAYS = 3650

_find = Prepared(select(access_token).where(access_token.c.hash == bindparam("key_hash")))
_insert = Prepared(
    insert(access_token).inline(),
    ("hash", "kind", "principal_id", "device_id", "issued_at", "expires_at", "ended_at", "address"),
)
_end = Prepared(
    update(access_token)
    .where(access_token.c.hash == bindparam("key_hash"), access_token.c.ended_at.is_(None))
    .values(ended_at=bindparam("moment", type_=access_token.c.ended_at.type))
)
_end_all = Prepared(
    update(access_token)
    .where(
        access_token.c.principal_id == bindparam("key_principal"),
        access_token.c.ended_at.is_(None),
        access_token.c.hash != bindparam("besides"),
    )
    .values(ended_at=bindparam("moment", type_=access_token.c.ended_at.type))
)


def digest(token: str) -> bytes:
    """The hash under which a token is stored."""
    return hashlib.sha256(token.encode()).digest()


def issue(
    work: Work, kind: str, principal_id: UUID, *, device_id: UUID | None = None, address: str = ""
) -> tuple[str, datetime]:
    """Make a token in this action; gives it and its end. The token itself is nowhere in the database."""
    token = secrets.token_urlsafe(32)
    life = timedelta(hours=PERSON_HOURS) if kind == "person" else timedelta(days=DEVICE_DAYS)
    expires_at = work.now + life
    work.run(
        _insert,
        hash=digest(token),
        kind=kind,
        principal_id=principal_id,
        device_id=device_id,
        issued_at=work.now,
        expires_at=expires_at,
        ended_at=None,
        address=address[:60],
    )
    return token, expires_at


def end(work: Work, hashed: bytes) -> None:
    """End one session."""
    work.run(_end, key_hash=hashed, moment=work.now)
    work.notify("access", "ended", token=hashed.hex()[:16])


def end_all(work: Work, principal_id: UUID, *, besides: bytes = b"") -> None:
    """End all sessions of a person or device, but one if told."""
    work.run(_end_all, key_principal=principal_id, moment=work.now, besides=besides)
    work.notify("access", "ended", principal=principal_id)


class TokenTable:
    """Principals by token hash, held for a few seconds and forgotten when a notice says that rights changed."""

    def __init__(self) -> None:
        self._held: dict[bytes, tuple[float, datetime, Principal]] = {}
        self._used: dict[bytes, datetime] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def held(self, hashed: bytes, now: datetime) -> Principal | None:
        """The principal, if it is in memory still and the session is not over."""
        found = self._held.get(hashed)
        if found is not None and found[0] > time.monotonic() and found[1] > now:
            return found[2]
        return None

    def used(self, hashed: bytes, now: datetime) -> None:
        """Somebody's session asked for something; written down once a minute, not at each request."""
        self._used[hashed] = now

    def take_used(self) -> dict[bytes, datetime]:
        """What was used since the last call, and when last."""
        with self._lock:
            used, self._used = self._used, {}
        return used

    def last_used(self, hashed: bytes) -> datetime | None:
        """When a session asked last, if that is not written down yet."""
        return self._used.get(hashed)

    def forget(self) -> None:
        """Rights, sessions or devices changed."""
        with self._lock:
            self._forgotten += 1
            self._held.clear()

    def resolve(self, connection: Connection, hashed: bytes, now: datetime) -> Principal | None:
        """Look a token up in the database; nothing when unknown, ended or over."""
        forgotten = self._forgotten
        row: Any = _find.first(connection, key_hash=hashed)
        if row is None or row.ended_at is not None or row.expires_at <= now:
            return None
        if row.kind == "device":
            who = ports.devices.device(connection, row.principal_id)
        else:
            who = ports.people.person(connection, row.principal_id, now, row.issued_at)
        if who is None:
            return None
        who = replace(who, token=hashed, address=row.address)
        with self._lock:
            if len(self._held) > 5000:
                self._held.clear()
            if forgotten == self._forgotten:  # else what was read may be older than the change
                self._held[hashed] = (time.monotonic() + HELD_SECONDS, row.expires_at, who)
        return who
