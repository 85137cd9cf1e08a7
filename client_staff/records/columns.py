"""Which columns a list shows and in which order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from common.qt.theme import theme
from common.records import Field, RecordFacts
from common.text import _

NAME = Qt.ItemDataRole.UserRole
UNLISTED = ("document", "image", "files")
MOST = 8


def columns_of(facts: RecordFacts, names: list[str] | None) -> list[Field]:
    """The fields of a list: those chosen, else those that the kind wants in lists."""
    if names:
        chosen = [field for name in names if (field := facts.field(name)) is not None]
        if chosen:
            return chosen
    wanted = [field for field in facts.fields if field.in_list]
    return wanted or [field for field in facts.fields if field.kind not in UNLISTED][:MOST]


class _List(QListWidget):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with arrows moves the column."""
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = self.currentRow()
            to = at + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= to < self.count():
                self.insertItem(to, self.takeItem(at))
                self.setCurrentRow(to)
        else:
            super().keyPressEvent(event)


class ColumnsDialog(QDialog):
    """Ticked columns are shown, in this order; moved by drag or Alt with arrows."""

    def __init__(self, parent: QWidget, facts: RecordFacts, shown: list[str]) -> None:
        super().__init__(parent)
        self.setObjectName("columns_dialog")
        self.setWindowTitle(_("Columns"))
        title = QLabel(_("Columns"))
        title.setFont(theme.font(16, bold=True))
        help = QLabel(_("Space ticks, Alt+Up and Alt+Down move."))
        help.setProperty("tone", "second")
        self.list = _List()
        self.list.setObjectName("columns_list")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumHeight(320)
        rest = [field.name for field in facts.fields if field.name not in shown and field.kind not in UNLISTED]
        for name in [*shown, *rest]:
            field = facts.field(name)
            if field is None:
                continue
            item = QListWidgetItem(field.label)
            item.setData(NAME, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.usual = False
        usual = QPushButton(_("As usual"))
        usual.setObjectName("columns_usual")
        usual.setProperty("kind", "plain")
        usual.setAutoDefault(False)
        usual.clicked.connect(self._as_usual)
        take = QPushButton(_("Show"))
        take.setObjectName("columns_show")
        take.setProperty("kind", "primary")
        take.setDefault(True)
        take.clicked.connect(self.accept)
        leave = QPushButton(_("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(usual)
        keys.addStretch(1)
        keys.addWidget(leave)
        keys.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        for widget in (title, help, self.list):
            column.addWidget(widget)
        column.addLayout(keys)
        self.setMinimumWidth(360)
        self.list.setFocus()

    def _as_usual(self) -> None:
        self.usual = True
        self.accept()

    def chosen(self) -> list[str] | None:
        """The ticked columns in order; nothing for the usual ones."""
        if self.usual:
            return None
        items = [self.list.item(place) for place in range(self.list.count())]
        return [item.data(NAME) for item in items if item.checkState() == Qt.CheckState.Checked] or None
