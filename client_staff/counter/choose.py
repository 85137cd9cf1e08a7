"""After signing in: at which window do I work?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.counter import words
from common.link import Link, Refusal, View
from common.protocol.queue import InZone, OpenWindow, WindowChoice, WindowChoices, WindowView
from common.qt import dialogs, jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import _, formats
from common.text.words import pick

TAKE_OVER = ("queue.window_taken", "queue.elsewhere")


class ChoosePage(QWidget):
    """`chosen(window_id)` when the window is open; `skip()` works without one."""

    def __init__(self, link: Link, chosen: Callable[[UUID], None], skip: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("choose_page")
        self._link = link
        self._chosen = chosen
        self._last: str = ""
        self._more = False
        """A further window for who may hold several: nothing is gone on with by itself."""
        self.view: View[WindowChoices] = View(link, "queue.windows", InZone(), WindowChoices, ["queue", "organisation"])
        self.view.on_change(self.refresh)
        self.title = QLabel()
        self.title.setObjectName("choose_title")
        self.title.setFont(theme.font(20, bold=True))
        self.panel = Panel("windows")
        self.table = DataTable(
            [
                TableColumn("label", lambda: _("Window"), lambda w: formats.digits(w.label), _order, bold=True, width=80),
                TableColumn("zone", lambda: _("Zone"), lambda w: pick(w.zone), width=150),
                TableColumn(
                    "services", lambda: _("Services"), lambda w: formats.listing([pick(one) for one in w.services])
                ),
                TableColumn(
                    "waiting", lambda: _("Waiting"), lambda w: formats.number(w.waiting), lambda w: w.waiting,
                    figures=True, width=80,
                ),
                TableColumn("state", lambda: _("State"), lambda w: words.window_state(w.state), width=180),
                TableColumn("staff", lambda: _("Staff"), lambda w: pick(w.staff) or "–", width=180),
            ],
            lambda w: w.window_id,
            name="windows_table",
        )  # fmt: skip
        self.table.opened.connect(self._open)
        self.panel.put(self.table, 1)
        self.open_key = QPushButton()
        self.open_key.setObjectName("open_window")
        self.open_key.setProperty("kind", "primary")
        self.open_key.clicked.connect(lambda: self._open(self.table.current()))
        self.skip = QPushButton()
        self.skip.setObjectName("without_window")
        self.skip.clicked.connect(skip)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.skip)
        foot.addWidget(self.open_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(16)
        column.addWidget(self.title)
        column.addWidget(self.panel, 1)
        column.addLayout(foot)
        self.say_again()

    def begin(self, last: str, *, more: bool = False) -> None:
        """Watch the windows; `last` is the number of the one where this PC stood before, `more` adds a window."""
        self._last, self._more = last, more
        self.skip.setText(_("Back") if more else _("Without a window"))
        self.view.start()
        self.view.again()
        self.table.setFocus()

    def stop(self) -> None:
        """Watch no more."""
        self.view.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("At which window do you work?"))
        self.panel.say(_("Windows"))
        self.open_key.setText(_("Open this window"))
        self.skip.setText(_("Back") if self._more else _("Without a window"))
        self.table.say_again()

    def refresh(self) -> None:
        """Show the windows; who holds one already goes on there (QUE-926)."""
        if self.view.value is None:
            return
        windows = self.view.value.windows
        self.table.show_rows(windows)
        me = self._link.me
        mine = [one for one in windows if me is not None and one.staff_id == me.id]
        if mine and self.isVisible() and not self._more:
            for one in mine:
                self._chosen(one.window_id)
            return
        if self.table.current() is None and windows:
            place = next((n for n, one in enumerate(windows) if one.label == self._last), 0)
            self.table.selectRow(place)

    def _open(self, window: WindowChoice | None) -> None:
        if window is not None:
            jobs.start(self, self._open_it, window, name="open", busy=self.open_key)

    async def _open_it(self, window: WindowChoice) -> None:
        wanted = OpenWindow(window_id=window.window_id)
        try:
            await self._link.act("queue.open_window", wanted, WindowView)
        except Refusal as why:
            if why.code not in TAKE_OVER:
                raise
            # QUE-925: one person a window, one window a person; taking over is a question, never a surprise.
            if not await dialogs.ask(self, _("Take over?"), why.sentence, _("Take over"), _("No"), dangerous=True):
                return
            await self._link.act("queue.open_window", wanted.model_copy(update={"take_over": True}), WindowView)
        self._chosen(window.window_id)


def _order(window: Any) -> tuple[int, str]:
    label = window.label
    return (int(label) if label.isdigit() else 9999, label)
