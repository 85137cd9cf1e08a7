"""What the hall's page asks: the hall's state with a sentence, the stop with a word, where a queue is moved to."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from common.protocol.messages import Words
from common.protocol.queue_hall import HallState, PlanQueue
from common.qt import dialogs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import N_, _, formats, ngettext
from common.text.words import pick

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
MODES = {
    "auto": N_("By its hours"),
    "opening": N_("Before opening"),
    "open": N_("Open"),
    "last_tickets": N_("Last tickets"),
    "closed": N_("Closed"),
    "stopped": N_("Stopped"),
}
ASKED = {
    "auto": N_("The hall follows its hours again. What was ordered before ends."),
    "opening": N_("Kiosks give tickets for trial only, which are in no figure."),
    "open": N_("Kiosks give tickets whatever the hours say, until the end of the business day."),
    "last_tickets": N_("Kiosks give no more tickets. Everybody who waits is still served."),
    "closed": N_("Kiosks and displays say that the hall is closed. Everybody who waits is still served."),
    "stopped": N_(
        "Nobody is called any more, kiosks give nothing, and displays show your sentence instead of the queues, until "
        "somebody with the right lifts it. Tickets stay valid."
    ),
}
"""Whom an order reaches."""


class HallQuestion(QDialog):
    """What is ordered, whom it reaches, and what the public is told in each of the hall's languages."""

    def __init__(self, parent: QWidget, mode: str, hall: HallState, languages: list[str], waiting: int) -> None:
        super().__init__(parent)
        self.setObjectName("hall_question")
        self.setWindowTitle(_("The hall's state"))
        stop = mode == "stopped"
        title = QLabel(_("Stop the whole hall?") if stop else _("{state}: order it?").format(state=_(MODES[mode])))
        title.setObjectName("hall_question_title")
        title.setFont(theme.font(18, bold=True))
        text = QLabel(_(ASKED[mode]))
        text.setObjectName("hall_question_text")
        text.setWordWrap(True)
        reached = ngettext("{count} person waits now.", "{count} people wait now.", waiting)
        people = QLabel(reached.format(count=formats.number(waiting)))
        people.setProperty("tone", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(10)
        for widget in (title, text, people):
            column.addWidget(widget)
        self.lines: dict[str, QLineEdit] = {}
        if mode != "auto":
            column.addWidget(QLabel(_("What the public is told, if you like")))
            form = QFormLayout()
            form.setSpacing(8)
            for code in languages:
                line = QLineEdit(hall.sentence.get(code, "") if hall.mode == mode else "")
                line.setObjectName(f"hall_sentence_{code}")
                line.setMaxLength(200)
                self.lines[code] = line
                form.addRow(IN_ITSELF.get(code, code), line)
            column.addLayout(form)
        self.yes = QPushButton(_("Go on…") if stop else _("Order it"))
        self.yes.setObjectName("hall_question_yes")
        self.yes.setProperty("kind", "danger" if stop else "primary")
        self.yes.clicked.connect(self.accept)
        no = QPushButton(_("Cancel"))
        no.setObjectName("hall_question_no")
        no.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(no)
        foot.addWidget(self.yes)
        column.addSpacing(6)
        column.addLayout(foot)
        self.setMinimumWidth(560)
        # A slip with Enter stops no hall.
        (no if stop else self.yes).setDefault(True)
        self.yes.setAutoDefault(not stop)

    async def asked(self) -> Words | None:
        """The sentence; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        return {code: line.text().strip() for code, line in self.lines.items() if line.text().strip()}


class StopWord(QDialog):
    """The second page before the hall stops: the word must be written, Enter alone does nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stop_word")
        self.setWindowTitle(_("Stop the whole hall?"))
        self._word = _("STOP")
        title = QLabel(_("Write {word} to stop the hall.").format(word=self._word))
        title.setObjectName("stop_title")
        title.setFont(theme.font(18, bold=True))
        self.line = QLineEdit()
        self.line.setObjectName("stop_line")
        self.line.setAccessibleName(title.text())
        self.line.textChanged.connect(self._look)
        self.yes = QPushButton(_("Stop the hall"))
        self.yes.setObjectName("stop_yes")
        self.yes.setProperty("kind", "danger")
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        self.yes.clicked.connect(self.accept)
        no = QPushButton(_("Cancel"))
        no.setObjectName("stop_no")
        no.setDefault(True)
        no.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(no)
        foot.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(self.line)
        column.addLayout(foot)
        self.setMinimumWidth(420)
        self.line.setFocus()

    async def asked(self) -> bool:
        """Whether it was written and meant."""
        return await dialogs.open(self) == QDialog.DialogCode.Accepted.value

    def _look(self, text: str) -> None:
        self.yes.setEnabled(text.strip().casefold() == self._word.casefold())


class MoveQuestion(QDialog):
    """QUE-913: to which open service the waiting tickets of one go."""

    def __init__(self, parent: QWidget, queue: PlanQueue, targets: list[PlanQueue], zones: dict[UUID, str]) -> None:
        super().__init__(parent)
        self.setObjectName("move_question")
        self.setWindowTitle(_("Move the waiting"))
        self.resize(720, 460)
        count = formats.number(queue.waiting)
        title = QLabel(
            ngettext(
                "Where does {count} ticket of {name} go?", "Where do {count} tickets of {name} go?", queue.waiting
            ).format(count=count, name=pick(queue.name))
        )
        title.setObjectName("move_title")
        title.setFont(theme.font(18, bold=True))
        title.setWordWrap(True)
        text = QLabel(_("Citizens keep their tickets. Only services with an open window are listed."))
        text.setProperty("tone", "second")
        text.setWordWrap(True)
        self.table = DataTable(
            [
                TableColumn("prefix", lambda: _("Prefix"), lambda q: q.prefix, bold=True, width=70),
                TableColumn("name", lambda: _("Service"), lambda q: pick(q.name)),
                TableColumn("zone", lambda: _("Zone"), lambda q: zones.get(q.zone_id, ""), width=140),
                TableColumn(
                    "windows", lambda: _("Windows"), lambda q: formats.listing([formats.digits(w) for w in q.windows]), width=120
                ),
                TableColumn(
                    "waiting", lambda: _("Waiting"), lambda q: formats.number(q.waiting), lambda q: q.waiting, figures=True,
                    width=80,
                ),
            ],
            lambda q: (q.service_id, q.zone_id),
            name="move_targets",
        )  # fmt: skip
        self.table.show_rows(targets)
        self.table.opened.connect(lambda _row: self._take())
        self.priority = QCheckBox(_("With priority"))
        self.priority.setObjectName("move_priority")
        self.reason = QLineEdit()
        self.reason.setObjectName("move_reason")
        self.reason.setMaxLength(200)
        self.reason.setPlaceholderText(_("Reason"))
        self.hint = QLabel("")
        self.hint.setProperty("tone", "bad")
        self.hint.setObjectName("move_hint")
        take = QPushButton(_("Move"))
        take.setObjectName("move_take")
        take.setProperty("kind", "primary")
        take.clicked.connect(self._take)
        cancel = QPushButton(_("Cancel"))
        cancel.setObjectName("move_cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.priority)
        foot.addWidget(self.hint, 1)
        foot.addWidget(cancel)
        foot.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        for widget in (title, text):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.reason)
        column.addLayout(foot)
        take.setDefault(True)
        if targets:
            self.table.selectRow(0)
        else:
            self.hint.setText(_("No other service has an open window."))
            take.setEnabled(False)
        self.table.setFocus()

    async def asked(self) -> tuple[PlanQueue, bool, str] | None:
        """The target, whether with priority, and the reason; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        return self.table.current(), self.priority.isChecked(), self.reason.text().strip()

    def _take(self) -> None:
        if self.table.current() is None:
            self.hint.setText(_("Choose a service first."))
        else:
            self.accept()
