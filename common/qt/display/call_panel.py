"""The large place: the number that is called and where it goes."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRect, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from common.protocol.queue import BoardCall
from common.qt.theme import theme
from common.qt.widgets import fitting, icon
from common.text import _, formats
from common.text.words import pick

FLASHES = 6
"""Three changes of the ground there and back."""
FLASH_MS = 333
YELLOW = "#ffd34d"
LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
TRAILING = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


class CallPanel(QWidget):
    """Shows a call, or a welcome; slides a new one in; says when what it shows is old."""

    def __init__(self, *, reduce_motion: bool) -> None:
        super().__init__()
        self.setObjectName("call")
        self._reduce_motion = reduce_motion
        self._call: BoardCall | None = None
        self._welcome = ("", "")
        self._old = ""
        self._moved = 1.0
        self._flashes = 0
        self._slide = QVariantAnimation(self)
        self._slide.setDuration(theme.tokens.calm)
        self._slide.setStartValue(0.0)
        self._slide.setEndValue(1.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._slid)
        self._flash = QTimer(self, interval=FLASH_MS)
        self._flash.timeout.connect(self._flashed)

    def show_call(self, call: BoardCall | None, *, new: bool = False) -> None:
        """Show a call; a new one slides in and its window changes its ground three times."""
        self._call = call
        if new:
            self._flashes = FLASHES
            self._flash.start()
            if not self._reduce_motion:
                self._slide.start()
        self.update()

    def show_welcome(self, title: str, sentence: str) -> None:
        """What stands here while nobody has been called."""
        self._welcome = (title, sentence)
        self.update()

    def show_old(self, sentence: str) -> None:
        """What is shown is old, and says so; an empty sentence takes that back."""
        self._old = sentence
        self.update()

    def driver_text(self) -> str:
        """What stands here."""
        if self._call is None:
            return "\n".join(self._welcome)
        return "\n".join((self._head(), pick(self._call.service), self._call.number, self._place()))

    def _head(self) -> str:
        return self._old or _("Please go to the window")

    def _place(self) -> str:
        assert self._call is not None
        return _("Window {window}").format(window=formats.digits(self._call.window))

    def _slid(self, value: float) -> None:
        self._moved = value
        self.update()

    def _flashed(self) -> None:
        self._flashes -= 1
        if self._flashes <= 0:
            self._flashes = 0
            self._flash.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        frame = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        filled = self._call is not None and not self._old
        dark = theme.skin != "light"
        ground = QColor((t.accent_soft if dark else t.accent) if filled else t.surface)
        if self._old:
            painter.setPen(QPen(QColor(t.ink), 4, Qt.PenStyle.DashLine))
        else:
            painter.setPen(QPen(QColor(t.line), 2) if not filled or dark else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(frame, theme.u(28), theme.u(28))
        painter.setClipRect(self.rect())
        if self._call is None:
            self._paint_welcome(painter)
            return
        ink = (t.ink if dark else t.on_accent) if filled else t.ink
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        shift = int((1 - self._moved) * self.width() * (1 if rtl else -1))
        painter.translate(shift, 0)
        self._paint_call(painter, ink, filled, dark)

    def _paint_welcome(self, painter: QPainter) -> None:
        box = self.rect().adjusted(theme.u(50), theme.u(40), -theme.u(50), -theme.u(40))
        half = QRect(box.x(), box.y(), box.width(), int(box.height() * 0.55))
        fitting.draw(
            painter, half, self._welcome[0], largest=theme.u(150), smallest=theme.u(60), lines=2, bold=True,
            colour=theme.tokens.ink, align=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
        )  # fmt: skip
        rest = QRect(box.x(), half.bottom() + theme.u(20), box.width(), box.bottom() - half.bottom() - theme.u(20))
        fitting.draw(
            painter, rest, self._welcome[1], largest=theme.u(52), smallest=theme.u(36), lines=3,
            colour=theme.tokens.ink_2, align=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
        )  # fmt: skip

    def _paint_call(self, painter: QPainter, ink: str, filled: bool, dark: bool) -> None:
        t = theme.tokens
        assert self._call is not None
        box = self.rect().adjusted(theme.u(50), theme.u(24), -theme.u(50), -theme.u(36))
        head = QRect(box.x(), box.y(), box.width(), int(box.height() * 0.13))
        words = int(head.width() * 0.5)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        first = QRect(head.right() - words if rtl else head.x(), head.y(), words, head.height())
        second = QRect(head.x() if rtl else head.x() + words, head.y(), head.width() - words, head.height())
        painter.setClipping(True)
        fitting.draw(painter, first, self._head(), largest=theme.u(46), smallest=theme.u(26), colour=ink, align=LEADING)
        fitting.draw(
            painter, second, pick(self._call.service), largest=theme.u(46), smallest=theme.u(26), colour=ink, align=TRAILING
        )  # fmt: skip
        plate_height = int(box.height() * 0.31)
        number = QRect(box.x(), head.bottom(), box.width(), box.height() - head.height() - plate_height)
        fitting.draw(
            painter, number, self._call.number, largest=theme.u(320), smallest=theme.u(120), bold=True, colour=ink, align=CENTRE
        )  # fmt: skip
        plate = QRectF(box.x(), box.bottom() - plate_height, box.width(), plate_height)
        flashing = self._flashes % 2 == 1
        ground = (YELLOW if dark != flashing else t.surface) if filled else t.canvas
        plate_ink = "#16202b" if ground == YELLOW else (t.accent_strong if filled else t.ink)
        if ground == t.surface and dark:
            plate_ink = t.ink
        painter.setPen(QPen(QColor(t.edge), 2) if not filled else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(plate, theme.u(20), theme.u(20))
        side = int(plate.height() * 0.6)
        room = plate.toRect().adjusted(side + theme.u(60), 0, -theme.u(30), 0)
        arrow = QRectF(plate.x() + theme.u(40), plate.y(), side, plate.height())
        if rtl:
            room = plate.toRect().adjusted(theme.u(30), 0, -side - theme.u(60), 0)
            arrow = QRectF(plate.right() - theme.u(40) - side, plate.y(), side, plate.height())
        icon.paint(painter, arrow, "arrow_next", plate_ink, mirrored=rtl)
        fitting.draw(
            painter, room, self._place(), largest=theme.u(178), smallest=theme.u(90), bold=True, colour=plate_ink, align=CENTRE
        )  # fmt: skip
