"""`openhall-server user` and `device`: what is needed before anybody can sign in or join."""

from __future__ import annotations

import argparse
from uuid import UUID

from sqlalchemy import select

from server.engine.access import tokens
from server.engine.access.sign_in import hasher
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.modules.devices.public import make_device
from server.modules.organisation.public import PLAN, StaffMember, Window
from server.modules.people.public import make_account, make_first_roles


def run_user(engine: Engine, options: argparse.Namespace) -> int:
    """Add an account."""

    def add(work: Work) -> None:
        make_first_roles(work)
        person = work.insert(StaffMember, name={"en": options.name}, staff_number=options.name[:20])
        make_account(work, person.id, options.name, hasher.hash(options.password), [options.role])

    engine.act("people.add_account", add)
    print(f"{options.name} can sign in.")
    return 0


def run_device(engine: Engine, options: argparse.Namespace) -> int:
    """Print the token of a new device."""

    def add(work: Work) -> str:
        plan = PLAN.read(work.connection)
        window_id = zone_id = None
        if options.window is not None:
            table = Window.__table__
            labelled = select(table.c.id).where(table.c.label_text == options.window, table.c.deleted_at.is_(None))
            found = work.connection.execute(labelled).first()
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
