"""The chart as it is drawn: boxes and lines that are chosen, dragged, folded, zoomed, and rendered on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from client_staff.screens.chart.layout import TOP, Box, Drawing, next_box
from common.qt.theme import theme
from common.qt.widgets import icon

LEAST_ZOOM, MOST_ZOOM = 0.2, 3.0
FACE = 32


@dataclass
class Look:
    """What stands in a box."""

    title: str
    below: str = ""
    count: str = ""
    empty: bool = False
    """Nobody holds it: dashed, and said."""
    photos: list[str | None] = field(default_factory=list)
    """Files of the holders' pictures; nothing for a plain head."""
    folded: bool = False
    hit: bool = False
    """Found by the search."""


class BoxItem(QGraphicsItem):
    """One box."""

    def __init__(self, box: Box, look: Look, faces: dict[str, QPixmap]) -> None:
        super().__init__()
        self.box, self.look, self._faces = box, look, faces
        self.chosen = self.target = self.carried = False
        self.setPos(box.x, box.y)
        self.setToolTip("\n".join(part for part in (look.title, look.below) if part))

    def boundingRect(self) -> QRectF:
        """With room for the mark of what is chosen."""
        return QRectF(-6, -6, self.box.width + 12, self.box.height + 12)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw it."""
        tokens, look = theme.tokens, self.look
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(0.5, 0.5, self.box.width - 1, self.box.height - 1)
        ground, edge = tokens.surface, tokens.edge if self.box.kind != "post" else tokens.line
        if look.empty:
            edge = tokens.bad
        if look.hit:
            ground = tokens.warn_soft
        if self.target:
            ground, edge = tokens.accent_soft, tokens.accent
        if self.carried:
            painter.setOpacity(0.45)
        dashed = Qt.PenStyle.DashLine if look.empty else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(edge), 2 if self.target else 1.2, dashed))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(frame, tokens.radius_s, tokens.radius_s)
        rtl = QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self.box.kind != "post":
            bar = QRectF(frame.right() - 4 if rtl else frame.left(), frame.top() + 1, 4, frame.height() - 2)
            painter.fillRect(bar, QColor(tokens.accent if self.box.kind == "top" else tokens.edge))
        if self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus_edge), 5))
            painter.drawRoundedRect(frame.adjusted(-2, -2, 2, 2), tokens.radius_s + 2, tokens.radius_s + 2)
            painter.setPen(QPen(QColor(tokens.focus), 3))
            painter.drawRoundedRect(frame.adjusted(-2, -2, 2, 2), tokens.radius_s + 2, tokens.radius_s + 2)
        self._words(painter, frame, rtl)

    def _words(self, painter: QPainter, frame: QRectF, rtl: bool) -> None:
        tokens, look = theme.tokens, self.look
        room = frame.adjusted(12, 6, -10, -6)
        if self.box.kind == "post":
            room = self._draw_faces(painter, room, rtl)
        if look.count:
            room = self._draw_count(painter, room, rtl)
        start = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        # The direction is ours: what stands in the box may be written in another language's.
        flags = start | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        half = room.height() / 2
        for text, font, tone, top in (
            (look.title, theme.font(13.5 if self.box.kind != "post" else 13, bold=True), tokens.ink, room.top()),
            (look.below, theme.font(12.5), tokens.bad if look.empty else tokens.ink_2, room.top() + half),
        ):
            painter.setFont(font)
            painter.setPen(QColor(tone))
            line = QRectF(room.left(), top, room.width(), half)
            if not look.below:
                line = room
            elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, int(flags), elided)
            if not look.below:
                break

    def _draw_count(self, painter: QPainter, room: QRectF, rtl: bool) -> QRectF:
        tokens, font = theme.tokens, theme.font(12, bold=True)
        wide = max(24.0, QFontMetricsF(font).horizontalAdvance(self.look.count) + 14)
        pill = QRectF(room.left() if rtl else room.right() - wide, room.top() - 1, wide, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft if not self.look.folded else tokens.warn_soft))
        painter.drawRoundedRect(pill, 11, 11)
        painter.setPen(QColor(tokens.ink_2))
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.look.count)
        return room.adjusted(wide + 6, 0, 0, 0) if rtl else room.adjusted(0, 0, -wide - 6, 0)

    def _draw_faces(self, painter: QPainter, room: QRectF, rtl: bool) -> QRectF:
        """The pictures of up to three holders, one behind the other."""
        shown = self.look.photos[:3] or [None]
        wide = FACE + (len(shown) - 1) * FACE * 0.45
        for place, photo in reversed(list(enumerate(shown))):
            along = place * FACE * 0.45
            left = room.right() - FACE - along if rtl else room.left() + along
            round_ = QRectF(left, room.center().y() - FACE / 2, FACE, FACE)
            path = QPainterPath()
            path.addEllipse(round_)
            painter.save()
            painter.fillPath(path, QColor(theme.tokens.accent_soft))
            painter.setClipPath(path)
            face = self._faces.get(photo or "")
            if face is not None:
                painter.drawPixmap(round_.toRect(), face)
            else:
                inner = round_.adjusted(7, 7, -7, -7)
                icon.paint(painter, inner, "person", theme.tokens.ink_3)
            painter.restore()
            painter.setPen(QPen(QColor(theme.tokens.surface), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(round_)
        return room.adjusted(0, 0, -wide - 8, 0) if rtl else room.adjusted(wide + 8, 0, 0, 0)


class ChartView(QGraphicsView):
    """The chart in its frame. Arrows go from box to box, + and - unfold and fold, Enter opens; a box is dragged onto
    another, the ground is dragged to look elsewhere; Ctrl with the wheel zooms."""

    chosen = Signal(str)
    opened = Signal(str)
    dropped = Signal(str, str)
    fold_asked = Signal(str, bool)

    def __init__(self, may_move: Callable[[str, str], bool]) -> None:
        super().__init__()
        self.setObjectName("chart_view")
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        # Positions are mirrored where they are worked out; Qt must not turn the scene round once more.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._may_move = may_move
        self.drawing = Drawing()
        self.boxes: dict[str, BoxItem] = {}
        self.faces: dict[str, QPixmap] = {}
        self.current = TOP
        self.movable = False
        self._pressed: tuple[str, QPoint] | None = None
        self._dragging = ""
        self._panned: QPoint | None = None
        theme.changed.connect(self._skin)
        self._skin()

    def _skin(self) -> None:
        self.setBackgroundBrush(QColor(theme.tokens.canvas))
        self.viewport().update()

    def show_chart(self, drawing: Drawing, looks: dict[str, Look]) -> None:
        """Draw anew; the place stays."""
        self.drawing = drawing
        scene = self.scene()
        scene.clear()
        self.boxes = {}
        path = QPainterPath()
        for line in drawing.lines:
            path.moveTo(*line[0])
            for corner in line[1:]:
                path.lineTo(*corner)
        lines = QGraphicsPathItem(path)
        lines.setPen(QPen(QColor(theme.tokens.edge), 1.2))
        lines.setZValue(-1)
        scene.addItem(lines)
        for box in drawing.boxes.values():
            item = BoxItem(box, looks[box.id], self.faces)
            scene.addItem(item)
            self.boxes[box.id] = item
        scene.setSceneRect(-24, -24, drawing.width + 48, drawing.height + 48)
        if self.current not in self.boxes:
            self.current = TOP
        self._mark()

    def repaint_faces(self) -> None:
        """A picture has come."""
        self.viewport().update()

    def choose(self, box_id: str, *, tell: bool = True) -> None:
        """Make a box the current one and bring it into view."""
        if box_id not in self.boxes:
            return
        self.current = box_id
        self._mark()
        self.ensureVisible(self.boxes[box_id], 40, 40)
        if tell:
            self.chosen.emit(box_id)

    def _mark(self) -> None:
        for item in self.boxes.values():
            item.chosen = item.box.id == self.current
            item.update()

    # zoom

    @property
    def zoom(self) -> float:
        """1 is as drawn."""
        return self.transform().m11()

    def zoom_to(self, factor: float) -> None:
        """Show it so large."""
        factor = max(LEAST_ZOOM, min(MOST_ZOOM, factor))
        self.scale(factor / self.zoom, factor / self.zoom)

    def fit(self) -> None:
        """All of it, never larger than drawn."""
        self.fitInView(self.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        if self.zoom > 1:
            self.zoom_to(1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_to(self.zoom * (1.15 if event.angleDelta().y() > 0 else 1 / 1.15))
            event.accept()
        else:
            super().wheelEvent(event)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Box to box."""
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            if event.key() in steps:
                self.choose(next_box(self.drawing, self.current, *steps[Qt.Key(event.key())]))
                return
            if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal):
                self.fold_asked.emit(self.current, event.key() == Qt.Key.Key_Minus)
                return
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.opened.emit(self.current)
                return
            if event.key() == Qt.Key.Key_Home:
                self.choose(TOP)
                return
            if event.key() == Qt.Key.Key_Escape and self._dragging:
                self._drop_nothing()
                return
        event.ignore()

    # the mouse

    def _at(self, point: QPoint) -> str | None:
        item = self.itemAt(point)
        return item.box.id if isinstance(item, BoxItem) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a box, or take hold of the ground."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        found = self._at(point)
        if found is None:
            self._panned = point
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        self._pressed = (found, point)
        self.choose(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry a box, or the whole chart."""
        point = event.position().toPoint()
        if self._panned is not None:
            by = point - self._panned
            self._panned = point
            for bar, step in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
                bar.setValue(bar.value() - step)
            return
        if self._pressed is None or not self.movable:
            return
        what, begun = self._pressed
        if not self._dragging and (point - begun).manhattanLength() >= QApplication.startDragDistance() and what != TOP:
            self._dragging = what
            self.boxes[what].carried = True
            self.viewport().setCursor(Qt.CursorShape.DragMoveCursor)
        if self._dragging:
            onto = self._at(point)
            for item in self.boxes.values():
                item.target = item.box.id == onto and self._may_move(self._dragging, item.box.id)
                item.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: over a box where it may be put, the page asks."""
        onto = self._at(event.position().toPoint())
        what = self._dragging
        self._drop_nothing()
        if what and onto is not None and self._may_move(what, onto):
            self.dropped.emit(what, onto)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        found = self._at(event.position().toPoint())
        if found is not None:
            self.opened.emit(found)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The box under the pointer is the current one before its page shows what can be done."""
        found = self._at(event.pos())
        if found is not None:
            self.choose(found)
        event.ignore()

    def _drop_nothing(self) -> None:
        self._pressed, self._panned, self._dragging = None, None, ""
        self.viewport().unsetCursor()
        for item in self.boxes.values():
            item.target = item.carried = False
            item.update()

    # paper

    def draw_on(self, painter: QPainter, room: QRectF) -> None:
        """All of it into a rectangle, nothing marked."""
        for item in self.boxes.values():
            item.chosen = False
        self.scene().render(painter, room, self.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        self._mark()

    def driver_parts(self) -> Iterator[tuple[str, str, QRect]]:
        """The boxes that can be seen."""
        inside = self.viewport().rect()
        for item in self.boxes.values():
            first = self.mapFromScene(QPointF(item.box.x, item.box.y))
            last = self.mapFromScene(QPointF(item.box.x + item.box.width, item.box.y + item.box.height))
            rect = QRect(first, last).intersected(inside)
            if not rect.isEmpty():
                words = [item.look.title, item.look.below, item.look.count]
                yield f"chart_{item.box.kind}", " | ".join(one for one in words if one), rect
