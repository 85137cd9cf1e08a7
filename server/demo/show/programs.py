"""The demo hall's processes: a server and five programs, each started by its entry point, stopped by its process id."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Self

from common.protocol.discovery import NOBODY, WHERE_VARIABLE

PROGRAMS = {"kiosk": "kiosk", "staff": "staff", "pad": "pad", "central": "led", "strip": "led"}
"""The five windows, and the program that shows each."""
WINDOW = 3
"""The window at which pad and strip stand."""
DEVICES = {
    "kiosk": ("kiosk", "--zone", "1"),
    "staff": ("staff_pc", "--zone", "1"),
    "pad": ("pad", "--window", str(WINDOW)),
    "central": ("led", "--zone", "1"),
    "strip": ("led", "--window", str(WINDOW)),
}
"""Each has a device's token of its own."""
PATIENCE = 15
"""Seconds in which a program ends when it is asked to."""


class NotStarted(Exception):
    """A program did not start; the sentence is its own."""


def entry_point(name: str) -> list[str]:
    """How `openhall-NAME` is started: its script beside this Python, else its package."""
    ending = ".exe" if os.name == "nt" else ""
    script = Path(sysconfig.get_path("scripts")) / f"openhall-{name}{ending}"
    if script.is_file():
        return [str(script)]
    return [sys.executable, "-m", "server" if name == "server" else f"client_{name}"]


class Programs:
    """The processes of one demo hall, which lies in `folder`. `with` stops them all."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.data = folder / "server"
        self.url = ""
        self.accounts: list[dict[str, Any]] = []
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        """Names of programs that have ended, as they do."""
        # It is nobody else's hall: it is not announced on the network.
        self._environment = {**os.environ, **environment, WHERE_VARIABLE: NOBODY, "PYTHONUNBUFFERED": "1"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def words(self, name: str) -> Path:
        """The file with what a program says on standard error."""
        return self.folder / "programs" / f"{name}.txt"

    def start_server(self, *options: str) -> None:
        """Start the server on a free port of loopback; returns when it serves. Raises NotStarted."""
        self.data.mkdir(parents=True, exist_ok=True)
        arguments = ["serve", "--demo", "--plain-http", "--port", "0", "--data", str(self.data), *options]
        server = self._start("server", [*entry_point("server"), *arguments], stdout=subprocess.PIPE)
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            raise NotStarted(f"the server did not start:\n{self.words('server').read_text(errors='replace')}")
        ready = json.loads(line)
        self.url, self.accounts = str(ready["url"]), list(ready["accounts"])

    def make_tokens(self, names: Iterable[str]) -> None:
        """A token of its own for each program, by `openhall-server device add`. Raises NotStarted."""
        asked = {
            name: subprocess.Popen(
                [
                    *entry_point("server"),
                    "device",
                    "add",
                    "--data",
                    str(self.data),
                    "--label",
                    name,
                    "--kind",
                    *DEVICES[name],
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=self._environment,
            )
            for name in names
        }
        for name, adding in asked.items():
            token, words = adding.communicate()
            if adding.returncode != 0:
                raise NotStarted(f"no token for {name}: {words.strip()}")
            path = self.token(name)
            path.parent.mkdir(exist_ok=True)
            path.touch(0o600)
            path.write_text(token, "utf-8")

    def token(self, name: str) -> Path:
        """The file with a program's token."""
        return self.folder / "tokens" / name

    def start(self, name: str, *options: str, profile: str | None = None) -> None:
        """Start one of the five programs; its window comes by itself."""
        self._start(
            profile or name,
            [
                *entry_point(PROGRAMS[name]),
                *("--server", self.url, "--token", str(self.token(name))),
                *("--profile", str(self.folder / "profiles" / (profile or name)), *options),
            ],
        )

    def _start(self, name: str, command: list[str], stdout: int | IO[str] | None = None) -> subprocess.Popen[str]:
        self.words(name).parent.mkdir(parents=True, exist_ok=True)
        with self.words(name).open("a", encoding="utf-8") as words:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout if stdout is not None else words,
                stderr=words,
                encoding="utf-8",
                env=self._environment,
                # Ctrl+C reaches us only: we stop them, in order.
                start_new_session=os.name != "nt",
            )
        self.running[name] = process
        threading.Thread(target=self._await_end, args=(name, process), name=f"end of {name}", daemon=True).start()
        return process

    def _await_end(self, name: str, process: subprocess.Popen[str]) -> None:
        process.wait()
        self.ended.put(name)

    def alive(self) -> list[str]:
        """The names of those that run, without the server."""
        return [name for name, process in self.running.items() if name != "server" and process.poll() is None]

    def end(self, *names: str) -> dict[str, int]:
        """Ask these to end, as the desktop does, and wait; gives their exit statuses."""
        ending = {name: self.running.pop(name) for name in names if name in self.running}
        for process in ending.values():
            if process.poll() is None:
                process.terminate()
        statuses: dict[str, int] = {}
        for name, process in ending.items():
            try:
                statuses[name] = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                statuses[name] = process.wait()
            if process.stdout is not None:
                process.stdout.close()
        return statuses

    def stop(self) -> None:
        """End all, the server last, so that it hears of everybody."""
        self.end(*(name for name in self.running if name != "server"))
        self.end("server")
