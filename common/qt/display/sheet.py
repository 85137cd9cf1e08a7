"""The parts of a central display at their places on the grid (QUE-026 to QUE-029). No link: who owns it shows it boards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from common.protocol.queue import Board, BoardCall
from common.protocol.queue_display import ACROSS, DOWN, DisplayPart, DisplayShape
from common.qt.display.call_panel import YELLOW, CallPanel
from common.qt.display.lists import EarlierCalls, ServiceCells
from common.qt.theme import theme
from common.qt.widgets import FitLabel, HallHeader, Ticker
from common.qt.widgets.clock_label import ClockLabel
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats, language
from common.text.words import pick

CENTRE = Qt.AlignmentFlag.AlignCenter
FULL = ("header", "ticker")
"""These reach to the screen's edges."""
GAP, EDGE = 10, 40
"""Pixels of the drawing: half of what lies between two parts, and what lies beside the screen's edge."""
BAND = 72


class OldBand(QWidget):
    """Stands in the ticker's place when nothing new is heard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = FitLabel(largest=theme.u(40), smallest=theme.u(26), bold=True, align=LEADING, name="old")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.u(40), 0, theme.u(40), 0)
        row.addWidget(self.words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the band."""
        QPainter(self).fillRect(self.rect(), QColor(YELLOW))


class Clock(QWidget):
    """Time large, the dates below."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("clock_part")
        self.clock = ClockLabel(now, largest=theme.u(150), bold=True, align=CENTRE, name="clock_part_time")
        self.date = ClockLabel(now, date=True, largest=theme.u(44), tone="ink_2", align=CENTRE, name="clock_part_date")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.clock, 3)
        column.addWidget(self.date, 1)


class Picture(QWidget):
    """A picture, whole, in the middle of its place."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("picture_part")
        self._picture = QPixmap()

    def show_content(self, content: bytes | None) -> None:
        """PNG or JPEG; what is none leaves the place empty."""
        self._picture = QPixmap()
        if content:
            self._picture.loadFromData(content)
        self.update()

    def driver_text(self) -> str:
        """Its size in pixels, where there is one."""
        return f"{self._picture.width()} {self._picture.height()}" if not self._picture.isNull() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        at = QRect(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        painter.drawPixmap(at, self._picture)


class DisplaySheet(QWidget):
    """Everything that a zone's display shows, each part at its place."""

    def __init__(self, now: Callable[[], datetime], *, reduce_motion: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._reduce_motion = now, reduce_motion
        self._aged: tuple[datetime | None, str] = (None, language())
        """Since when nothing was heard, and the language in which that is said."""
        self._zone = "UTC"
        self._pictures: Mapping[UUID, bytes] = {}
        self._board: Board | None = None
        self.shape = DisplayShape()
        self.call = CallPanel(reduce_motion=reduce_motion)
        self.earlier = EarlierCalls()
        self.services = ServiceCells()
        self.header = HallHeader(now, height=112)
        # The grid says how high it is; the drawing's height is that of its letters.
        self.header.setMinimumHeight(0)
        self.header.setMaximumHeight(16777215)
        self.ticker = Ticker(theme.u(40), reduce_motion)
        self.old = OldBand(self)
        self.old.words.set_tone("focus_edge")
        self.old.hide()
        self._once: dict[str, QWidget] = {
            "header": self.header, "call": self.call, "earlier": self.earlier, "ticker": self.ticker,
        }  # fmt: skip
        for one in self._once.values():
            one.setParent(self)
        self.parts: list[tuple[DisplayPart, QWidget]] = []
        self._arrange()

    # what stands where

    def show_shape(self, shape: DisplayShape) -> None:
        """Another layout; nothing moves while it stays the same."""
        if shape == self.shape:
            return
        moved = shape.placed != self.shape.placed
        self.shape = shape
        if moved:
            self._arrange()

    def show_pictures(self, pictures: Mapping[UUID, bytes]) -> None:
        """The pictures that were read, by id."""
        self._pictures = dict(pictures)
        for part, widget in self.parts:
            if isinstance(widget, Picture):
                widget.show_content(self._pictures.get(part.file_id) if part.file_id is not None else None)

    def _arrange(self) -> None:
        for _part, widget in self.parts:
            widget.hide()
            if widget not in self._once.values():
                widget.deleteLater()
        self.parts = []
        panels: list[tuple[int, int]] = []
        for part in self.shape.placed:
            made = self.services.panel(len(panels)) if part.kind == "queues" else self._once.get(part.kind)
            if part.kind == "queues":
                panels.append(_cells(part))
            made = made or self._made(part)
            made.setParent(self)
            self.parts.append((part, made))
        self.services.divide(panels)
        self._place()
        for _part, widget in self.parts:
            widget.show()
        self.ticker.setVisible(self._has("ticker") and self._aged[0] is None)
        self._say_parts()
        self.old.raise_()

    def _has(self, kind: str) -> bool:
        return any(part.kind == kind for part, _widget in self.parts)

    def _made(self, part: DisplayPart) -> QWidget:
        if part.kind == "clock":
            return Clock(self._now)
        if part.kind == "picture":
            picture = Picture()
            picture.show_content(self._pictures.get(part.file_id) if part.file_id is not None else None)
            return picture
        return FitLabel(
            largest=theme.u(110), smallest=theme.u(30), lines=max(1, part.height), bold=part.height > 2, align=CENTRE,
            name="text_part",
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another screen."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: Any) -> None:
        """Another language may read from the other side."""
        super().changeEvent(event)
        if event.type() == event.Type.LayoutDirectionChange:
            self._place()

    def _place(self) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        below = QRect(0, self.height() - theme.u(BAND), self.width(), theme.u(BAND))
        for part, widget in self.parts:
            widget.setGeometry(place_of(part, self.width(), self.height(), mirrored=mirrored))
            if part.kind == "ticker":
                below = widget.geometry()
        self.old.setGeometry(below)

    # what is shown

    def show_board(self, board: Board, zone: str) -> None:
        """A board was read: counts, words and ticker; calls are shown by `show_calls`."""
        self._board, self._zone = board, zone
        self.show_shape(board.shape)
        name = {code: f"{text} · {pick(board.zone, code)}" for code, text in board.outlet.items()}
        self.header.date.second = board.shape.second_date
        self.header.show_hall(name, zone)
        self.services.show_services(board.services)
        self.ticker.show_texts([pick(text) for text in board.ticker])
        self.call.show_welcome(_("Welcome") if board.state == "open" else _("Closed"), hours_today(board.hours))
        self._say_parts()

    def _say_parts(self) -> None:
        for part, widget in self.parts:
            if isinstance(widget, Clock):
                for label in (widget.clock, widget.date):
                    label.zone, label.second = self._zone, self.shape.second_date
                    label.refresh()
            elif part.kind == "text" and isinstance(widget, FitLabel):
                widget.setText(pick(part.text))

    def show_calls(self, current: BoardCall | None, earlier: list[BoardCall], *, new: bool = False) -> None:
        """The call in the large place and those before it; a new one slides in."""
        self.call.show_call(current, new=new)
        self.earlier.show_calls(earlier)

    def show_age(self, heard_at: datetime | None, zone: str) -> None:
        """Nothing new was heard since that moment; `None` says that all is well."""
        if (heard_at, language()) == self._aged:
            return
        self._aged = (heard_at, language())
        old = heard_at is not None
        self.earlier.old = old
        self.earlier.update()
        self.services.show_old(old)
        self.ticker.setVisible(not old and self._has("ticker"))
        self.old.setVisible(old)
        self.old.raise_()
        if heard_at is None:
            self.call.show_old("")
            return
        at = formats.time(heard_at, zone)
        self.call.show_old(_("Last call received at {time}").format(time=at))
        self.old.words.setText(
            _("As of {time}: no new calls reach this screen. Listen for your number or ask; it stays valid.").format(
                time=at
            )
        )


def sized(part: DisplayPart, width: int, height: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of a part's cells on a screen of this size; not mirrored."""
    across, down = width / ACROSS, height / DOWN
    return part.x * across, part.y * down, part.width * across, part.height * down


def place_of(part: DisplayPart, width: int, height: int, *, mirrored: bool) -> QRect:
    """Where a part is drawn: its cells, with air around what does not reach to the screen's edges."""
    left, top, wide, high = sized(part, width, height)
    if mirrored:
        left = width - left - wide
    rect = QRect(round(left), round(top), round(left + wide) - round(left), round(top + high) - round(top))
    if part.kind in FULL:
        return rect
    gap, edge = theme.u(GAP), theme.u(EDGE)
    return rect.adjusted(
        edge if rect.left() <= 0 else gap, gap, -(edge if rect.right() + 1 >= width else gap),
        -(edge // 2 if rect.bottom() + 1 >= height else gap),
    )  # fmt: skip


def _cells(part: DisplayPart) -> tuple[int, int]:
    """Services across and down in a panel of this size."""
    return max(1, min(4, part.width // 6)), max(1, part.height // 4)


def hours_today(hours: list[tuple[str, str]]) -> str:
    """Today's periods in words; empty where there are none."""
    if not hours:
        return ""
    if list(hours[0]) == ["00:00", "24:00"]:
        return _("Open round the clock")
    periods = [_("{begin} to {end}").format(begin=formats.clock(begin), end=formats.clock(end)) for begin, end in hours]
    return _("Open today {hours}").format(hours=formats.listing(periods))
