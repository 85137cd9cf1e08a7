"""`openhall-server backup` and `restore`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from common.text import N_
from server.app import load_modules
from server.commands.opening import place_of
from server.engine.audit.anchor import verify_anchors
from server.engine.audit.verify import verify_chain
from server.engine.backup.archive import PASSPHRASE_VARIABLE
from server.engine.backup.loaders import server_passphrase
from server.engine.backup.restore import Restored, refuse_unfinished, restore
from server.engine.backup.results import write_down
from server.engine.backup.snapshot import plain_connection
from server.engine.backup.take import Taken, take
from server.engine.database.migrations import heads, revision_of
from server.engine.engine import Engine
from server.engine.errors import Refused, refusal

NO_FILE = refusal("backup.no_passphrase_file", N_("The passphrase file {name} cannot be read."), 422)
DIFFERENT = refusal("backup.passphrases_differ", N_("The two passphrases are not the same. Nothing was done."), 422)


def given_passphrase(options: argparse.Namespace, *, twice: bool) -> str | None:
    """From a file, from the environment, or typed; never from the command line, which others can read."""
    if options.passphrase_file is not None:
        try:
            return str(options.passphrase_file.read_text(encoding="utf-8")).strip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise Refused("backup.no_passphrase_file", name=str(options.passphrase_file)) from None
    word = server_passphrase()
    if word is not None or not sys.stdin.isatty():
        return word
    word = getpass.getpass("Passphrase of the backup: ")
    if twice and getpass.getpass("Once more: ") != word:
        raise Refused("backup.passphrases_differ")
    return word


class Shown:
    """Progress on a terminal; nothing when standard error is none."""

    def __init__(self) -> None:
        self._last = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """How far a stage is."""
        said = f"{stage} {100 * done // max(1, total)} %"
        if self._terminal and said != self._last:
            print(f"\r{said:<30}", end="", file=sys.stderr, flush=True)
            self._last = said

    def end(self) -> None:
        """Begin a line of its own."""
        if self._last:
            print(file=sys.stderr)


def run_backup(options: argparse.Namespace) -> int:
    """Take a backup, also while the hall works; the last line of standard output is its path."""
    load_modules()
    data, url = place_of(options)
    refuse_unfinished(data)
    passphrase = None
    if options.encrypt:
        passphrase = given_passphrase(options, twice=True)
        if not passphrase:
            raise Refused("backup.needs_passphrase", variable=PASSPHRASE_VARIABLE)
    to: Path = (options.to or data / "backups").absolute()
    if options.to is None and data.is_dir():
        to.mkdir(mode=0o700, exist_ok=True)
    shown = Shown()
    taken = take(url, data, to, now=datetime.now(UTC), passphrase=passphrase, progress=shown)
    shown.end()
    for what, names in (("missing", taken.missing_files), ("altered", taken.altered_files)):
        for name in names:
            print(f"The file {name} is {what} in the file store.", file=sys.stderr)
    with plain_connection(url) as connection:
        own = [revision_of(connection)] == heads()
    if own:
        _write_down(data, url, taken)
    print(taken.path)
    return 0


def _write_down(data: Path, url: object, taken: Taken) -> None:
    engine = Engine(url, data)  # type: ignore[arg-type]
    engine.open(jobs=False)
    try:
        engine.act("backup.taken", lambda work: write_down(work, "command", taken))
    finally:
        engine.close()


def run_restore(options: argparse.Namespace) -> int:
    """Restore an archive into an empty place."""
    load_modules()
    data, url = place_of(options)
    shown = Shown()
    done = restore(options.archive, data, url, lambda: given_passphrase(options, twice=False), shown)
    shown.end()
    engine = Engine(url, data)
    engine.open(jobs=False)
    try:
        engine.act("backup.restored", lambda work: _restored(work, done))
        now = engine.clock.now()
        with engine.store.reading() as connection:
            wrong = verify_chain(connection, now) + verify_anchors(connection, data, str(engine.house.server_id))
    finally:
        engine.close()
    print(f"Restored the hall of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC into {data}.")
    if done.migrated:
        print("It was brought from its older release to this one.")
    for said in wrong:
        print(f"The audit of this hall was damaged before the backup: {said}", file=sys.stderr)
    print("Sessions of people have ended; devices go on. Start it with: openhall-server serve", end="")
    print(f" --data {os.fspath(data)}")
    return 0


def _restored(work: object, done: Restored) -> None:
    manifest = done.manifest
    work.audit(  # type: ignore[attr-defined]
        "house",
        None,
        {"epoch": [manifest.epoch, done.epoch], "restored": [None, manifest.made_at.isoformat()]},
    )
