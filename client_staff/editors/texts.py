"""Texts: one line, several lines, rich text, and numbers of people that are shown masked."""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtGui import QFont, QKeySequence, QShortcut, QTextListFormat
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout

from client_staff.editors.editor import Desk, Editor
from common.records import Field
from common.records.values import value_of
from common.text import _


class LineEditor(Editor):
    """One line of text: names, codes, e-mail addresses, telephone and identity numbers."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        if field.length:
            self.line.setMaxLength(field.length)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.watch(self.line)

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)

    def value(self) -> Any:
        """The text in its normal form."""
        return value_of(self.field, self.line.text())


class ProtectedEditor(LineEditor):
    """A protected value: masked until somebody reveals it, which leaves a trace; what is typed replaces it."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self._masked: Any = None
        self._clear: str | None = None

    def show_value(self, value: Any) -> None:
        """Show a masked value, or one that was typed."""
        if value is None or "•" in str(value):
            self._masked = value
            self._clear = None
            self.line.clear()
            self.line.setPlaceholderText(str(value or ""))
        else:
            super().show_value(value)

    def show_clear(self, value: str) -> None:
        """It was revealed."""
        self._clear = value
        if not self.line.text():
            super().show_value(value)

    def value(self) -> Any:
        """The masked value while it was not changed."""
        text = self.line.text().strip()
        if (not text and self._clear is None) or text == self._clear:
            return self._masked
        return super().value()


class LongTextEditor(Editor):
    """Text of several lines; Tab goes on to the next field."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.box = QPlainTextEdit()
        self.box.setObjectName(f"edit_{field.name}")
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(84)
        self.box.textChanged.connect(self._changed)
        self._showing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.watch(self.box)

    def _changed(self) -> None:
        if not self._showing:
            self.changed.emit()

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self._showing = True
        self.box.setPlainText("" if value is None else str(value))
        self._showing = False

    def value(self) -> Any:
        """The text."""
        return value_of(self.field, self.box.toPlainText())


class RichTextEditor(Editor):
    """Paragraphs, bold, italic, lists; the server takes out whatever else comes in."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.box = QTextEdit()
        self.box.setObjectName(f"edit_{field.name}")
        self.box.setTabChangesFocus(True)
        self.box.setAcceptRichText(True)
        self.box.setFixedHeight(140)
        self.box.textChanged.connect(self._changed)
        self._showing = False
        self._shown: Any = None
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for name, words, mark, key, act in (
            ("bold", _("Bold"), "B", "Ctrl+B", self._bold),
            ("italic", _("Italic"), "I", "Ctrl+I", self._italic),
            ("list", _("List"), "•", "", self._list),
        ):
            button = QPushButton(mark)
            button.setObjectName(f"edit_{field.name}_{name}")
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setFixedWidth(36)
            button.setProperty("kind", "tool")
            button.clicked.connect(act)
            tools.addWidget(button)
            if key:
                QShortcut(QKeySequence(key), self.box, act)
        tools.addStretch(1)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(tools)
        column.addWidget(self.box)
        self.watch(self.box)

    def _bold(self) -> None:
        heavy = self.box.fontWeight() > QFont.Weight.Medium
        self.box.setFontWeight(QFont.Weight.Normal if heavy else QFont.Weight.Bold)

    def _italic(self) -> None:
        self.box.setFontItalic(not self.box.fontItalic())

    def _list(self) -> None:
        self.box.textCursor().createList(QTextListFormat.Style.ListDisc)

    def _changed(self) -> None:
        if not self._showing:
            self.changed.emit()

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self._showing = True
        self._shown = value
        self.box.setHtml("" if value is None else str(value))
        self.box.document().setModified(False)
        self._showing = False

    def value(self) -> Any:
        """HTML of its paragraphs; what was shown while nothing was changed."""
        if not self.box.document().isModified():
            return self._shown
        return _clean(self.box) or None


def _clean(box: QTextEdit) -> str:
    """Qt's own HTML is a page with styles in every tag; only what a reader sees of it travels."""
    parts: list[str] = []
    in_list = False
    block = box.document().begin()
    while block.isValid():
        text = "".join(_fragments(block))
        if block.textList() is not None:
            parts.append(("" if in_list else "<ul>") + f"<li>{text}</li>")
            in_list = True
        else:
            parts.append(("</ul>" if in_list else "") + (f"<p>{text}</p>" if text else ""))
            in_list = False
        block = block.next()
    return "".join(parts) + ("</ul>" if in_list else "")


def _fragments(block: Any) -> list[str]:

    made = []
    at = block.begin()
    while not at.atEnd():
        piece = at.fragment()
        text = html.escape(piece.text()).replace("\u2028", "<br>")
        shape = piece.charFormat()
        if shape.fontWeight() > QFont.Weight.Medium:
            text = f"<b>{text}</b>"
        if shape.fontItalic():
            text = f"<i>{text}</i>"
        if shape.isAnchor() and shape.anchorHref().startswith(("http://", "https://", "mailto:")):
            text = f'<a href="{html.escape(shape.anchorHref())}">{text}</a>'
        made.append(text)
        at += 1
    return made
