"""Ticket printers: a picture goes out as a raster, and what went wrong comes back in words.

Everything that touches the device runs in the printer's own thread; callers get a future and may await it with
`asyncio.wrap_future`. A trouble never raises: the kiosk keeps the number and offers the paperless ticket (QUE-909).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from PIL import Image

from common.devices.printer_lines import FileLine, NetworkLine, PrinterLine, SerialLine
from common.text import N_, _

log = logging.getLogger(__name__)
T = TypeVar("T")

Kind = Literal["paper_out", "cover_open", "offline", "jam", "no_device"]
State = Literal["ready", "paper_low", "paper_out", "cover_open", "offline", "jam"]

SENTENCES: dict[str, str] = {
    "ready": N_("The printer is ready."),
    "paper_low": N_("The printer's paper is nearly at its end."),
    "paper_out": N_("The printer is out of paper."),
    "cover_open": N_("The printer's cover is open."),
    "jam": N_("The printer's cutter is blocked."),
    "offline": N_("The printer does not answer. Is it switched on and connected?"),
    "no_device": N_("The printer cannot be opened. Check its address in the kiosk's settings."),
}

STRIP = 96
"""Rows sent at once: 7 kB, so that a printer that stops is noticed within one strip."""


@dataclass(frozen=True)
class PrinterStatus:
    """What is known of the printer."""

    state: State
    told: bool = False
    """Whether the printer itself said so; a file or a one-way line cannot."""
    detail: str = ""

    @property
    def can_print(self) -> bool:
        """Whether a ticket would come out."""
        return self.state in ("ready", "paper_low")

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.state])


@dataclass(frozen=True)
class Printed:
    """The ticket came out."""

    seconds: float
    status: PrinterStatus


@dataclass(frozen=True)
class PrinterTrouble:
    """The ticket did not come out, or not whole."""

    kind: Kind
    detail: str = ""
    """What the device or system said, for the log and the console."""
    begun: bool = False
    """Whether a part of the ticket may hang out of the printer."""

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.kind])


Outcome = Printed | PrinterTrouble


class TicketPrinter(Protocol):
    """What a kiosk needs of a printer."""

    address: str
    on_screen: bool
    """True where there is no paper and the ticket is shown instead."""

    @property
    def status(self) -> PrinterStatus:
        """The last known status; returns at once."""

    def ask_status(self) -> Future[PrinterStatus]:
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
    def status(self) -> PrinterStatus:
        """Always ready."""
        return PrinterStatus("ready", told=True)

    def ask_status(self) -> Future[PrinterStatus]:
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
        self._status = PrinterStatus("ready")
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

    @property
    def status(self) -> PrinterStatus:
        """The last known status; returns at once."""
        return self._status

    def ask_status(self) -> Future[PrinterStatus]:
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

    def _ask(self) -> PrinterStatus:
        try:
            self._line.open()
            self._status = self._read_status()
        except OSError as broken:
            self._line.close()
            self._status = PrinterStatus("offline", told=True, detail=str(broken))
        return self._status

    def _read_status(self) -> PrinterStatus:
        """Ask in real time (DLE EOT). A printer that answered once and is silent now is offline; others cannot tell."""
        if not self._line.two_way:
            return PrinterStatus("ready")
        paper = self._line.ask(4)
        if paper is None:
            return PrinterStatus("offline", told=True, detail="no answer") if self._answers else PrinterStatus("ready")
        self._answers = True
        cause, error = self._line.ask(2), self._line.ask(3)
        state: State = "ready"
        if cause is not None and cause & 0x04:
            state = "cover_open"
        elif paper & 0x60 == 0x60 or (cause is not None and cause & 0x20):
            state = "paper_out"
        elif error is not None and error & 0x08:
            state = "jam"
        elif paper & 0x0C == 0x0C:
            state = "paper_low"
        return PrinterStatus(state, told=True)

    def _print(self, picture: Image.Image) -> Outcome:
        begin = time.monotonic()
        begun = False
        try:
            self._line.open()
            self._status = self._read_status()
            if not self._status.can_print:
                return self._trouble(self._status.state, self._status.detail, begun)
            begun = True
            self._line.begin()
            for top in range(0, picture.height, STRIP):
                if self._closing:
                    return PrinterTrouble("offline", "closed while printing", begun)
                self._line.raster(picture.crop((0, top, picture.width, min(top + STRIP, picture.height))))
            self._line.cut()
            self._status = self._read_status()
            if not self._status.can_print:
                # Whether the ticket is whole cannot be known: the paper ended or the cover opened meanwhile.
                return self._trouble(self._status.state, self._status.detail, begun)
        except FileNotFoundError as missing:
            return self._trouble("no_device", str(missing), begun)
        except OSError as broken:
            return self._trouble("offline", str(broken), begun)
        self._store(picture)
        return Printed(time.monotonic() - begin, self._status)

    def _trouble(self, state: str, detail: str, begun: bool) -> PrinterTrouble:
        kinds: dict[str, Kind] = {
            "paper_out": "paper_out", "cover_open": "cover_open", "jam": "jam", "no_device": "no_device"
        }  # fmt: skip
        kind = kinds.get(state, "offline")
        if kind in ("offline", "no_device"):
            # The next ticket opens the device anew, so that a printer plugged in again just works.
            self._line.close()
            self._status = PrinterStatus("offline", told=True, detail=detail)
        log.warning("printer %s: %s %s", self.address, kind, detail)
        return PrinterTrouble(kind, detail, begun)

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
