"""Stars, filled or hollow, with their number in words for who cannot see them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from common.qt.theme import theme
from common.qt.widgets import icon
from common.text import ngettext


class StarRow(QWidget):
    """`count` of `most` stars; nothing at all where there is no count."""

    def __init__(self, px: int = 40, most: int = 5, name: str = "stars", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._px, self._most = px, most
        self._count: int | None = None
        self.setFixedSize(px * most + 6 * (most - 1), px)

    def show_count(self, count: int | None) -> None:
        """Show so many stars; hide without a count."""
        self._count = count
        self.setVisible(count is not None)
        if count is not None:
            self.setAccessibleName(ngettext("{count} star", "{count} stars", count).format(count=count))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        for place in range(self._most):
            at = self._most - 1 - place if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else place
            box = QRectF(at * (self._px + 6), 0, self._px, self._px)
            filled = self._count is not None and place < self._count
            icon.paint(painter, box, "star", theme.tokens.warn if filled else theme.tokens.ink_3, filled=filled)
