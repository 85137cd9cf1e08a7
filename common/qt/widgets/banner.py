"""A line across a window that says something and goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from common.qt.theme import theme
from common.qt.widgets.icon import Icon, qicon
from common.text import _

SYMBOLS = {"bad": "octagon", "warn": "warning", "good": "check_round", "accent": "info"}


class Banner(QWidget):
    """Says one sentence with a symbol; hidden while it has nothing to say. It can be closed, or goes by itself."""

    def __init__(self, px: int = 15, name: str = "banner", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._tone = "warn"
        self.symbol = Icon("warning", px + 9, "warn")
        self.words = QLabel()
        self.words.setObjectName(f"{name}_text")
        self.words.setFont(theme.font(px, bold=True))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.shut = QPushButton()
        self.shut.setObjectName(f"{name}_close")
        self.shut.setProperty("kind", "plain")
        self.shut.setAccessibleName(_("Close"))
        self.shut.setIcon(qicon("cross"))
        self.shut.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.symbol)
        row.addWidget(self.words, 1)
        row.addWidget(self.shut)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str, tone: str = "bad", seconds: float | None = None, closes: bool = True) -> None:
        """Show a sentence; an empty one hides the banner. `tone`: `bad`, `warn`, `good`, `accent`."""
        if not sentence:
            self.hide()
            return
        self._tone = tone
        self.symbol.set(SYMBOLS[tone], tone if tone == "accent" else f"{tone}_strong")
        self.words.setText(sentence)
        self.shut.setVisible(closes)
        self._timer.stop()
        if seconds is not None:
            self._timer.start(int(seconds * 1000))
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens
        soft = getattr(tokens, f"{self._tone}_soft")
        painter.setPen(QPen(QColor(getattr(tokens, self._tone)), 2))
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), tokens.radius_s, tokens.radius_s)
