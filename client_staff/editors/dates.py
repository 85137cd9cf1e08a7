"""Days, moments, times of day and periods: typed, or chosen from a month."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as Time
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client_staff.editors import typed
from client_staff.editors.calendar import Calendar
from client_staff.editors.editor import Desk, Editor
from common.qt.widgets import qicon
from common.records import BadValue, Field
from common.records.values import value_of
from common.text import _, formats


class DayLine(QWidget):
    """A line for a day, and the key that opens the month (Alt+Down)."""

    edited = Signal()

    def __init__(self, name: str, desk: Desk, words: str) -> None:
        super().__init__()
        self._desk = desk
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.line.setAccessibleName(words)
        self.line.setPlaceholderText(typed.day_text(self._today().isoformat()))
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.installEventFilter(self)
        self.key = QPushButton()
        self.key.setObjectName(f"{name}_month")
        self.key.setProperty("kind", "tool")
        self.key.setIcon(qicon("calendar", "ink_2"))
        self.key.setAccessibleName(_("Choose from the month"))
        self.key.setToolTip(_("Choose from the month"))
        self.key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.key.clicked.connect(self.open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.key)

    def _today(self) -> date:
        return formats.local(self._desk.link.now(), self._desk.reader.zone).date()

    def day(self) -> str | None:
        """The day as ISO. Raises BadValue."""
        return typed.day(self.line.text())

    def set_day(self, iso: str | None) -> None:
        """Show a day."""
        try:
            self.line.setText(typed.day_text(iso) if iso else "")
        except ValueError:
            self.line.setText(iso or "")

    def open(self) -> None:
        """The month."""
        try:
            there = self.day()
        except BadValue:
            there = None
        month = Calendar(self, self._today(), f"{self.line.objectName()}_calendar")
        month.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month.chosen.connect(self._chosen)
        month.open_at(self.line, date.fromisoformat(there) if there else None)

    def _chosen(self, iso: str) -> None:
        self.set_day(iso)
        self.line.setFocus()
        self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Down opens the month."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() == Qt.KeyboardModifier.AltModifier
        ):
            self.open()
            return True
        return False


class DayEditor(Editor):
    """A day."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.day = DayLine(f"edit_{field.name}", desk, field.label)
        self.day.edited.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.day)
        self.watch(self.day.line)

    def show_value(self, value: Any) -> None:
        """Show a day."""
        self.day.set_day(value)

    def value(self) -> Any:
        """The day as ISO."""
        return self.day.day()


class TimeEditor(Editor):
    """A time of day."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.line.setPlaceholderText(formats.clock("08:30"))
        self.line.setMaximumWidth(120)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        row.addStretch(1)
        self.watch(self.line)

    def show_value(self, value: Any) -> None:
        """Show a time."""
        self.line.setText(formats.clock(value) if value else "")

    def value(self) -> Any:
        """HH:MM."""
        return value_of(self.field, typed.time(self.line.text()))


class MomentEditor(Editor):
    """A day and a time of the hall's clock."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.day = DayLine(f"edit_{field.name}", desk, field.label)
        self.time = QLineEdit()
        self.time.setObjectName(f"edit_{field.name}_time")
        self.time.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.time.setPlaceholderText(formats.clock("08:30"))
        self.time.setAccessibleName(_("Time of day"))
        self.time.setMaximumWidth(84)
        self._shown: Any = None
        self._texts = ("", "")
        self.day.edited.connect(self.changed)
        self.time.textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.day, 1)
        row.addWidget(self.time)
        self.watch(self.day.line, self.time)

    def show_value(self, value: Any) -> None:
        """Show a moment on the hall's clock."""
        there = formats.local(datetime.fromisoformat(value), self.desk.reader.zone) if value else None
        self.day.set_day(there.date().isoformat() if there else None)
        self.time.setText(formats.clock(there.strftime("%H:%M")) if there else "")
        self._shown, self._texts = value, (self.day.line.text(), self.time.text())

    def value(self) -> Any:
        """The moment with its zone; with its seconds while it was not changed."""
        if (self.day.line.text(), self.time.text()) == self._texts:
            return self._shown
        day, clock = self.day.day(), typed.time(self.time.text())
        if day is None and clock is None:
            return None
        if day is None or clock is None:
            raise BadValue("moment_typed")
        hour, minute = map(int, clock.split(":"))
        zone = formats.zone_of(self.desk.reader.zone)
        return datetime.combine(date.fromisoformat(day), Time(hour, minute), zone).isoformat()


class PeriodEditor(Editor):
    """From one day to another, both counted; the end may stay open."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.first = DayLine(f"edit_{field.name}", desk, field.label)
        self.last = DayLine(f"edit_{field.name}_until", desk, _("until"))
        for part in (self.first, self.last):
            part.edited.connect(self.changed)
        self.last.line.setPlaceholderText(_("open end"))
        # One below the other: side by side two days do not fit into a form of usual width.
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.first)
        column.addWidget(self.last)
        self.watch(self.first.line, self.last.line)

    def show_value(self, value: Any) -> None:
        """Show a period."""
        begin, _stroke, end = str(value or "").partition("/")
        self.first.set_day(begin or None)
        self.last.set_day(end or None)

    def value(self) -> Any:
        """`first/last`."""
        begin, end = self.first.day(), self.last.day()
        if begin is None and end is None:
            return None
        if begin is None:
            raise BadValue("day")
        return value_of(self.field, f"{begin}/{end or ''}")
