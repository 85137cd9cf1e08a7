"""Whose ticket is at the window: shown for a short time, kept nowhere here; the server keeps who looked (QUE-068)."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from common.protocol.queue_identity import TicketIdentity
from common.qt import dialogs
from common.qt.theme import theme
from common.text import N_, _, formats, ngettext

OTHER = N_("Another document")
KINDS = {
    "cn": N_("Chinese identity card"),
    "ru": N_("Russian passport"),
    "ir": N_("Iranian national card"),
    "passport": N_("Passport"),
    "other": OTHER,
}
SOURCES = {
    "card": N_("Read from the card at the kiosk"),
    "scanned": N_("Scanned at the kiosk"),
    "typed": N_("Typed at the kiosk"),
}
SHOWN_SECONDS = 60
"""Then it closes: the next citizen, or a colleague, need not read it."""


class WhoseAnswer(QDialog):
    """Document and number of the ticket's holder; Esc or Enter closes."""

    def __init__(self, parent: QWidget, told: TicketIdentity) -> None:
        super().__init__(parent)
        self.setObjectName("whose")
        title = _("Whose ticket is {number}?").format(number=told.number)
        self.setWindowTitle(title)
        self._left = SHOWN_SECONDS
        heading = _label("whose_title", title, 18, bold=True)
        kind = KINDS.get(told.kind, OTHER)
        document = _label("whose_kind", _(kind), 14, tone="second")
        identity = _label("whose_identity", told.identity, 26, bold=True)
        # A number is read from left to right in every language, and may be copied into another program.
        identity.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        identity.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        source = _label("whose_source", _(SOURCES[told.source]) if told.source in SOURCES else "", 14)
        trace = _label("whose_trace", _("That you looked, and when, is kept in the log."), 13, tone="second")
        self.closes = _label("whose_closes", "", 13, tone="second")
        self.close_key = QPushButton(_("Close"))
        self.close_key.setObjectName("whose_close")
        self.close_key.setProperty("kind", "primary")
        self.close_key.setDefault(True)
        self.close_key.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.closes, 1)
        foot.addWidget(self.close_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(10)
        for widget in (heading, document, identity, source, trace):
            column.addWidget(widget)
        column.addLayout(foot)
        self.setMinimumWidth(460)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._ticked)
        self._tick.start()
        self._say_left()
        self.close_key.setFocus()

    async def shown(self) -> None:
        """Until it is closed."""
        await dialogs.open(self)

    def _ticked(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.accept()
        self._say_left()

    def _say_left(self) -> None:
        words = ngettext("closes in {count} second", "closes in {count} seconds", self._left)
        self.closes.setText(words.format(count=formats.number(self._left)))


def _label(name: str, text: str, px: int, *, bold: bool = False, tone: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setFont(theme.font(px, bold=bold))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if tone:
        label.setProperty("tone", tone)
    return label
