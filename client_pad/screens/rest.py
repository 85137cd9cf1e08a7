"""Thanks, pause, back office, and nobody at the window: a symbol, a word, a way on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client_pad.screens.card import CENTRE
from common.qt.theme import theme
from common.qt.widgets import FitLabel, icon


class Disc(QWidget):
    """A symbol in a circle; `filled` stands for something done."""

    def __init__(self, px: int) -> None:
        super().__init__()
        self.setFixedSize(px, px)
        self.symbol, self.tone, self.filled = "info", "accent", False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens
        colour = getattr(t, self.tone)
        painter.setPen(QPen(QColor(colour), 3))
        painter.setBrush(QColor(colour if self.filled else getattr(t, f"{self.tone}_soft")))
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        inset = self.width() * 0.22
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        icon.paint(painter, box, self.symbol, t.surface if self.filled else getattr(t, f"{self.tone}_strong"))


class Dots(QWidget):
    """Seconds counted by dots."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.setFixedHeight(theme.u(28))
        self.count, self.left = count, count

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them: filled ones are still to come."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.height() - 6
        x = (self.width() - self.count * size * 1.8) / 2
        for place in range(self.count):
            painter.setPen(QPen(QColor(theme.tokens.accent), 3))
            painter.setBrush(QColor(theme.tokens.accent if place < self.left else theme.tokens.canvas))
            painter.drawEllipse(QRectF(x, 3, size, size))
            x += size * 1.8


class RestPage(QWidget):
    """One message in the middle."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        u = theme.u
        self.disc = Disc(u(200))
        self.title = FitLabel(largest=u(96), smallest=u(48), lines=2, bold=True, align=CENTRE, name=f"{name}_title")
        self.sentence = FitLabel(
            largest=u(40), smallest=u(28), lines=3, tone="ink_2", align=CENTRE, name=f"{name}_sentence"
        )
        self.dots = Dots(3)
        self.dots.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(u(56), u(20), u(56), u(20))
        column.setSpacing(u(20))
        column.addStretch(1)
        column.addWidget(self.disc, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title, 3)
        column.addWidget(self.sentence, 2)
        column.addWidget(self.dots)
        column.addStretch(1)

    def say(self, symbol: str, title: str, sentence: str = "", *, tone: str = "accent", done: bool = False) -> None:
        """Show it."""
        self.disc.symbol, self.disc.tone, self.disc.filled = symbol, tone, done
        self.disc.update()
        self.title.setText(title)
        self.title.set_tone(f"{tone}_strong" if tone == "warn" else "ink")
        self.sentence.setText(sentence)
