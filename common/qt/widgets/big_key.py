"""A key that is touched: shows the touch at once, acts once."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from common.qt.theme import theme
from common.qt.widgets import fitting, icon

TWICE_SECONDS = 0.4
"""A second touch within this time is the same touch (QUE-908)."""

NARROW = 120
"""Logical pixels."""


class BigKey(QAbstractButton):
    """A touch key with title, second line, symbol and a figure at its end. Connect to `acted`, never to `clicked`.

    `kind`: `primary` (one a screen), `secondary`, `danger`, `plain`. `stacked` puts the symbol above the title.
    """

    acted = Signal()

    def __init__(
        self,
        title: str = "",
        sub: str = "",
        *,
        symbol: str = "",
        kind: str = "secondary",
        figure: str = "",
        stacked: bool = False,
        title_px: int = 34,
        sub_px: int = 25,
        lines: int = 2,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.sub, self.symbol, self.kind, self.figure, self.stacked = sub, symbol, kind, figure, stacked
        self.title_px, self.sub_px, self.lines = title_px, sub_px, lines
        self.hint = ""
        """A short word in the corner, such as the name of its F-key."""
        self.dashed = True
        """Disabled it has a dashed border: there, but not for you now. Staff screens have a pale one."""
        self._busy = False
        self._by_keyboard = False
        self._busy_since = 0.0
        self._last = 0.0
        self._running = QTimer(self, interval=60)
        self._running.timeout.connect(self.update)
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(20, self), theme.px(20, self))
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, False)  # Qt makes mouse events of touches
        self.clicked.connect(self._clicked)
        theme.changed.connect(self.update)

    def say(self, title: str, sub: str | None = None, figure: str | None = None) -> None:
        """Change its words."""
        self.setText(title)
        self.sub = self.sub if sub is None else sub
        self.figure = self.figure if figure is None else figure
        self.setAccessibleName(" ".join(t for t in (title, self.sub, self.figure) if t))
        self.update()

    def busy(self, value: bool) -> None:
        """What it began is on its way: further touches do nothing; a running line shows after 0.3 s."""
        self._busy = value
        if value:
            self._busy_since = time.monotonic()
            self._running.start()
        else:
            self._running.stop()
        self.update()

    def driver_text(self) -> str:
        """What stands on it, for a driver and for inspection."""
        return "\n".join(t for t in (self.text(), self.sub, self.figure) if t)

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return QSize(320, 140)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who touches does not need the ring; who comes by keyboard does."""
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        super().focusInEvent(event)

    def _clicked(self) -> None:
        now = time.monotonic()
        if self._busy or now - self._last < TWICE_SECONDS:
            return
        self._last = now
        self.acted.emit()

    def colours(self) -> tuple[str, str, str, str]:
        """Ground, border, title and second line, as things stand."""
        t = theme.tokens
        if not self.isEnabled():
            return t.surface, t.edge, t.ink_3, t.ink_3
        down = self.isDown() or self.isChecked()
        if self.kind == "primary":
            return (t.accent_strong if down else t.accent), t.accent, t.on_accent, t.on_accent
        if down and theme.skin == "contrast":
            return t.ink, t.edge, t.canvas, t.canvas
        ground = t.accent_soft if down else (t.surface if self.kind != "plain" else t.canvas)
        if self.kind == "danger":
            return ground, t.bad, t.bad_strong, t.ink_2
        if self.kind == "plain":
            return ground, t.canvas, t.accent_strong, t.ink_2
        return ground, t.edge, t.ink, t.ink_2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        t = theme.tokens
        ground, border, ink, second = self.colours()
        box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        pen = QPen(QColor(border), 2)
        if not self.isEnabled() and (self.dashed or theme.skin == "contrast"):
            pen.setStyle(Qt.PenStyle.DashLine)
        elif not self.isEnabled():
            pen.setColor(QColor(t.line))
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, t.radius_m, t.radius_m)
        if self.hasFocus() and self._by_keyboard:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.focus_edge), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), t.radius_m + 2, t.radius_m + 2)
            painter.setPen(QPen(QColor(t.focus), 4))
            painter.drawRoundedRect(box, t.radius_m, t.radius_m)
        side = 14 if self.width() > NARROW else 3  # a narrow key's words need all of it
        self.paint_inside(painter, box.toRect().adjusted(side, 8, -side, -8), ink, second)
        if self.hint:
            corner = self.rect().adjusted(10, 6, -10, -6)
            painter.setFont(theme.font(max(11, self.sub_px // 2)))
            painter.setPen(QColor(second))
            painter.drawText(corner, int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop), self.hint)
        if self._busy and time.monotonic() - self._busy_since > 0.3:
            self._paint_running(painter, box)

    def paint_inside(self, painter: QPainter, box: QRect, ink: str, second: str) -> None:
        """Draw symbol, words and figure."""
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        centre = Qt.AlignmentFlag.AlignHCenter
        leading = Qt.AlignmentFlag.AlignLeading
        if self.symbol and self.stacked:
            side = min(box.height() // 2, box.width(), self.title_px * 2)
            icon.paint(painter, QRectF(box.x(), box.y(), box.width(), side), self.symbol, ink, mirrored)
            box = box.adjusted(0, side + 2, 0, 0)
        elif self.symbol:
            side = min(box.height(), int(self.title_px * 1.3))
            if self.kind == "primary" and not self.sub and not self.figure:
                box = self._middle(box, side)
            x = box.right() - side if mirrored else box.x()
            icon.paint(painter, QRectF(x, box.y(), side, box.height()), self.symbol, ink, mirrored)
            box = box.adjusted(0, 0, -side - 14, 0) if mirrored else box.adjusted(side + 14, 0, 0, 0)
        across = centre if self.stacked or (self.kind != "secondary" and not self.sub and not self.symbol) else leading
        if not self.sub and not self.figure:
            fitting.draw(
                painter, box, self.text(), largest=self.title_px, smallest=12, lines=self.lines, bold=True, colour=ink,
                align=across | Qt.AlignmentFlag.AlignVCenter,
            )  # fmt: skip
            return
        under = self.sub_px + 10 if self.figure and not self.stacked else 0
        words = box.adjusted(0, 0, 0, -under)
        title_height = int(words.height() * (0.58 if self.sub else 1))
        title = QRect(words.x(), words.y(), words.width(), title_height)
        fitting.draw(
            painter, title, self.text(), largest=self.title_px, smallest=12, lines=self.lines, bold=True, colour=ink,
            align=across | Qt.AlignmentFlag.AlignVCenter,
        )  # fmt: skip
        rest = QRect(words.x(), title.bottom() + 2, words.width(), words.bottom() - title.bottom() - 2)
        fitting.draw(
            painter, rest, self.sub, largest=self.sub_px, smallest=11, lines=2, colour=second,
            align=across | Qt.AlignmentFlag.AlignTop,
        )  # fmt: skip
        if self.figure and under:
            foot = QRect(box.x(), box.bottom() - under + 2, box.width(), under)
            fitting.draw(
                painter, foot, self.figure, largest=self.sub_px, smallest=11, bold=True, colour=ink,
                align=Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
            )  # fmt: skip

    def _middle(self, box: QRect, side: int) -> QRect:
        """The part in the middle that symbol and title need together."""
        px = fitting.fitting_px(self.text(), box.width() - side - 14, box.height(), self.title_px, 12, self.lines, True)
        wide = min(box.width(), QFontMetrics(theme.font(px, True)).horizontalAdvance(self.text()) + side + 22)
        return QRect(box.x() + (box.width() - wide) // 2, box.y(), wide, box.height())

    def _paint_running(self, painter: QPainter, box: QRectF) -> None:
        t = theme.tokens
        width = box.width() / 4
        place = (time.monotonic() * 0.8) % 1.25 - 0.25
        x = box.x() + place * box.width()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.on_accent if self.kind == "primary" else t.accent))
        left, right = max(x, box.x() + 6), min(x + width, box.right() - 6)
        if right > left:
            painter.drawRect(QRectF(left, box.bottom() - 7, right - left, 4))
