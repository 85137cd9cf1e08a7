"""Starts programs as processes of their own that need not import everything anew.

Importing a program takes two to three seconds of processor time, its start without that half a second, and the tests start
several hundred. So a process that has imported everything, and done nothing else, forks for each start; the child then runs
the program's module as `python -m` would, with its own arguments, environment, files and exit status. Where there is no fork,
and for modules that are no program of ours, a fresh interpreter is started. The journey and the bench start every program
afresh.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

TOP = Path(__file__).resolve().parents[2]
WORKER = "server.commands.worker"
CLIENTS = ("client_kiosk", "client_led", "client_pad", "client_staff")
FAMILIES = {
    "server": (
        "server.__main__", "server.serve", WORKER, "server.demo.portraits",
        "uvicorn.protocols.websockets.websockets_sansio_impl",
    ),
    "clients": (*(f"{one}.__main__" for one in CLIENTS), "tests.ground.inspected"),
}  # fmt: skip
"""What each starter imports beforehand."""
afresh = False
"""Set where starts are measured: every program gets a fresh interpreter."""
MOST = 1 << 18
"""Bytes of a request: arguments and environment."""


class Started:
    """A program that runs, or has ended; to be used as `subprocess.Popen`."""

    def __init__(
        self, arguments: list[str], pid: int, report: int, stdout: IO[str] | None, stdin: IO[str] | None = None
    ) -> None:
        self.args = arguments
        self.pid = pid
        self.stdout = stdout
        self.stdin = stdin
        self.returncode: int | None = None
        self._report = report

    def poll(self) -> int | None:
        """The exit status, minus the signal's number where one ended it; nothing while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, when it has one. Raises subprocess.TimeoutExpired."""
        status = self._look(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing happens when it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], timeout)[0]:
            told = os.read(self._report, 32)
            os.close(self._report)
            self.returncode = int(told or b"-9")  # the starter itself was killed
        return self.returncode


class Starter:
    """One process that has imported a family's programs."""

    def __init__(self, family: str) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.ground.starter", family, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=TOP,
            )

    def start(
        self, arguments: list[str], environment: dict[str, str], stderr: IO[Any] | None, piped: bool, fed: bool
    ) -> Started:
        """Have a program started; `piped` makes its standard output readable, `fed` its standard input writable."""
        report, ours = os.pipe()
        out, written = os.pipe() if piped else (-1, os.dup(1))
        errors = os.dup(stderr.fileno() if stderr is not None else 2)
        read, into = os.pipe() if fed else (os.open(os.devnull, os.O_RDONLY), -1)
        try:
            with self._lock:
                request = json.dumps({"arguments": arguments, "environment": environment}).encode()
                socket.send_fds(self._control, [request], [read, written, errors, ours])
                pid = int(self._control.recv(32))
        finally:
            for one in (ours, read, written, errors):
                os.close(one)
        return Started(
            arguments, pid, report, os.fdopen(out, encoding="utf-8") if piped else None,
            os.fdopen(into, "w", encoding="utf-8") if fed else None,
        )  # fmt: skip

    def close(self) -> None:
        """End the process that starts, and what it has started and nobody has ended."""
        self._control.close()
        self._process.wait(20)


_starters: dict[str, Starter] = {}


def start(
    arguments: list[str],
    environment: dict[str, str],
    *,
    stderr: IO[Any] | None = None,
    piped: bool = False,
    fed: bool = False,
) -> Started | subprocess.Popen[str]:
    """Start `python -m` with these arguments (the module first) at the top of the tree."""
    family = {
        "server": "server",
        WORKER: "server",
        "tests.ground.inspected": "clients",
        **dict.fromkeys(CLIENTS, "clients"),
    }.get(arguments[0])
    if family is None or afresh or not hasattr(os, "fork"):
        into, out = (subprocess.PIPE if one else None for one in (fed, piped))
        command = [sys.executable, "-m", *arguments]
        return subprocess.Popen(command, stdin=into, stdout=out, stderr=stderr, text=True, cwd=TOP, env=environment)
    if family not in _starters:
        _starters[family] = Starter(family)
    return _starters[family].start(arguments, environment, stderr, piped, fed)


def finished(
    arguments: list[str], environment: dict[str, str] | None = None, *, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run `python -m` with these arguments (the module first) to its end, with what it said. Raises
    subprocess.TimeoutExpired after `timeout` seconds, and ends it."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = start(arguments, environment or dict(os.environ), stderr=errors, piped=True)
        ends = threading.Timer(timeout, process.kill)
        ends.start()
        try:
            assert process.stdout is not None
            with process.stdout as stdout:
                said = stdout.read()
            status = process.wait()
        finally:
            late = not ends.is_alive()
            ends.cancel()
        if late:
            raise subprocess.TimeoutExpired(arguments, timeout, said)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, status, said, errors.read())


def worker() -> Any:
    """What `server.engine.jobs.aside` starts, for tests of a server in the test's own process."""
    return start([WORKER], dict(os.environ), piped=True, fed=True)


def close() -> None:
    """End the processes that start, at the end of the session."""
    while _starters:
        _starters.popitem()[1].close()


def _asked(control: socket.socket) -> dict[str, Any] | None:
    """Fork for each request and tell how the children ended; gives the request in a child, nothing at the end."""
    children: dict[int, int] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    while True:
        ready = select.select([control.fileno(), woken], [], [])[0]
        if woken in ready:
            os.read(woken, 512)
            for pid in [*children]:
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    os.write(children[pid], str(os.waitstatus_to_exitcode(status)).encode())
                    os.close(children.pop(pid))
        if control.fileno() in ready:
            data, descriptors, _, _ = socket.recv_fds(control, MOST, 4)
            if not data:
                # The tests have ended; were they killed, nothing of theirs may go on writing to lines and files.
                for pid in children:
                    os.kill(pid, signal.SIGTERM)
                return None
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, before)
                for one in (woken, wake, descriptors[3], *children.values()):
                    os.close(one)
                request: dict[str, Any] = json.loads(data)
                return {**request, "files": descriptors[:3]}
            children[pid] = descriptors[3]
            for one in descriptors[:3]:
                os.close(one)
            control.send(str(pid).encode())


def main() -> None:
    """Import, then wait for requests; in a child, be the program."""
    with contextlib.suppress(Exception):  # what cannot be imported says so itself when it is started
        for name in FAMILIES[sys.argv[1]]:
            importlib.import_module(name)
        if sys.argv[1] == "server":
            importlib.import_module("server.app").load_modules()
    with socket.socket(fileno=int(sys.argv[2])) as control:
        request = _asked(control)
    if request is None:
        return
    for place, one in enumerate(request["files"]):
        os.dup2(one, place)
        os.close(one)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    random.seed()
    module, *arguments = request["arguments"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
