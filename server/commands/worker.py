"""`python -m server.commands.worker`: one backup, preparation of a restore, check of the stored data, export or
reading of a file to import, for the server that started it.

One line of JSON on standard input says what to do; lines of JSON on standard output say how far it is and how it ended. When
standard input ends, it stops and tidies up: the server asked for that, or is gone.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.engine import make_url

from server.app import load_modules
from server.engine.backup import results
from server.engine.backup.prepared import prepare
from server.engine.backup.take import Stopped, take
from server.engine.database.types import to_json
from server.engine.errors import Refused

SHARES = {
    "database": (0, 60), "files": (60, 85), "checking": (85, 100),
    "opening": (0, 20), "keeping": (20, 60), "unpacking": (60, 100),
}  # fmt: skip
"""From which to which percent of a backup, or of the preparation of a restore, a stage goes."""
TOLD_SECONDS = 0.25


class Teller:
    """Says how far it is, and stops when standard input ends."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._told = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def say(self, **what: Any) -> None:
        """One line."""
        # Whoever reads may be gone; what was done stands all the same.
        with suppress(BrokenPipeError):
            print(to_json(what), flush=True)

    def progress(self, stage: str, done: int, total: int) -> None:
        """How far a stage is; raises Stopped when it is to end."""
        if self._over.is_set():
            raise Stopped
        if time.monotonic() - self._told >= TOLD_SECONDS:
            self._told = time.monotonic()
            low, high = SHARES.get(stage, (0, 100))
            self.say(progress=[stage, round(low + (high - low) * done / max(1, total))])

    def _watch(self) -> None:
        # Not through sys.stdin: its lock, held by a thread that waits, would end the interpreter with an error.
        while os.read(0, 1024):
            pass
        self._over.set()


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            break
        line += piece
    return line


def main() -> int:
    """Do what the first line says; gives the exit status."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if hasattr(os, "nice"):
        os.nice(10)
    task = json.loads(_first_line())
    teller = Teller()
    load_modules()
    work: Callable[[dict[str, Any], Teller], dict[str, Any]] = {
        "backup": _backup,
        "verify": _verify,
        "prepare": _prepared,
        "export": _export,
        "import": _import,
    }[task["do"]]
    try:
        teller.say(result=work(task, teller))
    except Refused as no:
        teller.say(refused={"code": no.code, "facts": no.facts})
        return 1
    except Stopped:
        teller.say(stopped=True)
        return 1
    return 0


def _backup(task: dict[str, Any], teller: Teller) -> dict[str, Any]:
    to = Path(task["to"])
    if task["make"]:
        to.mkdir(mode=0o700, exist_ok=True)
    taken = take(
        make_url(task["url"]),
        Path(task["data"]),
        to,
        now=datetime.fromisoformat(task["now"]),
        passphrase=task["passphrase"],
        progress=teller.progress,
    )
    return results.of_backup(taken)


def _prepared(task: dict[str, Any], teller: Teller) -> dict[str, Any]:
    began = time.monotonic()
    to = Path(task["to"])
    if task["make"]:
        to.mkdir(mode=0o700, exist_ok=True)
    prepare(
        Path(task["archive"]),
        Path(task["data"]),
        make_url(task["url"]),
        to,
        server_id=UUID(task["server_id"]),
        who=UUID(task["who"]) if task["who"] else None,
        now=datetime.fromisoformat(task["now"]),
        word=task["word"],
        passphrase=task["passphrase"],
        row_of=results.of_backup,
        progress=teller.progress,
    )
    return {"state": "good", "seconds": round(time.monotonic() - began)}


def _export(task: dict[str, Any], teller: Teller) -> dict[str, Any]:
    from server.engine.exports.write import write

    return write(
        make_url(task["url"]),
        Path(task["data"]),
        UUID(task["id"]),
        Path(task["to"]),
        datetime.fromisoformat(task["now"]),
        teller.progress,
    )


def _import(task: dict[str, Any], teller: Teller) -> dict[str, Any]:
    from server.engine.imports.check import check, look

    where = (make_url(task["url"]), Path(task["data"]), UUID(task["id"]), Path(task["file"]))
    now = datetime.fromisoformat(task["now"])
    if task["what"] == "reading":
        return look(*where, now, teller.progress)
    return check(*where, Path(task["to"]), now, teller.progress)


def _verify(task: dict[str, Any], teller: Teller) -> dict[str, Any]:
    from server.commands.checking import verified

    began = time.monotonic()
    url, data = make_url(task["url"]), Path(task["data"])
    found = verified(url, data, datetime.fromisoformat(task["now"]), teller.progress)
    return results.of_verification(found, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
