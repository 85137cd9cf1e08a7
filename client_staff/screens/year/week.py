"""The usual week of a working calendar: the hours of seven days as they are typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from client_staff.screens.year.draft import hours_words, typed_hours
from client_staff.screens.year.drawing import first_weekday
from common.protocol.calendar import Periods
from common.qt import dialogs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.text import _, formats

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = date(2026, 3, 2)


class WeekDialog(QDialog):
    """A line a weekday; an empty one is free."""

    def __init__(self, parent: QWidget, name: str, week: dict[str, Periods]) -> None:
        super().__init__(parent)
        self.setObjectName("week_dialog")
        self.setWindowTitle(_("Usual week"))
        title = QLabel(_("Usual week of {name}").format(name=name))
        title.setFont(theme.font(17, bold=True))
        note = QLabel(_("Hours such as 08:00–12:00, 13:00–17:00; an empty day is free."))
        note.setProperty("tone", "second")
        self.banner = Banner(13, name="week_said")
        form = QFormLayout()
        self.lines: dict[str, QLineEdit] = {}
        begins = first_weekday()
        for step in range(7):
            number = (begins + step) % 7
            line = QLineEdit(hours_words(week.get(DAYS[number], [])))
            line.setObjectName(f"week_{DAYS[number]}")
            form.addRow(formats.weekday(MONDAY + timedelta(days=number)), line)
            self.lines[DAYS[number]] = line
        keys = dialogs.take_or_leave(self, _("Save"), name="week_save", take=self._accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for widget in (title, note, self.banner):
            column.addWidget(widget)
        column.addLayout(form)
        column.addLayout(keys)
        self.setMinimumWidth(460)
        next(iter(self.lines.values())).setFocus()

    def _accept(self) -> None:
        if self.week() is not None:
            self.accept()

    def week(self) -> dict[str, Periods] | None:
        """The week; nothing, with the wrong line in the focus, while one cannot be read."""
        made: dict[str, Any] = {}
        for name, line in self.lines.items():
            try:
                periods = typed_hours(line.text())
            except ValueError:
                self.banner.say(_("Write hours as 08:00–12:00, 13:00–17:00, one after the other."), "bad")
                line.setFocus()
                return None
            if periods:
                made[name] = periods
        return made
