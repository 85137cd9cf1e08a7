"""`openhall-server` with one more kind of record, its table beside the others: `python -m tests.client_staff.hall_with_repairs`."""

from __future__ import annotations

import sys

from sqlalchemy import create_engine

from server.__main__ import main
from server.app import load_modules
from server.commands.opening import place_of
from server.commands.options import parser
from server.engine.database.migrations import migrate
from tests.client_staff.repairs.records import FaultReport


def prepare(arguments: list[str]) -> None:
    """The database of this release, and the new kind's table."""
    load_modules()
    data, url = place_of(parser().parse_args(arguments))
    data.mkdir(parents=True, exist_ok=True)
    migrate(url)
    engine = create_engine(url)
    FaultReport.__table__.create(engine, checkfirst=True)  # type: ignore[attr-defined]
    engine.dispose()


if __name__ == "__main__":
    prepare(sys.argv[1:])
    sys.exit(main(sys.argv[1:]))
