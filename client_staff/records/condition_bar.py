"""The conditions of a list as chips, its quick search, and the searches that were saved."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QLineEdit, QPushButton, QSizePolicy, QWidget

from client_staff.records.conditions import said
from client_staff.records.desk import RecordDesk
from common.qt.widgets import qicon
from common.records import Condition, RecordFacts
from common.text import _
from common.text.direction import name as apart

TYPING_MS = 250


class Flow(QLayout):
    """Puts its items one behind the other and goes on below when the line is full; mirrors itself."""

    def __init__(self, parent: QWidget | None = None, space: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._space = space
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Called by Qt."""
        self._items.append(item)

    def count(self) -> int:
        """How many."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        """Give one away."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high at a width."""
        return self._arrange(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect: QRect) -> None:
        """Arrange."""
        super().setGeometry(rect)
        self._arrange(rect, True)

    def sizeHint(self) -> QSize:
        """One line of the widest."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, really: bool) -> int:
        parent = self.parentWidget()
        rtl = parent is not None and parent.isRightToLeft()
        x, y, line = 0, 0, 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(40, rect.width())))
            if x and x + size.width() > rect.width():
                x, y, line = 0, y + line + self._space, 0
            if really:
                left = rect.right() + 1 - x - size.width() if rtl else rect.left() + x
                item.setGeometry(QRect(left, rect.top() + y, size.width(), size.height()))
            x += size.width() + self._space
            line = max(line, size.height())
        return y + line


class ConditionBar(QWidget):
    """Chips: Enter changes one, Del or its cross takes it away. `/` adds, Ctrl+F goes into the quick search."""

    edit_wanted = Signal(int)
    """The place of a condition; -1 for a new one."""
    drop_wanted = Signal(int)
    searched = Signal(str)
    search_left = Signal()
    """Down or Enter in the quick search: into the list."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("conditions")
        self._desk, self._facts = desk, facts
        self._chips: list[QWidget] = []
        self.flow_place = QWidget()
        self.flow = Flow(self.flow_place)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.flow_place.setSizePolicy(policy)
        self.add = QPushButton()
        self.add.setObjectName("condition_add")
        self.add.setProperty("kind", "plain")
        self.add.setIcon(qicon("plus", "accent_strong"))
        self.add.clicked.connect(partial(self.edit_wanted.emit, -1))
        self.flow.addWidget(self.add)
        self.search = QLineEdit()
        self.search.setObjectName("records_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(100)
        self.search.setFixedWidth(200)
        self.search.addAction(qicon("search", "ink_3"), QLineEdit.ActionPosition.LeadingPosition)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._now)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.flow_place, 1)
        row.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        self.say_again()

    def _now(self) -> None:
        self._typing.stop()
        self.searched.emit(self.search.text().strip())
        self.search_left.emit()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.add.setText(_("Condition") + "  /")
        self.search.setPlaceholderText(_("Find in this list"))
        self.search.setAccessibleName(_("Find in this list"))

    def show_conditions(self, facts: RecordFacts, conditions: list[Condition], more: list[tuple[str, Any]]) -> None:
        """Show these; `more` are chips of another nature (deleted ones, a group), each with what its cross does."""
        self._facts = facts
        for chip in self._chips:
            self.flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        self.flow.removeWidget(self.add)
        for place, condition in enumerate(conditions):
            label, operator, value = said(condition, facts, self._desk.reader)
            words = " ".join(apart(part) for part in (label, operator, value) if part)
            self._put(
                f"condition_{place}",
                words,
                partial(self.edit_wanted.emit, place),
                partial(self.drop_wanted.emit, place),
            )
        for number, (words, drop) in enumerate(more):
            self._put(f"condition_more_{number}", words, drop, drop)
        self.flow.addWidget(self.add)
        self.flow.invalidate()
        self.flow_place.updateGeometry()

    def _put(self, name: str, words: str, change: Any, drop: Any) -> None:
        chip = QWidget()
        chip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        chip.setProperty("ground", "chip")
        key = _ChipKey(words, drop)
        key.setObjectName(name)
        key.setProperty("kind", "chip")
        key.clicked.connect(lambda: change())
        cross = QPushButton()
        cross.setObjectName(f"{name}_drop")
        cross.setProperty("kind", "chip")
        cross.setIcon(qicon("cross", "ink_2"))
        cross.setIconSize(QSize(12, 12))
        cross.setAccessibleName(_("Take away: {condition}").format(condition=words))
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: drop())
        row = QHBoxLayout(chip)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(0)
        row.addWidget(key)
        row.addWidget(cross)
        self.flow.addWidget(chip)
        chip.show()
        self._chips.append(chip)


class _ChipKey(QPushButton):
    def __init__(self, words: str, drop: Any) -> None:
        super().__init__(words)
        self._drop = drop

    def keyPressEvent(self, event: Any) -> None:
        """Del takes the condition away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._drop()
        else:
            super().keyPressEvent(event)
