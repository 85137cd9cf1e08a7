"""The log of sign-ins, failed ones and deletions, by name, address, kind and days (ADM-027)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from client_staff.app.console import LivePage
from client_staff.editors.dates import DayEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.protocol.people import AskLog, LogEntry, SignInLog
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import BadValue, Field
from common.text import N_, _, formats, ngettext
from common.text.direction import number as in_order

KINDS = {
    "": N_("Everything"),
    "signed_in": N_("Signed in"),
    "failed": N_("Failed"),
    "deleted": N_("Deleted"),
}
TONES = {"failed": "bad", "deleted": "warn"}
TYPING_MS = 300
MOST = 500
KEYS = (
    ("Ctrl+F", N_("find")),
    ("F5", N_("read again")),
    ("Enter", N_("open the entry")),
    ("Ctrl+C", N_("copy rows for a spreadsheet")),
)


class SignInLogPage(LivePage):
    """A table, latest first, and what narrows it."""

    hints = KEYS

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "sign_in_log")
        self._wait = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._wait.timeout.connect(self._read)
        self.title, self.count = QLabel(), QLabel()
        self.title.setObjectName("sign_in_log_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("sign_in_log_count")
        self.count.setProperty("tone", "second")
        self.name, self.address = QLineEdit(), QLineEdit()
        for line, called in ((self.name, "sign_in_log_name"), (self.address, "sign_in_log_address")):
            line.setObjectName(called)
            line.setClearButtonEnabled(True)
            line.textChanged.connect(lambda _t: self._wait.start())
        self.kind = QComboBox()
        self.kind.setObjectName("sign_in_log_kind")
        for code in KINDS:
            self.kind.addItem("", code)
        self.kind.currentIndexChanged.connect(lambda _n: self._read())
        self.first = DayEditor(Field("day", "", name="log_first", required=False), desk)
        self.last = DayEditor(Field("day", "", name="log_last", required=False), desk)
        self.first_label, self.last_label = QLabel(), QLabel()
        for editor in (self.first, self.last):
            editor.changed.connect(self._wait.start)
        columns = [
            TableColumn("at", lambda: _("When"), lambda r: desk.reader.moment(r.at.isoformat()), lambda r: r.at, width=200),
            TableColumn("kind", lambda: _("What"), lambda r: _(KINDS[r.kind]), width=140, bold=True,
                        tone=lambda r: TONES.get(r.kind, "ink")),
            TableColumn("name", lambda: _("Name"), lambda r: in_order(r.name) if r.name else _("the house"), width=180),
            TableColumn("address", lambda: _("Address"), lambda r: in_order(r.address) if r.address else "–", width=160),
            TableColumn("record", lambda: _("Entry"), self._record),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda row: (row.at, row.name, row.record_id), name="sign_in_log_table")
        self.table.opened.connect(self._open)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget in (self.name, self.address, self.kind, self.first_label, self.first, self.last_label, self.last):
            tools.addWidget(widget)
        tools.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.banner)
        column.addWidget(self.table, 1)
        on_keys(self, ("Ctrl+F", self.name.setFocus), ("F5", self._read))
        self.say_again()

    def into_list(self) -> None:
        """First focus: the table."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+F find   F5 read again   Ctrl+C copy")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Log of sign-ins and deletions"))
        self.name.setPlaceholderText(_("Name"))
        self.address.setPlaceholderText(_("Address"))
        self.first_label.setText(_("From"))
        self.last_label.setText(_("Until"))
        for place, words in enumerate(KINDS.values()):
            self.kind.setItemText(place, _(words))
        self.table.say_again()

    def _moment(self, editor: DayEditor, *, after: bool) -> datetime | None:
        """The begin of the chosen day in the hall's zone, or of the day after it."""
        try:
            value = editor.value()
        except BadValue:
            return None
        if not value:
            return None
        day = date.fromisoformat(value) + timedelta(days=1 if after else 0)
        return datetime(day.year, day.month, day.day, tzinfo=formats.zone_of(self._desk.reader.zone))

    def _read(self) -> None:
        asked = AskLog(
            name=self.name.text().strip(), address=self.address.text().strip(), kind=str(self.kind.currentData()),
            since=self._moment(self.first, after=False), until=self._moment(self.last, after=True), limit=MOST,
        )  # fmt: skip
        self._read_by(self._fetch, asked)

    async def _fetch(self, asked: AskLog) -> None:
        rows = (await self._link.read("people.sign_in_log", asked, SignInLog)).items
        words = ngettext("{count} entry", "{count} entries", len(rows)).format(count=formats.number(len(rows)))
        if len(rows) == MOST:
            words = _("the newest {count}").format(count=formats.number(MOST))
        self.count.setText(words)
        self.table.show_rows(rows)

    def _record(self, row: LogEntry) -> str:
        if not row.record_type:
            return "–"
        facts = self._desk.schema.record(row.record_type)
        return facts.label if facts is not None else row.record_type

    def _open(self, row: LogEntry) -> None:
        if row.record_id is not None and self._desk.schema.record(row.record_type) is not None:
            self._desk.show_record(row.record_type, str(row.record_id))


PAGE = Page("sign_in_log", N_("Log of sign-ins and deletions"), "list", "people", "people.sign_in_log", SignInLogPage)
