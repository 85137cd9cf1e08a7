"""The plain pages of an import: its beginning, its progress, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from client_staff.records.import_lists import EarlierImports, FoundRows, figures
from common.protocol.imports import ImportState
from common.qt.theme import theme
from common.qt.widgets import StateView
from common.text import N_, _

if TYPE_CHECKING:
    from client_staff.records.importing import ImportDialog

WORDS = {
    "to_read": N_("The server reads the file…"),
    "reading": N_("The server reads the file…"),
    "to_check": N_("Every row is tried out. Nothing is changed yet…"),
    "checking": N_("Every row is tried out. Nothing is changed yet…"),
    "taking": N_("The rows are taken over. The hall goes on working…"),
    "undoing": N_("What was taken is undone…"),
}


class FilePage(QWidget):
    """Where it begins: what will happen, and the imports of the last weeks."""

    def __init__(self, dialog: ImportDialog) -> None:
        super().__init__()
        note = QLabel(
            _(
                "Choose an Excel or CSV file. Its columns are named first, then every row is tried out; nothing is changed "
                "before you say so, and an import can be undone as a whole for 30 days."
            )
        )
        note.setWordWrap(True)
        self.earlier = EarlierImports(dialog.opened, dialog.page.desk.reader)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(note)
        column.addWidget(self.earlier, 1)


class WorkPage(QWidget):
    """How far the server is."""

    def __init__(self, dialog: ImportDialog) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setObjectName("import_working")
        self.words.setFont(theme.font(16, bold=True))
        self.words.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setObjectName("import_progress")
        self.bar.setRange(0, 100)
        self.figures = QLabel()
        self.figures.setProperty("tone", "second")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self.words, self.bar, self.figures):
            column.addWidget(widget)
        column.addStretch(3)

    def show_state(self, now: ImportState) -> None:
        """How far it is."""
        words = WORDS.get(now.state, "")
        self.words.setText(_(words))
        self.bar.setValue(now.percent)
        self.figures.setText(figures(now) if now.state in ("taking", "undoing") else now.file_name)


class EndPage(QWidget):
    """What came of an import, with the rows that were left."""

    def __init__(self, dialog: ImportDialog) -> None:
        super().__init__()
        self.view = StateView(name="import_end")
        self.rows = FoundRows("import_left")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.rows, 1)

    def show_state(self, now: ImportState) -> None:
        """What came of it."""
        self.rows.setVisible(bool(now.kept or (now.bad and now.state == "done")))
        symbol, title, tone = {
            "done": ("check", _("The file is taken over"), "good"),
            "stopped": ("warning", _("Stopped. Does what was taken stay?"), "warn"),
            "undone": ("recall", _("The import is undone"), "accent"),
        }.get(now.state, ("warning", _("This could not be imported"), "bad"))
        sentence = now.problem_sentence or figures(now)
        self.view.show_state(symbol, title, sentence, tone=tone)
