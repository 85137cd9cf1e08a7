"""Warnings that ended: when, how far, of which class or service, and who took care of them; by day and words, to Excel."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from client_staff.app.console import LivePage
from client_staff.app.saving import save_workbook
from client_staff.editors.dates import DayEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.hall_alerts import about, amount
from client_staff.screens.registry import Page
from common.protocol.alerts import AskPastAlerts, PastAlert, PastAlerts
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import BadValue, Field
from common.text import N_, _, formats, ngettext
from common.text.words import pick

TYPING_MS = 300
MOST = 500
KEYS = (
    ("Ctrl+F", N_("find")),
    ("F5", N_("read again")),
    ("Ctrl+E", N_("to Excel")),
    ("Ctrl+C", N_("copy rows for a spreadsheet")),
)


class WarningsPage(LivePage):
    """A table, latest first, and what narrows it; today where no day is chosen."""

    hints = KEYS
    topics = ("alerts",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "warnings")
        self._wait = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._wait.timeout.connect(self._read)
        self.title, self.count = QLabel(), QLabel()
        self.title.setObjectName("warnings_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("warnings_count")
        self.count.setProperty("tone", "second")
        self.export = QPushButton()
        self.export.setObjectName("warnings_export")
        self.export.clicked.connect(self._to_excel)
        self.search = QLineEdit()
        self.search.setObjectName("warnings_search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._wait.start())
        self.watch = QComboBox()
        self.watch.setObjectName("warnings_watch")
        self.watch.setMinimumWidth(240)
        self.watch.currentIndexChanged.connect(lambda _place: self._read())
        self.first = DayEditor(Field("day", "", name="warnings_first", required=False), desk)
        self.last = DayEditor(Field("day", "", name="warnings_last", required=False), desk)
        self.first_label, self.last_label = QLabel(), QLabel()
        for editor in (self.first, self.last):
            editor.changed.connect(self._wait.start)
        self.table = self._table(desk)
        self.empty = QLabel()
        self.empty.setObjectName("warnings_none")
        self.empty.setProperty("tone", "second")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.export)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        for widget in (self.watch, self.first_label, self.first, self.last_label, self.last):
            tools.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.banner)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        on_keys(self, ("Ctrl+F", self.search.setFocus), ("F5", self._read), ("Ctrl+E", self._to_excel))
        self.say_again()

    def _table(self, desk: RecordDesk) -> DataTable:
        def moment(name: str) -> Any:
            def text(row: PastAlert) -> str:
                value = getattr(row.card, name)
                return desk.reader.moment(value.isoformat()) if value is not None else "–"

            return text

        def order(name: str) -> Any:
            return lambda row: getattr(row.card, name)

        def seen(row: PastAlert) -> str:
            return pick(row.seen_by) or _("nobody")

        return DataTable(
            [
                TableColumn("label", lambda: _("Warning"), lambda r: r.card.label, width=230, bold=True),
                TableColumn("about", lambda: _("Of what"), lambda r: about(r.card)),
                TableColumn("since", lambda: _("Began"), moment("since"), order("since"), width=165),
                TableColumn("ended", lambda: _("Ended"), moment("ended_at"), order("ended_at"), width=165),
                TableColumn(
                    "peak", lambda: _("Highest"), lambda r: amount(r.card, r.card.value), order("value"), figures=True, width=100
                ),
                TableColumn(
                    "limit", lambda: _("Limit"), lambda r: amount(r.card, r.card.limit), order("limit"), figures=True, width=90
                ),
                TableColumn("seen", lambda: _("Seen by"), seen, width=150),
            ],
            lambda row: row.card.id,
            name="warnings_table",
        )  # fmt: skip

    def into_list(self) -> None:
        """First focus: the table."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+F find   F5 read again   Ctrl+E to Excel   Ctrl+C copy")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Warnings that ended"))
        self.export.setText(_("To Excel"))
        self.search.setPlaceholderText(_("Service, window, ticket or person"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.watch.setAccessibleName(_("Warning"))
        self.first_label.setText(_("From"))
        self.last_label.setText(_("Until"))
        self.empty.setText(_("No warning ended in these days."))
        self.table.say_again()
        self._read()

    def _allow(self) -> None:
        self.export.setEnabled(self._link.online)

    def _asked(self) -> AskPastAlerts | None:
        """What is chosen; nothing while a day is half typed."""
        try:
            first, last = (editor.value() for editor in (self.first, self.last))
        except BadValue:
            return None
        return AskPastAlerts(
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
            watch=self.watch.currentData(),
            search=self.search.text().strip()[:100],
            limit=MOST,
        )

    def _read(self) -> None:
        asked = self._asked()
        if asked is not None and self._stops:
            self._read_by(self._fetch, asked)

    async def _fetch(self, asked: AskPastAlerts) -> None:
        found = await self._link.read("queue.past_alerts", asked, PastAlerts)
        self.banner.hide()
        self._show_watches(found.watches)
        words = ngettext("{count} warning", "{count} warnings", found.total).format(count=formats.number(found.total))
        if found.total > len(found.items):
            words = _("the newest {count} of {all}").format(
                count=formats.number(len(found.items)), all=formats.number(found.total)
            )
        self.count.setText(words)
        self.table.show_rows(found.items)
        self.empty.setVisible(not found.items)

    def _show_watches(self, watches: dict[str, str]) -> None:
        wanted = [(_("All warnings"), None), *((label, name) for name, label in watches.items())]
        there = [(self.watch.itemText(n), self.watch.itemData(n)) for n in range(self.watch.count())]
        if there == wanted:
            return
        chosen = self.watch.currentData()
        with QSignalBlocker(self.watch):
            self.watch.clear()
            for label, name in wanted:
                self.watch.addItem(label, name)
            self.watch.setCurrentIndex(max(0, self.watch.findData(chosen)))

    def _to_excel(self) -> None:
        asked = self._asked()
        if asked is not None and self._link.online:
            jobs.start(self, self._export, asked, name="export", busy=self.export)

    async def _export(self, asked: AskPastAlerts) -> None:
        wanted = asked.model_dump(mode="json", exclude={"limit"}, exclude_none=True)
        await save_workbook(
            self, self.banner, self._link, "queue.past_alerts", wanted, _("Warnings to Excel"), "warnings.xlsx"
        )


PAGE = Page("warnings", N_("Warnings that ended"), "warning", "queue", "alerts.see", WarningsPage)
