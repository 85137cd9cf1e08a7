"""The calls just before, and how many wait for which service."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from common.protocol.queue import BoardCall, BoardService
from common.qt.display.call_panel import LEADING, TRAILING
from common.qt.theme import theme
from common.qt.widgets import fitting, icon
from common.text import _, formats, pgettext
from common.text.words import pick

EARLIER = 4
"""So many calls before the present one are kept."""
ROW = 105
"""Pixels of the drawing below which a row of them cannot be read."""
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
        rows = max(1, min(EARLIER, (self.height() - head.height()) // theme.u(ROW)))
        high = (self.height() - head.height()) / rows
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for place in range(rows):
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


class ServicePanel(QWidget):
    """Some of the services, in rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("queues")
        self.cells: list[ServiceCell] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.u(20))

    def divide(self, across: int, down: int, first: int) -> None:
        """So many cells; the first of them is the display's `first`."""
        for cell in self.cells:
            cell.hide()
            cell.deleteLater()
        self.cells = [ServiceCell(first + place) for place in range(across * down)]
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row < down else 0)
        for place, cell in enumerate(self.cells):
            self._grid.addWidget(cell, place // across, place % across)
            self._grid.setColumnStretch(place % across, 1)
            self._grid.setRowStretch(place // across, 1)


class ServiceCells(QObject):
    """The services on one panel or several: they follow one another, and what does not fit takes turns in pages."""

    def __init__(self) -> None:
        super().__init__()
        self._services: list[BoardService] = []
        self._page = 0
        self._old = False
        self._panels: list[ServicePanel] = []
        self._turn = QTimer(self, interval=PAGE_MS)
        self._turn.timeout.connect(self._turned)
        self._turn.start()

    @property
    def cells(self) -> list[ServiceCell]:
        """All of them, in their order."""
        return [cell for panel in self._panels for cell in panel.cells]

    def panel(self, place: int) -> ServicePanel:
        """A new panel; the first one begins anew."""
        if place == 0:
            self._panels = []
        self._panels.append(ServicePanel())
        return self._panels[-1]

    def divide(self, sizes: list[tuple[int, int]]) -> None:
        """Cells across and down of each panel."""
        if not sizes:
            self._panels = []
        first = 0
        for panel, (across, down) in zip(self._panels, sizes, strict=True):
            panel.divide(across, down, first)
            first += across * down
        self.show_old(self._old)
        self._fill()

    def show_services(self, services: list[BoardService]) -> None:
        """Show these; the page stays while it exists."""
        self._services = services
        self._fill()

    def show_old(self, old: bool) -> None:
        """The figures are not known any more, or known again."""
        self._old = old
        for cell in self.cells:
            cell.old = old
            cell.update()

    def _turned(self) -> None:
        self._page += 1
        self._fill()

    def _fill(self) -> None:
        cells = self.cells
        if not cells:
            return
        pages = max(1, -(-len(self._services) // len(cells)))
        self._page %= pages
        shown = self._services[self._page * len(cells) : (self._page + 1) * len(cells)]
        for place, cell in enumerate(cells):
            cell.show_service(shown[place] if place < len(shown) else None)
