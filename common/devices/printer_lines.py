"""How a printer is connected: python-escpos on a serial port, a socket or a file, with time limits on every byte.

Each call raises `OSError` when the device is gone or stays silent. Used in the printer's thread only; python-escpos
takes a third of a second to import, so it is imported at first use.
"""

from __future__ import annotations

import os
import socket
import stat
from typing import Any, Protocol

from PIL import Image

from common.devices.serial_port import GONE

PROFILE = "TM-T20II"
"""A profile of 576 dots with cutter; only its width and its cut are used."""

WRITE_LIMIT = 5.0
"""Seconds after which a printer that takes no bytes counts as gone."""

ANSWER_LIMIT = 0.5
"""Seconds that a printer may take to answer a status question (it does so in 20 ms)."""


class PrinterLine(Protocol):
    """One connection to a printer."""

    two_way: bool
    """Whether status can be read back."""

    def open(self) -> None:
        """Open it if it is not open."""

    def begin(self) -> None:
        """Set the printer to its defaults before a ticket."""

    def raster(self, strip: Image.Image) -> None:
        """Send rows of a picture (GS v 0)."""

    def cut(self) -> None:
        """Feed and cut, and wait until everything was taken."""

    def ask(self, what: int) -> int | None:
        """The answer byte of DLE EOT `what`; nothing when the printer stays silent."""

    def ask_when_done(self) -> None:
        """Ask for the paper sensor within the stream (GS r): the answer comes when everything before it is on paper."""

    def is_done(self) -> bool:
        """Whether that answer has come; waits for it for a short time."""

    def close(self) -> None:
        """Let go; never fails."""


class _EscposLine:
    """What the three connections share."""

    two_way = True

    def __init__(self) -> None:
        self._printer: Any = None
        self._done = self._awaiting = False

    def _make(self) -> Any:
        raise NotImplementedError

    def open(self) -> None:
        """Open it if it is not open."""
        if self._printer is None:
            from escpos.exceptions import DeviceNotFoundError

            printer = self._make()
            try:
                printer.open()
            except (DeviceNotFoundError, OSError) as missing:
                raise FileNotFoundError(str(missing)) from missing
            self._printer = printer
            self._opened(printer.device)

    def _opened(self, device: Any) -> None:
        """Set time limits on the device that python-escpos has opened."""

    def begin(self) -> None:
        """ESC @: defaults, no margins left over from another program."""
        self._printer.hw("INIT")

    def raster(self, strip: Image.Image) -> None:
        """Rows of a picture (GS v 0)."""
        self._printer.image(strip, impl="bitImageRaster", fragment_height=strip.height)

    def cut(self) -> None:
        """Feed and cut."""
        self._printer.cut()

    def _read_byte(self, device: Any) -> bytes:
        raise NotImplementedError

    def _drop_old_answers(self, device: Any) -> None:
        """Forget what the printer sent unasked (automatic status)."""

    def ask(self, what: int) -> int | None:
        """DLE EOT; real-time answers have bits 1 and 4 set, bits 0 and 7 not."""
        device = self._printer.device
        if not self._awaiting:
            self._drop_old_answers(device)
        self._printer._raw(bytes((0x10, 0x04, what)))
        answer = self._read_byte(device)
        if self._awaiting and answer and answer[0] & 0x90 == 0:
            # The word that the ticket is out came just before.
            self._done, self._awaiting = True, False
            answer = self._read_byte(device)
        return answer[0] if answer and answer[0] & 0x93 == 0x12 else None

    def ask_when_done(self) -> None:
        """GS r 1; what the printer said unasked is forgotten."""
        self._done, self._awaiting = False, True
        self._drop_old_answers(self._printer.device)
        self._printer._raw(b"\x1dr\x01")

    def is_done(self) -> bool:
        """Its answer has bits 4 and 7 clear, those of DLE EOT have bit 4 set: the two are told apart."""
        answer = b"" if self._done else self._read_byte(self._printer.device)
        if answer and answer[0] & 0x90 == 0:
            self._done, self._awaiting = True, False
        return self._done

    def close(self) -> None:
        """Let go; a device that is gone already is no failure here."""
        printer, self._printer = self._printer, None
        self._done = self._awaiting = False
        if printer is not None:
            self._let_go(printer)

    def _let_go(self, printer: Any) -> None:
        try:
            printer.close()
        except OSError:
            # Unplugged: there is nothing left to close, and the next ticket opens anew.
            return


class SerialLine(_EscposLine):
    """A serial port of Linux or Windows (`/dev/ttyS0`, `COM3`)."""

    def __init__(self, port: str, speed: int) -> None:
        super().__init__()
        self.port, self.speed = port, speed

    def _make(self) -> Any:
        from escpos.printer import Serial

        # DSR as flow control hangs on adapters that leave the pin open; XON and XOFF would eat bytes of the raster.
        return Serial(self.port, baudrate=self.speed, timeout=ANSWER_LIMIT, dsrdtr=False, profile=PROFILE)

    def _opened(self, device: Any) -> None:
        device.write_timeout = WRITE_LIMIT

    def _drop_old_answers(self, device: Any) -> None:
        device.read(device.in_waiting)

    def _read_byte(self, device: Any) -> bytes:
        return bytes(device.read(1))

    def _let_go(self, printer: Any) -> None:
        # python-escpos flushes first, which waits for ever when the other side no longer reads.
        device = printer.device
        if device:
            try:
                device.reset_output_buffer()
            except GONE:
                pass  # unplugged: nothing waits to be sent any more
            device.close()


class NetworkLine(_EscposLine):
    """A printer with a network socket, port 9100 as a rule."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self.host, self.port = host, port

    def _make(self) -> Any:
        from escpos.printer import Network

        class ClosedNetwork(Network):  # type: ignore[misc]
            """python-escpos leaves the socket open when the printer refuses; a night of that takes all of them."""

            def open(self, raise_not_found: bool = True) -> None:
                self.device = socket.create_connection((self.host, self.port), self.timeout)

        return ClosedNetwork(self.host, port=self.port, timeout=WRITE_LIMIT, profile=PROFILE)

    def _opened(self, device: Any) -> None:
        device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _drop_old_answers(self, device: Any) -> None:
        device.setblocking(False)
        try:
            while device.recv(64):
                pass
            raise ConnectionResetError("the printer closed the connection")
        except BlockingIOError:
            return
        finally:
            device.settimeout(WRITE_LIMIT)

    def _read_byte(self, device: Any) -> bytes:
        device.settimeout(ANSWER_LIMIT)
        try:
            answer = bytes(device.recv(1))
        except TimeoutError:
            return b""
        finally:
            device.settimeout(WRITE_LIMIT)
        if not answer:
            raise ConnectionResetError("the printer closed the connection")
        return answer


class FileLine(_EscposLine):
    """A device file such as `/dev/usb/lp0`, or a plain file to which every ticket is added."""

    two_way = False

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def _make(self) -> Any:
        from escpos.printer import File

        class AddedFile(File):  # type: ignore[misc]
            """python-escpos empties the file at every opening; tickets already printed would be lost."""

            def open(self, raise_not_found: bool = True) -> None:
                self.device = open(self.devfile, "ab", buffering=0)  # noqa: SIM115 (closed by python-escpos)

        return AddedFile(self.path, profile=PROFILE)

    def cut(self) -> None:
        """Feed and cut; a plain file is on the disk afterwards."""
        super().cut()
        handle = self._printer.device.fileno()
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.fsync(handle)

    def ask(self, what: int) -> int | None:
        """Nothing comes back."""
        return None
