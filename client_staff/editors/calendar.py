"""A month to choose a day from: Gregorian, or Jalali for Persian readers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from common.qt.theme import theme
from common.qt.widgets import qicon
from common.text import _, formats, language

WEEKS = 6


class Month:
    """One month of the reader's calendar."""

    def __init__(self, day: date) -> None:
        self.jalali = language() == "fa"
        if self.jalali:
            from persiantools.jdatetime import JalaliDate

            there = JalaliDate(day)
            self.first: date = there.replace(day=1).to_gregorian()
            length: int = JalaliDate.days_in_month(there.month, there.year)
        else:
            self.first = day.replace(day=1)
            after = (self.first + timedelta(days=32)).replace(day=1)
            length = (after - self.first).days
        self.last = self.first + timedelta(days=length - 1)

    @property
    def name(self) -> str:
        """Month and year."""
        if self.jalali:
            return formats.date(self.first).split(" ", 1)[1]
        from babel.dates import format_date

        pattern, locale = {"zh": ("y年M月", "zh_Hans_CN"), "ru": ("LLLL y", "ru_RU")}.get(
            language(), ("MMMM y", "en_GB")
        )
        return format_date(self.first, pattern, locale=locale)

    @property
    def begins_with(self) -> int:
        """The first weekday of a row, Monday 0: Saturday for Persian readers."""
        return 5 if self.jalali else 0

    def number(self, day: date) -> str:
        """The day of the month."""
        return formats.digits(str((day - self.first).days + 1))


class Calendar(QWidget):
    """Arrows move the day, Page Up and Page Down the month, T is today, Enter takes it, Esc leaves."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, today: date, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "raised")
        self._today = today
        self._day = today
        self.name = QLabel()
        self.name.setFont(theme.font(14, bold=True))
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        for symbol, words, step in (("arrow_back", _("Month before"), -1), ("arrow_next", _("Next month"), 1)):
            key = QPushButton()
            key.setProperty("kind", "tool")
            key.setIcon(qicon(symbol, "ink", self.isRightToLeft()))
            key.setAccessibleName(words)
            key.setToolTip(words)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.clicked.connect(partial(self._months, step))
            if step > 0:
                head.addWidget(self.name, 1)
            head.addWidget(key)
        self.grid = QGridLayout()
        self.grid.setSpacing(2)
        self._names: list[QLabel] = []
        self._keys: list[QPushButton] = []
        for column in range(7):
            label = QLabel()
            label.setProperty("tone", "second")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.grid.addWidget(label, 0, column)
            self._names.append(label)
        for place in range(7 * WEEKS):
            key = QPushButton()
            key.setProperty("kind", "day")
            key.setFixedSize(36, 30)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.clicked.connect(partial(self._take_place, place))
            self.grid.addWidget(key, 1 + place // 7, place % 7)
            self._keys.append(key)
        foot = QHBoxLayout()
        today_key = QPushButton(_("Today"))
        today_key.setObjectName(f"{name}_today")
        today_key.setProperty("kind", "plain")
        today_key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        today_key.clicked.connect(lambda: self._take(self._today))
        foot.addWidget(today_key)
        foot.addStretch(1)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(12, 10, 12, 8)
        column_of.addLayout(head)
        column_of.addLayout(self.grid)
        column_of.addLayout(foot)

    def open_at(self, anchor: QWidget, day: date | None) -> None:
        """Open below a field, with a day of its."""
        self._day = day or self._today
        self._draw()
        self.adjustSize()
        corner = anchor.rect().bottomRight() if self.isRightToLeft() else anchor.rect().bottomLeft()
        at = anchor.mapToGlobal(corner)
        if self.isRightToLeft():
            at.setX(at.x() - self.width())
        screen = anchor.screen().availableGeometry()
        at.setX(max(screen.left(), min(at.x(), screen.right() - self.width())))
        if at.y() + self.height() > screen.bottom():
            at.setY(anchor.mapToGlobal(anchor.rect().topLeft()).y() - self.height())
        self.move(at)
        self.show()
        self.setFocus()

    def _start(self) -> date:
        month = Month(self._day)
        return month.first - timedelta(days=(month.first.weekday() - month.begins_with) % 7)

    def _draw(self) -> None:
        month, start = Month(self._day), self._start()
        self.name.setText(month.name)
        for column, label in enumerate(self._names):
            name = formats.weekday(start + timedelta(days=column))
            label.setText(name[-1:] if language() == "zh" else name[:2] if language() != "fa" else name[:1])
            label.setToolTip(name)
        for place, key in enumerate(self._keys):
            day = start + timedelta(days=place)
            inside = month.first <= day <= month.last
            key.setText(month.number(day) if inside else "")
            key.setEnabled(inside)
            key.setProperty("chosen", day == self._day)
            key.setProperty("today", day == self._today)
            key.setAccessibleName(formats.date_long(day))
            key.style().unpolish(key)
            key.style().polish(key)

    def _months(self, step: int) -> None:
        month = Month(self._day)
        there = month.last + timedelta(days=1) if step > 0 else month.first - timedelta(days=1)
        self._day = there
        self._draw()

    def _take_place(self, place: int) -> None:
        self._take(self._start() + timedelta(days=place))

    def _take(self, day: date) -> None:
        self.hide()
        self.chosen.emit(day.isoformat())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a calendar."""
        on = -1 if self.isRightToLeft() else 1
        steps = {Qt.Key.Key_Left: -on, Qt.Key.Key_Right: on, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if key in steps:
            self._day += timedelta(days=steps[key])
            self._draw()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._months(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(self._day)
        elif key == Qt.Key.Key_T:
            self._take(self._today)
        else:
            super().keyPressEvent(event)
