"""The paper of a ticket layout: drawn as it is printed; elements are dragged, or moved by the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from common.devices.ticket_layout import DOTS, Drawn, reach
from common.qt.theme import theme

STEP, FINE = 10, 1
"""Tenths of a millimetre that an arrow key moves; the fine one with Shift."""
MARGIN = 16
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """`chosen(place)`, -1 for none; `moved(across, down)` in tenths of a millimetre; `rested` at the end of a drag."""

    chosen = Signal(int)
    moved = Signal(int, int)
    rested = Signal()
    removed = Signal()
    stepped = Signal(int)
    """Tab: the next element, or the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("layout_canvas")
        # Dots are dots: where the ticket's language begins on the right, its picture is mirrored already.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._drawn: Drawn | None = None
        self._image = QImage()
        self._paper_mm = 80
        self._chosen: int | None = None
        self._mirrored = False
        self._grabbed: QPoint | None = None
        self._shift = QPoint()
        """Of the outline while a drag runs ahead of the drawing."""
        self.editable = True

    def show_drawn(self, drawn: Drawn, paper_mm: int, *, mirrored: bool) -> None:
        """Show what would be printed."""
        self._drawn, self._paper_mm, self._mirrored = drawn, paper_mm, mirrored
        grey = drawn.picture.convert("L")
        self._image = QImage(
            grey.tobytes(), grey.width, grey.height, grey.width, QImage.Format.Format_Grayscale8
        ).copy()
        self._shift = QPoint()
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def choose(self, place: int | None) -> None:
        """Outline another element."""
        if place != self._chosen:
            self._chosen = place
            self.update()

    def driver_text(self) -> str:
        """Where the chosen element is drawn: left, top, right, bottom in dots."""
        box = self._box(self._chosen)
        return " ".join(str(one) for one in box) if box is not None else ""

    def sizeHint(self) -> QSize:
        """The whole paper."""
        high = self._image.height() * self._scale if not self._image.isNull() else 400
        return QSize(round(self._paper_mm * DOTS * self._scale) + 2 * MARGIN, round(high) + 2 * MARGIN)

    # drawing

    @property
    def _scale(self) -> float:
        """Pixels a dot."""
        return 0.75 if self._paper_mm <= 80 else 60 / self._paper_mm

    def _origin(self) -> QPoint:
        """Where the picture's first dot lies."""
        wide = round(self._paper_mm * DOTS * self._scale)
        _reach, edge = reach(self._paper_mm)
        return QPoint((self.width() - wide) // 2 + round(edge * self._scale), MARGIN)

    def _box(self, place: int | None) -> tuple[int, int, int, int] | None:
        if self._drawn is None or place is None or place >= len(self._drawn.boxes):
            return None
        return self._drawn.boxes[place]

    def _rect(self, place: int | None) -> QRect | None:
        box = self._box(place)
        if box is None:
            return None
        at, scale = self._origin(), self._scale
        left, top, right, bottom = (round(one * scale) for one in box)
        return QRect(at.x() + left, at.y() + top, right - left, bottom - top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, print, outline."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        at, scale = self._origin(), self._scale
        _reach, edge = reach(self._paper_mm)
        side = round(edge * scale)
        size = QSize(round(self._image.width() * scale), round(self._image.height() * scale))
        painter.fillRect(self.rect(), QColor(theme.tokens.canvas))
        painter.fillRect(QRect(at, size).adjusted(-side, -4, side, 4), Qt.GlobalColor.white)
        painter.setPen(QColor(theme.tokens.line))
        painter.drawRect(QRect(at, size).adjusted(-side, -4, side, 4))
        painter.drawImage(QRect(at, size), self._image)
        rect = self._rect(self._chosen)
        if rect is not None:
            colour = QColor(theme.tokens.accent if self.hasFocus() else theme.tokens.edge)
            painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine if self.hasFocus() else Qt.PenStyle.DashLine))
            painter.drawRect(rect.translated(self._shift).adjusted(-3, -3, 3, 3))

    # moving

    def _at(self, point: QPoint) -> int | None:
        """The element there; the smallest where several lie."""
        found = [
            (rect.width() * rect.height(), place)
            for place in range(len(self._drawn.boxes) if self._drawn is not None else 0)
            if (rect := self._rect(place)) is not None and rect.adjusted(-2, -4, 2, 4).contains(point)
        ]
        return min(found)[1] if found else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is there, and take hold of it."""
        self.setFocus()
        place = self._at(event.position().toPoint())
        self.chosen.emit(-1 if place is None else place)
        self._grabbed = event.position().toPoint() if place is not None and self.editable else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._grabbed is None:
            return
        point = event.position().toPoint()
        tenth = DOTS / 10 * self._scale
        across, down = (round((now - old) / tenth) for now, old in
                        ((point.x(), self._grabbed.x()), (point.y(), self._grabbed.y())))  # fmt: skip
        if across or down:
            self._shift += point - self._grabbed
            self._grabbed = point
            self.moved.emit(-across if self._mirrored else across, down)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        if self._grabbed is not None:
            self._grabbed = None
            self.rested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Del takes away, Tab goes on."""
        key = Qt.Key(event.key())
        if key in ARROWS and self.editable and self._chosen is not None:
            by = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            across, down = ARROWS[key]
            self.moved.emit((-across if self._mirrored else across) * by, down * by)
        elif key == Qt.Key.Key_Delete and self.editable:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the elements, from the last one out."""
        last = len(self._drawn.boxes) - 1 if self._drawn is not None else -1
        chosen = -1 if self._chosen is None else self._chosen
        if last < 0 or (forward and chosen >= last) or (not forward and chosen <= 0):
            return super().focusNextPrevChild(forward)
        self.stepped.emit(1 if forward else -1)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The outline says that the keys work here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """They work elsewhere."""
        super().focusOutEvent(event)
        self.rested.emit()
        self.update()
