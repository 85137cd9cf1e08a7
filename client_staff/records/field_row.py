"""One field of a form: its label, its editor or what stands there, what is wrong with it, what somebody else wrote."""

from __future__ import annotations

import html
import json
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from client_staff.editors import Desk, Editor, editor_for
from client_staff.editors.pictures import show_picture
from client_staff.editors.texts import ProtectedEditor
from client_staff.editors.typed import sentence
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Icon
from common.records import BadValue, Field
from common.records.field import LINKS
from common.text import _, right_to_left
from common.text.words import pick

LABEL_PX = 116
NARROW_PX = 360
"""Below this width of the form its labels stand above their fields."""
PICTURE_PX = 96


class Reading(QWidget):
    """A value that can only be read: selected and copied, opened where it leads somewhere."""

    opened = Signal(str, str)
    """Kind and id of the record behind a link."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__()
        self.field, self._desk = field, desk
        self._link: str | None = None
        self.words = QLabel()
        self.words.setObjectName(f"read_{field.name}")
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.words.setMinimumHeight(32)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.linkActivated.connect(self._opened)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)

    def show_value(self, value: Any, hidden: bool = False) -> None:
        """Show a value; `hidden` when this person may not know it."""
        field, reader = self.field, self._desk.reader
        self._link = None
        self.words.setMaximumHeight(16777215)
        if hidden:
            self.words.setTextFormat(Qt.TextFormat.PlainText)
            self.words.setText(_("hidden from you"))
        elif field.kind == "image" and value:
            self.words.setFixedSize(PICTURE_PX, PICTURE_PX)
            jobs.start(
                self, self._desk.link.fetch_file, str(value), done=lambda got: show_picture(self.words, got),
                refused=lambda why: self.words.setText("–"), offline=lambda why: self.words.setText("–"),
            )  # fmt: skip
        elif field.kind == "rich_text" and value:
            self.words.setTextFormat(Qt.TextFormat.RichText)
            self.words.setText(str(value))
        elif field.rich and isinstance(value, dict):
            self.words.setTextFormat(Qt.TextFormat.RichText)
            self.words.setText(pick(value))
        elif field.kind == "document" and value not in (None, "", {}, []):
            self.words.setTextFormat(Qt.TextFormat.PlainText)
            self.words.setText(json.dumps(value, ensure_ascii=False, indent=1))
        elif field.kind in LINKS and value and field.link and self._desk.schema.record(field.link) is not None:
            self._link = str(value)
            name = html.escape(reader.text(field, value))
            self.words.setTextFormat(Qt.TextFormat.RichText)
            self.words.setText(f'<a href="#" style="color: {theme.tokens.accent_strong};">{name}</a>')
        else:
            self.words.setTextFormat(Qt.TextFormat.PlainText)
            self.words.setText(reader.text(field, value))

    def _opened(self, where: str) -> None:
        if self._link is not None and where == "#":
            self.opened.emit(self.field.link or "", self._link)


class FieldRow(QWidget):
    """`changed(name)` comes while somebody writes, `left(name)` when it may be checked."""

    changed = Signal(str)
    left = Signal(str)
    opened = Signal(str, str)
    reveal_wanted = Signal(str)
    decided = Signal(str, bool)
    """One side of a conflict was chosen: the other's?"""

    def __init__(self, field: Field, desk: Desk, prefix: str = "") -> None:
        super().__init__()
        self.field, self.desk, self._prefix = field, desk, prefix
        self.setObjectName(f"{prefix}field_{field.name}")
        self.label = QLabel(field.label)
        self.label.setObjectName(f"label_{field.name}")
        self.label.setProperty("tone", "second")
        self.label.setWordWrap(True)
        # A label in another script stands at the form's side too, not at its own.
        side = Qt.AlignmentFlag.AlignRight if right_to_left() else Qt.AlignmentFlag.AlignLeft
        self.label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop)
        self.label.setContentsMargins(0, 6, 0, 0)
        self.editor: Editor | None = None
        self.reading: Reading | None = None
        self._value: Any = None
        self._hidden = False
        self._writing = False
        self._fault: str = ""
        self.needed = QLabel(_("needed"))
        self.needed.setObjectName(f"needed_{field.name}")
        self.needed.setProperty("tone", "warn")
        self.wrong_symbol = Icon("octagon", 16, "bad_strong")
        self.wrong = QLabel()
        self.wrong.setObjectName(f"{prefix}wrong_{field.name}")
        self.wrong.setProperty("tone", "bad")
        self.wrong.setWordWrap(True)
        self.help = QLabel(field.help)
        self.help.setProperty("tone", "third")
        self.help.setWordWrap(True)
        self.reveal = QPushButton(_("Show"))
        self.reveal.setObjectName(f"reveal_{field.name}")
        self.reveal.setProperty("kind", "tool")
        self.reveal.setToolTip(_("Shows the whole value; that you looked is written down."))
        self.reveal.clicked.connect(lambda: self.reveal_wanted.emit(field.name))
        self.reveal.hide()
        self.conflict = QWidget()
        self.conflict.hide()
        self._build()
        if field.label and not field.help:
            self.label.setToolTip(field.label)

    def _build(self) -> None:
        self.holder = QHBoxLayout()
        self.holder.setSpacing(6)
        self.holder.addWidget(self.needed, 0, Qt.AlignmentFlag.AlignTop)
        self.needed.setContentsMargins(0, 6, 0, 0)
        self.holder.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignTop)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.wrong_symbol, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.wrong, 1)
        self.wrong_line = QWidget()
        self.wrong_line.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self.wrong_line.hide()
        right = QVBoxLayout()
        right.setSpacing(3)
        right.addLayout(self.holder)
        for widget in (self.wrong_line, self.conflict, self.help):
            right.addWidget(widget)
        if not self.field.help:
            self.help.hide()
        self.theirs = QLabel()
        self.theirs.setObjectName(f"theirs_{self.field.name}")
        self.theirs.setWordWrap(True)
        mine = QPushButton(_("Keep yours"))
        mine.setObjectName(f"keep_{self.field.name}")
        mine.clicked.connect(lambda: self.decided.emit(self.field.name, False))
        other = QPushButton(_("Take theirs"))
        other.setObjectName(f"take_{self.field.name}")
        other.clicked.connect(lambda: self.decided.emit(self.field.name, True))
        keys = QHBoxLayout()
        for key in (mine, other):
            key.setProperty("kind", "tool")
            keys.addWidget(key)
        keys.addStretch(1)
        both = QVBoxLayout(self.conflict)
        both.setContentsMargins(8, 6, 8, 6)
        both.addWidget(self.theirs)
        both.addLayout(keys)
        self.conflict.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.conflict.setProperty("ground", "warn")
        self.above = QVBoxLayout()
        self.above.setContentsMargins(0, 0, 0, 0)
        self.beside = QHBoxLayout(self)
        self.beside.setContentsMargins(0, 0, 0, 0)
        self.beside.setSpacing(12)
        self.label.setFixedWidth(LABEL_PX)
        self.beside.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self.beside.addLayout(right, 1)
        self._right = right

    def narrow(self, narrow: bool) -> None:
        """Label above the field, or beside it."""
        direction = QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
        if self.beside.direction() != direction:
            self.beside.setDirection(direction)
            self.beside.setSpacing(2 if narrow else 12)
            if narrow:
                self.label.setMinimumWidth(0)
                self.label.setMaximumWidth(16777215)
            else:
                self.label.setFixedWidth(LABEL_PX)

    # its value

    def show_value(self, value: Any, *, writing: bool, hidden: bool = False) -> None:
        """Show a value, to be written or only read."""
        self._value, self._hidden = value, hidden
        self._writing = writing and not hidden and self._make_editor()
        if self._writing:
            assert self.editor is not None
            self.editor.show_value(value)
        else:
            self._make_reading().show_value(value, hidden)
        if self.editor is not None:
            self.editor.setVisible(self._writing)
        if self.reading is not None:
            self.reading.setVisible(not self._writing)
        self.reveal.setVisible(self.field.protected and isinstance(value, str) and "•" in value)
        self.mark_needed(value)

    def turn(self, writing: bool) -> None:
        """It may be written now, or not any more."""
        if writing is not self._writing or (self.editor is None and self.reading is None):
            self.show_value(self._value, writing=writing, hidden=self._hidden)

    def _make_editor(self) -> bool:
        if self.editor is None:
            self.editor = editor_for(self.field, self.desk)
            if self.editor is None:
                return False
            self.editor.changed.connect(lambda: self.changed.emit(self.field.name))
            self.editor.left.connect(lambda: self.left.emit(self.field.name))
            self.holder.insertWidget(0, self.editor, 1)
            for part in self.editor.findChildren(QWidget) if self._prefix else []:
                # A dialog may ask for the field that the form behind it shows as well.
                if part.objectName().startswith("edit_"):
                    part.setObjectName(self._prefix + part.objectName())
        return True

    def _make_reading(self) -> Reading:
        if self.reading is None:
            self.reading = Reading(self.field, self.desk)
            self.reading.opened.connect(self.opened)
            self.holder.insertWidget(0, self.reading, 1)
        return self.reading

    def value(self) -> Any:
        """What stands there; raises BadValue."""
        if self._writing and self.editor is not None:
            self._value = self.editor.value()
        return self._value

    def show_clear(self, value: str) -> None:
        """A protected value was revealed."""
        if self._writing and isinstance(self.editor, ProtectedEditor):
            self.editor.show_clear(value)
        else:
            self._make_reading().show_value(value)
        self.reveal.hide()

    # what is to be said about it

    def mark_needed(self, value: Any) -> None:
        """The word "needed" stands there while a needed field is empty."""
        self.needed.setVisible(self._writing and self.field.required and value in (None, "", {}, []))

    def mark_changed(self, changed: bool) -> None:
        """A dot before the label of what is not saved yet."""
        self.label.setText(f"● {self.field.label}" if changed else self.field.label)

    def say_wrong(self, what: BadValue | str | None) -> None:
        """What is wrong with it, or nothing any more."""
        self._fault = sentence(what) if isinstance(what, BadValue) else what or ""
        self.wrong.setText(self._fault)
        self.wrong_line.setVisible(bool(self._fault))
        if self.editor is not None:
            self.editor.set_wrong(bool(self._fault))

    @property
    def fault(self) -> str:
        """The sentence about it."""
        return self._fault

    def say_theirs(self, value: Any, who: str, when: str) -> None:
        """Somebody else saved first: both values stand there until one is chosen."""
        words = _("Theirs, {who} {when}: {value}").format(
            who=who, when=when, value=self.desk.reader.text(self.field, value)
        )
        self.theirs.setText(words)
        self.conflict.show()

    def settle(self) -> None:
        """One side was chosen."""
        self.conflict.hide()

    def take_focus(self) -> None:
        """Into its editor."""
        if self._writing and self.editor is not None:
            self.editor.setFocus()
        elif self.reading is not None:
            self.reading.words.setFocus()
