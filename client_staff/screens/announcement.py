"""Writing announcements: the generic list and form, and beside them who has read the one that is chosen (ADM-I08)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from common.link import View
from common.protocol.content import NameAnnouncement, Reader, Readers
from common.qt.table import DataTable, TableColumn
from common.records import RecordFacts
from common.text import _, formats, ngettext
from common.text.words import pick


class ReadersTab(QWidget):
    """Whom it is for: those who have not read it first."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("announcement_readers")
        self._desk = desk
        self._view: View[Readers] | None = None
        self._of = ""
        self.said = QLabel()
        self.said.setObjectName("readers_said")
        self.said.setWordWrap(True)
        self.said.setProperty("tone", "second")
        moment = desk.reader.moment
        columns = [
            TableColumn("name", lambda: _("Name"), lambda r: pick(r.name), symbol=self._symbol, tone=self._tone),
            TableColumn("read", lambda: _("Read"), lambda r: moment(r.read_at.isoformat()) if r.read_at else _("not yet"),
                        lambda r: r.read_at.isoformat() if r.read_at else "", width=170, tone=self._tone),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda row: row.id, name="readers_table")
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def _symbol(self, row: Reader) -> str:
        return "check" if row.read_at is not None else "clock"

    def _tone(self, row: Reader) -> str:
        return "good_strong" if row.read_at is not None else "ink_2"

    def show_of(self, record_id: str) -> None:
        """Follow the readers of an announcement; of none when the id is empty."""
        if record_id == self._of:
            return
        self.stop()
        self._of = record_id
        self.table.show_rows([])
        self.said.setText("")
        if record_id:
            asked = NameAnnouncement(id=UUID(record_id))
            self._view = View(self._desk.link, "content.readers", asked, Readers, ["announcement_read", "content"])
            self._view.on_change(self._heard)
            self._view.start()

    def stop(self) -> None:
        """Follow nothing."""
        if self._view is not None:
            self._view.stop()
        self._view, self._of = None, ""

    def _heard(self) -> None:
        found = self._view.value if self._view is not None else None
        if self._view is not None and self._view.refused is not None:
            self.said.setText(self._view.refused.sentence)
        elif found is not None:
            whole = ngettext("for {count} person", "for {count} people", len(found.items))
            read = ngettext("{count} has read it", "{count} have read it", found.read)
            self.said.setText(
                whole.format(count=formats.number(len(found.items)))
                + "  ·  "
                + read.format(count=formats.number(found.read))
            )
            self.table.show_rows(sorted(found.items, key=lambda r: (r.read_at is not None, pick(r.name))))

    def say_again(self) -> None:
        """The reader's language changed."""
        self.table.say_again()
        self._heard()

    def first_focus(self) -> None:
        """Into the table."""
        self.table.setFocus()


class Screen(RecordsPage):
    """The generic page with one more tab."""

    readers: ReadersTab | None = None
    """Made once the generic page stands."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        self.readers = ReadersTab(desk)
        self._place = self.view.tabs.addTab(self.readers, "")
        self.view.tabs.setUsesScrollButtons(False)  # five tabs in a narrow form: none may lie out of reach
        self.view.tabs.currentChanged.connect(lambda _place: self._follow_readers())
        self.view.form.titled.connect(self._follow_readers)
        self._name_tab()

    def _name_tab(self) -> None:
        self.view.tabs.setTabText(self._place, _("Read by"))

    def _follow_readers(self) -> None:
        if self.readers is not None:
            self.view.tabs.setTabVisible(self._place, bool(self.view.record_id))
            shown = self.view.tabs.currentWidget() is self.readers and self.isVisible()
            self.readers.show_of(self.view.record_id if shown else "")

    def stop(self) -> None:
        """The page is left."""
        super().stop()
        if self.readers is not None:
            self.readers.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        super().say_again()
        if self.readers is not None:
            self.readers.say_again()
            self._name_tab()
