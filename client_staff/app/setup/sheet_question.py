"""The rows of a sheet that cannot be taken, each with its reason: only the good ones, or none?"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from common.protocol.setup import CheckedSheet
from common.qt import dialogs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import _, formats, ngettext


class SheetQuestion(QDialog):
    """Awaited: true for the good rows only."""

    def __init__(self, parent: QWidget, checked: CheckedSheet) -> None:
        super().__init__(parent)
        self.setObjectName("sheet_question")
        self.setWindowTitle(_("Import services"))
        self.resize(760, 480)
        rows = len({one.row for one in checked.bad})
        title = QLabel(
            ngettext("{count} row cannot be taken", "{count} rows cannot be taken", rows).format(
                count=formats.number(rows)
            )
        )
        title.setObjectName("sheet_title")
        title.setFont(theme.font(18, bold=True))
        about = QLabel(_("Nothing has been saved. Mend the sheet and import it again, or take only the good rows."))
        about.setWordWrap(True)
        self.table = DataTable(
            [
                TableColumn(
                    "row", lambda: _("Row"), lambda b: formats.number(b.row), lambda b: b.row, figures=True, width=80
                ),
                TableColumn("column", lambda: _("Column"), lambda b: b.column, width=150),
                TableColumn("why", lambda: _("Why"), lambda b: b.sentence),
            ],
            _key,
            name="sheet_bad",
        )
        self.table.show_rows(checked.bad)
        none, good = QPushButton(_("Import nothing")), QPushButton()
        none.setObjectName("sheet_none")
        none.clicked.connect(self.reject)
        count = len(checked.services)
        good.setText(
            ngettext("Only the {count} good row", "Only the {count} good rows", count).format(
                count=formats.number(count)
            )
        )
        good.setObjectName("sheet_good")
        good.setProperty("kind", "primary")
        good.setEnabled(count > 0)
        good.clicked.connect(self.accept)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(none)
        keys.addWidget(good)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(about)
        column.addWidget(self.table, 1)
        column.addLayout(keys)
        none.setDefault(True)

    async def asked(self) -> bool:
        """Whether the good rows are wished for."""
        return await dialogs.open(self) == QDialog.DialogCode.Accepted.value


def _key(one: Any) -> Any:
    return (one.row, one.column, one.sentence)
