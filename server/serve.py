"""`openhall-server serve`: says what it does, serves, and stops cleanly on SIGTERM."""

from __future__ import annotations

import argparse
import ipaddress
import json
import logging
import secrets
import signal
import socket
import sys

import uvicorn

from common.protocol.pairing import code_part
from server.announce import Announcement, own_addresses
from server.certificates import Certificates
from server.commands.opening import clock_of, open_engine, place_of
from server.demo.fill import accounts, fill
from server.engine.backup.prepared import put_in_place
from server.engine.backup.results import restored
from server.engine.clock import Clock
from server.engine.engine import Engine
from server.engine.http.app import make_app
from server.engine.memory import settle
from server.engine.ports import ports
from server.engine.records import first_entries
from server.portal.pages import add_portal

log = logging.getLogger("openhall")


def serve(options: argparse.Namespace) -> int:
    """Serve until stopped; gives the exit status."""
    if options.clock and not options.demo:
        print("--clock is for a demo hall only: add --demo.", file=sys.stderr)
        return 2
    encrypted = not _loopback(options.host)
    if encrypted and options.plain_http:
        print(
            f"{options.host} is not this machine's loopback address: beyond it there is no plain HTTP.",
            file=sys.stderr,
        )
        return 2
    listening = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((options.host, options.port))
    except OSError as failure:
        print(f"Port {options.port} cannot be used: {failure.strerror}. Choose another with --port.", file=sys.stderr)
        return 2
    # One clock for all rounds: a demo's would begin anew with each.
    clock, first = clock_of(options.clock), True
    try:
        while _served(options, clock, listening, encrypted=encrypted, first=first):
            first = False
    finally:
        listening.close()
    log.info("stopped")
    return 0


def _served(
    options: argparse.Namespace, clock: Clock, listening: socket.socket, *, encrypted: bool, first: bool
) -> bool:
    """Serve until stopped, or until the server is to start anew; says which. The port stays taken in between."""
    placed = put_in_place(*place_of(options))
    engine = open_engine(options, clock)
    port = listening.getsockname()[1]
    addresses = own_addresses(options.host)
    url = f"{'https' if encrypted else 'http'}://{_in_url(addresses[0])}:{port}"
    engine.public_address = options.public_address or url
    engine.open()
    certificates: Certificates | None = None
    announcement: Announcement | None = None
    again = False
    try:
        if placed is not None:
            engine.act("backup.restored", lambda work: restored(work, placed))
        shown = _prepare(engine, options.demo, encrypted)
        config = uvicorn.Config(
            make_app(engine, extra=add_portal),
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=3,
            # Longer than a program keeps an idle connection (30 s): else it may send into one that is just being closed,
            # and what may not be repeated (a sign-in, the first claim) is lost.
            timeout_keep_alive=65,
        )
        if encrypted:
            certificates = Certificates(engine.authority, addresses)
            config.load()
            config.ssl = certificates.context
        server = uvicorn.Server(config)

        def start_anew() -> None:
            nonlocal again
            again = server.should_exit = True

        engine.on_restart = start_anew
        log.info("Openhall serves %s from %s; the database is %s", url, engine.data, engine.store.kind)
        if engine.claim_code:
            log.info("This server is empty. Set it up in openhall-staff with the one-time code %s", engine.claim_code)
        listening.listen(512)
        # uvicorn raises the signal again when it has stopped; without a handler of ours it would end the process before
        # the writer has finished. A signal that comes before uvicorn listens for it must not be lost either.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: setattr(server, "should_exit", True))
        if first:
            # Only now: whoever reads this may connect or send a signal in the same moment.
            print(json.dumps({"ready": True, "url": url, "accounts": shown}), flush=True)
        announcement = Announcement(engine.house.server_id, _name(engine), addresses, port, encrypted=encrypted)
        settle()
        server.run(sockets=[listening.dup()])  # uvicorn closes what it is given
    finally:
        if announcement is not None:
            announcement.close()
        if certificates is not None:
            certificates.close()
        engine.close()
    return again


def _prepare(engine: Engine, demo: bool, encrypted: bool) -> list[dict[str, object]]:
    with engine.store.reading() as connection:
        founded = engine.main_place(connection) is not None
    if engine.look(first_entries.missing):
        engine.act("dictionaries.first", first_entries.plant)
    if demo and not founded:
        engine.act("demo.fill", fill)
    elif not founded and not engine.look(lambda work: ports.people.claimed(work.connection)):
        engine.claim_code = f"{secrets.randbelow(10000):04d}-{secrets.randbelow(10000):04d}"
        if encrypted:
            # Whoever types it also says which authority he means: nobody in between can take the first password.
            engine.claim_code += f"-{code_part(engine.authority.pem)}"
    return accounts() if engine.house.demo else []


def _name(engine: Engine) -> str:
    with engine.store.reading() as connection:
        place = engine.main_place(connection)
    return next(iter(place.name.values()), "") if place is not None else ""


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
