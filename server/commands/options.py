"""All commands with their options."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="openhall-server", description="The central server of a public service hall.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=None, help="folder of the database and files")
    common.add_argument(
        "--database", default=None,
        help="postgresql://… (or in the variable OPENHALL_DATABASE); SQLite in the data folder otherwise",
    )  # fmt: skip
    commands = top.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", parents=[common], help="serve until stopped")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8460)
    serve.add_argument("--plain-http", action="store_true", help="loopback only")
    serve.add_argument("--public-address", default="", help="what tickets' codes begin with")
    serve.add_argument("--demo", action="store_true", help="fill an empty database with the demo hall")
    serve.add_argument("--clock", default=None, help="2026-03-02T08:30 or 2026-03-02T08:30x60; only with --demo")

    migrate = commands.add_parser("migrate", parents=[common], help="bring the database to this release")
    migrate.add_argument("--without-backup", action="store_true", help="take no backup before; there should be another")

    secret = argparse.ArgumentParser(add_help=False)
    secret.add_argument(
        "--passphrase-file", type=Path, default=None,
        help="a file that holds the passphrase; else the variable OPENHALL_BACKUP_PASSPHRASE, else it is asked for",
    )  # fmt: skip
    backup = commands.add_parser("backup", parents=[common, secret], help="take a backup, also while the hall works")
    backup.add_argument("--to", type=Path, default=None, help="folder, or a file ending in .tar or .sealed")
    backup.add_argument("--encrypt", action="store_true", help="encrypt it with a passphrase")
    restore = commands.add_parser("restore", parents=[common, secret], help="restore an archive into an empty place")
    restore.add_argument("archive", type=Path)

    commands.add_parser("verify", parents=[common], help="check links, rules, files and the audit chain")
    doctor = commands.add_parser("doctor", parents=[common], help="say what is wrong with this server and what to do")
    doctor.add_argument("--port", type=int, default=8460)
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
