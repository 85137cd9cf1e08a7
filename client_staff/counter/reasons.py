"""Questions that want words: why out of turn, why priority, which papers to bring."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from common.protocol.queue import WindowView
from common.qt import dialogs
from common.qt.theme import theme
from common.text import _
from common.text.words import pick


class ReasonQuestion(QDialog):
    """A title, a sentence, one line to write, which must not stay empty unless it `may_be_empty`."""

    def __init__(
        self, parent: QWidget, title: str, text: str, yes: str, *, dangerous: bool = False, may_be_empty: bool = False,
        label: str = "", suggested: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("reason_question")
        self.setWindowTitle(title)
        self._may_be_empty = may_be_empty
        heading = QLabel(title)
        heading.setObjectName("reason_title")
        heading.setFont(theme.font(18, bold=True))
        heading.setWordWrap(True)
        sentence = QLabel(text)
        sentence.setObjectName("reason_said")
        sentence.setWordWrap(True)
        sentence.setProperty("tone", "second")
        self.label = QLabel(label or _("Reason"))
        self.line = QLineEdit(suggested)
        self.line.setObjectName("reason_line")
        self.line.setMaxLength(200)
        self.line.setAccessibleName(self.label.text())
        self.hint = QLabel("")
        self.hint.setObjectName("reason_hint")
        self.hint.setProperty("tone", "bad")
        self.yes = QPushButton(yes)
        self.yes.setObjectName("reason_yes")
        self.yes.setProperty("kind", "danger" if dangerous else "primary")
        self.yes.clicked.connect(self._take)
        self.no = QPushButton(_("Cancel"))
        self.no.setObjectName("reason_no")
        self.no.setAutoDefault(False)
        self.no.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 24)
        self.column.setSpacing(10)
        for widget in (heading, sentence, self.label, self.line):
            self.column.addWidget(widget)
        self.column.addLayout(foot)
        self.setMinimumWidth(480)
        self.yes.setDefault(True)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    async def asked(self) -> str | None:
        """The words; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        return self.line.text().strip()

    def _take(self) -> None:
        if self.line.text().strip() or self._may_be_empty:
            self.accept()
        else:
            self.hint.setText(_("Write a few words first."))
            self.line.setFocus()


class SupplementQuestion(ReasonQuestion):
    """QUE-054: the citizen comes back to this window with what is missing."""

    def __init__(self, parent: QWidget, view: WindowView | None) -> None:
        number = view.ticket.number if view is not None and view.ticket is not None else ""
        window = (view.label or pick(view.name)) if view is not None else ""
        super().__init__(
            parent,
            _("Which papers are missing?"),
            _(
                "Ticket {number} is finished. With its code the citizen takes a return ticket later, which belongs to "
                "window {window} only."
            ).format(number=number, window=window),
            _("Finish with missing papers"),
            label=_("What to bring"),
        )
