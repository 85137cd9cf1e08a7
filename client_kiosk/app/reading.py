"""What is read at the kiosk: identity cards on a reader, codes of scanners on a line or as a keyboard, keys of a keyboard.

A card is looked at only while the page that asks for it is open. Nothing that was read is logged or kept.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from common.devices.identity_card import IdentityCard
from common.devices.identity_reader import CardTrouble, IdentityReader, open_identity_reader
from common.devices.keyboard_wedge import Event, Scanned, WedgeDecoder
from common.devices.scanner import CodeScanner, open_scanner

if TYPE_CHECKING:
    from client_kiosk.app.window import KioskWindow

ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}


class Reading(QObject):
    """Belongs to a window. Readers call from their own threads; the signals bring it into the loop's."""

    card = Signal(object)
    trouble = Signal(object)
    code = Signal(str)

    def __init__(self, window: KioskWindow, options: Any) -> None:
        super().__init__(window)
        self._window = window
        self.card.connect(self._card)
        self.trouble.connect(self._trouble)
        self.code.connect(self._scanned)
        self._cards: IdentityReader | None = None
        self._codes: CodeScanner | None = None
        if options.card_reader:
            self._cards = open_identity_reader(options.card_reader, self.card.emit, self.trouble.emit, listening=False)
        if options.scanner:
            self._codes = open_scanner(options.scanner, self.code.emit)
        self._wedge = WedgeDecoder()
        self._flush = QTimer(self, interval=60, singleShot=True)
        self._flush.timeout.connect(lambda: self._take(self._wedge.flush(time.monotonic())))

    @property
    def has_cards(self) -> bool:
        """A reader of identity cards is connected and answers."""
        return self._cards is not None and self._cards.health.state in ("ok", "unknown")

    def listen(self, wanted: bool) -> None:
        """Whether a card that is laid on is to be read."""
        if self._cards is not None:
            self._cards.listening = wanted

    def close(self) -> None:
        """Let go of the devices."""
        for device in (self._cards, self._codes):
            if device is not None:
                device.close()

    def facts(self) -> dict[str, Any]:
        """For the console."""
        found = {}
        if self._cards is not None:
            found["card_reader"] = self._cards.health.state
        if self._codes is not None:
            found["scanner"] = self._codes.health.state
        return found

    # keys

    def key(self, event: QKeyEvent) -> bool:
        """A key of a keyboard or of a scanner that pretends to be one; gives whether it was taken."""
        sign = ENDS.get(Qt.Key(event.key()), event.text())
        if not sign or (sign not in "\r\t" and not sign.isprintable()):
            return False
        pages = self._window.pages
        if pages.currentWidget() not in (pages.identity, pages.staff, pages.search):
            return False
        if sign in ENDS.values() and self._wedge.due is None:
            return False  # no scan: Enter presses, Tab goes on
        now = time.monotonic()
        self._take(self._wedge.key(sign, now))
        if self._wedge.due is not None:
            self._flush.start()
        return True

    def _take(self, events: list[Event]) -> None:
        pages = self._window.pages
        page = pages.currentWidget()
        for event in events:
            if isinstance(event, Scanned):
                self._scanned(event.text)
            elif page in (pages.identity, pages.staff, pages.search):
                page.type("".join(one for one in event.text if one.isprintable()))

    def _scanned(self, text: str) -> None:
        pages = self._window.pages
        if pages.currentWidget() is pages.identity:
            pages.identity.scanned(text)
        elif pages.currentWidget() is pages.staff:
            self._window.staffed.scanned(text)

    def _card(self, card: IdentityCard) -> None:
        pages = self._window.pages
        if pages.currentWidget() is pages.identity:
            pages.identity.laid_on(card)

    def _trouble(self, trouble: CardTrouble) -> None:
        self._window.pages.identity.say_fault(trouble.sentence)
