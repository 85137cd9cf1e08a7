"""Which deadlines the last change of a calendar moved (ADM-I07)."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from common.protocol.deadlines import Moved
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import _, formats, ngettext
from common.text.words import pick


def moved_words(told: Moved) -> str:
    """How far the count is, and what it moved."""
    said = ngettext("{count} deadline moved", "{count} deadlines moved", told.moved).format(
        count=formats.number(told.moved)
    )
    if told.failed:
        said += ". " + ngettext(
            "{count} could not be counted and ends as before",
            "{count} could not be counted and end as before",
            told.failed,
        ).format(count=formats.number(told.failed))
    if not told.done:
        said += ". " + _("Still counting: {count} looked at").format(count=formats.number(told.looked_at))
    return said + "."


class MovedDialog(QDialog):
    """The list, by name, with the moments before and after."""

    def __init__(self, parent: QWidget, desk: RecordDesk, told: Moved) -> None:
        super().__init__(parent)
        self.setObjectName("moved_dialog")
        self.setWindowTitle(_("Deadlines that moved"))
        zone = desk.reader.zone

        def moment(at: object) -> str:
            return formats.date_time(at, zone) if at is not None else _("as before")  # type: ignore[arg-type]

        title = QLabel(_("Deadlines that moved"))
        title.setObjectName("moved_title")
        title.setFont(theme.font(17, bold=True))
        about = QLabel(moved_words(told))
        about.setObjectName("moved_about")
        about.setWordWrap(True)
        by = QLabel(" · ".join(part for part in (moment(told.at) if told.at else "", told.by, told.why) if part))
        by.setProperty("tone", "second")
        by.setWordWrap(True)
        self.table = DataTable(
            [
                TableColumn("name", lambda: _("Of what"), lambda one: pick(one.name), bold=True),
                TableColumn("before", lambda: _("Due before"), lambda one: moment(one.due_before), width=190),
                TableColumn("after", lambda: _("Due after"), lambda one: moment(one.due_after), width=190),
            ],
            lambda one: one.id,
            name="moved_table",
        )
        self.table.show_rows(told.items)
        close = QPushButton(_("Close"))
        close.setObjectName("moved_close")
        close.clicked.connect(lambda _on=False: self.accept())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for widget in (title, about, by):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(close)
        self.resize(760, 460)
