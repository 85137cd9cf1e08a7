"""A rating key: a face with its word, pressed once."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from common.qt.theme import theme
from common.qt.widgets import fitting, icon
from common.qt.widgets.big_key import BigKey

TONES = {"very_satisfied": "good", "satisfied": "accent", "fair": "warn", "dissatisfied": "bad"}
SMILES = {"very_satisfied": 1.0, "satisfied": 0.55, "fair": 0.0, "dissatisfied": -0.7}
"""How far the mouth bends, up positive."""


class FaceKey(BigKey):
    """One of four equal keys. After `choose(True)` it is filled and ticked, after `choose(False)` it fades."""

    def __init__(self, grade: str, word: str, second: str = "", *, word_px: int = 54) -> None:
        super().__init__(word, second, name=f"grade_{grade}", title_px=word_px, sub_px=28)
        self.grade = grade
        self._chosen: bool | None = None

    def choose(self, value: bool | None) -> None:
        """Chosen, not chosen, or open again (None)."""
        self._chosen = value
        self.update()

    def colours(self) -> tuple[str, str, str, str]:
        """Filled when chosen, faded when another was."""
        t = theme.tokens
        if self._chosen:
            return t.accent, t.accent, t.on_accent, t.on_accent
        if self._chosen is False:
            return t.surface, t.line, t.ink_3, t.ink_3
        ground, _border, ink, second = super().colours()
        return ground, getattr(t, TONES.get(self.grade, "accent")), ink, second

    def paint_inside(self, painter: QPainter, box: QRect, ink: str, second: str) -> None:
        """Face, word, second language."""
        t = theme.tokens
        face = min(int(box.height() * 0.5), int(box.width() * 0.82))
        area = QRectF(box.center().x() - face / 2, box.y() + box.height() * 0.05, face, face)
        colour = ink if self._chosen is not None else getattr(t, TONES.get(self.grade, "accent"))
        if self._chosen:
            icon.paint(painter, area, "check_round", colour)
        else:
            draw_face(painter, area, SMILES.get(self.grade, 0.0), colour)
        centre = Qt.AlignmentFlag.AlignHCenter
        below = QRect(box.x(), int(area.bottom()) + 8, box.width(), box.bottom() - int(area.bottom()) - 8)
        share = 0.66 if self.sub else 1.0
        word = QRect(below.x(), below.y(), below.width(), int(below.height() * share))
        fitting.draw(
            painter, word, self.text(), largest=self.title_px, smallest=18, lines=2, bold=True, colour=ink,
            align=centre | Qt.AlignmentFlag.AlignVCenter,
        )  # fmt: skip
        if self.sub:
            rest = QRect(below.x(), word.bottom(), below.width(), below.bottom() - word.bottom())
            fitting.draw(
                painter, rest, self.sub, largest=self.sub_px, smallest=12, lines=2, colour=second,
                align=centre | Qt.AlignmentFlag.AlignVCenter,
            )  # fmt: skip


def draw_face(painter: QPainter, area: QRectF, smile: float, colour: str) -> None:
    """A face in a circle; `smile` from -1 to 1."""
    pen = QPen(QColor(colour), max(3.0, area.width() * 0.05))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = pen.widthF()
    painter.drawEllipse(area.adjusted(inset, inset, -inset, -inset))
    size, centre = area.width(), area.center()
    painter.setBrush(QColor(colour))
    for side in (-1, 1):
        painter.drawEllipse(
            QPointF(centre.x() + side * size * 0.17, centre.y() - size * 0.1), size * 0.035, size * 0.05
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y = centre.y() + size * (0.17 if smile >= 0 else 0.24)
    mouth = QPainterPath(QPointF(centre.x() - size * 0.22, y))
    mouth.quadTo(QPointF(centre.x(), y + smile * size * 0.24), QPointF(centre.x() + size * 0.22, y))
    painter.drawPath(mouth)
