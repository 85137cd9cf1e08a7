"""A display in small, as the displays draw it; in the designer its parts are dragged, or moved and sized by keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.screens.display_layout_sample import sample
from common.protocol.queue_display import ACROSS, DOWN, DisplayPart, DisplayShape
from common.qt.display.preview import Preview
from common.qt.display.sheet import sized
from common.qt.theme import theme

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CORNER = 14
"""Pixels at a part's lower end by which it is drawn larger."""


class DisplayPicture(QWidget):
    """A display of a layout: nothing can be changed here."""

    def __init__(self, desk: RecordDesk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._preview = Preview(desk.link.now, self)
        self._shown: object = None
        self.picture = QPixmap()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, wide: int) -> int:
        """As a screen."""
        return wide * 9 // 16

    def show_shape(self, shape: DisplayShape, pictures: Mapping[UUID, bytes]) -> None:
        """Draw another layout; the same one is not drawn anew."""
        link = self._desk.link
        minute = link.now().replace(second=0, microsecond=0)
        shown = (shape, frozenset(pictures), minute, theme.skin, self.layoutDirection(), tuple(self._desk.languages))
        if shown == self._shown:
            return
        self._shown = shown
        health = link.health
        board = sample(shape, link.now(), health.names if health is not None else {}, {}, self._desk.languages)
        zone = health.zone if health is not None else "UTC"
        self.picture = self._preview.drawn(board, board.calls[1:], zone, pictures, call=True)
        self.update()

    def again(self) -> None:
        """The reader's language changed: draw it anew with the next `show_shape`."""
        self._shown = None

    def screen_rect(self) -> QRect:
        """Where the screen lies in this widget."""
        size = QSize(16, 9).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, with an edge."""
        if self.picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        at = self.screen_rect()
        ratio = self.devicePixelRatioF()
        small = self.picture.scaled(
            at.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        painter.drawPixmap(at.topLeft(), small)
        painter.setPen(QColor(theme.tokens.edge))
        painter.drawRect(at.adjusted(0, 0, -1, -1))


class Canvas(DisplayPicture):
    """`chosen(place)`, -1 for none; `moved` and `grown` by cells; `rested` at the end of a drag."""

    chosen = Signal(int)
    moved = Signal(int, int)
    grown = Signal(int, int)
    rested = Signal()
    removed = Signal()
    stepped = Signal(int)
    """Tab: the next part, or the one before."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "display_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._parts: Sequence[DisplayPart] = ()
        self._chosen: int | None = None
        self._wrong: frozenset[int] = frozenset()
        self._grabbed: QPoint | None = None
        self._growing = False

    def show_parts(self, parts: Sequence[DisplayPart], chosen: int | None, wrong: frozenset[int]) -> None:
        """Outline these; the wrong ones are dashed."""
        self._parts, self._chosen, self._wrong = parts, chosen, wrong
        self.update()

    def driver_text(self) -> str:
        """Every part with its place and size in cells; the chosen one is marked."""
        return "\n".join(
            f"{'> ' if place == self._chosen else ''}{one.kind} {one.x} {one.y} {one.width} {one.height}"
            for place, one in enumerate(self._parts)
        )

    def driver_parts(self) -> list[tuple[str, str, QRect]]:
        """What can be pressed."""
        return [(f"part_{place}", one.kind, self._rect(place)) for place, one in enumerate(self._parts)]

    @property
    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _rect(self, place: int) -> QRect:
        at = self.screen_rect()
        left, top, wide, high = sized(self._parts[place], at.width(), at.height())
        if self._mirrored:
            left = at.width() - left - wide
        return QRect(at.x() + round(left), at.y() + round(top), round(wide), round(high))

    def _corner(self, place: int) -> QRect:
        rect = self._rect(place)
        x = rect.left() if self._mirrored else rect.right() - CORNER + 1
        return QRect(x, rect.bottom() - CORNER + 1, CORNER, CORNER)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The display, and over it the outlines of its parts."""
        super().paintEvent(event)
        painter = QPainter(self)
        t = theme.tokens
        for place in range(len(self._parts)):
            wrong, chosen = place in self._wrong, place == self._chosen
            colour = QColor(t.bad if wrong else t.accent if chosen else t.edge)
            style = Qt.PenStyle.DashLine if wrong or not (chosen and self.hasFocus()) else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, 3 if chosen else 2 if wrong else 1, style))
            painter.drawRect(self._rect(place).adjusted(2, 2, -3, -3))
        if self._chosen is not None and self._chosen < len(self._parts):
            painter.fillRect(self._corner(self._chosen), QColor(t.accent))

    # by mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is there, the smallest where several lie, and take hold of it or of its corner."""
        self.setFocus()
        point = event.position().toPoint()
        self._growing = (
            self._chosen is not None and self._chosen < len(self._parts) and self._corner(self._chosen).contains(point)
        )
        if not self._growing:
            found = [
                (self._rect(n).width() * self._rect(n).height(), n)
                for n in range(len(self._parts))
                if self._rect(n).contains(point)
            ]
            self.chosen.emit(min(found)[1] if found else -1)
        self._grabbed = point if self._chosen is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it, cell by cell."""
        if self._grabbed is None:
            return
        at, point = self.screen_rect(), event.position().toPoint()
        across = round((point.x() - self._grabbed.x()) * ACROSS / max(1, at.width()))
        down = round((point.y() - self._grabbed.y()) * DOWN / max(1, at.height()))
        if across or down:
            self._grabbed += QPoint(round(across * at.width() / ACROSS), round(down * at.height() / DOWN))
            sign = -1 if self._mirrored else 1
            (self.grown if self._growing else self.moved).emit(across * sign, down)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        if self._grabbed is not None:
            self._grabbed = None
            self.rested.emit()

    # by keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, with Shift they make it larger or smaller; Del takes away."""
        key = Qt.Key(event.key())
        if key in ARROWS and self._chosen is not None:
            across, down = ARROWS[key]
            grows = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.grown if grows else self.moved).emit(-across if self._mirrored else across, down)
        elif key == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key is one step."""
        if Qt.Key(event.key()) in ARROWS and not event.isAutoRepeat():
            self.rested.emit()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the parts, from the last one out."""
        chosen = -1 if self._chosen is None else self._chosen
        if not self._parts or (forward and chosen >= len(self._parts) - 1) or (not forward and chosen <= 0):
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
        self.update()
