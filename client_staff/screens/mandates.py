"""Mandates given and taken, and who stands in for whom: offered, accepted, refused, taken back; they lapse by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from client_staff.app.console import LivePage
from client_staff.app.panel import Panel
from client_staff.records.actions import ask_and_do
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import Condition, Field, Query
from common.text import N_, _, formats, ngettext

STATES = {
    "offered": N_("Offered"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "withdrawn": N_("Taken back"),
    "lapsed": N_("Lapsed"),
    "ahead": N_("Accepted, begins later"),
}
TONES = {"offered": "warn", "accepted": "good", "ahead": "good"}
OFFER, ACCEPT, DECLINE, WITHDRAW = (f"people.{verb}_mandate" for verb in ("offer", "accept", "decline", "withdraw"))
KEYS = (
    ("Ctrl+N", N_("offer a mandate")),
    ("Ctrl+Enter", N_("accept")),
    ("Ctrl+D", N_("refuse, or give back")),
    ("Del", N_("take back")),
    ("F5", N_("read again")),
)


@dataclass(frozen=True)
class Line:
    """A mandate as one of its two sees it."""

    row: dict[str, Any]
    mine: bool
    """I have given it."""
    state: str
    other: str


def state_of(row: dict[str, Any], now: datetime) -> str:
    """What a mandate is now: one that was never answered, or whose time is over, lapses by itself."""
    state = str(row["state"])
    if state in ("offered", "accepted") and datetime.fromisoformat(row["ends_at"]) <= now:
        return "lapsed"
    if state == "accepted" and datetime.fromisoformat(row["starts_at"]) > now:
        return "ahead"
    return state


class MandatesPage(LivePage):
    """One's own mandates; below, substitutes for whoever may see them."""

    hints = KEYS
    topics = ("people",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "mandates")
        self.title, self.count = QLabel(), QLabel()
        self.title.setObjectName("mandates_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("mandates_count")
        self.count.setProperty("tone", "second")
        self.keys_of: dict[str, QPushButton] = {}
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        for verb, called in ((ACCEPT, "accept"), (DECLINE, "decline"), (WITHDRAW, "withdraw"), (OFFER, "offer")):
            key = QPushButton()
            key.setObjectName(f"mandate_{called}")
            key.clicked.connect(lambda _on=False, verb=verb: self._act(verb))
            head.addWidget(key)
            self.keys_of[verb] = key
        self.keys_of[OFFER].setProperty("kind", "primary")
        reader = desk.reader
        columns = [
            TableColumn("way", lambda: _("Way"), lambda one: _("given to") if one.mine else _("taken from"), width=120),
            TableColumn("other", lambda: _("Person"), lambda one: one.other, width=190, bold=True),
            TableColumn("roles", lambda: _("Roles"), lambda one: reader.text(Field("links", ""), one.row.get("roles"))),
            TableColumn("from", lambda: _("From"), lambda one: reader.moment(one.row["starts_at"]),
                        lambda one: one.row["starts_at"], width=190),
            TableColumn("until", lambda: _("Until"), lambda one: reader.moment(one.row["ends_at"]),
                        lambda one: one.row["ends_at"], width=190),
            TableColumn("state", lambda: _("State"), lambda one: _(STATES[one.state]), width=180, bold=True,
                        tone=lambda one: TONES.get(one.state, "ink_2")),
            TableColumn("note", lambda: _("Note"), lambda one: one.row.get("note") or "", width=140),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda line: line.row["id"], name="mandates_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._allow())
        self.table.opened.connect(lambda line: desk.show_record("mandate", line.row["id"]))
        self.panel = Panel("substitutes")
        self.change = QPushButton()
        self.change.setObjectName("substitutes_change")
        self.change.clicked.connect(lambda _on=False: desk.list_records("substitute", []))
        self.panel.tools.addWidget(self.change)
        columns = [
            TableColumn("person", lambda: _("Person"), lambda r: reader.labels.get(r["person_id"], "–"), width=220),
            TableColumn("by", lambda: _("Substitute"), lambda r: reader.labels.get(r["substitute_id"], "–"), bold=True),
            TableColumn(
                "held", lambda: _("From, until"), lambda r: reader.text(Field("period", ""), r["held"]), width=300
            ),
        ]
        self.substitutes = DataTable(columns, lambda row: row["id"], name="substitutes_table")
        self.panel.put(self.substitutes, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.table, 3)
        column.addWidget(self.panel, 2)
        verbs = (("Ctrl+N", OFFER), ("Ctrl+Return", ACCEPT), ("Ctrl+D", DECLINE), ("Del", WITHDRAW))
        on_keys(self, *((key, partial(self._act, verb)) for key, verb in verbs), ("F5", self._read))
        self.say_again()

    def begin(self) -> None:
        """The page is opened."""
        self._desk.schema_changed.connect(self._allow)
        super().begin()

    def stop(self) -> None:
        """The page is left."""
        if self._stops:
            self._desk.schema_changed.disconnect(self._allow)
        super().stop()

    def into_list(self) -> None:
        """First focus: the table."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+N offer   Ctrl+Enter accept   Ctrl+D refuse   Del take back")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Mandates"))
        words = {
            ACCEPT: _("Accept"), DECLINE: _("Refuse"), WITHDRAW: _("Take back"), OFFER: _("Offer a mandate"),
        }  # fmt: skip
        for verb, key in self.keys_of.items():
            key.setText(words[verb])
        self.panel.say(_("Substitutes"))
        self.change.setText(_("Change"))
        self.table.say_again()
        self.substitutes.say_again()
        if self._stops:
            self._read()

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        me, labels = self._link.me, self._desk.reader.labels
        if me is None:
            return
        mine = str(me.id)
        own = [Condition(field="giver_id", value=mine), Condition(field="taker_id", value=mine)]
        rows, names = await self._link.records.every("mandate", Query(conditions=[Condition(either=own)]), most=1000)
        labels.update(names)
        now = self._link.now()
        lines = [
            Line(
                row,
                row["giver_id"] == mine,
                state_of(row, now),
                labels.get(row["taker_id"] if row["giver_id"] == mine else row["giver_id"], "–"),
            )
            for row in rows
        ]
        order = ("offered", "accepted", "ahead")
        lines.sort(key=lambda one: (order.index(one.state) if one.state in order else 9, one.row["starts_at"]))
        waiting = sum(one.state == "offered" and not one.mine for one in lines)
        self.count.setText(
            ngettext("{count} waits for your answer", "{count} wait for your answer", waiting).format(
                count=formats.number(waiting)
            )
            if waiting
            else _("None waits for your answer") if lines else _("No mandates yet: lend somebody a role while you are away.")
        )  # fmt: skip
        self.table.show_rows(lines)
        if lines and self.table.current() is None:
            self.table.selectRow(0)
        if self._desk.schema.record("substitute") is not None:
            rows, names = await self._link.records.every("substitute", Query(), most=1000)
            labels.update(names)
            self.substitutes.show_rows(rows)
        self._allow()

    def _possible(self, verb: str) -> bool:
        line: Line | None = self.table.current()
        if verb == OFFER:
            return True
        if line is None or line.state not in ("offered", "accepted", "ahead"):
            return False
        if verb == ACCEPT:
            return not line.mine and line.state == "offered"
        return line.mine if verb == WITHDRAW else not line.mine

    def _allow(self) -> None:
        for verb, key in self.keys_of.items():
            key.setEnabled(self._link.online and self._possible(verb))
        self.panel.setVisible(self._desk.schema.record("substitute") is not None)

    def _act(self, verb: str) -> None:
        if self._link.online and self._possible(verb):
            jobs.start(self, self._really, verb, name="mandate", refused=self._refused)

    async def _really(self, verb: str) -> None:
        facts = next((one for one in self._desk.schema.actions if one.name == verb), None)
        if facts is None:
            return
        line: Line | None = self.table.current()
        row = line.row if line is not None and verb != OFFER else {"id": ""}
        if (
            await ask_and_do(self, self._desk, facts, [row], line.other if line is not None and verb != OFFER else "")
            is None
        ):
            return
        said = {
            OFFER: _("Offered. It holds once it is accepted, and ends by itself."),
            ACCEPT: _("Accepted. It holds from its begin until its end."),
            DECLINE: _("Refused."),
            WITHDRAW: _("Taken back. It holds no more."),
        }  # fmt: skip
        self.banner.say(said[verb], "good", seconds=8)
        self.table.setFocus()
        self._read()


PAGE = Page("mandates", N_("Mandates"), "transfer", "people", "people.mandates", MandatesPage, ("mandate",))
