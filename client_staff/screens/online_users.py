"""Who is signed in now, from where and since when; a session that should not be is ended (ADM-029, ADM-I04)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from client_staff.app.console import LivePage
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.protocol.messages import Nothing
from common.protocol.people import EndSession, Online, OnlineSession
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import N_, _, formats
from common.text.direction import name as apart
from common.text.direction import number as in_order
from common.text.fold import fold
from common.text.words import pick

KEYS = (
    ("Ctrl+F", N_("find")),
    ("Del", N_("end the session")),
    ("F5", N_("read again")),
    ("Enter", N_("open the account")),
)


class OnlinePage(LivePage):
    """A table, latest first."""

    hints = KEYS
    topics = ("access", "people")

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "online")
        self._rows: list[OnlineSession] = []
        self.title, self.count = QLabel(), QLabel()
        self.title.setObjectName("online_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("online_count")
        self.count.setProperty("tone", "second")
        self.search = QLineEdit()
        self.search.setObjectName("online_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(240)
        self.search.textChanged.connect(lambda _t: self._show())
        self.end = QPushButton()
        self.end.setObjectName("online_end")
        self.end.setProperty("kind", "danger")
        self.end.clicked.connect(self._end)
        moment = desk.reader.moment
        columns = [
            TableColumn("name", lambda: _("Name"), lambda r: pick(r.name), bold=True),
            TableColumn("account", lambda: _("Account"), lambda r: in_order(r.account), width=150),
            TableColumn("address", lambda: _("Address"), lambda r: in_order(r.address), width=150),
            TableColumn("device", lambda: _("PC"), lambda r: r.device or "–", width=150),
            TableColumn("since", lambda: _("Since"), lambda r: moment(r.since.isoformat()), lambda r: r.since, width=190),
            TableColumn("seen", lambda: _("Last seen"), lambda r: moment(r.last_seen.isoformat()), lambda r: r.last_seen,
                        width=190),
            TableColumn("own", lambda: _("Note"), lambda r: _("this one") if r.own else "", width=100),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda row: row.session, name="online_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._allow())
        self.table.opened.connect(lambda row: desk.show_record("account", str(row.account_id)))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.search)
        head.addWidget(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.table, 1)
        on_keys(self, ("Ctrl+F", self.search.setFocus), ("Del", self._end), ("F5", self._read))
        self.say_again()

    def into_list(self) -> None:
        """First focus: the table."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+F find   Del end the session   F5 read again")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Online users"))
        self.search.setPlaceholderText(_("Name, account or address"))
        self.end.setText(_("End session"))
        self.table.say_again()
        self._show()

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        self._rows = (await self._link.read("people.online", Nothing(), Online)).items
        self._show()

    def _show(self) -> None:
        wanted = fold(self.search.text()).split()
        shown = [
            row
            for row in self._rows
            if all(word in fold(f"{pick(row.name)} {row.account} {row.address} {row.device}") for word in wanted)
        ]
        self.count.setText(formats.people(len({row.person_id for row in shown})))
        self.table.show_rows(shown)
        if shown and self.table.current() is None:
            self.table.selectRow(0)
        self._allow()

    def _allow(self) -> None:
        row = self.table.current()
        self.end.setEnabled(row is not None and not row.own and self._link.online)
        self.end.setToolTip(_("This is your own session; sign out instead.") if row is not None and row.own else "")

    def _end(self) -> None:
        row = self.table.current()
        if row is not None and self.end.isEnabled():
            jobs.start(self, self._really_end, row, name="end", refused=self._refused)

    async def _really_end(self, row: OnlineSession) -> None:
        sentence = _("{name} is signed out at {address} at once; what was typed and not saved there is lost.").format(
            name=apart(pick(row.name)), address=row.device or in_order(row.address)
        )
        if await dialogs.ask(self, _("End this session?"), sentence, _("End session"), _("Leave it"), dangerous=True):
            await self._link.act("people.end_session", EndSession(session=row.session), Nothing)
            self.banner.say(_("The session has ended."), "good", seconds=6)
            await self._fetch()


PAGE = Page("online_users", N_("Online users"), "online", "people", "people.sessions", OnlinePage)
