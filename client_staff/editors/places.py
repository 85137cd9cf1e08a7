"""Addresses in their parts, and places on earth."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit

from client_staff.editors.editor import Desk, Editor
from client_staff.records.shown import ADDRESS
from common.records import BadValue, Field
from common.records.values import value_of
from common.text import _
from common.text.fold import digits


class AddressEditor(Editor):
    """One line a part."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.lines: dict[str, QLineEdit] = {}
        for row, (part, words) in enumerate(ADDRESS.items()):
            line = QLineEdit()
            line.setObjectName(f"edit_{field.name}_{part}")
            line.setAccessibleName(_(words))
            line.setMaxLength(200)
            line.textEdited.connect(lambda _text: self.changed.emit())
            label = QLabel(_(words))
            label.setProperty("tone", "second")
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
            self.lines[part] = line
        self.watch(*self.lines.values())

    def show_value(self, value: Any) -> None:
        """Show an address."""
        for part, line in self.lines.items():
            line.setText((value or {}).get(part, ""))

    def value(self) -> Any:
        """Its parts that are not empty."""
        return value_of(self.field, {part: line.text() for part, line in self.lines.items() if line.text().strip()})


class CoordinatesEditor(Editor):
    """Latitude and longitude in degrees; both may be pasted into the first line with a comma between."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.latitude, self.longitude = QLineEdit(), QLineEdit()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for line, name, words in (
            (self.latitude, f"edit_{field.name}", _("Latitude")),
            (self.longitude, f"edit_{field.name}_longitude", _("Longitude")),
        ):
            line.setObjectName(name)
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
            line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            row.addWidget(line)
        self.latitude.textEdited.connect(self._typed)
        self.longitude.textEdited.connect(lambda _text: self.changed.emit())
        self.watch(self.latitude, self.longitude)

    def _typed(self, text: str) -> None:
        first, comma, second = text.partition(",")
        if comma and second.strip() and not self.longitude.text():
            self.latitude.setText(first.strip())
            self.longitude.setText(second.strip())
        self.changed.emit()

    def show_value(self, value: Any) -> None:
        """Show a place."""
        self.latitude.setText(str(value["latitude"]) if value else "")
        self.longitude.setText(str(value["longitude"]) if value else "")

    def value(self) -> Any:
        """Latitude and longitude."""
        first, second = (digits(line.text()).strip().replace("٫", ".") for line in (self.latitude, self.longitude))
        if not first and not second:
            return None
        if not first or not second:
            raise BadValue("coordinates")
        return value_of(self.field, {"latitude": first, "longitude": second})
