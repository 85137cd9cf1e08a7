"""A colour, typed or taken from a palette."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QDialog, QHBoxLayout, QLineEdit, QPushButton

from client_staff.editors.editor import Desk, Editor
from common.qt import dialogs, jobs
from common.records import Field
from common.records.values import value_of
from common.text import _


class ColourEditor(Editor):
    """`#rrggbb` beside a patch of it."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        self.line.setMaxLength(7)
        self.line.setMaximumWidth(120)
        self.line.textEdited.connect(self._typed)
        self.patch = QPushButton()
        self.patch.setObjectName(f"edit_{field.name}_palette")
        self.patch.setProperty("kind", "tool")
        self.patch.setAccessibleName(_("Choose a colour"))
        self.patch.setToolTip(_("Choose a colour"))
        self.patch.clicked.connect(lambda: jobs.start(self, self._choose, name="colour"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line)
        row.addWidget(self.patch)
        row.addStretch(1)
        self.watch(self.line, self.patch)

    def _typed(self, _text: str) -> None:
        self._show_patch()
        self.changed.emit()

    def _show_patch(self) -> None:
        picture = QPixmap(20, 20)
        there = QColor(self.line.text())
        picture.fill(there if there.isValid() else QColor(0, 0, 0, 0))
        self.patch.setIcon(QIcon(picture))

    async def _choose(self) -> None:
        dialog = QColorDialog(QColor(self.line.text() or "#0a52a0"), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        chosen: list[QColor] = []
        dialog.colorSelected.connect(chosen.append)
        if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value and chosen:
            self.line.setText(chosen[0].name())
            self._typed("")

    def show_value(self, value: Any) -> None:
        """Show a colour."""
        self.line.setText(value or "")
        self._show_patch()

    def value(self) -> Any:
        """`#rrggbb`."""
        return value_of(self.field, self.line.text().strip())
