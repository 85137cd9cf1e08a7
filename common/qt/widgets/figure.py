"""One figure with its name: a key number of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from common.qt.widgets.fit_label import FitLabel


class Figure(QFrame):
    """`figure` large, `caption` above, `detail` below; `opened` when a person wants to see what it is made of."""

    opened = Signal()

    def __init__(
        self,
        caption: str,
        figure: str = "–",
        detail: str = "",
        *,
        px: int = 32,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("card", True)
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        self.caption = FitLabel(
            caption, largest=14, smallest=11, lines=2, tone="ink_2", align=leading, name=f"{name}_caption"
        )
        self.figure = FitLabel(figure, largest=px, smallest=14, bold=True, align=leading, name=f"{name}_figure")
        self.detail = FitLabel(
            detail, largest=13, smallest=11, lines=2, tone="ink_2", align=leading, name=f"{name}_detail"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(2)
        for label in (self.caption, self.figure, self.detail):
            column.addWidget(label)

    def say(self, figure: str, detail: str = "", tone: str = "ink") -> None:
        """Show another value."""
        self.figure.setText(figure)
        self.figure.set_tone(tone)
        self.detail.setText(detail)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens its facts."""
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()
