"""Backups: how they stand, one now, a check of the stored data with what it found, and restoring the hall from one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from common.link import View
from common.protocol.backup import (
    ArchiveCard,
    ArchiveCards,
    BackupRunCard,
    BackupView,
    RestoreBackup,
    RunAnswer,
    RunBackup,
    StopRun,
)
from common.protocol.messages import Nothing
from common.qt import dialogs, jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Figure
from common.records import RecordFacts
from common.text import N_, _, formats
from common.text.direction import number as in_order
from common.text.fold import fold
from common.text.words import pick

KINDS = {
    "scheduled": N_("By schedule"),
    "manual": N_("From the console"),
    "command": N_("On the command line"),
    "migration": N_("Before an upgrade"),
    "before_restore": N_("Before a restore"),
    "verification": N_("Check of the data"),
    "restoration": N_("Restore"),
}
STATES = {
    "waiting": (N_("Waiting"), "clock", "ink_2"),
    "running": (N_("Running"), "play", "accent"),
    "good": (N_("Good"), "check_round", "good_strong"),
    "bad": (N_("Damage found"), "octagon", "bad_strong"),
    "failed": (N_("Failed"), "octagon", "bad_strong"),
    "stopped": (N_("Stopped"), "cross", "ink_2"),
    "interrupted": (N_("Cut off"), "warning", "warn_strong"),
}
STEPS = {
    "database": N_("The database is copied"),
    "files": N_("Files are copied"),
    "checking": N_("What was written is read again"),
    "opening": N_("The backup is read and checked"),
    "keeping": N_("The present state is backed up"),
    "unpacking": N_("The backup is laid ready"),
}
TONES = {"good": "good_strong", "old": "bad_strong", "off": "warn_strong"}


def kind_words(run: BackupRunCard) -> str:
    """What a run was; a newer server's kind as it is."""
    return _(KINDS[run.kind]) if run.kind in KINDS else run.kind


def state_words(state: str) -> str:
    """How it stands; a newer server's word as it is."""
    return _(STATES[state][0]) if state in STATES else state


def size(kilobytes: int | None) -> str:
    """A size as people read it."""
    if kilobytes is None:
        return "–"
    if kilobytes < 10_000:
        return _("{size} kB").format(size=formats.number(kilobytes))
    return _("{size} MB").format(size=formats.number(kilobytes // 1024))


class RestoreDialog(QDialog):
    """Which backup, what will happen, and the hall's name typed as a yes."""

    def __init__(self, page: BackupsPage, cards: ArchiveCards) -> None:
        super().__init__(page)
        self.setObjectName("restore")
        self.setWindowTitle(_("Restore the hall"))
        self._confirm = cards.confirm
        title = QLabel(_("Restore the hall from a backup"))
        title.setFont(theme.font(19, bold=True))
        warning = QLabel(
            _(
                "Everything becomes as it was at the moment of the backup, with all files. What was done since then is no longer "
                "in the hall; it is backed up first, so that this can be undone in the same way.\n"
                "The server prepares it while the hall works. Then it starts anew: for some seconds nothing answers, and "
                "everybody signs in again. Devices go on by themselves. Do it outside opening hours: numbers of tickets may "
                "be given a second time."
            )
        )
        warning.setObjectName("restore_warning")
        warning.setWordWrap(True)
        columns = [
            TableColumn(
                "made_at", lambda: _("Moment"), lambda a: page.moment(a.made_at), lambda a: a.made_at, bold=True
            ),
            TableColumn(
                "size", lambda: _("Size"), lambda a: size(a.size_kb), lambda a: a.size_kb, figures=True, width=110
            ),
            TableColumn("sealed", lambda: _("Encrypted"), lambda a: _("Yes") if a.encrypted else _("No"), width=120),
        ]
        self.table = DataTable(columns, lambda a: a.name, name="restore_table")
        self.table.show_rows(cards.archives)
        self.table.setMinimumHeight(190)
        self.table.selectionModel().currentRowChanged.connect(lambda *_n: self._look())
        self.word = QLineEdit()
        self.word.setObjectName("restore_passphrase")
        self.word.setEchoMode(QLineEdit.EchoMode.Password)
        self.word.setPlaceholderText(_("Empty: the server's own"))
        self.typed = QLineEdit()
        self.typed.setObjectName("restore_confirm")
        self.typed.textChanged.connect(lambda _t: self._look())
        form = QFormLayout()
        form.addRow(_("Passphrase"), self.word)
        form.addRow(_("Hall's name"), self.typed)
        self.form = form
        ask = QLabel(_("To say yes, type the hall's name: {name}").format(name=cards.confirm))
        ask.setObjectName("restore_ask")
        ask.setWordWrap(True)
        ask.setFont(theme.font(14, bold=True))
        self.yes = QPushButton(_("Restore"))
        self.yes.setObjectName("restore_yes")
        self.yes.setProperty("kind", "danger")
        self.yes.clicked.connect(self.accept)
        no = QPushButton(_("Keep the hall as it is"))
        no.setObjectName("restore_no")
        no.setDefault(True)
        no.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(no)
        foot.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (title, warning, self.table, ask):
            column.addWidget(part)
        column.addLayout(form)
        column.addLayout(foot)
        self.setMinimumWidth(640)
        if cards.archives:
            self.table.selectRow(0)
        self._look()

    @property
    def chosen(self) -> ArchiveCard | None:
        """The backup that was chosen."""
        found: ArchiveCard | None = self.table.current()
        return found

    def _look(self) -> None:
        archive = self.chosen
        self.form.setRowVisible(self.word, archive is not None and archive.encrypted)
        self.yes.setEnabled(archive is not None and fold(self.typed.text().strip()) == fold(self._confirm))


class BackupsPage(ConsolePage):
    """For whoever may see backups; taking, checking and restoring have rights of their own."""

    hints = (("Ctrl+B", N_("Back up now")),)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "backups")
        self.runs: View[BackupView] = View(self.link, "backup.runs", Nothing(), BackupView, ["backup", "settings"])
        self.watch(self.runs)
        self.restore_key = self.key("backup_restore", self._restore_pressed, "danger")
        self.check = self.key("backup_verify", self._check_pressed)
        self.now = self.key("backup_now", self._now_pressed, "primary")
        self.now.setShortcut("Ctrl+B")
        self.last = Figure("", name="backup_last", px=20)
        self.next = Figure("", name="backup_next", px=20)
        self.checked = Figure("", name="backup_checked", px=20)
        self.kept = Figure("", name="backup_kept", px=20)
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for figure in (self.last, self.next, self.checked, self.kept):
            figure.setFixedHeight(112)
            figures.addWidget(figure, 1)
        self.kept.opened.connect(lambda: desk.open_page("settings"))
        self._build_running()
        self.panel = Panel("backup_runs")
        self.table = DataTable(self._columns(), lambda r: r.id, name="backup_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_n: self._show_run())
        self.nothing = QLabel()
        self.nothing.setObjectName("backup_nothing")
        self.nothing.setProperty("tone", "second")
        self.nothing.setContentsMargins(16, 12, 16, 12)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.panel.put(self.nothing, 1)
        self.panel.put(self.table, 1)
        self._build_side()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.panel, 3)
        row.addWidget(self.side, 2)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(figures)
        column.addWidget(self.running)
        column.addLayout(row, 1)
        self.words()

    def _build_running(self) -> None:
        self.running = QFrame()
        self.running.setObjectName("backup_running")
        self.running.setProperty("card", True)
        self.said = QLabel()
        self.said.setObjectName("backup_step")
        self.progress = QProgressBar()
        self.progress.setObjectName("backup_progress")
        self.progress.setRange(0, 100)
        self.stop_key = QPushButton()
        self.stop_key.setObjectName("backup_stop")
        self.stop_key.clicked.connect(self._stop_pressed)
        row = QHBoxLayout(self.running)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(12)
        row.addWidget(self.said)
        row.addWidget(self.progress, 1)
        row.addWidget(self.stop_key)

    def _build_side(self) -> None:
        self.side = Panel("backup_run")
        inside = QWidget()
        column = self.side_column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(8)
        self.problem = QLabel()
        self.problem.setObjectName("backup_problem")
        self.problem.setProperty("tone", "bad")
        self.about = QLabel()
        self.about.setObjectName("backup_about")
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.findings = QTreeWidget()
        self.findings.setObjectName("backup_findings")
        self.findings.setHeaderHidden(True)
        self.findings.setWordWrap(True)
        self.findings.setRootIsDecorated(False)
        for label in (self.problem, self.about):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.findings, 1)
        column.addStretch(0)
        self.side.put(inside, 1)

    def _columns(self) -> list[TableColumn]:
        def seconds(run: Any) -> str:
            return formats.duration(run.seconds) if run.seconds is not None else "–"

        return [
            TableColumn("began", lambda: _("Began"), lambda r: self.moment(r.began_at), lambda r: r.began_at, width=170),
            TableColumn("kind", lambda: _("Kind"), kind_words),
            TableColumn(
                "state", lambda: _("State"), lambda r: state_words(r.state), bold=True, width=150,
                tone=lambda r: STATES.get(r.state, ("", "", "ink"))[2],
                symbol=lambda r: STATES.get(r.state, ("", "", ""))[1],
            ),
            TableColumn("seconds", lambda: _("Duration"), seconds, lambda r: r.seconds, figures=True, width=100),
            TableColumn("size", lambda: _("Size"), lambda r: size(r.size_kb), lambda r: r.size_kb, figures=True, width=100),
        ]  # fmt: skip

    # words and values

    def moment(self, at: Any) -> str:
        """A moment in the hall's time."""
        return formats.date_time(at, self.desk.reader.zone) if at is not None else "–"

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Backups"))
        self.now.setText(_("Back up now"))
        self.now.setShortcut("Ctrl+B")
        self.check.setText(_("Check the data"))
        self.restore_key.setText(_("Restore…"))
        self.stop_key.setText(_("Stop"))
        self.last.caption.setText(_("Last good backup"))
        self.next.caption.setText(_("Next by schedule"))
        self.checked.caption.setText(_("Last check of the data"))
        self.kept.caption.setText(_("Kept"))
        self.nothing.setText(_("Nothing was backed up yet. Take the first backup now."))
        self.table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        view = self.runs.value
        assert view is not None
        self._say_figures(view)
        run = view.running
        self.running.setVisible(run is not None)
        if run is not None:
            step = _(STEPS[run.stage]) if run.stage in STEPS else state_words(run.state)
            self.said.setText(f"{kind_words(run)} · {step}")
            self.progress.setValue(run.progress)
        self.stop_key.setEnabled(self.may("backup.run"))
        for key, right in ((self.now, "backup.run"), (self.check, "backup.run"), (self.restore_key, "backup.restore")):
            key.setEnabled(self.may(right) and run is None)
            key.setVisible(self.link.me is not None and right in self.link.me.permissions)
        self.nothing.setVisible(not view.runs)
        self.table.setVisible(bool(view.runs))
        self.panel.say(_("Backups and checks"), formats.number(len(view.runs)))
        self.table.show_rows(view.runs)
        if self.table.current() is None and view.runs:
            self.table.selectRow(0)
        self._show_run()

    def _say_figures(self, view: BackupView) -> None:
        notes = {
            "good": _("recent enough"),
            "old": _("too old: older than {hours}").format(hours=formats.duration(view.alarm_hours * 3600)),
            "off": _("no alarm is set"),
        }
        nothing = _("None yet") if view.last_good_at is None else self.moment(view.last_good_at)
        note = notes.get(view.state, "") if view.last_good_at is not None or view.state == "old" else ""
        self.last.say(nothing, note, TONES.get(view.state, "ink") if note else "warn_strong")
        every = formats.duration(view.every_hours * 3600)
        if view.every_hours:
            self.next.say(self.moment(view.next_at), _("every {hours}").format(hours=every))
        else:
            self.next.say(_("None"), _("the schedule is switched off"), "warn_strong")
        check = view.last_check
        if check is None:
            self.checked.say(_("Never"), "", "warn_strong")
        else:
            damage = sum(1 for one in check.findings if not one.note)
            said = _("nothing is damaged") if not damage else _("{count} findings").format(count=formats.number(damage))
            self.checked.say(self.moment(check.ended_at), said, STATES.get(check.state, ("", "", "ink"))[2])
        days = _("{days} days").format(days=formats.number(view.keep_days))
        self.kept.say(days, _("at least {count}, in {folder}").format(
            count=formats.number(view.keep_least), folder=in_order(view.folder)))  # fmt: skip
        self.kept.setToolTip(view.folder)

    def _show_run(self) -> None:
        run: BackupRunCard | None = self.table.current()
        self.side.say(_("Choose a run in the list") if run is None else kind_words(run))
        self.findings.clear()
        self.problem.setText(pick(run.problem) if run is not None else "")
        self.problem.setVisible(bool(self.problem.text()))
        if run is None:
            self.about.setText("")
            self._show_findings([])
            return
        lines = [state_words(run.state), f"{self.moment(run.began_at)} – {self.moment(run.ended_at)}"]
        if run.path:
            lines.append(in_order(run.path))
        if run.encrypted:
            lines.append(_("encrypted"))
        if run.verified:
            lines.append(_("read again and checked"))
        if run.removed:
            lines.append(_("deleted by retention"))
        self.about.setText("\n".join(lines))
        check = self.runs.value.last_check if self.runs.value is not None else None
        found = check.findings if check is not None and check.id == run.id else run.findings
        self._show_findings([pick(one.said) for one in found])

    def _show_findings(self, sentences: list[str]) -> None:
        for sentence in sentences:
            line = QTreeWidgetItem([sentence])
            line.setToolTip(0, sentence)
            self.findings.addTopLevelItem(line)
        self.findings.setVisible(bool(sentences))
        self.side_column.setStretch(3, 0 if sentences else 1)

    # doing

    def _now_pressed(self) -> None:
        self.send("backup.run_now", RunBackup(), RunAnswer, busy=self.now)

    def _check_pressed(self) -> None:
        self.send("backup.verify", Nothing(), RunAnswer, busy=self.check)

    def _stop_pressed(self) -> None:
        run = self.runs.value.running if self.runs.value is not None else None
        if run is not None:
            self.send("backup.stop", StopRun(run_id=run.id), RunAnswer, busy=self.stop_key)

    def _restore_pressed(self) -> None:
        jobs.start(self, self._restore, name="restore", refused=self.refused, offline=self.refused)

    async def _restore(self) -> None:
        cards = await self.link.read("backup.archives", Nothing(), ArchiveCards)
        if not cards.archives:
            await dialogs.tell(
                self,
                _("No backup to restore"),
                _("In {folder} there is no backup of this hall. Put one there, or take one.").format(
                    folder=cards.folder
                ),
            )
            return
        dialog = RestoreDialog(self, cards)
        try:
            if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value or dialog.chosen is None:
                return
            wanted = RestoreBackup(
                name=dialog.chosen.name, confirm=dialog.typed.text().strip(), passphrase=dialog.word.text() or None
            )
        finally:
            dialog.deleteLater()
        await self.link.act("backup.restore", wanted, RunAnswer)
        self.banner.say(
            _("The backup is prepared. When all of it is there the server starts anew, and you sign in again."),
            "accent",
        )


class Screen(BackupsPage):
    """In the place of the generic list of runs."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk)
