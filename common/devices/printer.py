"""Ticket printers: a picture goes out as a raster, and what went wrong comes back in words.

Everything that touches the device runs in the printer's own thread; callers get a future and may await it with
`asyncio.wrap_future`. A trouble never raises: the kiosk keeps the number and offers the paperless ticket (QUE-909).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from PIL import Image

from common.devices import printer_health
from common.devices.printer_health import Extent, Kind, Outcome, Printed, PrinterHealth, PrinterTrouble, Trouble
from common.devices.printer_lines import FileLine, NetworkLine, PrinterLine, SerialLine

__all__ = ["EscposPrinter", "Outcome", "Printed", "PrinterHealth", "PrinterTrouble", "ScreenPrinter", "TicketPrinter",
           "open_printer"]  # fmt: skip

log = logging.getLogger(__name__)
T = TypeVar("T")

STRIP = 96
"""Rows sent at once: 7 kB, so that a printer that stops is noticed within one strip."""

OFFLINE: frozenset[Trouble] = frozenset({"offline"})

DONE_LIMIT = 8.0
"""Seconds that the last rows of a ticket may take until the printer says that it is done."""


class TicketPrinter(Protocol):
    """What a kiosk needs of a printer."""

    address: str
    on_screen: bool
    """True where there is no paper and the ticket is shown instead."""

    @property
    def status(self) -> PrinterHealth:
        """The last known status; returns at once."""

    def ask_status(self) -> Future[PrinterHealth]:
        """Ask the printer anew, in its own thread."""

    def print(self, picture: Image.Image) -> Future[Outcome]:
        """Print a picture of mode `1` and cut; the future never raises for a trouble of the device."""

    def close(self) -> None:
        """Let go of the device; what waits is given up."""


class ScreenPrinter:
    """No printer: the ticket is shown on the screen, as a picture and as a code to scan."""

    address = "screen"
    on_screen = True

    def __init__(self) -> None:
        self.last: Image.Image | None = None

    @property
    def status(self) -> PrinterHealth:
        """Always ready."""
        return PrinterHealth(told=True)

    def ask_status(self) -> Future[PrinterHealth]:
        """Always ready."""
        return _done(self.status)

    def print(self, picture: Image.Image) -> Future[Outcome]:
        """Keeps the picture for the screen."""
        self.last = picture
        outcome: Outcome = Printed(0.0, self.status)
        return _done(outcome)

    def close(self) -> None:
        """Nothing to let go."""


class EscposPrinter:
    """A ticket printer that speaks ESC/POS on a serial port, on the network, or into a file."""

    on_screen = False

    def __init__(self, address: str, line: PrinterLine, keep: Path | None = None) -> None:
        """`keep` names a folder in which every ticket that was printed is kept as PNG."""
        self.address = address
        self._line = line
        self._keep = keep
        self._kept = 0
        self._closing = False
        self._answers = False
        self._confirms: bool | None = None
        self._status = PrinterHealth()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

    @property
    def status(self) -> PrinterHealth:
        """The last known status; returns at once."""
        return self._status

    def ask_status(self) -> Future[PrinterHealth]:
        """Ask the printer anew, in its own thread."""
        return self._submit(self._ask)

    def print(self, picture: Image.Image) -> Future[Outcome]:
        """Print a picture of mode `1` and cut, in the printer's own thread."""
        return self._submit(lambda: self._print(picture))

    def close(self) -> None:
        """Let go of the device; a ticket in print ends after its strip, what waits is cancelled."""
        self._closing = True
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._line.close()

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        return self._worker.submit(work)

    def _ask(self) -> PrinterHealth:
        try:
            self._line.open()
            self._status = self._read_status()
        except OSError as broken:
            self._line.close()
            self._status = PrinterHealth(OFFLINE, told=True, detail=str(broken))
        return self._status

    def _read_status(self) -> PrinterHealth:
        """Ask in real time (DLE EOT). A printer that answered once and is silent now is offline; others cannot tell."""
        if not self._line.two_way:
            return PrinterHealth()
        paper = self._line.ask(4)
        if paper is None:
            return PrinterHealth(OFFLINE, told=True, detail="no answer") if self._answers else PrinterHealth()
        self._answers = True
        return printer_health.read({2: self._line.ask(2), 3: self._line.ask(3), 4: paper})

    def _print(self, picture: Image.Image) -> Outcome:
        begin = time.monotonic()
        extent: Extent = "none"
        try:
            self._line.open()
            self._status = self._read_status()
            if not self._status.can_print:
                return self._trouble(self._status, extent)
            extent = "partly"
            self._line.begin()
            for top in range(0, picture.height, STRIP):
                if self._closing:
                    return PrinterTrouble("offline", "closed while printing", extent)
                self._line.raster(picture.crop((0, top, picture.width, min(top + STRIP, picture.height))))
            self._line.cut()
            extent = "unknown"
            confirmed = self._await_done()
            self._status = self._read_status()
            if not self._status.can_print and not confirmed:
                # The paper ended or the cover opened meanwhile.
                return self._trouble(self._status, extent)
        except FileNotFoundError as missing:
            return self._no_line("no_device", str(missing), extent)
        except OSError as broken:
            return self._stopped(str(broken), extent)
        self._store(picture)
        return Printed(time.monotonic() - begin, self._status, confirmed)

    def _await_done(self) -> bool:
        """Whether the printer says that the ticket is out: it answers GS r only after all that was sent before.

        Printers that do not know it are asked once, and from then on believed as before.
        """
        if not self._answers or self._confirms is False:
            return False
        end = time.monotonic() + DONE_LIMIT
        self._line.ask_when_done()
        while time.monotonic() < end and not self._closing:
            if self._line.is_done():
                self._confirms = True
                return True
            if not self._read_status().can_print:
                return False
        if self._confirms is None:
            self._confirms = False
            return False
        raise OSError("the printer took the ticket and never said that it was done")

    def _stopped(self, detail: str, extent: Extent) -> PrinterTrouble:
        """It takes no more bytes: a printer without paper does so too, and may still say why."""
        try:
            why = self._read_status()
        except OSError:
            why = PrinterHealth(OFFLINE)
        if self._answers and not why.can_print and "offline" not in why.troubles:
            self._status = why
            # What lies in the line would be printed before the next ticket.
            self._line.close()
            return self._trouble(why, extent)
        return self._no_line("offline", detail, extent)

    def _no_line(self, kind: Kind, detail: str, extent: Extent) -> PrinterTrouble:
        # The next ticket opens the device anew, so that a printer plugged in again just works.
        self._line.close()
        self._status = PrinterHealth(OFFLINE, told=True, detail=detail)
        log.warning("printer %s: %s %s", self.address, kind, detail)
        return PrinterTrouble(kind, detail, extent)

    def _trouble(self, health: PrinterHealth, extent: Extent) -> PrinterTrouble:
        state = health.state
        if state == "offline":
            return self._no_line(state, health.detail, extent)
        assert state != "ready" and state != "paper_low"
        log.warning("printer %s: %s %s", self.address, state, health.detail)
        return PrinterTrouble(state, health.detail, extent)

    def _store(self, picture: Image.Image) -> None:
        if self._keep is not None:
            self._kept += 1
            self._keep.mkdir(parents=True, exist_ok=True)
            picture.save(self._keep / f"ticket_{self._kept:04d}.png")


def open_printer(address: str, keep: Path | None = None) -> TicketPrinter:
    """The printer behind an address; nothing is opened before the first use, so it never fails for a missing device.

    `file:/path` (a device file such as /dev/usb/lp0, or a file that gathers what would be printed),
    `serial:/dev/ttyS0[,115200]`, `serial:COM3`, `network:host[:9100]`, `screen`. Raises `ValueError` for another form.
    """
    kind, _colon, rest = address.partition(":")
    if address in ("", "screen"):
        return ScreenPrinter()
    if kind == "file" and rest:
        return EscposPrinter(address, FileLine(rest), keep)
    if kind == "serial" and rest:
        port, _comma, speed = rest.partition(",")
        return EscposPrinter(address, SerialLine(port, int(speed or 115200)), keep)
    if kind == "network" and rest:
        host, _colon, number = rest.rpartition(":") if ":" in rest else (rest, "", "")
        return EscposPrinter(address, NetworkLine(host, int(number or 9100)), keep)
    raise ValueError(f"not a printer: {address!r} (file:/path, serial:/dev/ttyS0, network:host:port or screen)")


def _done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future
