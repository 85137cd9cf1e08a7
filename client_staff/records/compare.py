"""Two records side by side: what differs is marked, or stands alone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.desk import RecordDesk
from common.qt.theme import theme
from common.records import RecordFacts
from common.text import _


class CompareDialog(QDialog):
    """A line a field. A sign before the label says that the values differ, not the colour alone."""

    def __init__(
        self, parent: QWidget, desk: RecordDesk, facts: RecordFacts, one: dict[str, Any], other: dict[str, Any]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compare_dialog")
        self.setWindowTitle(_("Compare"))
        title = QLabel(_("Compare two entries: {kind}").format(kind=facts.label))
        title.setFont(theme.font(16, bold=True))
        self.only = QCheckBox(_("Only what differs"))
        self.only.setObjectName("compare_only")
        self.only.toggled.connect(self._filter)
        fields = [f for f in facts.fields if f.name in one and f.name in other]
        self.table = QTableWidget(len(fields), 3)
        self.table.setObjectName("compare_table")
        self.table.setHorizontalHeaderLabels(
            [_("Field"), desk.reader.title(facts, one), desk.reader.title(facts, other)]
        )
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setShowGrid(False)
        self._differs: list[bool] = []
        for place, field in enumerate(fields):
            differs = one[field.name] != other[field.name]
            self._differs.append(differs)
            texts = [
                f"≠ {field.label}" if differs else field.label,
                desk.reader.text(field, one[field.name]),
                desk.reader.text(field, other[field.name]),
            ]
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if differs:
                    cell.setBackground(theme.colour("warn_soft"))
                    cell.setFont(theme.font(14, bold=column > 0))
                self.table.setItem(place, column, cell)
        done = QPushButton(_("Close"))
        done.setObjectName("compare_close")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        keys = QHBoxLayout()
        keys.addWidget(self.only)
        keys.addStretch(1)
        keys.addWidget(done)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(20, 16, 20, 16)
        column_of.addWidget(title)
        column_of.addWidget(self.table, 1)
        column_of.addLayout(keys)
        self.resize(820, 560)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, only: bool) -> None:
        for place, differs in enumerate(self._differs):
            self.table.setRowHidden(place, only and not differs)
