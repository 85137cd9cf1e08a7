"""Which fields a role hides: kinds of record with their fields, ticked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from common.protocol.rights import KindFacts
from common.qt.theme import theme
from common.text import _
from common.text.fold import fold

NAME = Qt.ItemDataRole.UserRole


class HiddenDialog(QDialog):
    """Ticked fields are hidden from whoever has no other role that shows them."""

    def __init__(self, parent: QWidget, role: str, kinds: list[KindFacts], hidden: set[str]) -> None:
        super().__init__(parent)
        self.setObjectName("hidden_dialog")
        self.setWindowTitle(_("Hidden fields"))
        title = QLabel(_("Fields hidden from {role}").format(role=role))
        title.setFont(theme.font(17, bold=True))
        note = QLabel(_("A field stays hidden when every role of a person hides it."))
        note.setProperty("tone", "second")
        self.search = QLineEdit()
        self.search.setObjectName("hidden_search")
        self.search.setPlaceholderText(_("Find"))
        self.search.textChanged.connect(lambda _t: self._filter())
        self.tree = QTreeWidget()
        self.tree.setObjectName("hidden_tree")
        self.tree.setHeaderHidden(True)
        for kind in sorted(kinds, key=lambda one: one.label):
            top = QTreeWidgetItem([kind.label])
            self.tree.addTopLevelItem(top)
            for name, label in kind.fields.items():
                item = QTreeWidgetItem([label])
                item.setData(0, NAME, f"{kind.name}.{name}")
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                ticked = f"{kind.name}.{name}" in hidden
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
                top.addChild(item)
            top.setExpanded(any(one.startswith(f"{kind.name}.") for one in hidden))
        yes, no = QPushButton(_("Take over")), QPushButton(_("Cancel"))
        yes.setObjectName("hidden_take")
        yes.setProperty("kind", "primary")
        no.setAutoDefault(False)
        yes.clicked.connect(self.accept)
        no.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(no)
        keys.addWidget(yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        for widget in (title, note, self.search):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)
        column.addLayout(keys)
        self.resize(520, 600)
        self.search.setFocus()

    def _filter(self) -> None:
        wanted = fold(self.search.text())
        for top in self._tops():
            shown = False
            for item in _below(top):
                there = not wanted or wanted in fold(f"{top.text(0)} {item.text(0)}")
                item.setHidden(not there)
                shown = shown or there
            top.setHidden(not shown)
            top.setExpanded(bool(wanted) and shown)

    def chosen(self) -> set[str]:
        """The ticked ones."""
        every = [item for top in self._tops() for item in _below(top)]
        return {str(item.data(0, NAME)) for item in every if item.checkState(0) == Qt.CheckState.Checked}

    def _tops(self) -> list[QTreeWidgetItem]:
        return [top for n in range(self.tree.topLevelItemCount()) if (top := self.tree.topLevelItem(n)) is not None]


def _below(top: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item for n in range(top.childCount()) if (item := top.child(n)) is not None]
