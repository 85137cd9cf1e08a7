"""Numbers, amounts, percentages and lengths of time: typed as the reader writes them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit

from client_staff.editors import typed
from client_staff.editors.editor import Desk, Editor
from common.records import Field
from common.records.values import value_of
from common.text import _


class NumberEditor(Editor):
    """A whole number of smallest units, shown with its decimals and unit."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        self.line.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignAbsolute)
        # A number keeps its inner order, whichever way the text around it runs.
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        unit = QLabel(self._unit())
        unit.setProperty("tone", "second")
        row.addWidget(unit)
        unit.setVisible(bool(unit.text()))
        self.watch(self.line)

    def _unit(self) -> str:
        return self.field.unit

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.line.setText(typed.whole_text(value, self.field.decimals) if isinstance(value, int) else "")

    def value(self) -> Any:
        """The number in smallest units."""
        return value_of(self.field, typed.whole(self.line.text(), self.field.decimals))


class DurationEditor(NumberEditor):
    """Hours and minutes."""

    def _unit(self) -> str:
        return _("h:min")

    def show_value(self, value: Any) -> None:
        """Show a length of time."""
        self.line.setText(typed.duration_text(value) if isinstance(value, int) else "")

    def value(self) -> Any:
        """Seconds."""
        return value_of(self.field, typed.duration(self.line.text()))
