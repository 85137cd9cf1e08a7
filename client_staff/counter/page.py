"""The counter's page: commands, who waits and why in this order, who was called, one's own day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.counter import words
from client_staff.counter.counter import Counter
from client_staff.counter.strip import CommandStrip
from common.link import View
from common.protocol.queue import TicketRow, TicketRows, TicketSearch
from common.qt.table import DataTable, TableColumn
from common.qt.widgets import Banner
from common.text import _, formats
from common.text.words import pick

SEARCH_MS = 200


class TicketList(Panel):
    """A list of tickets that follows the hall, with search on the server."""

    def __init__(self, counter: Counter, verb: str, name: str, columns: list[TableColumn]) -> None:
        super().__init__(name)
        self._counter = counter
        self._verb = verb
        self.view: View[TicketRows] | None = None
        self.search = QLineEdit()
        self.search.setObjectName(f"{name}_search")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(170)
        self.tools.addWidget(self.search)
        self.table = DataTable(columns, lambda row: row.ticket.id, name=f"{name}_table")
        self.empty = QLabel()
        self.empty.setObjectName(f"{name}_empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setProperty("tone", "second")
        self.put(self.table, 1)
        self.put(self.empty)
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self._watch)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self._watch()

    def stop(self) -> None:
        """Watch no more."""
        if self.view is not None:
            self.view.stop()

    def _watch(self) -> None:
        self.stop()
        wanted = TicketSearch(window_id=self._counter.window_id, search=self.search.text().strip())
        self.view = View(self._counter.link, self._verb, wanted, TicketRows, ["queue"], every=30)
        self.view.on_change(self.refresh)
        self.view.start()

    def refresh(self) -> None:
        """Show what was read; old rows stay until newer ones come."""
        if self.view is not None and self.view.value is not None:
            self.table.show_rows(self.view.value.items)
            self.count.setText(formats.number(self.view.value.total))
            self.empty.setVisible(not self.view.value.items)
            self.table.setVisible(bool(self.view.value.items))


class CounterPage(QWidget):
    """Everything for serving at one window."""

    def __init__(self, counter: Counter, zone: Callable[[], str], show_bar: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("counter_page")
        self._counter = counter
        self.banner = Banner(14, name="refused")
        self.strip = CommandStrip(counter, name="strip")
        self.waiting = TicketList(counter, "queue.waiting", "waiting", self._waiting_columns())
        self.called = TicketList(counter, "queue.called", "called", self._called_columns(zone))
        self.called.table.selectionModel().currentRowChanged.connect(lambda *_args: self.refresh())
        self.put_back = QPushButton()
        self.put_back.setObjectName("put_back")
        self.put_back.clicked.connect(self._put_back)
        self.called.put(self.put_back)
        self.bar = QPushButton()
        self.bar.setObjectName("show_bar")
        self.bar.clicked.connect(show_bar)
        self.day = Panel("my_day")
        self.served = QLabel()
        self.served.setObjectName("my_day_served")
        self.served.setContentsMargins(16, 0, 16, 10)
        self.day.put(self.served)
        self.day.put(self.bar)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.called, 1)
        right.addWidget(self.day)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        lists.addWidget(self.waiting, 8)
        lists.addLayout(right, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.strip)
        column.addWidget(self.banner)
        column.addLayout(lists, 1)
        counter.changed.connect(self.refresh)
        self.say_again()

    def _waiting_columns(self) -> list[TableColumn]:
        return [
            TableColumn("place", lambda: "", lambda r: formats.number(r.place or 0), lambda r: r.place, figures=True, width=44),
            TableColumn("number", lambda: _("Ticket"), lambda r: r.ticket.number, bold=True, width=84),
            TableColumn("service", lambda: _("Service"), lambda r: pick(r.service)),
            TableColumn(
                "waits", lambda: _("Waits"), lambda r: formats.duration(r.waited_seconds), lambda r: r.waited_seconds,
                figures=True, width=96,
            ),
            TableColumn("why", lambda: _("Stands here because"), words.why, width=210),
        ]  # fmt: skip

    def _called_columns(self, zone: Callable[[], str]) -> list[TableColumn]:
        def called(row: TicketRow) -> str:
            return formats.time(row.ticket.called_at, zone()) if row.ticket.called_at is not None else "–"

        return [
            TableColumn("at", lambda: _("Called"), called, lambda r: r.ticket.called_at, width=72),
            TableColumn("number", lambda: _("Ticket"), lambda r: r.ticket.number, bold=True, width=80),
            TableColumn(
                "state",
                lambda: _("State"),
                lambda r: words.state(r.ticket.state),
                tone=lambda r: words.STATE_TONES.get(r.ticket.state, "ink"),
                symbol=lambda r: words.STATE_SYMBOLS.get(r.ticket.state, ""),
            ),
        ]

    def tell(self, sentence: str, tone: str) -> None:
        """A refusal stands under the commands for eight seconds."""
        self.banner.say(sentence, tone, seconds=8)

    def stop(self) -> None:
        """Watch no more."""
        self.waiting.stop()
        self.called.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.waiting.title.setText(_("Waiting for this window"))
        self.called.title.setText(_("Called today"))
        for one in (self.waiting, self.called):
            one.search.setPlaceholderText(_("Ticket or service"))
            one.table.say_again()
        self.waiting.empty.setText(_("Nobody is waiting for this window."))
        self.called.empty.setText(_("Nobody has been called here today."))
        self.day.title.setText(_("My day"))
        self.bar.setText(_("Show the bar on top of other programs (F8)"))
        self.put_back.setText(_("Put back into the queue"))
        self.refresh()

    def refresh(self) -> None:
        """Own figures, and what may be put back."""
        view = self._counter.window
        row: Any = self.called.table.current()
        no_show = row is not None and row.ticket.state == "no_show"
        self.put_back.setEnabled(no_show and self._counter.link.online)
        self.put_back.setToolTip("" if no_show else _("Choose a no-show in the list."))
        if view is not None:
            self.served.setText(_("Served: {count}").format(count=formats.number(view.served_today)))

    def first_focus(self) -> None:
        """F8: the waiting list's first row."""
        self.waiting.table.setFocus()
        if self.waiting.table.rows and self.waiting.table.current() is None:
            self.waiting.table.selectRow(0)

    def _put_back(self) -> None:
        row: Any = self.called.table.current()
        if row is not None:
            self._counter.put_back(row.ticket.id)
