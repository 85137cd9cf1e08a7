"""What stands at a window besides the screen: a pad with call keys, a scanner on a line or in the keyboard's place.

A pad's key gives the counter's command, a scanned ticket is found in the lists, and a sentence says when a device goes or comes
back. What else was scanned goes nowhere."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol, get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from client_staff.counter import scanned
from client_staff.counter.counter import Counter
from client_staff.counter.page import CounterPage
from common.devices.device_health import DeviceHealth
from common.devices.key_pad import CallKey, KeyPads, Press, open_key_pads, pads_at
from common.devices.keyboard_wedge import Scanned, WedgeDecoder
from common.devices.scanner import FRAMING, CodeScanner, open_scanner, ticket_token
from common.devices.serial_port import port_at
from common.link import Link, Refusal
from common.protocol.queue import WindowView
from common.protocol.queue_window import AskTicket, TicketStory
from common.qt import jobs
from common.text import N_, _

log = logging.getLogger(__name__)

COMMANDS = frozenset(get_args(CallKey))
"""Keys of a pad that are commands of the counter; a citizen's keys give none here."""
NAMES = {"pad": N_("Button pad"), "scanner": N_("Scanner")}
SLOW_PACE = 0.5
"""Seconds between two signs. Nothing is held back here and only a whole code of ours counts, so a busy PC may take its time."""
ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}


def options(parser: argparse.ArgumentParser) -> None:
    """What a staff PC may have on its lines."""
    parser.add_argument(
        "--key-pad",
        metavar="ADDRESS",
        type=_checked(pads_at),
        help="call keys: serial:/dev/ttyUSB0[,9600][:01], serial:COM3 or network:host:port",
    )
    parser.add_argument(
        "--scanner",
        metavar="ADDRESS",
        type=_checked(lambda text: port_at(text, FRAMING)),
        help="a scanner of tickets' codes: serial:/dev/ttyACM0[,9600] or network:host:port",
    )
    parser.add_argument(
        "--keyboard-scanner", action="store_true", help="a scanner types tickets' codes in the keyboard's place"
    )


def _checked(read: Callable[[str], object]) -> Callable[[str], str]:
    """An address that `read` understands; argparse says what is wrong with another."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError as wrong:
            raise argparse.ArgumentTypeError(str(wrong)) from wrong
        return text

    return check


class Workbench(Protocol):
    """What the devices need of it."""

    link: Link

    @property
    def counter(self) -> Counter | None:
        """The window in front."""

    @property
    def counter_page(self) -> CounterPage | None:
        """Its page."""

    def key_of(self, command: str) -> QWidget | None:
        """The button of a command."""

    def open_page(self, name: str) -> None:
        """Show a page."""

    def tell(self, sentence: str, tone: str) -> None:
        """Say something where the person is looking."""


class WindowHardware(QObject):
    """The devices of one staff PC, as its options name them; none is none."""

    _came = Signal(str, object)

    def __init__(self, chosen: argparse.Namespace, workbench: Any) -> None:
        super().__init__(workbench)
        self._workbench: Workbench = workbench
        # The lines have threads of their own: everything crosses over by the loop.
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._pads: KeyPads | None = None
        self._scanner: CodeScanner | None = None
        self._good: dict[str, bool] = {}
        self._shown: tuple[str, int] | None = None
        self._wedge = WedgeDecoder(pace=SLOW_PACE) if getattr(chosen, "keyboard_scanner", False) else None
        if address := getattr(chosen, "key_pad", None):
            self._pads = open_key_pads(address, self._pressed, told=self._pad_health)
        if address := getattr(chosen, "scanner", None):
            self._scanner = open_scanner(address, self._code, told=self._scanner_health)

    def show(self, window: WindowView | None) -> None:
        """Show the window's number and how many wait, on pads that have a display."""
        if self._pads is None or window is None:
            return
        wanted = (window.ticket.number if window.ticket is not None else "", window.waiting)
        if wanted == self._shown:
            return
        self._shown = wanted
        for pad in self._pads.pads:
            try:
                self._pads.show(pad, *wanted)
            except ValueError:
                log.warning("a pad cannot show ticket %s", wanted[0])

    def keyed(self, watched: QObject, event: QEvent) -> bool:
        """A key of the keyboard; true for the end of a ticket's code that a scanner typed, which is nobody's Enter."""
        if self._wedge is None or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        # Once a key: what the focus does not take goes on to everything around it.
        if watched is not (QApplication.focusWidget() or watched):
            return False
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        sign = ENDS.get(Qt.Key(event.key()), event.text())
        if len(sign) != 1 or not (sign.isprintable() or sign in ENDS.values()):
            return False
        for one in self._wedge.key(sign, time.monotonic()):
            token = ticket_token(one.text) if isinstance(one, Scanned) else None
            if isinstance(one, Scanned) and token is not None:
                _take_out(one.text)
                self._found(token)
                return True
        return False

    def close(self) -> None:
        """Let go of the lines."""
        for device in (self._pads, self._scanner):
            if device is not None:
                device.close()
        self._pads = self._scanner = None

    # the lines' threads

    def _pressed(self, press: Press) -> None:
        self._came.emit("key", press.key)

    def _code(self, code: str) -> None:
        self._came.emit("code", code)

    def _pad_health(self, _pad: str, health: DeviceHealth) -> None:
        self._came.emit("pad", health)

    def _scanner_health(self, health: DeviceHealth) -> None:
        self._came.emit("scanner", health)

    # the program's thread

    def _take(self, kind: str, what: Any) -> None:
        if kind == "key":
            self._give(what)
        elif kind == "code":
            token = ticket_token(what)
            if token is not None:
                self._found(token)
            else:
                self._workbench.tell(_("This code is not a ticket of ours."), "warn")
        else:
            self._say_health(kind, what)

    def _give(self, key: str) -> None:
        # Not over an open question: whoever answers it looks at the screen.
        counter = self._workbench.counter
        if key in COMMANDS and counter is not None and QApplication.activeModalWidget() is None:
            counter.give(key, self._workbench.key_of(key))

    def _found(self, token: str) -> None:
        me = self._workbench.link.me
        if me is not None and "queue.see" in me.permissions:
            jobs.start(self, self._find, token, name="scanned")

    async def _find(self, token: str) -> None:
        bench = self._workbench
        try:
            story = await bench.link.read("queue.ticket", AskTicket(token=token), TicketStory)
        except Refusal as why:
            if why.code != "records.not_found":
                raise
            bench.tell(_("No ticket of this hall has this code."), "warn")
            return
        if bench.counter_page is not None:
            bench.open_page("counter")
            scanned.show(bench.counter_page, story)
        bench.tell(scanned.sentence(story), "good")

    def _say_health(self, kind: str, health: DeviceHealth) -> None:
        before = self._good.get(kind, True)
        self._good[kind] = health.good or (before and health.state == "starting")
        if self._good[kind] != before:
            sentence = f"{_(NAMES[kind])}: {health.sentence}"
            self._workbench.tell(sentence, "good" if health.good else "warn")


def _take_out(code: str) -> None:
    """The scanner typed into whatever had the focus: a field loses the code again."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit) and code in field.text():
        field.setText(field.text().replace(code, "", 1))
