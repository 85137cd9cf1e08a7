"""The paper journal on the page: its lines, what became of them, and what is still to be put right."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from client_staff.app.panel import Panel
from client_staff.counter.journal import ENTERED, PaperLine
from client_staff.counter.journal_desk import JournalDesk
from client_staff.counter.paper_question import PaperQuestion
from common.link import Link
from common.protocol.queue import WindowView
from common.qt import dialogs, jobs
from common.qt.table import DataTable, TableColumn
from common.text import N_, _, formats, ngettext
from common.text.words import pick

STATES = {
    "open": (N_("In service"), "accent_strong", "play"),
    "kept": (N_("Kept here"), "warn_strong", "clock"),
    "entered": (N_("Entered"), "good_strong", "check_round"),
    "made": (N_("Entered, ticket was new"), "good_strong", "check_round"),
    "over": (N_("Entered, had ended otherwise"), "good_strong", "check_round"),
    "known": (N_("Entered before"), "good_strong", "check_round"),
    "refused": (N_("Not taken"), "bad_strong", "octagon"),
}
REFUSED = {
    "times_wrong": N_("These times cannot be right: the end lies before the start, or later than now. Correct them."),
    "service_unknown": N_("This service does not exist any more. Choose another one."),
}


class AtPaper(Protocol):
    """What the panel needs to know: the counter's window, or the window of a PC where nobody has signed in yet."""

    link: Link
    desk: JournalDesk

    @property
    def window_id(self) -> UUID: ...
    @property
    def window(self) -> WindowView | None: ...
    @property
    def zone(self) -> str: ...
    def tell(self, sentence: str, tone: str) -> None: ...


class JournalPanel(Panel):
    """Shown while there is no server, and as long as a line of this PC is not entered."""

    def __init__(self, counter: AtPaper) -> None:
        super().__init__("journal")
        self._counter = counter

        def ended(line: PaperLine) -> str:
            return formats.time(line.finished_at, counter.zone) if line.finished_at is not None else "–"

        self.table = DataTable(
            [
                TableColumn("number", lambda: _("Ticket"), lambda r: r.number or "–", bold=True, width=72),
                TableColumn("service", lambda: _("Service"), lambda r: pick(r.service)),
                TableColumn("began", lambda: _("From"), lambda r: formats.time(r.started_at, counter.zone), width=64),
                TableColumn("ended", lambda: _("Until"), ended, width=64),
                TableColumn(
                    "state", lambda: _("State"), lambda r: _(STATES[r.state][0]), tone=lambda r: STATES[r.state][1],
                    symbol=lambda r: STATES[r.state][2], width=150,
                ),
            ],
            lambda r: r.fact_id,
            name="journal_table",
        )  # fmt: skip
        self.table.opened.connect(lambda _row: self._change())
        self.table.selectionModel().currentRowChanged.connect(lambda *_args: self.refresh_keys())
        self.said = QLabel()
        self.said.setObjectName("journal_said")
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 4, 16, 4)
        self.change, self.out, self.take = QPushButton(), QPushButton(), QPushButton()
        for key, name, act in (
            (self.change, "journal_change", self._change),
            (self.out, "journal_leave_out", self._leave_out),
            (self.take, "journal_take_over", counter.desk.take_over),
        ):
            key.setObjectName(name)
            key.clicked.connect(act)
        keys = QWidget()
        row = QHBoxLayout(keys)
        row.setContentsMargins(12, 6, 12, 8)
        for key in (self.change, self.out, self.take):
            row.addWidget(key)
        row.addStretch(1)
        self.put(self.table, 1)
        self.put(self.said)
        self.put(keys)
        counter.desk.changed.connect(self.refresh)
        counter.desk.entered.connect(self._entered)
        self.say_again()

    def wanted(self) -> bool:
        """Whether there is anything to show."""
        lines = self._counter.desk.journal.lines()
        return not self._counter.link.online or any(one.state not in ENTERED for one in lines)

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Paper journal"))
        self.change.setText(_("Change"))
        self.out.setText(_("Leave out"))
        self.take.setText(_("Enter these lines"))
        self.table.say_again()
        self.refresh()

    def refresh(self) -> None:
        """Show the lines as they are."""
        desk = self._counter.desk
        lines = desk.shown(self._counter.window_id)
        self.table.show_rows(lines)
        kept = len(desk.waiting())
        self.count.setText(formats.number(kept) if kept else "")
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """What may be done with the chosen line, and what the server said of it."""
        desk, line = self._counter.desk, self._line()
        may = line is not None and line.state not in ENTERED
        self.change.setEnabled(may)
        self.out.setEnabled(may)
        others = desk.of_somebody_else()
        self.take.setVisible(bool(others) and self._counter.link.online)
        first = line if line is not None and line.state == "refused" else None
        first = first or next((one for one in desk.waiting() if one.state == "refused"), None)
        if first is not None:
            why = _(REFUSED[first.code]) if first.code in REFUSED else first.sentence or first.code
            self.said.setProperty("tone", "bad")
            self.said.setText(f"{first.number or pick(first.service)}: {why}")
        elif others and self._counter.link.online:
            self.said.setProperty("tone", "warn")
            name = others[0].person or _("somebody not signed in")
            text = ngettext(
                "{count} line was written by {name}.", "{count} lines were written by {name}.", len(others)
            ).format(count=formats.number(len(others)), name=name)
            self.said.setText(text)
        else:
            self.said.setProperty("tone", "second")
            self.said.setText(_("Lines are entered by themselves, with their times, when the server is back."))
        self.said.style().polish(self.said)

    def _line(self) -> PaperLine | None:
        row: Any = self.table.current()
        return row if isinstance(row, PaperLine) else None

    def _change(self) -> None:
        line = self._line()
        if line is not None and line.state not in ENTERED:
            jobs.start(self, self._correct, line, name="correct")

    async def _correct(self, line: PaperLine) -> None:
        counter = self._counter
        link = counter.link
        question = PaperQuestion(self.window(), counter.zone, link.now, view=counter.window, line=line)
        changed = await question.corrected()
        if changed is not None:
            counter.desk.change(changed)

    def _leave_out(self) -> None:
        line = self._line()
        if line is not None:
            jobs.start(self, self._really_leave_out, line, name="leave out")

    async def _really_leave_out(self, line: PaperLine) -> None:
        if await dialogs.ask(
            self.window(),
            _("Leave this line out?"),
            _("{number} would be in no figure. Do this only when it was never served.").format(
                number=line.number or pick(line.service)
            ),
            _("Leave out"),
            _("Keep"),
            dangerous=True,
        ):
            self._counter.desk.leave_out(line)

    def _entered(self, done: int, refused: int) -> None:
        text = ngettext("{count} line entered.", "{count} lines entered.", done).format(count=formats.number(done))
        if refused:
            text = ngettext(
                "{count} line was not taken: correct it in the paper journal.",
                "{count} lines were not taken: correct them in the paper journal.",
                refused,
            ).format(count=formats.number(refused))
        self._counter.tell(text, "warn" if refused else "good")
        self.refresh()
