"""A state as shape, word and colour: never by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.qt.theme import theme


class Light(QWidget):
    """`tone`: `good` (disc), `warn` (triangle), `bad` (octagon), `accent` (square), `off` (ring)."""

    def __init__(
        self, tone: str = "off", word: str = "", px: int = 14, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._tone, self._word, self._px = tone, word, px
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set(self, tone: str, word: str) -> None:
        """Show another state."""
        if (tone, word) != (self._tone, self._word):
            self._tone, self._word = tone, word
            self.setAccessibleName(word)
            self.updateGeometry()
            self.update()

    def driver_text(self) -> str:
        """Its word."""
        return self._word

    def sizeHint(self) -> QSize:
        """Shape and word on one line."""
        metrics = QFontMetrics(theme.font(self._px))
        return QSize(self._px + 8 + metrics.horizontalAdvance(self._word) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """The word is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens
        side = self._px * 0.9
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - side - 1 if mirrored else 1.0
        shape = QRectF(x, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = QColor(getattr(tokens, self._tone) if self._tone != "off" else tokens.ink_3)
        painter.setBrush(colour)
        paint_shape(painter, shape, self._tone, colour)
        painter.setPen(
            QColor(tokens.ink if self._tone in ("off", "accent") else getattr(tokens, f"{self._tone}_strong"))
        )
        painter.setFont(theme.font(self._px))
        room = (
            self.rect().adjusted(0, 0, -int(side) - 7, 0) if mirrored else self.rect().adjusted(int(side) + 7, 0, 0, 0)
        )
        painter.setLayoutDirection(self.layoutDirection())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), self._word)


def paint_shape(painter: QPainter, box: QRectF, tone: str, colour: QColor) -> None:
    """The shape that stands for a tone."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if tone == "good":
        painter.drawEllipse(box)
    elif tone == "warn":
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    elif tone == "bad":
        cut = box.width() * 0.29
        left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
        corners = [
            (left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut),
            (right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut),
        ]  # fmt: skip
        painter.drawPolygon(QPolygonF([QPointF(a, b) for a, b in corners]))
    elif tone == "accent":
        painter.drawRect(box)
    else:
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(colour)
        pen.setWidthF(2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
