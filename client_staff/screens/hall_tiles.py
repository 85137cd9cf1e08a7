"""The plan of the hall: a tile a window, by zone; who, what and how long, each state with colour, shape and word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.counter.commands import PAUSE_REASONS
from common.protocol.queue_hall import PlanWindow, PlanZone
from common.qt.theme import theme
from common.qt.widgets import fitting, icon, qicon
from common.text import N_, _, formats, ngettext
from common.text.words import pick

WIDE, HIGH, GAP = 150, 86, 10


@dataclass(frozen=True)
class Look:
    """How a state is drawn."""

    word: str
    symbol: str
    tone: str
    """`good`, `accent`, `warn`, `bad`, or `off` for nobody."""


STATES = {
    "closed": Look(N_("Closed"), "door", "off"),
    "free": Look(N_("Free"), "check_round", "good"),
    "called": Look(N_("Calling"), "speaker", "accent"),
    "serving": Look(N_("In service"), "play", "accent"),
    "rating": Look(N_("Asks for the rating"), "star", "accent"),
    "paused": Look(N_("Paused"), "pause", "warn"),
    "back_office": Look(N_("Back office"), "desk", "warn"),
}
OVER = Look(N_("Over the limit"), "octagon", "bad")
LONG = Look(N_("Long pause"), "warning", "bad")
KEPT = Look(N_("Ticket kept"), "ticket", "warn")


def look_of(window: PlanWindow) -> Look:
    """The state that matters most at a window."""
    if window.over_limit:
        return OVER
    if window.long_pause:
        return LONG
    if window.kept_number is not None:
        return KEPT
    return STATES.get(window.state, Look(window.state, "info", "off"))


def what(window: PlanWindow) -> str:
    """What goes on there: the ticket, the reason of a pause, the ticket that stayed."""
    if window.ticket is not None:
        return window.ticket.number
    if window.kept_number is not None:
        return window.kept_number
    if window.state in ("paused", "back_office"):
        code = window.pause_reason or ""
        return _(PAUSE_REASONS[code]) if code in PAUSE_REASONS else code
    return ""


def who(window: PlanWindow) -> str:
    """Who sits there."""
    return pick(window.staff.name) if window.staff is not None else _("Nobody signed in")


class WindowTile(QAbstractButton):
    """One window of the plan. A click, or Enter, chooses it."""

    def __init__(self, chosen: Callable[[UUID], None]) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HIGH)
        self.setMinimumWidth(WIDE)
        self.window_plan: PlanWindow | None = None
        self._seconds: int | None = None
        self._chosen = chosen
        self.clicked.connect(self._click)
        theme.changed.connect(self.update)

    def show_window(self, window: PlanWindow, more: int) -> None:
        """Show how it stands, `more` seconds after it was read."""
        timed = window.seconds is not None and (window.state != "closed" or window.kept_number is not None)
        self._seconds = (window.seconds or 0) + more if timed else None
        self.window_plan = window
        self.setObjectName(f"tile_{window.label}")
        self.setAccessibleName(self.driver_text().replace("\n", ", "))
        self.setToolTip(pick(window.service) or pick(window.name))
        self.update()

    def driver_text(self) -> str:
        """Everything that is painted."""
        window = self.window_plan
        if window is None:
            return ""
        parts = (formats.digits(window.label), _(look_of(window).word), who(window), what(window), self._time())
        return "\n".join(part for part in parts if part)

    def sizeHint(self) -> QSize:
        """The size of a tile."""
        return QSize(WIDE, HIGH)

    def _time(self) -> str:
        return formats.stopwatch(self._seconds) if self._seconds is not None else ""

    def _click(self) -> None:
        if self.window_plan is not None:
            self._chosen(self.window_plan.window_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        window = self.window_plan
        if window is None:
            return
        t, look = theme.tokens, look_of(window)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        alarm = look.tone in ("warn", "bad")
        edge = getattr(t, look.tone) if alarm else t.edge
        pen = QPen(QColor(t.accent if self.isChecked() else edge), 3 if self.isChecked() else 2 if alarm else 1)
        if look.tone == "off" and not self.isChecked():
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        ground = getattr(t, f"{look.tone}_soft") if alarm else t.canvas if look.tone == "off" else t.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), t.radius_s, t.radius_s)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), t.radius_s, t.radius_s)
        self._paint_words(painter, window, look)

    def _paint_words(self, painter: QPainter, window: PlanWindow, look: Look) -> None:
        t = theme.tokens
        ink = t.ink_2 if look.tone == "off" else getattr(t, f"{look.tone}_strong")
        inside = self.rect().adjusted(11, 8, -11, -8)
        lead = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        trail = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        head, foot = 24, 24
        label = self._part(QRect(inside.x(), inside.y(), 40, head), inside)
        fitting.draw(painter, label, formats.digits(window.label), largest=19, colour=t.ink, bold=True, align=lead)
        word = self._part(QRect(inside.x() + 42, inside.y(), inside.width() - 42 - 20, head), inside)
        fitting.draw(painter, word, _(look.word), largest=13, smallest=9, colour=ink, bold=True, align=trail)
        shape = self._part(QRect(inside.right() - 16, inside.y() + 4, 16, 16), inside)
        icon.paint(painter, QRectF(shape), look.symbol, ink)
        name = QRect(inside.x(), inside.y() + head + 1, inside.width(), 20)
        fitting.draw(painter, name, who(window), largest=13, smallest=10, colour=t.ink_2, align=lead)
        bottom = QRect(inside.x(), inside.bottom() - foot + 1, inside.width(), foot)
        time = self._time()
        room = 62 if time else 0
        left = self._part(QRect(bottom.x(), bottom.y(), bottom.width() - room, foot), inside)
        fitting.draw(painter, left, what(window), largest=16, smallest=10, colour=t.ink, bold=True, align=lead)
        if time:
            right = self._part(QRect(bottom.right() - room + 1, bottom.y(), room, foot), inside)
            fitting.draw(painter, right, time, largest=15, smallest=10, colour=ink, align=trail)

    def _part(self, box: QRect, inside: QRect) -> QRect:
        """The same place seen from the reader's side."""
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return box
        return QRect(inside.left() + inside.right() - box.right(), box.y(), box.width(), box.height())


class ZoneBox(QFrame):
    """A zone: its name, who waits, its voice, its windows in rows."""

    def __init__(self, chosen: Callable[[UUID], None], silent: Callable[[UUID, bool], None]) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._chosen = chosen
        self.zone: PlanZone | None = None
        self.name = QLabel()
        self.name.setFont(theme.font(15, bold=True))
        self.waiting = QLabel()
        self.waiting.setProperty("tone", "second")
        self.silent = QPushButton()
        self._order_silent = silent
        self.silent.clicked.connect(self._silence)
        head = QHBoxLayout()
        head.addWidget(self.name)
        head.addWidget(self.waiting)
        head.addStretch(1)
        head.addWidget(self.silent)
        self.grid = QGridLayout()
        self.grid.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self.grid)
        self.tiles: list[WindowTile] = []
        self._columns = 0

    def show_zone(self, place: int, zone: PlanZone, windows: list[PlanWindow], more: int, *, may: bool) -> None:
        """Show it with its windows in the order of their numbers."""
        self.zone = zone
        self.setObjectName(f"zone_{place}")
        self.name.setObjectName(f"zone_{place}_name")
        self.name.setText(pick(zone.name))
        self.waiting.setObjectName(f"zone_{place}_waiting")
        text = ngettext("{count} waiting", "{count} waiting", zone.waiting) if zone.waiting else _("nobody waiting")
        self.waiting.setText(text.format(count=formats.number(zone.waiting)))
        self.silent.setObjectName(f"zone_{place}_silent")
        self.silent.setText(_("Calls are silent: speak again") if zone.silent else _("Silence the calls"))
        self.silent.setIcon(qicon("muted" if zone.silent else "speaker", "warn_strong" if zone.silent else "ink"))
        self.silent.setVisible(may or zone.silent)
        self.silent.setEnabled(may)
        while len(self.tiles) < len(windows):
            self.tiles.append(WindowTile(self._chosen))
        while len(self.tiles) > len(windows):
            gone = self.tiles.pop()
            self.grid.removeWidget(gone)
            gone.deleteLater()
        for tile, window in zip(self.tiles, windows, strict=True):
            tile.show_window(window, more)
        self._lay()

    def _silence(self) -> None:
        if self.zone is not None:
            self._order_silent(self.zone.zone_id, not self.zone.silent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many in a row as there is room for."""
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        columns = max(1, (self.width() - 28 + GAP) // (WIDE + GAP))
        if columns == self._columns and self.grid.count() == len(self.tiles):
            return
        self._columns = columns
        for place, tile in enumerate(self.tiles):
            self.grid.addWidget(tile, place // columns, place % columns)
        for place in range(self.grid.columnCount()):
            self.grid.setColumnStretch(place, 1 if place < columns else 0)


class Plan(QWidget):
    """All zones, one below the other."""

    def __init__(self, chosen: Callable[[UUID], None], silent: Callable[[UUID, bool], None]) -> None:
        super().__init__()
        self._chosen, self._silent = chosen, silent
        self.boxes: list[ZoneBox] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(10)
        self.column.addStretch(1)

    def show_plan(self, zones: list[PlanZone], windows: list[PlanWindow], more: int, *, may: bool) -> None:
        """Show these zones; boxes are kept, so that the focus stays where it is."""
        while len(self.boxes) < len(zones):
            box = ZoneBox(self._chosen, self._silent)
            self.boxes.append(box)
            self.column.insertWidget(len(self.boxes) - 1, box)
        while len(self.boxes) > len(zones):
            gone = self.boxes.pop()
            self.column.removeWidget(gone)
            gone.deleteLater()
        for place, (box, zone) in enumerate(zip(self.boxes, zones, strict=True)):
            there = sorted((w for w in windows if w.zone_id == zone.zone_id), key=_order)
            box.show_zone(place, zone, there, more, may=may)

    def mark(self, window_id: UUID | None) -> None:
        """This window is chosen."""
        for tile in self.tiles():
            tile.setChecked(tile.window_plan is not None and tile.window_plan.window_id == window_id)

    def tiles(self) -> list[WindowTile]:
        """Every tile, zone by zone."""
        return [tile for box in self.boxes for tile in box.tiles]


def _order(window: PlanWindow) -> tuple[int, str]:
    return (int(window.label) if window.label.isdigit() else 9999, window.label)
