"""F1: the keys of the page in front."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from common.qt.theme import theme
from common.text import N_, _

EVERYWHERE = (
    ("Ctrl+K", N_("find a page, record or action")),
    ("Ctrl+B", N_("fold the navigation")),
    ("F1", N_("these keys")),
    ("F2 … F9", N_("the counter's commands, while you are at a window")),
)


class KeysDialog(QDialog):
    """A line a key: first those of the page, then those of every page."""

    def __init__(self, parent: QWidget, of_page: list[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        self.setWindowTitle(_("Keys"))
        title = QLabel(_("Keys of this page"))
        title.setFont(theme.font(17, bold=True))
        lines = [*of_page, *((key, _(words)) for key, words in EVERYWHERE)]
        table = QTableWidget(len(lines), 2)
        table.setObjectName("keys_table")
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(0, 170)
        for place, (key, words) in enumerate(lines):
            name = QTableWidgetItem(key)
            name.setFont(theme.font(14, bold=True))
            table.setItem(place, 0, name)
            table.setItem(place, 1, QTableWidgetItem(words))
        close = QPushButton(_("Close"))
        close.setObjectName("keys_close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(title)
        column.addWidget(table, 1)
        column.addWidget(close)
        self.resize(560, 560)
        table.setFocus()
