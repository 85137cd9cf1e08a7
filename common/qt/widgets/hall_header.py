"""The band on top of every citizens' screen: the hall's name, date and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from common.protocol.messages import Words
from common.qt.theme import theme
from common.qt.widgets import icon
from common.qt.widgets.clock_label import ClockLabel
from common.qt.widgets.fit_label import FitLabel
from common.text.words import pick

LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
TRAILING = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


class HallMark(QWidget):
    """A public building on the accent colour: stands where a hall has no logo of its own."""

    def __init__(self, px: int) -> None:
        super().__init__()
        self.setFixedSize(px, px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens.accent))
        painter.drawRoundedRect(self.rect(), self.width() * 0.2, self.width() * 0.2)
        inset = self.width() * 0.17
        icon.paint(painter, QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), "hall", theme.tokens.on_accent)


class HallHeader(QWidget):
    """Lengths are the drawing's, scaled here. `stacked` puts the date under the name, as kiosks have it."""

    def __init__(self, now: Callable[[], datetime], *, height: int = 88, stacked: bool = False) -> None:
        super().__init__()
        self.setObjectName("hall_header")
        u = theme.u
        self.setFixedHeight(u(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words: Words = {}
        self.name = FitLabel(largest=u(height * 0.36), bold=True, align=LEADING, name="hall_name")
        self.date = ClockLabel(
            now, date=True, largest=u(height * 0.28), tone="ink_2", align=LEADING if stacked else TRAILING, name="date"
        )
        self.clock = ClockLabel(now, largest=u(height * (0.5 if stacked else 0.42)), bold=True, align=TRAILING)
        row = QHBoxLayout(self)
        row.setContentsMargins(u(40), 0, u(40), 0)
        row.setSpacing(u(20))
        row.addWidget(HallMark(u(height * 0.64)))
        if stacked:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addStretch(1)
            column.addWidget(self.name, 5)
            column.addWidget(self.date, 4)
            column.addStretch(1)
            row.addLayout(column, 5)
        else:
            row.addWidget(self.name, 5)
            row.addWidget(self.date, 5)
        self.clock.setFixedWidth(u(height * 1.9))
        row.addWidget(self.clock)

    def show_hall(self, name: Words, zone: str) -> None:
        """Whose hall it is, and in which zone its clock runs."""
        self._words = name
        self.clock.zone = self.date.zone = zone
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.name.setText(pick(self._words))
        self.date.refresh()
        self.clock.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens.surface))
        painter.fillRect(0, self.height() - 2, self.width(), 2, QColor(theme.tokens.line))
