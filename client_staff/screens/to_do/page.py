"""The one to-do list: what waits for me, what I took part in, what of that is done; the case beside it (SM-TODO)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.desk import RecordDesk
from client_staff.screens.to_do.acts import Acts
from client_staff.screens.to_do.preview import Preview
from client_staff.screens.to_do.words import CASE_STATES, INKS, LIGHTS, SHAPES, due_words, light_now, named
from common.link import Offline, Refusal
from common.protocol.deadlines import Ledger
from common.protocol.flows import (
    AskCase,
    CaseView,
)
from common.protocol.messages import Nothing
from common.protocol.to_do import AskToDo, OfCase, ToDoCounts, ToDoItem
from common.protocol.to_do import ToDoPage as Page
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import StateView
from common.text import N_, _, formats, ngettext
from common.text.words import pick

TABS = (("todo", N_("To-do")), ("participated", N_("Participated")), ("done", N_("Done")))
KEYS = (
    ("↑ ↓", N_("from row to row")),
    ("Ctrl+PageUp, Ctrl+PageDown", N_("to-do, participated, done")),
    ("Enter", N_("open what the case is about")),
    ("Alt+A", N_("agree or complete")),
    ("Alt+R", N_("return, with your words")),
    ("Alt+D", N_("hand over")),
    ("Alt+U", N_("urge")),
    ("Alt+L", N_("the deadline, day by day")),
    ("Ctrl+2", N_("to your words")),
    ("Ctrl+N", N_("submit something")),
    ("Ctrl+Shift+A", N_("complete all chosen rows that may be")),
    ("Ctrl+P", N_("the case as PDF")),
    ("Ctrl+F", N_("search")),
)
PAGE_ROWS = 100
REST_MS = 250


class ToDoPage(Acts):
    """Everybody's."""

    hints = KEYS
    topics = ("flows", "deadlines")

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "to_do")
        self._items: list[ToDoItem] = []
        self._next = ""
        self._counts = ToDoCounts(todo=0)
        self._filling = False
        self._shown: UUID | None = None
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._lights_turn)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._read)
        self._build()
        self.say_again()

    def _build(self) -> None:
        self.title, self.count = QLabel(), QLabel()
        self.title.setObjectName("to_do_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("to_do_count")
        self.count.setProperty("tone", "second")
        self.submit = self._key("to_do_submit", self._submit)
        self.bulk = self._key("to_do_bulk", self._complete_all)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.bulk)
        head.addWidget(self.submit)
        self.tabs = QTabBar()
        self.tabs.setObjectName("to_do_tabs")
        for _name, _words in TABS:
            self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda _n: self._again())
        self.search = QLineEdit()
        self.search.setObjectName("to_do_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(230)
        self.search.textChanged.connect(lambda _t: self._rest.start())
        self.by_light, self.by_flow, self.by_sender = (
            self._choice(n) for n in ("to_do_by_light", "to_do_by_flow", "to_do_by_sender")
        )
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.tabs)
        filters.addStretch(1)
        for widget in (self.search, self.by_light, self.by_flow, self.by_sender):
            filters.addWidget(widget)
        now, reader = self._link.now, self._desk.reader
        columns = [
            TableColumn("due", lambda: _("Due"), lambda one: due_words(one, now(), reader.zone),
                        lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0), width=150,
                        tone=lambda one: INKS[light_now(one, now())], symbol=lambda one: SHAPES[light_now(one, now())]),
            TableColumn("what", lambda: _("What"), lambda one: pick(one.name), bold=True),
            TableColumn("needed", lambda: _("Now needed"), self._needed, width=120),
            TableColumn("flow", lambda: _("Kind"), lambda one: pick(one.flow), width=100),
            TableColumn("came", lambda: _("Came"), lambda one: formats.date(one.opened_at, reader.zone),
                        lambda one: one.opened_at, width=116),
            TableColumn("sender", lambda: _("Sent by"), self._from, width=120),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda one: one.step_id or one.case_id, name="to_do_table")
        self.table.setSelectionMode(DataTable.SelectionMode.ExtendedSelection)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.table.opened.connect(lambda _one: self._open_record())
        self.more = self._key("to_do_more", self._more)
        self.foot = QLabel()
        self.foot.setObjectName("to_do_lights")
        self.foot.setProperty("tone", "second")
        listed = QWidget()
        inner = QVBoxLayout(listed)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table, 1)
        inner.addWidget(self.more)
        inner.addWidget(self.foot)
        self.state = StateView(name="to_do_state")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.state)
        self.stack.addWidget(listed)
        self.preview = Preview(
            self._desk,
            {
                "complete": self._complete, "return": self._return, "hand_over": self._hand_over, "ask": self._ask_opinion,
                "reject": self._reject, "urge": self._urge, "withdraw": self._withdraw, "pdf": self._pdf,
                "record": self._open_record,
            },
        )  # fmt: skip
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("to_do_split")
        split.addWidget(self.stack)
        split.addWidget(self.preview)
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        split.setSizes([760, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(filters)
        column.addWidget(split, 1)
        on_keys(
            self,
            ("Alt+A", self._complete), ("Alt+R", self._return), ("Alt+D", self._hand_over), ("Alt+U", self._urge),
            ("Alt+L", lambda: self.preview.why.toggle()), ("Ctrl+2", lambda: self.preview.words.setFocus()),
            ("Ctrl+N", self._submit), ("Ctrl+Shift+A", self._complete_all), ("Ctrl+P", self._pdf),
            ("Ctrl+F", lambda: self.search.setFocus()), ("F5", self._read),
            ("Ctrl+PgDown", lambda: self._tab(1)), ("Ctrl+PgUp", lambda: self._tab(-1)),
        )  # fmt: skip

    def _key(self, name: str, act: Any) -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.clicked.connect(lambda _on=False: act())
        return key

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.currentIndexChanged.connect(lambda _n: self._again())
        return box

    def _needed(self, one: ToDoItem) -> str:
        if one.kind == "opinion":
            return _("Opinion: {step}").format(step=pick(one.step))
        return pick(one.step) or named(CASE_STATES, one.state)

    def _from(self, one: ToDoItem) -> str:
        if one.instead_of:
            return _("{who} (for {other})").format(who=one.sender or "–", other=one.instead_of)
        return one.sender or "–"

    # the page

    def into_list(self) -> None:
        """First focus: the first row."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _(
            "Alt+A complete   Alt+R return   Alt+D hand over   Alt+U urge   Alt+L why then   Ctrl+2 words   Ctrl+N submit"
        )

    def away(self) -> str:
        """What is said while there is no server."""
        return _("There is no connection to the server. You can read what was known last; your words stay here.")

    def _noticed(self, notice: Any) -> None:
        me, whose = self._link.me, notice.ids.get("person") if notice is not None else None  # none: a gap
        if whose is None or me is None or whose == str(me.id):  # what came to somebody else changes nothing here
            self._read()

    def stop(self) -> None:
        """The page is left."""
        self._turn.stop()
        super().stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("To-do"))
        self.submit.setText(_("Submit something…"))
        self.bulk.setText(_("Complete chosen"))
        self.more.setText(_("Show more"))
        self.search.setPlaceholderText(_("Search subject or number"))
        self.search.setAccessibleName(_("Search"))
        self.table.say_again()
        self.preview.say_again()
        self._fill_filters()
        self._say_counts()
        if self._stops:
            self._read()

    @property
    def _list(self) -> str:
        return TABS[self.tabs.currentIndex()][0]

    def _tab(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % len(TABS))

    # reading

    def _again(self) -> None:
        if not self._filling:
            self._read()

    def _read(self) -> None:
        self._read_by(self._fetch)

    def _asked(self, after: str = "") -> AskToDo:
        return AskToDo(
            kind=self._list,  # type: ignore[arg-type]
            light=self.by_light.currentData() or None, flow_id=self.by_flow.currentData() or None,
            sender_id=self.by_sender.currentData() or None, search=self.search.text().strip(), after=after, limit=PAGE_ROWS,
        )  # fmt: skip

    async def _fetch(self) -> None:
        if not self._items and self.stack.currentIndex() == 0:
            self.state.show_state("clock", _("One moment…"), _("The server is asked."))
        self._counts = await self._link.read("to_do.counts", Nothing(), ToDoCounts)
        self._fill_filters()
        self._say_counts()
        page = await self._link.read("to_do.list", self._asked(), Page)
        self._items, self._next = list(page.items), page.next
        self._show()
        await self._fetch_case()

    def _more(self) -> None:
        if self._next:
            jobs.start(
                self, self._fetch_more, name="more", refused=self._refused, offline=self._refused, busy=self.more
            )

    async def _fetch_more(self) -> None:
        page = await self._link.read("to_do.list", self._asked(self._next), Page)
        known = {one.step_id or one.case_id for one in self._items}
        self._items += [one for one in page.items if (one.step_id or one.case_id) not in known]
        self._next = page.next
        self._show()

    def _show(self) -> None:
        self.more.setVisible(bool(self._next))
        self.table.show_rows(self._items)
        if not self._items:
            self._say_empty()
            self.stack.setCurrentIndex(0)
            self._shown = None
            self.preview.show_case(None, None, None)
        else:
            self.stack.setCurrentIndex(1)
            if self.table.current() is None:
                self.table.selectRow(0)
        self._wait_for_turn()
        self._allow()

    def _say_empty(self) -> None:
        asked = self._asked()
        if asked.light or asked.flow_id or asked.sender_id or asked.search:
            self.state.show_state(
                "search",
                _("Nothing found"),
                _("No row meets these conditions."),
                [("to_do_clear", _("Show all"), self._clear)],
            )
            return
        if self._list != "todo":
            self.state.show_state("list", _("Nothing here yet"), _("What you submitted or acted on stands here."))
            return
        self.state.show_state(
            "check_round", _("Nothing waits for you"), _("What others send to you appears here by itself."),
            [("to_do_first", _("Submit something…"), self._submit)],
        )  # fmt: skip

    def _clear(self) -> None:
        self._filling = True
        self.search.clear()
        for box in (self.by_light, self.by_flow, self.by_sender):
            box.setCurrentIndex(0)
        self._filling = False
        self._read()

    def _fill_filters(self) -> None:
        self._filling = True
        counts = self._counts
        lit = [(name, _(words), getattr(counts, name)) for name, words in LIGHTS.items()]
        groups = (
            (self.by_light, _("All lights"), lit),
            (self.by_flow, _("All kinds"), [(str(one.id), one.name, one.count) for one in counts.flows]),
            (self.by_sender, _("From anybody"), [(str(one.id), one.name, one.count) for one in counts.senders]),
        )
        for box, everything, entries in groups:
            chosen = box.currentData()
            box.clear()
            box.addItem(everything, "")
            for key, words, count in entries:
                box.addItem(f"{words} ({formats.number(count)})", key)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self._filling = False

    def _say_counts(self) -> None:
        counts = self._counts
        said = ngettext("{count} for you", "{count} for you", counts.todo).format(count=formats.number(counts.todo))
        if counts.red:
            said += ", " + ngettext("{count} overdue", "{count} overdue", counts.red).format(
                count=formats.number(counts.red)
            )
        self.count.setText(said)
        for place, (name, words) in enumerate(TABS):
            text = _(words)
            self.tabs.setTabText(place, f"{text} ({formats.number(counts.todo)})" if name == "todo" else text)
        marks = {"red": "⬣", "yellow": "▲", "green": "●", "stopped": "❚❚"}
        self.foot.setText(
            "     ".join(f"{marks[n]} {_(LIGHTS[n])} {formats.number(getattr(counts, n))}" for n in marks)
            + "     " + _("New work never moves your place")
        )  # fmt: skip

    # lights

    def _wait_for_turn(self) -> None:
        """At the next instant at which a row's light turns the list is drawn again; nothing is asked."""
        now = self._link.now()
        ahead = [t for one in self._items for t in (one.yellow_at, one.red_at) if t is not None and t > now]
        if ahead and self._stops:
            self._turn.start(int(min((min(ahead) - now).total_seconds() * 1000 + 50, 86_400_000)))

    def _lights_turn(self) -> None:
        self.table.viewport().update()
        self.preview.refresh_light(self._link.now())
        self._read()

    # the case

    def _choose(self) -> None:
        one: ToDoItem | None = self.table.current()
        if one is None or (one.step_id or one.case_id) == self._shown:
            return
        self._shown = one.step_id or one.case_id
        self.preview.show_case(one, None, None)
        if self._link.online:
            jobs.start(
                self, self._fetch_case, name="case", refused=self._case_refused, offline=lambda why: None, again=True
            )

    async def _fetch_case(self) -> None:
        one: ToDoItem | None = self.table.current()
        if one is None:
            return
        case = await self._link.read("flows.case", AskCase(case_id=one.case_id), CaseView)
        ledger = None
        if one.due_at is not None or case.due_at is not None:
            try:
                ledger = await self._link.read("to_do.ledger", OfCase(case_id=one.case_id, step_id=one.step_id), Ledger)
            except Refusal:
                ledger = None
        files: list[dict[str, Any]] = []
        if case.subject and case.subject_id is not None:
            try:
                files = await self._link.records.files(case.subject, str(case.subject_id))
            except Refusal:
                files = []  # the reader may see the case, not the entry behind it
        if one is self.table.current():
            self._shown = one.step_id or one.case_id
            self.preview.show_case(one, case, ledger, files)
            self._allow()

    def _case_refused(self, why: Refusal) -> None:
        self.preview.said.say(why.sentence, "bad")

    def _allow(self) -> None:
        self.preview.allow(self._link.online)
        self.submit.setEnabled(self._link.online)
        self.bulk.setVisible(len(self._chosen_bulk()) > 1)
        self.bulk.setEnabled(self._link.online)

    def _refused(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "bad")
