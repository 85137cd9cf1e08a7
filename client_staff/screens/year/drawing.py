"""The year as it is drawn: twelve months, a shape and a colour for what a day is; painted by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from client_staff.screens.year.draft import Draft, Month
from common.qt.theme import theme
from common.text import _, formats, right_to_left
from common.text.catalogue import language

ACROSS = 4
HEAD, WEEKDAYS = 26, 20
MARK = 6
KEYS_OF_KINDS = {
    Qt.Key.Key_H: "holiday", Qt.Key.Key_S: "short", Qt.Key.Key_W: "working", Qt.Key.Key_Delete: "usual",
    Qt.Key.Key_1: "holiday", Qt.Key.Key_2: "short", Qt.Key.Key_3: "working", Qt.Key.Key_0: "usual",
}  # fmt: skip


def first_weekday() -> int:
    """With what a week begins for this reader: Monday, in Persian Saturday."""
    return 5 if language() == "fa" else 0


class YearView(QWidget):
    """Arrows go by day and week, Shift extends; H S W or 1 2 3 make the days a holiday, short, worked, Del as usual."""

    moved = Signal()
    painted = Signal(str)

    def __init__(self, draft: Draft, may: Callable[[], bool]) -> None:
        super().__init__()
        self.setObjectName("year_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._draft, self._may = draft, may
        self.months: list[Month] = []
        self.view = "gregorian"
        self.today = date.today()
        self.here = self.today
        self.anchor = self.today
        self._cells: dict[date, QRectF] = {}
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for twelve months."""
        return QSize(860, 700)

    def minimumSizeHint(self) -> QSize:
        """So that two figures can be read."""
        return QSize(640, 520)

    def show_year(self, months: list[Month], view: str, today: date) -> None:
        """Draw these months; the cursor stays in the year."""
        self.months, self.view, self.today = months, view, today
        first, last = months[0].days[0], months[-1].days[-1]
        if not first <= self.here <= last:
            self.here = self.anchor = today if first <= today <= last else first
        self.update()
        self.moved.emit()

    def chosen(self) -> list[date]:
        """The days from the anchor to the cursor, in order."""
        first, last = min(self.anchor, self.here), max(self.anchor, self.here)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    # drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._cells = {}
        if not self.months:
            return
        chosen = set(self.chosen())
        down = (len(self.months) + ACROSS - 1) // ACROSS
        wide, high = self.width() / ACROSS, self.height() / down
        for place, month in enumerate(self.months):
            column, row = place % ACROSS, place // ACROSS
            if right_to_left():
                column = ACROSS - 1 - column
            box = QRectF(column * wide + 6, row * high + 2, wide - 12, high - 6)
            self._draw_month(painter, box, month, chosen)

    def _draw_month(self, painter: QPainter, box: QRectF, month: Month, chosen: set[date]) -> None:
        tokens, rtl = theme.tokens, right_to_left()
        worked = sum(self._draft.kind(day) in ("worked", "short", "make_up") for day in month.days)
        head = QRectF(box.left(), box.top(), box.width(), HEAD)
        near = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        far = Qt.AlignmentFlag.AlignLeft if rtl else Qt.AlignmentFlag.AlignRight
        flat = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tokens.ink))
        painter.setFont(theme.font(14, bold=True))
        painter.drawText(head, int(near | flat), month.name)
        painter.setPen(QColor(tokens.ink_2))
        painter.setFont(theme.font(11.5))
        painter.drawText(head, int(far | flat), _("{count} worked").format(count=formats.number(worked)))
        wide = box.width() / 7
        high = min(30.0, (box.height() - HEAD - WEEKDAYS) / 6)
        begins = first_weekday()
        for place in range(7):
            left = box.left() + (6 - place if rtl else place) * wide
            name = formats.weekday_short((begins + place) % 7)
            painter.drawText(QRectF(left, box.top() + HEAD, wide, WEEKDAYS), Qt.AlignmentFlag.AlignCenter, name)
        offset = (month.days[0].weekday() - begins) % 7
        for number, day in enumerate(month.days):
            row, place = divmod(offset + number, 7)
            left = box.left() + (6 - place if rtl else place) * wide
            cell = QRectF(left + 1, box.top() + HEAD + WEEKDAYS + row * high + 1, wide - 2, high - 2)
            self._cells[day] = cell
            self._draw_day(painter, cell, day, number + 1, day in chosen)

    def _draw_day(self, painter: QPainter, cell: QRectF, day: date, number: int, chosen: bool) -> None:
        tokens, kind = theme.tokens, self._draft.kind(day)
        ground, ink, mark = {
            "holiday": (tokens.bad_soft, tokens.bad_strong, tokens.bad),
            "short": (tokens.warn_soft, tokens.warn_strong, tokens.warn),
            "make_up": (tokens.good_soft, tokens.good_strong, tokens.good),
            "weekend": (tokens.canvas, tokens.ink_3, ""),
        }.get(kind, (tokens.surface, tokens.ink if kind else tokens.ink_3, ""))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRect(cell)
        if day == self.today:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(12.5, bold=bool(mark)))
        below = self._below(day)
        room = cell.adjusted(0, 0, 0, -cell.height() * 0.38) if below else cell
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, formats.digits(str(number)))
        if below:
            painter.setFont(theme.font(9))
            line = QRectF(cell.left(), cell.top() + cell.height() * 0.55, cell.width(), cell.height() * 0.42)
            font = painter.font()
            words = QFontMetricsF(font).elidedText(below, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)
        if mark:
            self._draw_mark(painter, cell, kind, mark)
        if any(one.by == "special_day" for one in self._draft.public.get(day, ())):
            self._draw_special(painter, cell)
        if day in self._draft.put:
            painter.fillRect(QRectF(cell.left(), cell.bottom() - 3, cell.width(), 3), QColor(tokens.accent))
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus_edge), 4 if day == self.here else 2))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def _below(self, day: date) -> str:
        """The same day in the other calendar, small."""
        if self.view == "lunar":
            return formats.lunar_day(day)
        if self.view == "jalali":
            return formats.digits(f"{day.day}/{day.month}")
        return ""

    def _draw_mark(self, painter: QPainter, cell: QRectF, kind: str, colour: str) -> None:
        """Never by colour alone: a disc, a triangle, a square."""
        side = cell.left() + 0.5 if right_to_left() else cell.right() - MARK - 0.5
        box = QRectF(side, cell.top() + 1, MARK, MARK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        if kind == "holiday":
            painter.drawEllipse(box)
        elif kind == "short":
            painter.drawPolygon(QPolygonF([box.bottomLeft(), box.bottomRight(), QPointF(box.center().x(), box.top())]))
        else:
            painter.drawRect(box)

    def _draw_special(self, painter: QPainter, cell: QRectF) -> None:
        """A rhomb where an outlet has hours of its own that day."""
        side = cell.right() - MARK - 1 if right_to_left() else cell.left() + 1
        box = QRectF(side, cell.top() + 1, MARK, MARK)
        middle = box.center()
        painter.setBrush(QColor(theme.tokens.surface))
        painter.setPen(QPen(QColor(theme.tokens.accent), 1.4))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y()),
                    QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y()),
                ]
            )
        )  # fmt: skip

    # hands

    def _at(self, point: QPointF) -> date | None:
        return next((day for day, cell in self._cells.items() if cell.contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cursor, or with Shift the end of a span."""
        day = self._at(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(day, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A span is drawn."""
        day = self._at(event.position())
        if day is not None and event.buttons() & Qt.MouseButton.LeftButton and day != self.here:
            self.go_to(day, extend=True)

    def go_to(self, day: date, *, extend: bool = False) -> None:
        """The cursor to a day of this year."""
        if not self.months or not self.months[0].days[0] <= day <= self.months[-1].days[-1]:
            return
        self.here = day
        if not extend:
            self.anchor = day
        self.update()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Days by arrows, what they are by letters."""
        side = -1 if right_to_left() else 1
        steps = {
            Qt.Key.Key_Left: -side, Qt.Key.Key_Right: side, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7,
            Qt.Key.Key_PageUp: -28, Qt.Key.Key_PageDown: 28,
        }  # fmt: skip
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.key() in steps and plain:
            self.go_to(self.here + timedelta(days=steps[Qt.Key(event.key())]), extend=extend)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and plain and self.months:
            month = next(m for m in self.months if m.days[0] <= self.here <= m.days[-1])
            self.go_to(month.days[0 if event.key() == Qt.Key.Key_Home else -1], extend=extend)
        elif event.key() in KEYS_OF_KINDS and plain and self._may():
            self.painted.emit(KEYS_OF_KINDS[Qt.Key(event.key())])
        else:
            event.ignore()

    def event(self, event: object) -> bool:
        """What a day is called, where the pointer rests."""
        if isinstance(event, QHelpEvent):
            day = self._at(QPointF(event.pos()))
            if day is not None:
                QToolTip.showText(event.globalPos(), self._words(day), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _words(self, day: date) -> str:
        from common.text.words import pick

        _kind, _periods, name = self._draft.shown(day)
        return " · ".join(part for part in (formats.date_long(day), pick(name)) if part)

    def driver_parts(self) -> Iterator[tuple[str, str, QRect]]:
        """Its days."""
        for day, cell in self._cells.items():
            yield f"day_{day.isoformat()}", self._draft.kind(day), cell.toRect()
