"""How displays look: the layouts' list and form, with a picture of the screen that follows what is typed (QUE-026)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from common.qt.theme import theme
from common.qt.widgets import fitting
from common.records import RecordFacts
from common.text import _, direction, formats
from common.text.words import pick

FOLLOW_MS = 250
"""How soon the picture follows the form."""
HIGH = 190
LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
TRAILING = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SAMPLE = (("A012", "3"), ("B104", "1"), ("A011", "2"), ("C007", "5"))


class Picture(QWidget):
    """A display in small: with a call, or with its welcome."""

    def __init__(self, desk: RecordDesk, name: str, *, welcome: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedSize(HIGH * 16 // 9, HIGH)
        self._desk, self._welcome = desk, welcome
        self.values: dict[str, Any] = {}

    def show_values(self, values: dict[str, Any]) -> None:
        """Another layout, or another value of it."""
        if values != self.values:
            self.values = dict(values)
            self.setToolTip(self.words())
            self.setAccessibleName(self.words())
            self.update()

    def words(self) -> str:
        """What it shows, in words."""
        if self._welcome:
            return _("Welcome: {text}").format(text=pick(self.values.get("welcome") or {}) or "–")
        names = {"earlier": _("calls just before"), "queues": _("queues"), "ticker": _("scrolling line")}
        parts = [words for name, words in names.items() if self.values.get(name)]
        return _("The call, {parts}").format(parts=formats.listing(parts)) if parts else _("The call alone")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        t, whole = theme.tokens, QRectF(self.rect())
        if self._welcome:
            painter.fillRect(whole, QColor(t.accent))
            text = pick(self.values.get("welcome") or {})
            box = self.rect().adjusted(16, 24, -16, -24)
            shown = text or _("No welcome")
            fitting.draw(
                painter, box, shown, largest=30, smallest=11, colour=t.on_accent, align=CENTRE, bold=bool(text)
            )
            return
        painter.fillRect(whole, QColor(t.surface))
        self._paint_header(painter)
        below = whole.adjusted(8, 30, -8, -8)
        if self.values.get("ticker"):
            line = QRectF(below.left(), below.bottom() - 16, below.width(), 16)
            self._box(painter, line, _("Scrolling line"), 9)
            below.setBottom(line.top() - 6)
        if self.values.get("queues"):
            high = below.height() * 0.26
            for place in range(4):
                wide = (below.width() - 18) / 4
                cell = QRectF(below.left() + place * (wide + 6), below.bottom() - high, wide, high)
                self._box(painter, cell, formats.number(7 - place), 13)
            below.setBottom(below.bottom() - high - 6)
        call = QRectF(below)
        if self.values.get("earlier"):
            share = below.width() * 0.36
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            side = QRectF(below.left() if rtl else below.right() - share, below.top(), share, below.height())
            call = below.adjusted(share + 6, 0, 0, 0) if rtl else below.adjusted(0, 0, -share - 6, 0)
            row = side.height() / 3
            for place, (number, window) in enumerate(SAMPLE[1:]):
                one = QRectF(side.left(), side.top() + place * row, side.width(), row - 3)
                self._box(painter, one, f"{number}   {formats.digits(window)}", 11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent))
        painter.drawRoundedRect(call, 6, 6)
        number, window = SAMPLE[0]
        inside = call.toRect().adjusted(10, 4, -10, -4)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        words = f"{direction.name(number)}  {'◂' if rtl else '▸'}  {formats.digits(window)}"
        fitting.draw(painter, inside, words, largest=30, smallest=12, colour=t.on_accent, align=CENTRE, bold=True)

    def _paint_header(self, painter: QPainter) -> None:
        link = self._desk.link
        zone = link.health.zone if link.health is not None else "UTC"
        second = str(self.values.get("second_date") or "none")
        box = self.rect().adjusted(10, 4, -10, 0)
        box.setHeight(22)
        t = theme.tokens
        date = formats.header_date(link.now(), zone, second=second)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        beside = box.adjusted(44, 0, 0, 0) if rtl else box.adjusted(0, 0, -44, 0)
        fitting.draw(painter, beside, date, largest=11, smallest=7, colour=t.ink_2, align=LEADING)
        clock = formats.time(link.now(), zone)
        fitting.draw(painter, box, clock, largest=13, smallest=9, colour=t.ink, align=TRAILING, bold=True)

    def _box(self, painter: QPainter, box: QRectF, words: str, largest: int) -> None:
        t = theme.tokens
        painter.setPen(QColor(t.line))
        painter.setBrush(QColor(t.canvas))
        painter.drawRoundedRect(box, 4, 4)
        inside = box.toRect().adjusted(4, 0, -4, 0)
        fitting.draw(painter, inside, words, largest=largest, smallest=7, colour=t.ink_2, align=CENTRE)


class Screen(RecordsPage):
    """The generic page, and below it the two pictures of the layout in the form."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        self.pictures = (
            Picture(desk, "display_preview", welcome=False),
            Picture(desk, "display_welcome", welcome=True),
        )
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        for one in self.pictures:
            row.addWidget(one)
        row.addStretch(1)
        column = self.layout()
        assert column is not None
        column.addLayout(row)  # type: ignore[attr-defined]
        self._look = QTimer(self, interval=FOLLOW_MS)
        self._look.timeout.connect(self._show_pictures)

    def begin(self) -> None:
        """The page is opened."""
        super().begin()
        self._look.start()

    def stop(self) -> None:
        """The page is left."""
        self._look.stop()
        super().stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        super().say_again()
        for one in getattr(self, "pictures", ()):
            one.setToolTip(one.words())
            one.update()

    def _show_pictures(self) -> None:
        draft = self.view.form.draft
        for one in self.pictures:
            one.setVisible(draft is not None)
            if draft is not None:
                one.show_values(draft.values)
