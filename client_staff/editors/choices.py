"""One of a fixed list, and yes or no."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout

from client_staff.editors.editor import Desk, Editor
from common.records import Field
from common.text import _


class ChoiceEditor(Editor):
    """A list of choices. One that a newer server invents stays as it is until another is chosen."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.box = QComboBox()
        self.box.setObjectName(f"edit_{field.name}")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(6)
        self.box.addItem("" if field.required else _("– none –"), None)
        for code, label in field.choices:
            self.box.addItem(label, code)
        self.box.activated.connect(lambda _place: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.watch(self.box)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scrolling the form does not change a choice under the pointer."""
        if isinstance(event, QWheelEvent) and not self.box.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def show_value(self, value: Any) -> None:
        """Show a choice."""
        place = self.box.findData(value)
        if place < 0:
            self.box.addItem(str(value), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)

    def value(self) -> Any:
        """The choice's code."""
        return self.box.currentData()


class YesNoEditor(Editor):
    """A tick."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.tick = QCheckBox(_("Yes"))
        self.tick.setObjectName(f"edit_{field.name}")
        self.tick.clicked.connect(lambda _on: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignLeading)
        self.watch(self.tick)

    def show_value(self, value: Any) -> None:
        """Show yes or no; nothing is no."""
        self.tick.setChecked(bool(value))

    def value(self) -> Any:
        """True or false."""
        return self.tick.isChecked()
