"""F1: the keys of the page in front."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.global_keys import conflict
from client_staff.app.key_keeper import KeyKeeper
from common.qt.theme import theme
from common.text import N_, _

EVERYWHERE = (
    ("Ctrl+K", N_("find a page, record or action")),
    ("Ctrl+B", N_("fold the navigation")),
    ("F1", N_("these keys")),
    ("F2 … F9", N_("the counter's commands, while you are at a window")),
)


class KeysDialog(QDialog):
    """A line a key: first those of the page, then those of every page; and whether they work beyond the workbench."""

    def __init__(self, parent: QWidget, of_page: list[tuple[str, str]], keeper: KeyKeeper) -> None:
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
        beyond = QCheckBox(_("F2 to F9 work while another program is in front, too"))
        beyond.setObjectName("keys_beyond")
        beyond.setChecked(keeper.wanted and keeper.keys.able)
        beyond.setEnabled(keeper.keys.able)
        beyond.toggled.connect(keeper.want)
        said = QLabel()
        said.setObjectName("keys_said")
        said.setWordWrap(True)
        said.setProperty("tone", "warn")
        if not keeper.keys.able:
            said.setText(_("This desktop does not let a program do that. Use the bar (F8), which stays on top."))
        elif keeper.taken:
            said.setText(conflict(keeper.taken))
        said.setVisible(bool(said.text()))
        close = QPushButton(_("Close"))
        close.setObjectName("keys_close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(title)
        column.addWidget(table, 1)
        column.addWidget(beyond)
        column.addWidget(said)
        column.addWidget(close)
        self.resize(560, 560)
        table.setFocus()
