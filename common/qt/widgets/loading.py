"""Says that something runs: a thin line after 0.3 s, words with a way to stop after 2 s."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from common.text import _

LINE_MS = 300
WORDS_MS = 2_000


class Loading(QWidget):
    """`begin(stop)` when work starts, `end()` when it is over; both may be called again and again. It keeps its height, so
    that nothing below it jumps."""

    def __init__(self, name: str = "loading", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._stop: Callable[[], object] = lambda: None
        self.line = QProgressBar()
        self.line.setRange(0, 0)
        self.line.setTextVisible(False)
        self.line.setFixedHeight(3)
        self.words = QLabel()
        self.words.setObjectName(f"{name}_words")
        self.words.setProperty("tone", "second")
        self.key = QPushButton()
        self.key.setObjectName(f"{name}_stop")
        self.key.setProperty("kind", "tool")
        self.key.clicked.connect(self._stopped)
        self.told = QWidget()
        row = QHBoxLayout(self.told)
        row.setContentsMargins(12, 2, 12, 2)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignLeading)
        row.addWidget(self.key)
        place = QWidget()
        place.setFixedHeight(3)
        inside = QVBoxLayout(place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(place)
        column.addWidget(self.told)
        self._soon = QTimer(self, interval=LINE_MS, singleShot=True)
        self._soon.timeout.connect(self.line.show)
        self._late = QTimer(self, interval=WORDS_MS, singleShot=True)
        self._late.timeout.connect(self._say)
        self.line.hide()
        self.told.hide()

    def begin(self, stop: Callable[[], object]) -> None:
        """Work has begun; `stop` ends it."""
        self._stop = stop
        self._soon.start()
        self._late.start()

    def end(self) -> None:
        """It is over."""
        self._soon.stop()
        self._late.stop()
        self.line.hide()
        self.told.hide()

    def _say(self) -> None:
        self.words.setText(_("The server still works on it…"))
        self.key.setText(_("Stop"))
        self.told.show()

    def _stopped(self) -> None:
        self._stop()
        self.end()
