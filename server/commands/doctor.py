"""`openhall-server doctor`: what is wrong with this server and what to do about it. Changes nothing."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from sqlalchemy.engine import URL

from server.app import load_modules
from server.commands.opening import place_of
from server.engine.backup import postgres
from server.engine.backup.restore import RESTORING
from server.engine.backup.snapshot import facts_of, plain_connection, size_of
from server.engine.database.migrations import chain, heads, revision_of
from server.engine.errors import Refused

Said = tuple[str, str]
"""`ok`, `note` or `wrong`, and a sentence with the next step."""

LEAST_FREE = 1 << 30
CLOCK_OFF = timedelta(minutes=2)
SOON = timedelta(days=365)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier day."""


def run_doctor(options: argparse.Namespace) -> int:
    """A line for each thing looked at; exit status 1 when one is wrong."""
    load_modules()
    data, url = place_of(options)
    looks: list[Callable[[], Iterator[Said]]] = [
        lambda: _folder(data),
        lambda: _database(url, data),
        lambda: _keys(data, url),
        lambda: _clock(url),
        lambda: _backups(url),
        lambda: _programs(url),
        lambda: _port(options.port),
        _announcing,
    ]
    wrong = 0
    for look in looks:
        try:
            for state, sentence in look():
                print(f"{state:<6} {sentence}")
                wrong += state == "wrong"
        except Refused as no:
            print(f"{'wrong':<6} {no.declared.sentence.format(**no.facts)}")
            wrong += 1
    if wrong:
        print(f"{wrong} things are wrong.", file=sys.stderr)
    return 1 if wrong else 0


def _folder(data: Path) -> Iterator[Said]:
    if not data.is_dir():
        yield "note", f"The data folder {data} is not there yet; serve makes it, or name another with --data."
        return
    if (data / RESTORING).exists():
        yield "wrong", f"A restore into {data} was cut off. Empty the folder and restore once more."
    try:
        with tempfile.TemporaryFile(dir=data):
            pass
        yield "ok", f"The data folder {data} can be written."
    except OSError as failure:
        yield "wrong", f"Nothing can be written into {data}: {failure.strerror}. Give the server's user the right to."
    free = shutil.disk_usage(data).free
    said = f"{free >> 20} MB are free on the disk of {data}"
    yield ("ok", said + ".") if free >= LEAST_FREE else ("wrong", said + "; make room, 1024 MB at least.")


def _database(url: URL, data: Path) -> Iterator[Said]:
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield "note", f"There is no database yet in {data}; serve makes one."
        return
    with plain_connection(url) as connection:
        standing = revision_of(connection)
    yield "ok", f"The database can be reached ({url.get_backend_name()}, {size_of(url) >> 20} MB)."
    if [standing] == heads():
        yield "ok", "The database is at this release."
    elif standing is None:
        yield "note", "The database is empty; serve fills it."
    elif standing in chain():
        yield "note", "The database is at an older release: openhall-server migrate takes a backup and brings it here."
    else:
        yield "wrong", "The database was made by a newer release. Install that release."


def _keys(data: Path, url: URL) -> Iterator[Said]:
    if not (data / "authority").exists() and not (data / "audit.key").exists():
        if _stands(url):
            yield "wrong", f"The keys are not in {data}. Is it the right --data? Otherwise restore a backup."
        return
    for name in ("authority/key.pem", "authority/authority.pem", "audit.key", "vault.keys"):
        path = data / name
        if not path.is_file():
            yield (
                "note" if name in ("audit.key", "vault.keys") else "wrong",
                (f"{path} is not there; it is made at the first need, but what was made with an older one is lost."),
            )
        elif os.name == "posix" and name != "authority/authority.pem" and path.stat().st_mode & 0o077:
            yield "wrong", f"Others can read {path}: chmod 600 {path}"
    pem = data / "authority" / "authority.pem"
    if pem.is_file():
        until = x509.load_pem_x509_certificate(pem.read_bytes()).not_valid_after_utc
        left = until - datetime.now(UTC)
        said = f"The hall's authority holds until {until:%Y-%m-%d}"
        if left <= timedelta(0):
            yield "wrong", said + "; devices refuse this server. Every device must join anew."
        else:
            yield ("note" if left < SOON else "ok"), said + "."


def _stands(url: URL) -> bool:
    try:
        with plain_connection(url) as connection:
            facts_of(connection)
    except Refused:
        return False
    return True


def _clock(url: URL) -> Iterator[Said]:
    now = datetime.now(UTC)
    if now < BUILT:
        yield "wrong", f"This machine's clock says {now:%Y-%m-%d}. Set it, and let it follow a time server."
        return
    if _stands(url):
        with plain_connection(url) as connection:
            latest = connection.exec_driver_sql("SELECT CAST(max(at) AS TEXT) FROM audit").scalar_one()
            demo = facts_of(connection).demo
        last = datetime.fromisoformat(latest) if latest else None
        if last is not None and not demo:
            last = last if last.tzinfo else last.replace(tzinfo=UTC)
            if last > now + CLOCK_OFF:
                yield (
                    "wrong",
                    f"The last change was written at {last:%Y-%m-%d %H:%M} UTC, the clock says {now:%H:%M}. Set it.",
                )
                return
    yield "ok", f"The clock says {now:%Y-%m-%d %H:%M} UTC, {time.strftime('%Z %z')} here."


def _backups(url: URL) -> Iterator[Said]:
    if not _stands(url):
        return
    text = (
        "SELECT path, CAST(ended_at AS TEXT) FROM backup_run "
        "WHERE kind <> 'verification' AND state = 'good' ORDER BY ended_at DESC LIMIT 1"
    )
    with plain_connection(url) as connection:
        if [revision_of(connection)] != heads():
            return
        row = connection.exec_driver_sql(text).first()
    if row is None:
        yield "note", "There is no backup yet: openhall-server backup --to FOLDER, better on another disk."
        return
    at = datetime.fromisoformat(row[1])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not Path(row[0]).is_file():
        yield "note", f"The last backup of {at:%Y-%m-%d %H:%M} UTC is not at {row[0]} any more."
    elif datetime.now(UTC) - at > timedelta(days=2):
        yield "note", f"The last good backup is of {at:%Y-%m-%d %H:%M} UTC: openhall-server backup takes one now."
    else:
        yield "ok", f"The last good backup is of {at:%Y-%m-%d %H:%M} UTC: {row[0]}"


def _programs(url: URL) -> Iterator[Said]:
    if url.get_backend_name() == "postgresql":
        for name in ("pg_dump", "pg_restore"):
            yield "ok", f"Backups use {postgres.program(name)}."


def _port(port: int) -> Iterator[Said]:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as failure:
            yield (
                "note",
                f"Port {port} is in use ({failure.strerror}): by this hall's server, or choose another with --port.",
            )
            return
    yield "ok", f"Port {port} is free."


def _announcing() -> Iterator[Said]:
    """Zeroconf needs to listen to multicast on port 5353 beside others."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        probe.bind(("", 5353))
        group = socket.inet_aton("224.0.0.251") + socket.inet_aton("0.0.0.0")
        probe.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        yield "ok", "The server can announce itself on the network."
    except OSError as failure:
        yield (
            "note",
            (f"The server cannot announce itself ({failure.strerror}): open UDP port 5353, or give programs --server."),
        )
    finally:
        probe.close()
