"""The number that is being called to this window."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client_pad.screens.card import CENTRE
from common.protocol.evaluation import PadView
from common.qt.theme import theme
from common.qt.widgets import FitLabel
from common.text import _, formats


class CalledPage(QWidget):
    """Read at one metre, across the glass."""

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.word = FitLabel(largest=u(56), tone="on_accent", align=CENTRE, name="called_word")
        self.number = FitLabel(
            largest=u(330), smallest=u(120), bold=True, tone="on_accent", align=CENTRE, name="called_number"
        )
        self.place = FitLabel(
            largest=u(80), smallest=u(40), bold=True, tone="on_accent", align=CENTRE, name="called_to"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(u(40), u(30), u(40), u(40))
        column.addWidget(self.word, 2)
        column.addWidget(self.number, 7)
        column.addWidget(self.place, 3)

    def show_view(self, view: PadView) -> None:
        """Show the number."""
        self.word.setText(_("Now calling"))
        self.number.setText(view.number or "")
        self.place.setText(_("Please come to window {window}").format(window=formats.digits(view.label)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens.accent))
