"""A text in the hall's languages: one line a language behind its tab."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from client_staff.editors.editor import Desk, Editor
from common.qt.locale_of_qt import direction
from common.records import Field
from common.records.values import value_of
from common.text import _, language

IN_ITSELF = {"en": "EN", "zh": "中文", "ru": "RU", "fa": "فا"}


class WordsEditor(Editor):
    """Tabs show which languages are still to be written; Alt+Left and Alt+Right go between them."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self._codes = list(desk.languages) or ["en"]
        self._values: dict[str, str] = {}
        self._at = language() if language() in self._codes else self._codes[0]
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        if field.length:
            self.line.setMaxLength(field.length)
        self.line.textEdited.connect(self._typed)
        self.tabs: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for code in self._codes:
            tab = QPushButton(IN_ITSELF.get(code, code))
            tab.setObjectName(f"edit_{field.name}_{code}")
            tab.setCheckable(True)
            tab.setProperty("kind", "tool")
            tab.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            tab.clicked.connect(lambda _on, one=code: self._turn(one))
            row.addWidget(tab)
            self.tabs[code] = tab
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        if len(self._codes) > 1:
            column.addLayout(row)
        self.watch(self.line)
        self._turn(self._at)

    def _turn(self, code: str) -> None:
        self._at = code
        self.line.setText(self._values.get(code, ""))
        self.line.setCursorPosition(0)
        self.line.setLayoutDirection(direction(code))
        self._mark()

    def _typed(self, text: str) -> None:
        self._values[self._at] = text
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        for code, tab in self.tabs.items():
            tab.setChecked(code == self._at)
            written = bool(self._values.get(code, "").strip()) or not any(self._values.values())
            tab.setText(IN_ITSELF.get(code, code) + ("" if written else " …"))
            tab.setToolTip("" if written else _("Still to be written in this language."))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Left and Alt+Right turn the tabs."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.AltModifier
            and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        ):
            step = (1 if event.key() == Qt.Key.Key_Right else -1) * (-1 if self.isRightToLeft() else 1)
            self._turn(self._codes[(self._codes.index(self._at) + step) % len(self._codes)])
            return True
        return super().eventFilter(watched, event)

    def show_value(self, value: Any) -> None:
        """Show a text; languages that the hall does not speak stay as they are."""
        self._values = {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}
        self._turn(self._at)

    def value(self) -> Any:
        """The text by language."""
        return value_of(self.field, self._values) if self._values else None
