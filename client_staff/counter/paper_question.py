"""Who comes without the server: number, service, when; and the same line corrected afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.counter.journal import PaperLine, fault
from client_staff.editors import typed
from common.protocol.messages import Words
from common.protocol.queue import WindowView
from common.qt import dialogs
from common.qt.theme import theme
from common.records.values import BadValue
from common.text import N_, _, formats
from common.text.words import pick

FAULTS = {
    "number": N_("A ticket number has at most twelve signs."),
    "order": N_("The end lies before the start."),
    "future": N_("This time has not come yet."),
    "service": N_("Choose the service."),
    "matters": N_("Between one and ninety-nine matters."),
}


@dataclass(frozen=True)
class Noted:
    """What the person wrote."""

    number: str
    service_id: UUID
    started_at: datetime


class PaperQuestion(QDialog):
    """`view` gives the window's services. With a `line` it is corrected: start, end, outcome, matters as well."""

    def __init__(
        self, parent: QWidget, zone: str, now: Callable[[], datetime], *, view: WindowView | None = None,
        line: PaperLine | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("paper_question")
        title = _("Change a line of the paper journal") if line is not None else _("Who comes now?")
        self.setWindowTitle(title)
        self._zone, self._now, self.line = formats.zone_of(zone), now, line
        heading = QLabel(title)
        heading.setObjectName("paper_title")
        heading.setFont(theme.font(18, bold=True))
        self.number = QLineEdit()
        self.number.setObjectName("paper_number")
        self.number.setPlaceholderText(_("Empty without a ticket"))
        self.service = QComboBox()
        self.service.setObjectName("paper_service")
        self._names = dict(_services(view, line))
        for service_id, name in self._names.items():
            self.service.addItem(pick(name) or "–", service_id)
        self._shown: dict[QLineEdit, tuple[str, datetime]] = {}
        self.started = self._time_edit("paper_started", line.started_at if line is not None else now())
        rows = QFormLayout()
        rows.setSpacing(10)
        rows.addRow(_("Ticket"), self.number)
        rows.addRow(_("Service"), self.service)
        rows.addRow(_("Begun at"), self.started)
        self.ended: QLineEdit | None = None
        if line is not None:
            self.number.setText(line.number)
            self.service.setCurrentIndex(max(0, self.service.findData(line.service_id)))
            self.ended = self._time_edit("paper_ended", line.finished_at or now())
            self.outcome = QComboBox()
            self.outcome.setObjectName("paper_outcome")
            self.outcome.addItem(_("Served"), "served")
            self.outcome.addItem(_("No-show"), "no_show")
            self.outcome.setCurrentIndex(max(0, self.outcome.findData(line.outcome)))
            self.matters = QLineEdit(formats.number(line.matters))
            self.matters.setObjectName("paper_matters")
            rows.addRow(_("Ended at"), self.ended)
            rows.addRow(_("Outcome"), self.outcome)
            rows.addRow(_("Matters"), self.matters)
        self.hint = QLabel("")
        self.hint.setObjectName("paper_hint")
        self.hint.setProperty("tone", "bad")
        self.hint.setWordWrap(True)
        take = QPushButton(_("Note") if line is None else _("Save"))
        take.setObjectName("paper_take")
        take.setProperty("kind", "primary")
        take.setDefault(True)
        take.clicked.connect(self._take)
        cancel = QPushButton(_("Cancel"))
        cancel.setObjectName("paper_cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(cancel)
        foot.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addLayout(rows)
        column.addLayout(foot)
        self.setMinimumWidth(460)
        self.number.setFocus()

    def begin(self, number: str, service_id: UUID | None) -> None:
        """What is known of whoever comes."""
        self.number.setText(number)
        if service_id is not None:
            self.service.setCurrentIndex(max(0, self.service.findData(service_id)))

    async def asked(self) -> Noted | None:
        """Who comes; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        return Noted(self.number.text().strip().upper(), self.service.currentData(), self._at(self.started))

    async def corrected(self) -> PaperLine | None:
        """The line as corrected; nothing when the person thinks better of it."""
        line = self.line
        if line is None or await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        service_id = self.service.currentData()
        return replace(
            line, number=self.number.text().strip().upper(), service_id=service_id, service=self._names[service_id],
            started_at=self._at(self.started), finished_at=self._at(self.ended) if self.ended is not None else None,
            outcome=self.outcome.currentData(), matters=typed.whole(self.matters.text()) or 1,
        )  # fmt: skip

    def _take(self) -> None:
        try:
            ended = self._at(self.ended) if self.ended is not None else None
            wrong = fault(self.number.text().strip(), self._at(self.started), ended, self._now())
            if self.line is not None and not 1 <= (typed.whole(self.matters.text()) or 0) <= 99:
                wrong = "matters"
        except BadValue as bad:
            self.hint.setText(typed.sentence(bad))
            return
        if self.service.currentIndex() < 0:
            wrong = "service"
        if wrong:
            self.hint.setText(_(FAULTS[wrong]))
            return
        self.accept()

    def _time_edit(self, name: str, moment: datetime) -> QLineEdit:
        edit = QLineEdit(formats.time(moment, self._zone))
        edit.setObjectName(name)
        self._shown[edit] = (edit.text(), moment)
        return edit

    def _at(self, edit: QLineEdit) -> datetime:
        """The moment of a clock time on the line's day; one that was left alone stays exact. Raises BadValue."""
        text, known = self._shown[edit]
        if edit.text() == text:
            return known
        clock = typed.time(edit.text())
        if clock is None:
            raise BadValue("time")
        hour, minute = (int(part) for part in clock.split(":"))
        base = (self.line.started_at if self.line is not None else self._now()).astimezone(self._zone)
        at = base.replace(hour=hour, minute=minute, second=0, microsecond=0)
        # Just before midnight noted just after it.
        return at - timedelta(days=1) if self.line is None and at - self._now() > timedelta(hours=12) else at


def _services(view: WindowView | None, line: PaperLine | None) -> list[tuple[UUID, Words]]:
    found: dict[UUID, Words] = {}
    if view is not None:
        found.update(zip(view.service_ids, view.services, strict=False))
        if view.ticket is not None:
            found.setdefault(view.ticket.service_id, view.service)
    if line is not None:
        found.setdefault(line.service_id, line.service)
    return list(found.items())
