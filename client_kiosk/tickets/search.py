"""Search: what is typed on the screen's keyboard finds services in any of the hall's languages (QUE-047)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets import finding
from client_kiosk.tickets.keyboard import Keyboard
from client_kiosk.tickets.parts import CENTRE, Card, back_key, empty
from client_kiosk.tickets.tiles import ServiceTile, Without
from common.protocol.queue import Offer
from common.qt.theme import theme
from common.qt.widgets import FitLabel, Icon
from common.qt.widgets.hall_header import LEADING
from common.text import _

LONGEST = 40


class SearchPage(QWidget):
    """`chosen` is the service's id. What was typed is gone with `forget`."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self._manner = manner
        self._offer: Offer | None = None
        self._without: Without | None = None
        self.typed = ""
        self.back = back_key()
        self.back.acted.connect(self.left)
        field = Card(across=True)
        field.setFixedHeight(u(96))
        field.inside.setContentsMargins(u(24), u(8), u(24), u(8))
        self.text = FitLabel(largest=u(40), smallest=u(22), align=LEADING, name="search_text")
        field.inside.addWidget(Icon("search", u(44), "ink_2"))
        field.inside.addWidget(self.text, 1)
        head = QHBoxLayout()
        head.setSpacing(u(20))
        head.addWidget(self.back)
        head.addWidget(field, 1)
        self.count = FitLabel(largest=u(30), smallest=u(22), lines=2, tone="ink_2", align=CENTRE, name="search_count")
        self.count.setFixedHeight(u(64))
        self.grid = QGridLayout()
        self.grid.setSpacing(u(14))
        self.keyboard = Keyboard()
        self.keyboard.typed.connect(self.type)
        self.keyboard.taken_back.connect(lambda: self._now(self.typed[:-1]))
        self.keyboard.emptied.connect(lambda: self._now(""))
        self.keyboard.setFixedHeight(
            u(330 if manner.large and manner.low else 430 if manner.wide or manner.low else 480)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(12), u(48), u(28))
        column.setSpacing(u(12))
        column.addLayout(head)
        column.addWidget(self.count)
        column.addLayout(self.grid)
        column.addStretch(1)
        column.addWidget(self.keyboard)

    def type(self, text: str) -> None:
        """One more letter, from the screen or from a keyboard."""
        self._now((self.typed + text)[:LONGEST])

    def forget(self) -> None:
        """Nothing of whoever searched stays."""
        self.typed = ""

    def show_offer(self, offer: Offer, without: Without | None) -> None:
        """What can be found."""
        self._offer, self._without = offer, without
        self.back.say(_("Back"))
        self.keyboard.say_again()
        self._now(self.typed)

    def _now(self, typed: str) -> None:
        if self._offer is None:
            return
        self.typed = typed
        self.text.setText(typed or _("Type a part of the name"))
        self.text.set_tone("ink" if typed else "ink_2")
        found = finding.search(self._offer, typed)
        across, down = self._room()
        empty(self.grid)
        for place, service in enumerate(found[: across * down]):
            tile = ServiceTile(service, self._without)
            tile.acted.connect(partial(self.chosen.emit, service.id))
            self.grid.addWidget(tile, place // across, place % across)
        for column in range(across):
            self.grid.setColumnStretch(column, 1)
        self.count.setText(self._words(len(found), across * down))

    def _words(self, found: int, room: int) -> str:
        if not found:
            return _("Nothing is called so. Try fewer letters, or ask at the desk.")
        if not self.typed:
            return _("Most used just now")
        return _("There are more. Type another letter.") if found > room else _("Touch your service.")

    def _room(self) -> tuple[int, int]:
        """Tiles across and down."""
        if self._manner.low:
            return (1, 1) if self._manner.large else (2, 1)
        if self._manner.wide:
            return (3, 1) if self._manner.large else (4, 2)
        return (1, 4) if self._manner.large else (2, 4)
