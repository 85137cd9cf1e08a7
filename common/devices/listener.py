"""A thread that listens on a serial line, opens it again when it was gone, and lets somebody answer in between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from common.devices.device_health import HealthKeeper
from common.devices.serial_port import Port

log = logging.getLogger(__name__)

LISTEN = 0.1
"""Seconds for which the line is listened to before `idle` gets its turn; also the longest wait for the end."""


class Listener:
    """Hears one line. `hear` and `idle` are called in its thread and may write to the port."""

    def __init__(
        self,
        port: Port,
        hear: Callable[[bytes], None],
        keeper: HealthKeeper,
        *,
        name: str,
        opened: Callable[[], None] = lambda: None,
        idle: Callable[[], None] = lambda: None,
        again_after: float = 2.0,
    ) -> None:
        """`opened` follows each opening; `idle` follows each short silence; an `OSError` of theirs closes the line."""
        self._port = port
        self._hear = hear
        self._keeper = keeper
        self._opened = opened
        self._idle = idle
        self._again_after = again_after
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and let go of the line."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except OSError as broken:
                if self._keeper.health.state != "unplugged":
                    log.warning("%s: %s", self._port.address, broken)
                self._keeper.become("unplugged", str(broken))
                self._port.close()
                self._stop.wait(self._again_after)
        self._port.close()

    def _listen(self) -> None:
        self._port.open()
        self._opened()
        while not self._stop.is_set():
            if data := self._port.read(LISTEN):
                self._hear(data)
            self._idle()
