"""The counter's bar: stays on top of other programs, takes no keyboard from them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from client_staff.counter.counter import Counter
from client_staff.counter.strip import CommandStrip
from common.qt.widgets import qicon
from common.text import _


class CounterBar(QWidget):
    """960 × 96 at the top edge; can be moved. `back` opens the workbench again."""

    def __init__(self, counter: Counter, back: Callable[[], None]) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setObjectName("counter_bar")
        self.setWindowTitle(_("Counter"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.strip = CommandStrip(counter, name="bar")
        self.back = QPushButton()
        self.back.setObjectName("bar_workbench")
        self.back.setIcon(qicon("home"))
        self.back.setToolTip(_("Open the workbench"))
        self.back.setAccessibleName(_("Open the workbench"))
        self.back.clicked.connect(back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.strip, 1)
        row.addWidget(self.back)
        self._held: QPoint | None = None

    def show_at_top(self) -> None:
        """At the upper edge, in the middle."""
        space = QGuiApplication.primaryScreen().availableGeometry()
        wide = min(1060, space.width())
        self.setGeometry(space.x() + (space.width() - wide) // 2, space.y(), wide, 96)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        self._held = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it."""
        if self._held is not None:
            self.move(event.globalPosition().toPoint() - self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
