"""Dialogs of the page of workplaces: choosing some of a list, found by typing; ticked ones or one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from common.qt import dialogs
from common.qt.theme import theme
from common.text import _
from common.text.fold import fold

CODE = Qt.ItemDataRole.UserRole


class ChooseDialog(QDialog):
    """`things` are codes with their words; `ticked` ones begin ticked, without it one is chosen."""

    def __init__(
        self, parent: QWidget, title: str, note: str, things: Sequence[tuple[str, str]],
        ticked: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("choose_dialog")
        self.setWindowTitle(title)
        head = QLabel(title)
        head.setFont(theme.font(17, bold=True))
        about = QLabel(note)
        about.setProperty("tone", "second")
        about.setWordWrap(True)
        about.setVisible(bool(note))
        self._several = ticked is not None
        self.search = QLineEdit()
        self.search.setObjectName("choose_search")
        self.search.setPlaceholderText(_("Find"))
        self.search.setAccessibleName(_("Find"))
        self.search.textChanged.connect(lambda _t: self._filter())
        self.list = QListWidget()
        self.list.setObjectName("choose_list")
        self.list.setAccessibleName(title)
        for code, words in things:
            item = QListWidgetItem(words)
            item.setData(CODE, code)
            if ticked is not None:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if code in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        if not self._several:
            self.list.itemDoubleClicked.connect(lambda _item: self.accept())
            if self.list.count():
                self.list.setCurrentRow(0)
        keys = dialogs.take_or_leave(self, _("Take over"), name="choose_take")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (head, about, self.search, self.list):
            column.addWidget(part)
        column.addLayout(keys)
        self.resize(480, 540)

    def _filter(self) -> None:
        words = fold(self.search.text()).split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            hidden = not all(word in fold(item.text()) for word in words)
            item.setHidden(hidden)
            first = row if first is None and not hidden else first
        if first is not None and not self._several:
            self.list.setCurrentRow(first)

    def chosen(self) -> list[str]:
        """The codes that were ticked, or the one that was chosen."""
        if self._several:
            items = [self.list.item(row) for row in range(self.list.count())]
            return [str(item.data(CODE)) for item in items if item.checkState() == Qt.CheckState.Checked]
        item = self.list.currentItem()
        return [str(item.data(CODE))] if item is not None and not item.isHidden() else []
