"""A rich text in the hall's languages: one text a language behind its tab."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from client_staff.editors.editor import Desk
from client_staff.editors.texts import RichTextEditor
from client_staff.editors.words import IN_ITSELF
from common.qt.locale_of_qt import direction
from common.records import Field
from common.records.values import value_of
from common.text import _, language


class RichWordsEditor(RichTextEditor):
    """Paragraphs, bold, italic and lists in each language; a tab shows which are still to be written."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self._codes = list(desk.languages) or ["en"]
        self._at = language() if language() in self._codes else self._codes[0]
        self._values: dict[str, str] = {}
        self.tabs: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for code in self._codes if len(self._codes) > 1 else ():
            tab = QPushButton(IN_ITSELF.get(code, code))
            tab.setObjectName(f"edit_{field.name}_{code}")
            tab.setCheckable(True)
            tab.setProperty("kind", "tool")
            tab.clicked.connect(lambda _on, one=code: self._turn(one))
            row.addWidget(tab)
            self.tabs[code] = tab
        row.addStretch(1)
        self.column.addLayout(row)
        self.changed.connect(self._mark)
        self._turn(self._at)

    def _turn(self, code: str) -> None:
        self._keep()
        self._at = code
        self.box.setLayoutDirection(direction(code))
        super().show_value(self._values.get(code))
        self._mark()

    def _keep(self) -> None:
        """What stands in the box belongs to its language."""
        text = super().value()
        if text:
            self._values[self._at] = str(text)
        else:
            self._values.pop(self._at, None)

    def _mark(self) -> None:
        for code, tab in self.tabs.items():
            tab.setChecked(code == self._at)
            there = bool(self.box.toPlainText().strip()) if code == self._at else bool(self._values.get(code))
            written = there or not any(self._values.values())
            tab.setText(IN_ITSELF.get(code, code) + ("" if written else " …"))
            tab.setToolTip("" if written else _("Still to be written in this language."))

    def show_value(self, value: Any) -> None:
        """Show a text; languages that the hall does not speak stay as they are."""
        self._values = {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}
        super().show_value(self._values.get(self._at))
        self._mark()

    def value(self) -> Any:
        """The text by language."""
        self._keep()
        return value_of(self.field, dict(self._values)) if self._values else None
