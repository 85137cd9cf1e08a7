"""Lists of tickets that follow the hall: who waits and why in this order, who was called."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QLineEdit

from client_staff.app.panel import Panel
from client_staff.counter import words
from client_staff.counter.counter import Counter
from common.link import View
from common.protocol.queue import TicketRow, TicketRows, TicketSearch
from common.qt.table import DataTable, TableColumn
from common.text import _, formats
from common.text.words import pick

SEARCH_MS = 200


class TicketList(Panel):
    """A list of tickets that follows the hall, with search on the server. Without it the last rows stay, marked as old."""

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
        self.old = QLabel()
        self.old.setObjectName(f"{name}_old")
        self.old.setContentsMargins(16, 0, 16, 6)
        self.old.setWordWrap(True)
        self.old.setProperty("tone", "warn")
        self.put(self.old)
        self.put(self.table, 1)
        self.put(self.empty, 1)
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self._watch)
        self.search.textChanged.connect(lambda _text: self._later.start())
        counter.changed.connect(self.mark)
        self._watch()

    def stop(self) -> None:
        """Watch no more."""
        if self.view is not None:
            self.view.stop()

    def current(self) -> TicketRow | None:
        """The chosen ticket."""
        row: Any = self.table.current()
        return row if isinstance(row, TicketRow) else None

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
        self.mark()

    def mark(self) -> None:
        """Without the server: greyed, with the time of which it is true."""
        link = self._counter.link
        at = self.view.at if self.view is not None else None
        online = link.online
        self.table.setEnabled(online)
        self.search.setEnabled(online)
        self.old.setVisible(not online)
        if not online:
            zone = link.health.zone if link.health is not None else "UTC"
            self.old.setText(
                _("As of {time}. Nobody can be called without the server.").format(time=formats.time(at, zone))
                if at is not None
                else _("Not read yet.")
            )


def waiting_columns() -> list[TableColumn]:
    """Place, ticket, service, wait and the reason of the order."""
    return [
        TableColumn("place", lambda: "", lambda r: formats.number(r.place or 0), lambda r: r.place, figures=True, width=44),
        TableColumn("number", lambda: _("Ticket"), lambda r: r.ticket.number, bold=True, width=84),
        TableColumn("service", lambda: _("Service"), lambda r: pick(r.service)),
        TableColumn(
            "waits", lambda: _("Waits"), lambda r: formats.duration(r.waited_seconds), lambda r: r.waited_seconds,
            figures=True, width=96,
        ),
        TableColumn(
            "why", lambda: _("Stands here because"), words.why, width=240, tone=words.why_tone, symbol=words.why_symbol
        ),
    ]  # fmt: skip


def called_columns(zone: Any) -> list[TableColumn]:
    """When, ticket, what became of it."""

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
