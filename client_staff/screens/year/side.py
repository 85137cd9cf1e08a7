"""Beside the year: the chosen days with their kind, name and hours, what the public then finds, what publishing would move."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.panel import Panel
from client_staff.editors.words import WordsEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.year.draft import hours_words
from common.protocol.calendar import DaysPut, PublicDay
from common.records import Field
from common.text import N_, _, formats, ngettext
from common.text.words import pick

KINDS = {
    "usual": N_("As the week says"),
    "holiday": N_("Holiday, free"),
    "short": N_("Short day"),
    "working": N_("Worked although free"),
}
MOST_LINES = 6


class Side(Panel):
    """`paint(kind)` is called when another kind is chosen, `details()` when name or hours were typed."""

    def __init__(
        self,
        desk: RecordDesk,
        paint: Callable[[str], Any],
        details: Callable[[], Any],
        undo: Callable[[], Any],
        discard: Callable[[], Any],
        publish: Callable[[], Any],
    ) -> None:
        super().__init__("year_side")
        self.setFixedWidth(336)
        self.kind = QComboBox()
        self.kind.setObjectName("year_kind")
        for name in KINDS:
            self.kind.addItem("", name)
        self.kind.activated.connect(lambda _n: paint(self.kind.currentData()))
        self.name = WordsEditor(Field("words", "", name="year_name", required=False), desk)
        self.name.changed.connect(details)
        self.hours = QLineEdit()
        self.hours.setObjectName("year_hours")
        self.hours.setPlaceholderText("08:00–12:00, 13:00–17:00")
        self.hours.editingFinished.connect(details)
        self.form = QFormLayout()
        for editor in (self.kind, self.name, self.hours):
            self.form.addRow(QLabel(), editor)
        self.public, self.moves = _words("year_public"), _words("year_moves")
        self.reason = QLineEdit()
        self.reason.setObjectName("year_reason")
        self.reason.setMaxLength(500)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(12)
        column.addLayout(self.form)
        column.addWidget(self.public)
        column.addWidget(self.moves)
        column.addStretch(1)
        self.put(inside, 1)
        self.undo, self.discard, self.publish = _key("undo", undo), _key("discard", discard), _key("publish", publish)
        self.publish.setProperty("kind", "primary")
        foot = QWidget()
        below = QVBoxLayout(foot)
        below.setContentsMargins(16, 8, 16, 12)
        below.addWidget(self.reason)
        keys = QHBoxLayout()
        keys.addWidget(self.undo)
        keys.addWidget(self.discard)
        keys.addStretch(1)
        keys.addWidget(self.publish)
        below.addLayout(keys)
        self.put(foot)

    def say_again(self) -> None:
        """The reader's language changed."""
        for place, words in enumerate(KINDS.values()):
            self.kind.setItemText(place, _(words))
        for row, words in enumerate((_("Kind"), _("Name"), _("Hours"))):
            item = self.form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            label = item.widget() if item is not None else None
            if isinstance(label, QLabel):
                label.setText(words)
        self.undo.setText(_("Undo"))
        self.discard.setText(_("Discard"))
        self.publish.setText(_("Publish"))
        self.reason.setPlaceholderText(_("Reason, kept with the change"))


def public_words(one: PublicDay) -> str:
    """When an outlet serves the public on a day, and that its own special day goes first."""
    hours = hours_words(one.periods) or _("closed")
    words = _("{outlet}, for the public: {hours}").format(outlet=pick(one.outlet), hours=hours)
    if one.by == "special_day":
        name = pick(one.name)
        words += "\n" + (
            _("By the outlet's special day “{name}”, which goes before this calendar.").format(name=name)
            if name
            else _("By the outlet's special day, which goes before this calendar.")
        )
    return words


def told_words(told: DaysPut, days: int) -> str:
    """What publishing would move, as the server counted it."""
    lines = [
        ngettext("{count} day, not published", "{count} days, not published", days).format(count=formats.number(days)),
        _("Working days between them: {before}, then {after}").format(
            before=formats.number(told.before.working_days), after=formats.number(told.after.working_days)
        ),
        _("Hours of work between them: {before}, then {after}").format(
            before=_hours(told.before.minutes), after=_hours(told.after.minutes)
        ),
    ]
    for one in told.public[:MOST_LINES]:
        lines.append(f"{pick(one.outlet)}, {formats.date(one.day)}: {hours_words(one.periods) or _('closed')}")
    if len(told.public) > MOST_LINES:
        lines.append("…")
    return "\n".join(lines)


def _hours(minutes: int) -> str:
    return formats.number(Decimal(minutes) / 60, 1 if minutes % 60 else 0)


def _key(name: str, act: Callable[[], Any]) -> QPushButton:
    key = QPushButton()
    key.setObjectName(f"year_{name}")
    key.clicked.connect(lambda _on=False: act())
    return key


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
