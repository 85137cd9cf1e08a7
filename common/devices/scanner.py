"""Scanners of printed codes on a serial line, and what a code of ours means. What a code holds reaches no log.

A scanner sends the code's text with CR, LF or TAB behind it, or nothing but a pause. `CodeScanner` is what a program needs;
a scanner that pretends to be a keyboard is told from typing in `keyboard_wedge`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Protocol

from common.devices.device_health import DeviceHealth, HealthKeeper
from common.devices.listener import Listener
from common.devices.serial_port import Framing, Port, port_at

FRAMING = Framing(9600)

LONGEST = 4096
"""Bytes of a code; a QR code holds at most 2,953."""
PAUSE = 0.15
"""Seconds of silence after which a code without an end is complete."""
SAME_WITHIN = 1.5
"""Seconds in which the same code counts once: a scanner that looks all the time sees it many times."""

_ENDS = re.compile(rb"[\r\n\t\x03]+")
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class CodeScanner(Protocol):
    """What a program needs of a scanner."""

    @property
    def health(self) -> DeviceHealth:
        """As last known; a scanner answers nothing, so an open line is all that can be said before its first code."""

    def close(self) -> None:
        """Let go of the line."""


class CodeDecoder:
    """Bytes go in with their moment, whole codes come out. Pure."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._at = 0.0
        self._last: tuple[str, float] | None = None
        self.broken = 0
        """Codes that were too long to be any."""

    def feed(self, data: bytes, now: float) -> list[str]:
        """The codes that are whole by now; `now` in seconds, steady. Feed nothing to let a pause end one."""
        codes = []
        if self._buffer and now - self._at >= PAUSE:
            codes += self._whole(bytes(self._buffer), now)
            self._buffer.clear()
        if data:
            self._at = now
            self._buffer += data
            *whole, rest = _ENDS.split(bytes(self._buffer))
            for one in whole:
                codes += self._whole(one, now)
            self._buffer[:] = rest
            if len(self._buffer) > LONGEST:
                self.broken += 1
                self._buffer.clear()
        return codes

    def _whole(self, data: bytes, now: float) -> list[str]:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            # Scanners set to Chinese send GBK.
            text = data.decode("gb18030", "replace")
        text = _SYMBOLOGY.sub("", text.strip("\0\x02 "))
        if not text:
            return []
        last, self._last = self._last, (text, now)
        return [] if last is not None and last[0] == text and now - last[1] < SAME_WITHIN else [text]


class SerialScanner:
    """A scanner on a line. `scanned` is called in its thread, once a code."""

    def __init__(
        self,
        port: Port,
        scanned: Callable[[str], None],
        *,
        told: Callable[[DeviceHealth], None] | None = None,
        again_after: float = 2.0,
    ) -> None:
        self._scanned = scanned
        self._keeper = HealthKeeper(told)
        self._decoder = CodeDecoder()
        self._listener = Listener(
            port,
            self._hear,
            self._keeper,
            name="scanner",
            opened=self._opened,
            idle=self._idle,
            again_after=again_after,
        )

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""
        return self._keeper.health

    def close(self) -> None:
        """Let go of the line."""
        self._listener.close()

    def _opened(self) -> None:
        self._decoder = CodeDecoder()
        self._keeper.become("listening")

    def _hear(self, data: bytes) -> None:
        self._tell(self._decoder.feed(data, time.monotonic()))

    def _idle(self) -> None:
        self._tell(self._decoder.feed(b"", time.monotonic()))

    def _tell(self, codes: list[str]) -> None:
        for code in codes:
            self._keeper.heard()
            self._scanned(code)


def open_scanner(
    address: str, scanned: Callable[[str], None], *, told: Callable[[DeviceHealth], None] | None = None
) -> CodeScanner:
    """The scanner at `serial:/dev/ttyACM0[,9600]` or `network:host:port`. Raises `ValueError` for another form."""
    return SerialScanner(port_at(address, FRAMING), scanned, told=told)


def ticket_token(code: str) -> str | None:
    """The random letters of a ticket in its QR code (`https://hall/t/<22 letters>`); nothing for any other code."""
    place, slash, token = code.strip().rpartition("/t/")
    return token if slash and place.startswith(("http://", "https://")) and _TOKEN.fullmatch(token) else None
