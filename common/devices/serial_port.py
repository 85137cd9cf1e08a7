"""A serial line for everything but printers: signs, key pads, pagers, card readers, scanners.

The address is `serial:/dev/ttyUSB0[,9600[,8N1]]`, `serial:COM3`, or `network:host:port` for a serial line behind an
Ethernet adapter. Whatever happens to the line comes as `OSError`; no call takes longer than its limit.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, Protocol, cast

Parity = Literal["N", "E", "O"]

GONE: tuple[type[Exception], ...] = (OSError,)
"""What pyserial raises when a port was unplugged; on POSIX also the terminal's own error, which is no OSError."""
if sys.platform != "win32":
    import termios

    GONE = (OSError, termios.error)

WRITE_LIMIT = 3.0
"""Seconds after which a line that takes no bytes counts as gone."""

GLANCE = 0.05
"""Seconds of one look at the line. Fixed: pyserial configures the whole port anew whenever its limit is changed."""

_SERIAL = re.compile(r"(?P<name>[^,]+)(,(?P<speed>\d+)(,(?P<bits>[78])(?P<parity>[NEO])1)?)?")


@dataclass(frozen=True)
class Framing:
    """Speed and form of a byte on the line."""

    speed: int
    bits: Literal[7, 8] = 8
    parity: Parity = "N"


class Port(Protocol):
    """One serial line; used by one thread."""

    address: str

    @property
    def is_open(self) -> bool:
        """Whether it was opened and has not failed since."""

    def open(self) -> None:
        """Open it if it is not open; raises `OSError`."""

    def write(self, data: bytes) -> None:
        """Send, and wait until the system took everything; raises `OSError`."""

    def read(self, limit: float) -> bytes:
        """What has come, as soon as something comes; empty after `limit` seconds. Raises `OSError`."""

    def forget(self) -> None:
        """Drop what came unasked; raises `OSError`."""

    def close(self) -> None:
        """Let go; never fails."""


class SerialPort:
    """A port of Linux or Windows, or a socket of an adapter, through pyserial."""

    def __init__(self, address: str, url: str, framing: Framing) -> None:
        self.address = address
        self._url = url
        self._framing = framing
        self._port: Any = None

    @property
    def is_open(self) -> bool:
        """Whether it was opened and has not failed since."""
        return self._port is not None

    def open(self) -> None:
        """Open it if it is not open; raises `OSError`."""
        if self._port is not None:
            return
        import serial

        try:
            port = serial.serial_for_url(
                self._url,
                do_not_open=True,
                baudrate=self._framing.speed,
                bytesize=self._framing.bits,
                parity=self._framing.parity,
                timeout=GLANCE,
                write_timeout=WRITE_LIMIT,
            )
            if sys.platform != "win32" and "://" not in self._url:
                # Two programs on one line would cut each other's frames in pieces; Windows forbids it by itself.
                port.exclusive = True
            port.open()
        except GONE as missing:
            raise OSError(str(missing)) from missing
        self._port = port

    def write(self, data: bytes) -> None:
        """Send, and wait until the system took everything; raises `OSError`."""
        try:
            self._opened().write(data)
        except GONE as broken:
            self._fail(broken)

    def read(self, limit: float) -> bytes:
        """What has come, as soon as something comes; empty after `limit` seconds. Raises `OSError`."""
        port = self._opened()
        end = time.monotonic() + limit
        try:
            while not (first := bytes(port.read(1))):
                if time.monotonic() >= end:
                    return b""
            # Over a socket `in_waiting` says only whether there is something: what comes later comes with the next call.
            return first + bytes(port.read(port.in_waiting))
        except GONE as broken:
            self._fail(broken)

    def forget(self) -> None:
        """Drop what came unasked; raises `OSError`."""
        try:
            self._opened().reset_input_buffer()
        except GONE as broken:
            self._fail(broken)

    def close(self) -> None:
        """Let go; never fails."""
        port, self._port = self._port, None
        if port is None:
            return
        try:
            if not self._drained(port):
                # Closing would wait for a device that takes no bytes.
                port.reset_output_buffer()
        except GONE:
            pass  # unplugged: nothing waits to be sent any more
        try:
            port.close()
        except GONE:
            pass  # unplugged: there is nothing left to close

    def _drained(self, port: Any) -> bool:
        """Whether the last words went out within a second; a socket has sent them already."""
        end = time.monotonic() + 1.0
        while getattr(port, "out_waiting", 0):
            if time.monotonic() >= end:
                return False
            time.sleep(0.01)
        return True

    def _opened(self) -> Any:
        if self._port is None:
            raise OSError(f"{self.address} is not open")
        return self._port

    def _fail(self, broken: Exception) -> NoReturn:
        self.close()
        raise OSError(str(broken)) from broken


def port_at(address: str, framing: Framing) -> SerialPort:
    """The line behind an address; nothing is opened yet. Raises `ValueError` for another form."""
    kind, _colon, rest = address.partition(":")
    if kind == "serial" and rest:
        match = _SERIAL.fullmatch(rest)
        if match is not None:
            speed = int(match["speed"] or framing.speed)
            bits = cast(Literal[7, 8], int(match["bits"] or framing.bits))
            return SerialPort(
                address, match["name"], Framing(speed, bits, cast(Parity, match["parity"] or framing.parity))
            )
    if kind == "network":
        host, _colon, number = rest.rpartition(":")
        if host and number.isdigit():
            return SerialPort(address, f"socket://{host}:{number}", framing)
    raise ValueError(f"not a serial line: {address!r} (serial:/dev/ttyUSB0, serial:COM3,9600 or network:host:port)")
