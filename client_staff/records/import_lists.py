"""Tables of imports: the bad rows with what is wrong with them, and the imports of the last weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from client_staff.records.shown import Reader
from common.protocol.imports import FileRow, ImportState, Rows
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import StateView
from common.text import N_, _, formats, ngettext

if TYPE_CHECKING:
    from client_staff.records.importing import ImportDialog

STATES = {
    "to_read": N_("Being read"), "reading": N_("Being read"), "read": N_("Not checked yet"),
    "to_check": N_("Being checked"), "checking": N_("Being checked"), "checked": N_("Checked, not taken yet"),
    "taking": N_("Being taken over"), "stopped": N_("Stopped"), "done": N_("Taken over"),
    "undoing": N_("Being undone"), "undone": N_("Undone"), "failed": N_("Failed"),
}  # fmt: skip
FIGURES = (
    ("added", N_("added: {count}")), ("changed", N_("changed: {count}")), ("same", N_("as they were: {count}")),
    ("bad", N_("bad: {count}")), ("undone", N_("undone: {count}")), ("kept", N_("left: {count}")),
)  # fmt: skip


def figures(now: ImportState) -> str:
    """What an import did, in one line."""
    parts = [_(words).format(count=formats.number(getattr(now, name))) for name, words in FIGURES if getattr(now, name)]
    return formats.listing(parts)


class FoundRows(DataTable):
    """Rows of a file: their line, what is wrong, what stands there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            (
                TableColumn("line", lambda: _("Line"), _line, lambda row: row.number, figures=True, width=70),
                TableColumn("wrong", lambda: _("What is wrong"), _wrong),
                TableColumn("cells", lambda: _("In the file"), lambda row: "   ·   ".join(row.cells), width=260),
            ),
            lambda row: row.number,
            name=name,
        )

    def show_found(self, rows: Rows) -> None:
        """Show these."""
        self.show_rows(rows.rows)


def _line(row: FileRow) -> str:
    return formats.number(row.number)


def _wrong(row: FileRow) -> str:
    return "; ".join(f"{one.column}: {one.sentence}" if one.column else one.sentence for one in row.faults)


class CheckedPage(QWidget):
    """How the rows fared when they were tried out."""

    def __init__(self, dialog: ImportDialog) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setObjectName("import_checked")
        self.title.setFont(theme.font(16, bold=True))
        self.title.setWordWrap(True)
        self.note = QLabel()
        self.note.setObjectName("import_checked_note")
        self.note.setWordWrap(True)
        self.note.setProperty("tone", "second")
        self.reason = QLineEdit()
        self.reason.setObjectName("import_reason")
        self.reason.setMaxLength(500)
        self.reason.setPlaceholderText(_("Reason"))
        self.rows = FoundRows("import_bad")
        self.fine = StateView(name="import_fine")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.rows)
        self.stack.addWidget(self.fine)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.note, self.reason):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)

    def show_state(self, now: ImportState, reason_needed: bool) -> None:
        """How many are good, how many bad."""
        good = ngettext("{count} row is good", "{count} rows are good", now.good).format(count=formats.number(now.good))
        bad = ngettext("{count} row is bad", "{count} rows are bad", now.bad).format(count=formats.number(now.bad))
        self.title.setText(formats.listing([good, bad] if now.bad else [good]))
        self.note.setText(
            _(
                "Mend the bad rows in the file and choose it again, or take the good ones now. A saved table of the bad rows "
                "can be mended and imported as it is."
            )
        )
        self.note.setVisible(bool(now.bad))
        self.reason.setVisible(reason_needed)
        self.rows.show_rows([])
        self.stack.setCurrentWidget(self.rows if now.bad else self.fine)
        self.fine.show_state("check", _("Every row can be taken over"), _("Nothing has been changed yet."), tone="good")


class EarlierImports(QWidget):
    """One's own imports of the last weeks; `opened(import)` when one is chosen."""

    def __init__(self, opened: Callable[[ImportState], Any], reader: Reader) -> None:
        super().__init__()
        self.title = QLabel(_("Earlier imports"))
        self.title.setFont(theme.font(15, bold=True))

        def when(one: ImportState) -> str:
            return formats.date_time(one.created_at, reader.zone)

        def state(one: ImportState) -> str:
            words = STATES.get(one.state, one.state)
            return _(words)

        self.table = DataTable(
            (
                TableColumn("when", lambda: _("When"), when, lambda one: one.created_at, width=190),
                TableColumn("file", lambda: _("File"), lambda one: one.file_name),
                TableColumn("state", lambda: _("State"), state, width=170),
                TableColumn("figures", lambda: _("Rows"), figures),
            ),
            lambda one: one.id,
            name="import_earlier",
        )
        self.table.opened.connect(opened)
        self.state = StateView(name="import_none")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.state)
        self.stack.addWidget(self.table)
        self.note = QLabel(_("Enter or a double click opens one: to see what became of it, to go on, or to undo it."))
        self.note.setProperty("tone", "second")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.note):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)

    def wait(self) -> None:
        """They are being read."""
        if not self.table.rows:
            self.note.hide()
            self.state.show_state("clock", _("One moment…"))
            self.stack.setCurrentWidget(self.state)

    def show_imports(self, imports: list[ImportState]) -> None:
        """Show them."""
        self.table.show_rows(imports)
        self.note.setVisible(bool(imports))
        if not imports:
            self.state.show_state("info", _("Nothing was imported here in the last 30 days"))
        self.stack.setCurrentWidget(self.table if imports else self.state)
