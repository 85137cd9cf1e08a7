"""The server's jobs: what each did last and does next, why it failed, run now, pause; and work that could not be done."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.jobs import FailedCard, JobCard, JobsView, NameJob, PauseJob, RetryJob
from common.protocol.messages import Nothing
from common.qt.table import DataTable, TableColumn
from common.text import N_, _, formats
from common.text.words import pick

EVERY = 10.0


def _state(card: JobCard) -> tuple[str, str, str]:
    """Word, symbol and tone of a job."""
    if card.paused:
        return _("Paused"), "pause", "warn_strong"
    if card.problem:
        return _("Failed"), "octagon", "bad_strong"
    if card.last_at is None:
        return _("Not yet"), "clock", "ink_2"
    return (_("Done"), "check_round", "good_strong") if card.worked else (_("Nothing to do"), "check", "ink_2")


class JobsPage(ConsolePage):
    """For whoever may see jobs; running and pausing needs a right of its own."""

    hints = (("Ctrl+R", N_("Run now")), ("Ctrl+P", N_("Pause or go on")))

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "jobs")
        self.listed: View[JobsView] = View(self.link, "jobs.list", Nothing(), JobsView, ["jobs"], every=EVERY)
        self.watch(self.listed)
        self.rest = self.key("job_pause", self._pause_pressed)
        self.run = self.key("job_run", self._run_pressed, "primary")
        self.panel = Panel("jobs_list")
        self.table = DataTable(self._columns(), lambda j: j.name, name="jobs_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_n: self._show_job())
        self.problem = QLabel()
        self.problem.setObjectName("job_problem")
        self.problem.setWordWrap(True)
        self.problem.setProperty("tone", "bad")
        self.problem.setContentsMargins(16, 8, 16, 8)
        self.panel.put(self.table, 1)
        self.panel.put(self.problem)
        self.failed = Panel("jobs_failed")
        self.failed_table = DataTable(self._failed_columns(), lambda f: f.id, name="failed_table")
        self.failed_none = QLabel()
        self.failed_none.setObjectName("failed_none")
        self.failed_none.setProperty("tone", "second")
        self.failed_none.setContentsMargins(16, 8, 16, 12)
        self.retry = QPushButton()
        self.retry.setObjectName("job_retry")
        self.retry.clicked.connect(self._retry_pressed)
        self.failed.tools.addWidget(self.retry)
        self.failed_none.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.failed.put(self.failed_none, 1)
        self.failed.put(self.failed_table, 1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.panel, 3)
        below = QHBoxLayout()
        below.addWidget(self.failed)
        column.addLayout(below, 1)
        self.words()

    def _columns(self) -> list[TableColumn]:
        def took(card: Any) -> str:
            return _("{count} ms").format(count=formats.number(card.last_ms)) if card.last_ms is not None else "–"

        return [
            TableColumn("label", lambda: _("Job"), lambda j: j.label, bold=True),
            TableColumn(
                "state", lambda: _("State"), lambda j: _state(j)[0], width=150, symbol=lambda j: _state(j)[1],
                tone=lambda j: _state(j)[2],
            ),
            TableColumn("every", lambda: _("Every"), lambda j: formats.duration(j.every_seconds), lambda j: j.every_seconds,
                        figures=True, width=100),
            TableColumn("last", lambda: _("Last turn"), lambda j: self._moment(j.last_at), lambda j: j.last_at, width=180),
            TableColumn("took", lambda: _("Took"), took, lambda j: j.last_ms, figures=True, width=90),
            TableColumn("next", lambda: _("Next turn"), lambda j: self._moment(j.next_at), lambda j: j.next_at, width=180),
        ]  # fmt: skip

    def _failed_columns(self) -> list[TableColumn]:
        return [
            TableColumn("name", lambda: _("Work"), lambda f: f.name, bold=True, width=240),
            TableColumn("error", lambda: _("What went wrong"), lambda f: f.error),
            TableColumn("attempts", lambda: _("Attempts"), lambda f: formats.number(f.attempts), figures=True, width=100),
            TableColumn(
                "next", lambda: _("Next try"), width=180,
                text=lambda f: _("given up") if f.given_up else self._moment(f.due_at),
            ),
        ]  # fmt: skip

    def _moment(self, at: Any) -> str:
        return formats.date_time(at, self.desk.reader.zone) if at is not None else "–"

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Jobs of the server"))
        self.run.setText(_("Run now"))
        self.run.setShortcut("Ctrl+R")
        self.retry.setText(_("Try again"))
        self.failed_none.setText(_("Everything that follows a change has been done."))
        for table in (self.table, self.failed_table):
            table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        view = self.listed.value
        assert view is not None
        order = sorted(view.jobs, key=lambda j: (not j.problem, not j.paused, j.label))
        self.table.show_rows(order)
        if self.table.current() is None and order:
            self.table.selectRow(0)
        waiting = _("{count} wait").format(count=formats.number(view.waiting))
        self.panel.say(_("By the clock"), formats.number(len(view.jobs)))
        self.failed.say(_("Work that could not be done"), f"{formats.number(len(view.failed))} · {waiting}")
        self.failed_table.show_rows(view.failed)
        self.failed_table.setVisible(bool(view.failed))
        self.failed_none.setVisible(not view.failed)
        if view.failed and self.failed_table.current() is None:
            self.failed_table.selectRow(0)
        self._show_job()

    def _show_job(self) -> None:
        card: JobCard | None = self.table.current()
        may = self.may("jobs.run") and card is not None
        self.run.setEnabled(may)
        self.rest.setEnabled(may)
        self.retry.setEnabled(self.may("jobs.run") and self.failed_table.current() is not None)
        self.rest.setText(_("Go on") if card is not None and card.paused else _("Pause"))
        self.rest.setShortcut("Ctrl+P")
        self.problem.setVisible(card is not None and bool(card.problem))
        if card is not None and card.problem:
            count = _("{count} times in a row").format(count=formats.number(card.failures))
            self.problem.setText(f"{self._moment(card.failed_at)} · {pick(card.problem)} · {count}")

    def _run_pressed(self) -> None:
        card: JobCard | None = self.table.current()
        if card is not None:
            self.send("jobs.run_now", NameJob(name=card.name), Nothing, self._again, self.run)

    def _pause_pressed(self) -> None:
        card: JobCard | None = self.table.current()
        if card is not None:
            self.send("jobs.pause", PauseJob(name=card.name, paused=not card.paused), Nothing, self._again, self.rest)

    def _retry_pressed(self) -> None:
        card: FailedCard | None = self.failed_table.current()
        if card is not None:
            self.send("jobs.retry", RetryJob(id=card.id), Nothing, self._again, self.retry)

    def _again(self, _done: Any) -> None:
        self.listed.again()


PAGE = Page("jobs", N_("Jobs of the server"), "clock", "engine", "jobs.see", JobsPage)
