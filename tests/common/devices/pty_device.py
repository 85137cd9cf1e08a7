"""A device at the other end of a serial line made of a pty pair: heard, made to answer, unplugged and plugged in again.

Its port is a link to the pty's name, so that it keeps its name when it is plugged in again, as a device of udev does.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self


class PtyDevice:
    """`with` plugs it in and out. A test's device overrides `take`."""

    def __init__(self, folder: Path, name: str = "line") -> None:
        self.port = folder / name
        self.received = bytearray()
        self.lock = threading.RLock()
        self._lose: list[int] = []
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._master = -1

    @property
    def address(self) -> str:
        """For a program."""
        return f"serial:{self.port}"

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        """Connect it."""
        import tty

        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(slave))
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._master, slave, self._end), name="pty device")
        self._thread.start()

    def unplug(self) -> None:
        """Pull its plug."""
        self.port.unlink(missing_ok=True)
        self._end.set()
        if self._thread is not None:
            self._thread.join(5)
            self._thread = None

    def lose(self, *places: int) -> None:
        """Lose these bytes of what comes from now on, counted from 0."""
        with self.lock:
            self._lose = sorted(places)

    def send(self, data: bytes) -> None:
        """Say something."""
        os.write(self._master, data)

    def take(self, data: bytes) -> None:
        """Something came, in this device's thread."""

    def turn(self) -> None:
        """Called a hundred times a second, in this device's thread."""

    def _run(self, master: int, slave: int, end: threading.Event) -> None:
        while not end.is_set():
            with self.lock:
                self.turn()
            if not select.select([master], [], [], 0.01)[0]:
                continue
            data = os.read(master, 65536)
            with self.lock:
                kept = bytes(byte for place, byte in enumerate(data) if place not in self._lose)
                self._lose = [place - len(data) for place in self._lose if place >= len(data)]
                self.received += kept
                self.take(kept)
        os.close(master)
        os.close(slave)


def until(condition: Callable[[], object], seconds: float = 10, what: str = "") -> None:
    """Wait until something holds; fails when it does not within so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what or "it did not come to be"
        time.sleep(0.005)
