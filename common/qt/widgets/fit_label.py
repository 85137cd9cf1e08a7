"""A label whose text shrinks until it fits."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.qt.theme import theme
from common.qt.widgets import fitting


class FitLabel(QWidget):
    """Text between `smallest` and `largest` pixels on at most `lines` lines; `tone` names a token."""

    def __init__(
        self,
        text: str = "",
        *,
        largest: int = 24,
        smallest: int = 12,
        lines: int = 1,
        bold: bool = False,
        tone: str = "ink",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._text = text
        self.largest, self.smallest, self.lines, self.bold = largest, smallest, lines, bold
        self.tone = tone
        self.align = align
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def text(self) -> str:
        """The text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_tone(self, tone: str) -> None:
        """Show it in another token's colour."""
        self.tone = tone
        self.update()

    def driver_text(self) -> str:
        """What stands here, for a driver and for inspection."""
        return self._text

    def sizeHint(self) -> QSize:
        """One line at the largest size."""
        metrics = QFontMetrics(theme.font(self.largest, self.bold))
        return QSize(min(metrics.horizontalAdvance(self._text) + 4, 4000), metrics.lineSpacing() * self.lines)

    def minimumSizeHint(self) -> QSize:
        """One line at the smallest size."""
        return QSize(20, QFontMetrics(theme.font(self.smallest, self.bold)).lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        fitting.draw(
            painter,
            self.rect(),
            self._text,
            largest=self.largest,
            smallest=self.smallest,
            lines=self.lines,
            bold=self.bold,
            colour=getattr(theme.tokens, self.tone),
            align=self.align,
        )
