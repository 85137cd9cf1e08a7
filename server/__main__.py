"""The command line: `openhall-server serve|migrate|user|device|verify|schema`."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from platformdirs import user_data_path
from sqlalchemy import select

from server.app import load_modules
from server.engine.audit.anchor import verify_anchors
from server.engine.audit.verify import verify_chain
from server.engine.clock import Clock
from server.engine.database.engines import database_url
from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.errors import Refused

log = logging.getLogger("openhall")


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="openhall-server", description="The central server of a public service hall.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=None, help="folder of the database and files")
    common.add_argument("--database", default=None, help="postgresql://… ; SQLite in the data folder otherwise")
    commands = top.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", parents=[common], help="serve until stopped")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8460)
    serve.add_argument("--plain-http", action="store_true", help="loopback only")
    serve.add_argument("--public-address", default="", help="what tickets' codes begin with")
    serve.add_argument("--demo", action="store_true", help="fill an empty database with the demo hall")
    serve.add_argument("--clock", default=None, help="2026-03-02T08:30 or 2026-03-02T08:30x60; only with --demo")
    commands.add_parser("migrate", parents=[common], help="bring the database to this release")
    commands.add_parser("verify", parents=[common], help="check the audit chain")
    commands.add_parser("schema", parents=[common], help="print the OpenAPI document")
    user = commands.add_parser("user", parents=[common], help="add an account")
    user.add_argument("name")
    user.add_argument("--role", default="clerk")
    user.add_argument("--password", required=True)
    device = commands.add_parser("device", help="add a device")
    actions = device.add_subparsers(dest="verb", required=True)
    add = actions.add_parser("add", parents=[common], help="print the token of a new device")
    add.add_argument("--kind", required=True, choices=["kiosk", "pad", "led", "staff_pc", "pc"])
    add.add_argument("--window", default=None, help="the window's number")
    add.add_argument("--zone", default=None, help="a zone's id, or its place beginning with 1")
    add.add_argument("--label", default="")
    return top


def clock_of(text: str | None) -> Clock:
    """A clock from `--clock`: the moment in UTC and, behind an x, its speed."""
    if text is None:
        return Clock()
    moment, _, speed = text.partition("x")
    return Clock(datetime.fromisoformat(moment).replace(tzinfo=UTC), float(speed or 1))


def open_engine(options: argparse.Namespace, clock: Clock | None = None) -> Engine:
    """The engine on a migrated database; jobs are not started."""
    load_modules()
    data: Path = options.data or user_data_path("openhall", False)
    data.mkdir(parents=True, exist_ok=True)
    url = database_url(options.database, data)
    migrate(url)
    return Engine(url, data, clock)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if options.command == "serve":
        from server.serve import serve

        return serve(options)
    engine = open_engine(options)
    engine.open(jobs=False)
    try:
        return _COMMANDS[options.command](engine, options)
    except Refused as no:
        print(no.declared.sentence.format(**no.facts), file=sys.stderr)
        return 1
    finally:
        engine.close()


def _migrate(engine: Engine, options: argparse.Namespace) -> int:
    print("The database is at this release.")
    return 0


def _verify(engine: Engine, options: argparse.Namespace) -> int:
    with engine.store.reading() as connection:
        findings = verify_chain(connection, engine.clock.now())
        findings += verify_anchors(connection, engine.data, str(engine.house.server_id))
    for finding in findings:
        print(finding)
    if not findings:
        print("The audit chain is whole.")
    return 1 if findings else 0


def _schema(engine: Engine, options: argparse.Namespace) -> int:
    from server.engine.http.app import make_app
    from server.engine.http.documents import openapi

    print(json.dumps(openapi(make_app(engine)), indent=1))
    return 0


def _user(engine: Engine, options: argparse.Namespace) -> int:
    from server.engine.access.sign_in import hasher
    from server.engine.actions.work import Work
    from server.modules.organisation.public import StaffMember
    from server.modules.people.public import make_account, make_first_roles

    def add(work: Work) -> None:
        make_first_roles(work)
        person = work.insert(StaffMember, name={"en": options.name}, staff_number=options.name[:20])
        make_account(work, person.id, options.name, hasher.hash(options.password), [options.role])

    engine.act("people.add_account", add)
    print(f"{options.name} can sign in.")
    return 0


def _device(engine: Engine, options: argparse.Namespace) -> int:
    from server.engine.access import tokens
    from server.engine.actions.work import Work
    from server.modules.devices.public import make_device
    from server.modules.organisation.public import PLAN, Window

    def add(work: Work) -> str:
        plan = PLAN.read(work.connection)
        window_id = zone_id = None
        if options.window is not None:
            table = Window.__table__
            found = work.connection.execute(select(table.c.id).where(table.c.label_text == options.window)).first()
            if found is None:
                raise Refused("records.not_found", record="window", id=options.window)
            window_id = found.id
        if options.zone is not None:
            zones = list(plan.zones)
            zone_id = zones[int(options.zone) - 1] if options.zone.isdigit() else UUID(options.zone)
        elif window_id is None and plan.zones:
            zone_id = next(iter(plan.zones))
        row = make_device(work, options.kind, options.label, window_id, zone_id)
        return tokens.issue(work, "device", row.id)[0]

    print(engine.act("devices.add", add))
    return 0


_COMMANDS = {"migrate": _migrate, "verify": _verify, "schema": _schema, "user": _user, "device": _device}


if __name__ == "__main__":
    sys.exit(main())
