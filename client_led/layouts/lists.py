"""The calls just before, and how many wait for which service."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client_led.feed.calls import EARLIER
from client_led.layouts.call_panel import LEADING, TRAILING
from common.protocol.queue import BoardCall, BoardService
from common.qt.theme import theme
from common.qt.widgets import fitting, icon
from common.text import _, formats, pgettext
from common.text.words import pick

CELLS = 4
PAGE_MS = 10_000


class EarlierCalls(QWidget):
    """Newest on top; the order never changes while it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("earlier")
        self._calls: list[BoardCall] = []
        self.old = False

    def show_calls(self, calls: list[BoardCall]) -> None:
        """Show others."""
        self._calls = calls[:EARLIER]
        self.update()

    def driver_text(self) -> str:
        """One line a call."""
        return "\n".join(f"{call.number} {formats.digits(call.window)}" for call in self._calls)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw heads, rows and lines."""
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setPen(QPen(QColor(t.line), 2))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.u(28), theme.u(28))
        box = self.rect().adjusted(theme.u(40), 0, -theme.u(40), 0)
        head = QRect(box.x(), 0, box.width(), theme.u(72))
        fitting.draw(painter, head, _("Before"), largest=theme.u(36), smallest=20, colour=t.ink_2, align=LEADING)
        fitting.draw(painter, head, _("Window"), largest=theme.u(36), smallest=20, colour=t.ink_2, align=TRAILING)
        high = (self.height() - head.height()) / EARLIER
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for place in range(EARLIER):
            row = QRect(box.x(), int(head.bottom() + place * high), box.width(), int(high))
            painter.setPen(QPen(QColor(t.line), 2))
            painter.drawLine(row.x(), row.y(), row.right(), row.y())
            if place >= len(self._calls):
                continue
            call = self._calls[place]
            half = row.width() // 2
            number = QRect(row.right() - half if rtl else row.x(), row.y(), half, row.height())
            window = QRect(row.x() if rtl else row.right() - half, row.y(), half, row.height())
            ink = t.ink if self.old else t.accent_strong
            fitting.draw(
                painter, number, call.number, largest=theme.u(92), smallest=40, bold=True, colour=t.ink, align=LEADING
            )
            arrow = QRectF(row.center().x() - theme.u(26), row.y(), theme.u(52), row.height())
            icon.paint(painter, arrow, "arrow_next", t.ink_2, mirrored=rtl)
            text = formats.digits(call.window)
            fitting.draw(painter, window, text, largest=theme.u(92), smallest=40, bold=True, colour=ink, align=TRAILING)


class ServiceCell(QWidget):
    """One service: how many wait, and who is next."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.setObjectName(f"service_{place}")
        self._service: BoardService | None = None
        self.old = False
        """Without news the numbers of the queue are not shown (QUE-930)."""

    def show_service(self, service: BoardService | None) -> None:
        """Show another; nothing leaves the cell empty."""
        self._service = service
        self.update()

    def driver_text(self) -> str:
        """What stands here."""
        if self._service is None:
            return ""
        return "\n".join((pick(self._service.name), *self._figures()))

    def _figures(self) -> tuple[str, str]:
        if self._service is None or self.old:
            return "–", "–"
        return formats.number(self._service.waiting), self._service.next_number or "–"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._service is None:
            return
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setPen(QPen(QColor(t.line), 2))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.u(20), theme.u(20))
        box = self.rect().adjusted(theme.u(30), theme.u(12), -theme.u(30), -theme.u(10))
        name = QRect(box.x(), box.y(), box.width(), int(box.height() * 0.28))
        fitting.draw(
            painter, name, pick(self._service.name), largest=theme.u(38), smallest=theme.u(24), bold=True, colour=t.ink
        )
        middle = QRect(box.x(), name.bottom(), box.width(), int(box.height() * 0.46))
        foot = QRect(box.x(), middle.bottom(), box.width(), box.bottom() - middle.bottom())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        share = int(box.width() * 0.42)

        def parts(row: QRect) -> tuple[QRect, QRect]:
            few = QRect(row.right() - share if rtl else row.x(), row.y(), share, row.height())
            rest = QRect(row.x() if rtl else row.x() + share, row.y(), row.width() - share, row.height())
            return few, rest

        count, number = parts(middle)
        waiting, upcoming = parts(foot)
        big = {"largest": theme.u(88), "smallest": 30, "bold": True}
        figure, next_number = self._figures()
        fitting.draw(painter, count, figure, colour=t.ink, align=LEADING, **big)  # type: ignore[arg-type]
        fitting.draw(painter, number, next_number, colour=t.accent_strong, align=TRAILING, **big)  # type: ignore[arg-type]
        small = {"largest": theme.u(30), "smallest": 16, "colour": t.ink_2}
        fitting.draw(painter, waiting, pgettext("people", "waiting"), align=LEADING, **small)  # type: ignore[arg-type]
        text = _("next number") if self._service.next_number or self.old else _("no wait")
        fitting.draw(painter, upcoming, text, align=TRAILING, **small)  # type: ignore[arg-type]


class ServiceCells(QWidget):
    """Four services; the others take turns in pages, all cells at once."""

    def __init__(self) -> None:
        super().__init__()
        self._services: list[BoardService] = []
        self._page = 0
        self.cells = [ServiceCell(place) for place in range(CELLS)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.u(20))
        for cell in self.cells:
            row.addWidget(cell, 1)
        self._turn = QTimer(self, interval=PAGE_MS)
        self._turn.timeout.connect(self._turned)
        self._turn.start()

    def show_services(self, services: list[BoardService]) -> None:
        """Show these; the page stays while it exists."""
        self._services = services
        self._fill()

    def show_old(self, old: bool) -> None:
        """The figures are not known any more, or known again."""
        for cell in self.cells:
            cell.old = old
            cell.update()

    def _turned(self) -> None:
        self._page += 1
        self._fill()

    def _fill(self) -> None:
        pages = max(1, -(-len(self._services) // CELLS))
        self._page %= pages
        shown = self._services[self._page * CELLS : (self._page + 1) * CELLS]
        for place, cell in enumerate(self.cells):
            cell.show_service(shown[place] if place < len(shown) else None)
