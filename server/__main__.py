"""The command line: `openhall-server serve|migrate|user|device|backup|restore|verify|doctor|schema`."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable

from server.commands.options import parser
from server.engine.engine import Engine
from server.engine.errors import Refused

log = logging.getLogger("openhall")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        return _COMMANDS[options.command](options)
    except Refused as no:
        print(no.declared.sentence.format(**no.facts), file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    from server.serve import serve

    return serve(options)


def _backup(options: argparse.Namespace) -> int:
    from server.commands.keeping import run_backup

    return run_backup(options)


def _restore(options: argparse.Namespace) -> int:
    from server.commands.keeping import run_restore

    return run_restore(options)


def _verify(options: argparse.Namespace) -> int:
    from server.app import load_modules
    from server.commands.checking import run_verify

    load_modules()
    return run_verify(options)


def _doctor(options: argparse.Namespace) -> int:
    from server.commands.doctor import run_doctor

    return run_doctor(options)


def _with_engine(run: Callable[[Engine, argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that needs the hall open: migrated first, closed afterwards."""

    def command(options: argparse.Namespace) -> int:
        from server.commands.opening import open_engine

        engine = open_engine(options)
        engine.open(jobs=False)
        try:
            return run(engine, options)
        finally:
            engine.close()

    return command


def _migrate(engine: Engine, options: argparse.Namespace) -> int:
    print("The database is at this release.")
    return 0


def _schema(engine: Engine, options: argparse.Namespace) -> int:
    from server.engine.http.app import make_app
    from server.engine.http.documents import openapi

    print(json.dumps(openapi(make_app(engine)), indent=1))
    return 0


def _user(engine: Engine, options: argparse.Namespace) -> int:
    from server.commands.accounts import run_user

    return run_user(engine, options)


def _device(engine: Engine, options: argparse.Namespace) -> int:
    from server.commands.accounts import run_device

    return run_device(engine, options)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "migrate": _with_engine(_migrate),
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "doctor": _doctor,
    "schema": _with_engine(_schema),
    "user": _with_engine(_user),
    "device": _with_engine(_device),
}


if __name__ == "__main__":
    sys.exit(main())
