"""The strip above a window: which window this is, whose turn it is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from common.protocol.queue import WindowView
from common.qt.display.call_panel import FLASHES, LEADING, YELLOW
from common.qt.theme import theme
from common.qt.widgets import fitting, icon
from common.text import _, formats
from common.text.words import pick

FLASH_MS = 500
PAGE_MS = 3000
DARK, PALE = "#05080c", "#3c4753"
WORDS_OF_STATE = {
    "free": ("door", "#7fdcae"),
    "rating": ("door", "#7fdcae"),
    "paused": ("pause", YELLOW),
    "back_office": ("document", "#8cc4fa"),
    "closed": ("moon", "#ffffff"),
    "old": ("offline", YELLOW),
}


class Strip(QWidget):
    """Black ground in every skin: it is read from the seats, against the light of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._view: WindowView | None = None
        self._old = False
        self._flashes = 0
        self._called: tuple[object, int] | None = None
        self._page = 0
        self._flash = QTimer(self, interval=FLASH_MS)
        self._flash.timeout.connect(self._flashed)
        self._turn = QTimer(self, interval=PAGE_MS)
        self._turn.timeout.connect(self._turned)
        self._turn.start()

    def show_window(self, view: WindowView, *, old: bool) -> None:
        """Show how the window stands. An old number above a window sends people wrong: it goes at once."""
        if (view, old) == (self._view, self._old):
            return
        self._view, self._old = view, old
        called = (view.ticket.id, view.ticket.recalls) if view.state == "called" and view.ticket else None
        if called is not None and called != self._called:
            self._flashes = FLASHES
            self._flash.start()
        self._called = called
        self.update()

    @property
    def state(self) -> str:
        """What is shown."""
        if self._view is None or self._old:
            return "old"
        return self._view.state

    def driver_text(self) -> str:
        """What stands here."""
        if self._view is None:
            return ""
        if self.state in ("called", "serving") and self._view.ticket is not None:
            return "\n".join((self._view.label, pick(self._view.service), self._view.ticket.number, self._word()))
        return "\n".join((self._view.label, *self._sentence()))

    def _word(self) -> str:
        return _("Please come") if self.state == "called" else _("In service")

    def _sentence(self) -> tuple[str, str]:
        assert self._view is not None
        names = [pick(one) for one in self._view.services]
        return {
            "paused": (_("Service is paused"), _("Your number stays valid. Please watch the screens.")),
            "back_office": (_("Papers are being dealt with"), _("Please wait.")),
            "closed": (_("Closed"), _("Please watch the screens or ask at the desk.")),
            "old": (_("Listen for your number"), _("This sign is without connection; your number stays valid.")),
        }.get(self.state, (_("Open"), names[self._page % len(names)] if names else ""))

    def _flashed(self) -> None:
        self._flashes -= 1
        if self._flashes <= 0:
            self._flashes = 0
            self._flash.stop()
        self.update()

    def _turned(self) -> None:
        self._page += 1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it: heights are shares of the strip's own."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        high = self.height()
        calling = self.state == "called"
        ground = YELLOW if calling and self._flashes % 2 == 0 else DARK
        painter.fillRect(self.rect(), QColor(ground))
        plate = int(high * 0.78)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box = QRect(self.width() - plate if rtl else 0, 0, plate, high)
        quiet = self.state in ("closed", "old")
        painter.fillRect(box, QColor(PALE if quiet else theme.tokens.accent if theme.skin == "light" else "#0a52a0"))
        label = formats.digits(self._view.label)
        number = QRect(box.x() + 8, 0, box.width() - 16, int(high * 0.76))
        fitting.draw(
            painter,
            number,
            label,
            largest=int(high * 0.67),
            bold=True,
            colour="#ffffff",
            align=Qt.AlignmentFlag.AlignCenter,
        )
        word = QRect(box.x() + 8, int(high * 0.73), box.width() - 16, int(high * 0.2))
        fitting.draw(
            painter, word, _("Window"), largest=int(high * 0.14), colour="#ffffff", align=Qt.AlignmentFlag.AlignCenter
        )
        gap = int(high * 0.12)
        room = QRect(gap if rtl else plate + gap, 0, self.width() - plate - 2 * gap, high)
        if self.state in ("called", "serving") and self._view.ticket is not None:
            self._paint_number(painter, room, "#05080c" if ground == YELLOW else "#ffffff", ground == YELLOW)
        else:
            self._paint_words(painter, room, rtl)

    def _paint_number(self, painter: QPainter, room: QRect, ink: str, bright: bool) -> None:
        assert self._view is not None and self._view.ticket is not None
        high = self.height()
        head = QRect(room.x(), int(high * 0.04), room.width(), int(high * 0.24))
        fitting.draw(
            painter, head, pick(self._view.service), largest=int(high * 0.18), smallest=12, colour=ink, align=LEADING
        )
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        below = QRect(room.x(), head.bottom(), room.width(), high - head.bottom() - int(high * 0.04))
        wide = int(below.width() * 0.68)
        number = QRect(below.right() - wide if rtl else below.x(), below.y(), wide, below.height())
        word = QRect(below.x() if rtl else below.x() + wide + 12, below.y(), below.width() - wide - 12, below.height())
        fitting.draw(
            painter, number, self._view.ticket.number, largest=int(high * 0.67), bold=True,
            colour="#05080c" if bright else YELLOW, align=LEADING,
        )  # fmt: skip
        fitting.draw(
            painter, word, self._word(), largest=int(high * 0.2), smallest=12, lines=2, colour=ink, align=LEADING
        )

    def _paint_words(self, painter: QPainter, room: QRect, rtl: bool) -> None:
        high = self.height()
        symbol, colour = WORDS_OF_STATE.get(self.state, WORDS_OF_STATE["closed"])
        side = int(high * 0.5)
        icon.paint(painter, QRectF(room.right() - side if rtl else room.x(), 0, side, high), symbol, colour)
        text = room.adjusted(0, 0, -side - 24, 0) if rtl else room.adjusted(side + 24, 0, 0, 0)
        title, sentence = self._sentence()
        first = QRect(text.x(), int(high * 0.08), text.width(), int(high * 0.54))
        fitting.draw(
            painter, first, title, largest=int(high * 0.4), smallest=16, bold=True, colour=colour, align=LEADING
        )
        second = QRect(text.x(), int(high * 0.62), text.width(), int(high * 0.28))
        fitting.draw(
            painter, second, sentence, largest=int(high * 0.16), smallest=12, lines=2, colour="#d6dde5", align=LEADING
        )
