"""The counter's page: commands, who waits and why in this order, who was called, one's own day, the paper journal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_staff.counter.at_hand import AtHand
from client_staff.counter.counter import Counter
from client_staff.counter.journal_panel import JournalPanel
from client_staff.counter.lists import TicketList, called_columns, waiting_columns
from client_staff.counter.my_day import MyDay
from client_staff.counter.strip import CommandStrip
from client_staff.counter.why_panel import WhyPanel
from common.protocol.queue import TicketRow
from common.qt.theme import theme
from common.qt.widgets import Banner, qicon
from common.text import _

AT_WINDOW = ("called", "serving")


class CounterPage(QWidget):
    """Everything for serving at one window."""

    def __init__(self, counter: Counter, zone: Callable[[], str], show_bar: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("counter_page")
        self.counter = counter
        self.banner = Banner(14, name="refused")
        self.strip = CommandStrip(counter, name="strip")
        self.why = WhyPanel(counter.link, self)
        self.at_hand = AtHand(counter, self.why_this)
        self.waiting = TicketList(counter, "queue.waiting", "waiting", waiting_columns())
        self.called = TicketList(counter, "queue.called", "called", called_columns(zone))
        for one in (self.waiting, self.called):
            one.table.selectionModel().currentRowChanged.connect(lambda *_args: self.refresh())
        self.waiting.table.opened.connect(lambda _row: self._call())
        self.order = _key("why_order", self._why_order)
        self.waiting.tools.addWidget(self.order)
        self.call, self.priority = _key("call_chosen", self._call), _key("set_priority", self._priority)
        self.waiting.put(_row(self.call, self.priority))
        self.put_back, self.again = _key("put_back", self._put_back), _key("call_again", self._call_again)
        self.why_called = _key("why_called", self._why_called)
        self.called.put(_row(self.put_back, self.again, self.why_called))
        self.journal = JournalPanel(counter)
        self.bar = _key("show_bar", show_bar)
        self.day = MyDay(counter)
        self.day.put(_row(self.bar))
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.journal, 3)
        right.addWidget(self.called, 3)
        right.addWidget(self.day)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        lists.addWidget(self.waiting, 8)
        lists.addLayout(right, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.strip)
        column.addWidget(self.banner)
        column.addWidget(self.at_hand)
        column.addLayout(lists, 1)
        for keys, act in (
            ("Alt+W", self.why_this), ("Alt+M", counter.supplement), ("Alt+I", counter.whose), ("Ctrl+Z", counter.undo),
            ("Esc", self._escape),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self, act)
        counter.changed.connect(self.refresh)
        theme.changed.connect(self.say_again)
        self.say_again()

    def tell(self, sentence: str, tone: str) -> None:
        """A refusal stands under the commands for eight seconds."""
        self.banner.say(sentence, tone, seconds=8)

    def stop(self) -> None:
        """Watch no more."""
        self.waiting.stop()
        self.called.stop()
        self.day.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.waiting.title.setText(_("Waiting for this window"))
        self.called.title.setText(_("Called today"))
        for one in (self.waiting, self.called):
            one.search.setPlaceholderText(_("Ticket or service"))
            one.table.say_again()
        self.waiting.empty.setText(_("Nobody is waiting for this window."))
        self.called.empty.setText(_("Nobody has been called here today."))
        self.bar.setText(_("Show the bar on top of other programs (F8)"))
        self.put_back.setText(_("Put back into the queue"))
        self.again.setText(_("Call again…"))
        self.why_called.setText(_("Why"))
        self.why_called.setIcon(qicon("info"))
        self.order.setText(_("Why this order"))
        self.order.setIcon(qicon("info"))
        self.at_hand.say_again()
        self.journal.say_again()
        self.day.say_again()
        self.why.say_again()
        self.refresh()

    def keys(self) -> list[tuple[str, str]]:
        """For F1."""
        return [
            ("Alt+W", _("why this one, and when is whose turn")),
            ("Alt+M", _("finish, papers are missing")),
            ("Alt+I", _("whose ticket it is, where that is known; the look is kept in the log")),
            ("Ctrl+Z", _("take a mistaken finish or no-show back")),
            ("Enter", _("call the chosen ticket out of its turn, by right")),
            ("Esc", _("not yet: the call by itself waits anew")),
        ]

    def refresh(self) -> None:
        """What may be done with the chosen tickets."""
        counter = self.counter
        view, online = counter.window, counter.link.online
        waiting, called = self.waiting.current(), self.called.current()
        free = view is not None and view.state in ("free", "rating") and counter.paper is None
        chosen = counter.may("queue.call_chosen")
        number = waiting.ticket.number if waiting is not None else ""
        self.call.setText(_("Call {number}…").format(number=number) if number else _("Call this one…"))
        self.call.setVisible(chosen)
        self.call.setEnabled(waiting is not None and online and free)
        self.call.setToolTip("" if free else _("Finish the ticket first."))
        self.priority.setVisible(counter.may("queue.priority"))
        self.priority.setEnabled(waiting is not None and online)
        given = waiting is not None and waiting.ticket.priority
        self.priority.setText(_("Take priority away…") if given else _("Give priority…"))
        no_show = called is not None and called.ticket.state == "no_show"
        self.put_back.setEnabled(no_show and online)
        self.put_back.setToolTip("" if no_show else _("Choose a no-show in the list."))
        self.again.setVisible(chosen)
        self.again.setEnabled(no_show and online and free)
        self.why_called.setEnabled(called is not None and online)
        self.order.setEnabled(online)
        wanted = self.journal.wanted()
        self.journal.setVisible(wanted)
        # Without the server the journal stands where the called list was.
        self.called.setVisible(online)

    def first_focus(self) -> None:
        """F8: the waiting list's first row."""
        self.waiting.table.setFocus()
        if self.waiting.table.rows and self.waiting.table.current() is None:
            self.waiting.table.selectRow(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The explanation lies at the far edge."""
        super().resizeEvent(event)
        if self.why.isVisible():
            self.why.place()

    def why_this(self) -> None:
        """Alt+W: the ticket at the window, else whoever is next."""
        view = self.counter.window
        ticket = view.ticket if view is not None and view.state in AT_WINDOW else None
        self._ask(None if ticket is None else ticket)

    def _why_order(self) -> None:
        row = self.waiting.current()
        self._ask(row.ticket if row is not None else None)

    def _why_called(self) -> None:
        row = self.called.current()
        if row is not None:
            self._ask(row.ticket)

    def _ask(self, ticket: object) -> None:
        if self.counter.link.online:
            self.why.ask(self.counter.window_id, ticket)  # type: ignore[arg-type]

    def _escape(self) -> None:
        if self.why.isVisible():
            self.why.close_it()
        else:
            self.counter.delay()

    def _call(self) -> None:
        row = self.waiting.current()
        if row is not None and self.call.isVisible() and self.call.isEnabled():
            self.counter.call_chosen(row.ticket)

    def _call_again(self) -> None:
        row = self.called.current()
        if row is not None:
            self.counter.call_chosen(row.ticket)

    def _priority(self) -> None:
        row: TicketRow | None = self.waiting.current()
        if row is not None:
            self.counter.set_priority(row.ticket)

    def _put_back(self) -> None:
        row = self.called.current()
        if row is not None:
            self.counter.put_back(row.ticket.id)


def _key(name: str, act: Callable[[], object]) -> QPushButton:
    key = QPushButton()
    key.setObjectName(name)
    key.clicked.connect(lambda: act())
    return key


def _row(*keys: QPushButton) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(12, 6, 12, 8)
    for key in keys:
        row.addWidget(key)
    row.addStretch(1)
    return box
