"""What a command asks first: where to transfer, why to pause."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client_staff.counter.commands import PAUSE_REASONS
from common.protocol.queue import TransferTarget, WindowView
from common.qt import dialogs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import _, formats
from common.text.fold import fold
from common.text.words import pick


class PauseQuestion(QDialog):
    """One key a reason; digits choose (QUE-020)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pause_question")
        self.setWindowTitle(_("Pause"))
        self._reason: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        title = QLabel(_("Why does the window pause?"))
        title.setObjectName("pause_title")
        title.setFont(theme.font(18, bold=True))
        column.addWidget(title)
        for number, (reason, words) in enumerate(PAUSE_REASONS.items(), start=1):
            key = QPushButton(f"{formats.number(number)}  {_(words)}")
            key.setObjectName(f"pause_{reason}")
            key.setShortcut(str(number))
            key.setMinimumHeight(40)
            key.setAutoDefault(False)
            key.clicked.connect(partial(self._choose, reason))
            column.addWidget(key)
        other = QLabel(_("Another reason"))
        self.other = QLineEdit()
        self.other.setObjectName("pause_other")
        self.other.setMaxLength(40)
        self.other.setAccessibleName(other.text())
        self.take = QPushButton(_("Pause"))
        self.other.textChanged.connect(lambda text: self.take.setEnabled(bool(text.strip())))
        self.take.setObjectName("pause_take")
        self.take.setEnabled(False)
        self.take.clicked.connect(lambda: self._choose(self.other.text().strip()))
        self.other.returnPressed.connect(self.take.click)
        line = QHBoxLayout()
        line.addWidget(self.other, 1)
        line.addWidget(self.take)
        column.addSpacing(8)
        column.addWidget(other)
        column.addLayout(line)
        self.setMinimumWidth(360)

    async def asked(self) -> str | None:
        """The reason; nothing when the person thinks better of it."""
        await dialogs.open(self)
        return self._reason

    def _choose(self, reason: str) -> None:
        self._reason = reason
        self.accept()


class TransferQuestion(QDialog):
    """QUE-920: services that are open, how many wait there; the same queue only with another priority."""

    def __init__(self, parent: QWidget, targets: list[TransferTarget], window: WindowView | None) -> None:
        super().__init__(parent)
        self.setObjectName("transfer_question")
        self.setWindowTitle(_("Transfer"))
        self.resize(720, 460)
        ticket = window.ticket if window is not None else None
        self._targets = targets
        self._same = ticket.service_id if ticket is not None else None
        self._had_priority = bool(ticket and ticket.priority)
        title = QLabel(_("Where does {number} go?").format(number=ticket.number if ticket else ""))
        title.setObjectName("transfer_title")
        title.setFont(theme.font(18, bold=True))
        self.search = QLineEdit()
        self.search.setObjectName("transfer_search")
        self.search.setPlaceholderText(_("Search a service"))
        self.search.textChanged.connect(self._filter)
        self.table = DataTable(
            [
                TableColumn("prefix", lambda: _("Prefix"), lambda t: t.prefix, bold=True, width=70),
                TableColumn("name", lambda: _("Service"), lambda t: pick(t.name)),
                TableColumn("zone", lambda: _("Zone"), lambda t: pick(t.zone), width=140),
                TableColumn(
                    "windows", lambda: _("Windows"), lambda t: formats.listing([formats.digits(w) for w in t.windows]), width=140
                ),
                TableColumn(
                    "waiting", lambda: _("Waiting"), lambda t: formats.number(t.waiting), lambda t: t.waiting,
                    figures=True, width=80,
                ),
            ],
            lambda t: t.service_id,
            name="transfer_targets",
        )  # fmt: skip
        self.table.opened.connect(lambda _row: self._take())
        self.priority = QCheckBox(_("With priority"))
        self.priority.setObjectName("transfer_priority")
        self.hint = QLabel("")
        self.hint.setObjectName("transfer_hint")
        self.hint.setProperty("tone", "bad")
        self.take = QPushButton(_("Transfer"))
        self.take.setObjectName("transfer_take")
        self.take.setProperty("kind", "primary")
        self.take.clicked.connect(self._take)
        cancel = QPushButton(_("Cancel"))
        cancel.setObjectName("transfer_cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.priority)
        foot.addWidget(self.hint, 1)
        foot.addWidget(cancel)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._suggest())
        self._filter("")
        self.take.setDefault(True)
        self.search.setFocus()

    async def asked(self) -> tuple[UUID, bool] | None:
        """The service and whether with priority; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        chosen: TransferTarget = self.table.current()
        return chosen.service_id, self.priority.isChecked()

    def _filter(self, text: str) -> None:
        wanted = fold(text)
        self.table.show_rows([t for t in self._targets if wanted in fold(f"{t.prefix} {pick(t.name)}")])
        if self.table.rows and self.table.current() is None:
            self.table.selectRow(0)

    def _suggest(self) -> None:
        chosen = self.table.current()
        if chosen is not None:
            self.priority.setChecked(chosen.default_priority or self._had_priority)
        self.hint.setText("")

    def _take(self) -> None:
        chosen = self.table.current()
        if chosen is None:
            self.hint.setText(_("Choose a service first."))
        elif chosen.service_id == self._same and self.priority.isChecked() == self._had_priority:
            self.hint.setText(_("The ticket is in this queue already."))
        else:
            self.accept()

    def keyPressEvent(self, event: object) -> None:
        """Up and down move in the table while one types."""
        key = event.key()  # type: ignore[attr-defined]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.search.hasFocus():
            row = self.table.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            self.table.selectRow(max(0, min(row, len(self.table.rows) - 1)))
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]
