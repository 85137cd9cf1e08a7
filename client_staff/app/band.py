"""A band of the window's frame."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from common.qt.theme import theme


class Band(QWidget):
    """A band with a line at one side."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self._side = side

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens.surface))
        line = QColor(theme.tokens.line)
        if self._side == "below":
            painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        elif self._side == "above":
            painter.fillRect(0, 0, self.width(), 1, line)
        else:
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            painter.fillRect(0 if rtl else self.width() - 1, 0, 1, self.height(), line)
