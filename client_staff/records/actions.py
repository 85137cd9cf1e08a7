"""A record's actions as buttons: their conditions, their questions, the dialogs built from what they want to know."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.condition_bar import Flow
from client_staff.records.desk import RecordDesk
from client_staff.records.field_row import FieldRow
from common.link import Offline, Refusal, new_key
from common.qt import dialogs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.records import ActionFacts, BadValue, Field, holds
from common.records.values import NEEDED, missing
from common.text import _, ngettext
from common.text.formats import number


class ActionKeys(QWidget):
    """The buttons. One whose conditions do not hold is disabled and says so; Alt with its number presses it."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("record_actions")
        self.flow = Flow(self)
        self.keys: list[tuple[ActionFacts, QPushButton]] = []

    def show_actions(self, actions: list[ActionFacts], values: dict[str, Any], online: bool) -> None:
        """Buttons for a record with these values; the first possible one is the primary."""
        for _facts, key in self.keys:
            self.flow.removeWidget(key)
            key.hide()
            key.deleteLater()
        self.keys = []
        first = True
        for place, facts in enumerate(actions, 1):
            possible = all(holds(one, values) for one in facts.when) and not values.get("deleted_at")
            key = QPushButton(facts.label + ("…" if facts.fields or facts.question else ""))
            key.setObjectName(f"act_{facts.name}")
            key.setEnabled(possible and online)
            key.setProperty("kind", "primary" if possible and first else "")
            first = first and not possible
            if place <= 9:
                key.setShortcut(f"Alt+{place}")
            key.setToolTip(why_not(facts, possible, online) or facts.doc.split("\n")[0])
            key.clicked.connect(partial(self.wanted.emit, facts))
            self.flow.addWidget(key)
            self.keys.append((facts, key))
            key.show()
        self.setVisible(bool(self.keys))
        self.updateGeometry()


def why_not(facts: ActionFacts, possible: bool, online: bool) -> str:
    """Why a button is disabled."""
    if not online:
        return _("There is no connection to the server.")
    return "" if possible else _("Not in the state that this entry is in.")


class AskDialog(QDialog):
    """What an action wants to know. Refused, it stays open with the sentence; what was typed stays."""

    def __init__(
        self,
        parent: QWidget,
        desk: RecordDesk,
        title: str,
        fields: list[Field],
        do: str,
        *,
        question: str = "",
        dangerous: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ask_dialog")
        self.setWindowTitle(title)
        heading = QLabel(title)
        heading.setObjectName("ask_title")
        heading.setFont(theme.font(17, bold=True))
        heading.setWordWrap(True)
        sentence = QLabel(question)
        sentence.setObjectName("ask_question")
        sentence.setWordWrap(True)
        if not question:
            sentence.hide()
        self.banner = Banner(13, name="ask_refused")
        self.rows: dict[str, FieldRow] = {}
        self._values: dict[str, Any] = {f.name: f.default for f in fields}
        column_of = QVBoxLayout()
        column_of.setSpacing(10)
        for field in fields:
            row = FieldRow(field, desk, prefix="ask_")
            row.show_value(field.default, writing=True)
            row.changed.connect(self._changed)
            row.left.connect(self._check)
            column_of.addWidget(row)
            self.rows[field.name] = row
        column_of.addStretch(1)
        self.yes = QPushButton(do)
        self.yes.setObjectName("ask_do")
        self.yes.setProperty("kind", "danger" if dangerous else "primary")
        self.yes.setDefault(not dangerous)
        self.yes.setAutoDefault(not dangerous)
        self.yes.clicked.connect(self._accept)
        self.no = QPushButton(_("Cancel"))
        self.no.setObjectName("ask_cancel")
        self.no.setAutoDefault(dangerous)
        self.no.setDefault(dangerous)
        self.no.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.no)
        keys.addWidget(self.yes)
        inside = QWidget()
        inside.setLayout(column_of)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (heading, sentence, self.banner):
            column.addWidget(widget)
        if fields:
            column.addWidget(area, 1)
            area.setMinimumHeight(min(480, 60 + 56 * len(fields)))
        column.addLayout(keys)
        self.setMinimumWidth(480)
        self._follow()
        if fields:
            next(iter(self.rows.values())).take_focus()

    def _changed(self, name: str) -> None:
        row = self.rows[name]
        try:
            self._values[name] = row.value()
        except BadValue:
            return
        row.mark_needed(self._values[name])
        row.say_wrong(None)
        self._follow()

    def _check(self, name: str) -> None:
        try:
            self.rows[name].value()
        except BadValue as why:
            self.rows[name].say_wrong(why)

    def _follow(self) -> None:
        """Fields that depend on others come and go."""
        for row in self.rows.values():
            shown = all(holds(one, self._values) for one in row.field.shown_when)
            row.setVisible(shown)
            row.turn(all(holds(one, self._values) for one in row.field.editable_when))
            if not shown:
                row.say_wrong(None)

    def _accept(self) -> None:
        if self.values() is not None:
            self.accept()

    def values(self) -> dict[str, Any] | None:
        """What was given; nothing, with the first wrong field in the focus, while something is wrong."""
        first: FieldRow | None = None
        given: dict[str, Any] = {}
        for name, row in self.rows.items():
            if not all(holds(one, self._values) for one in row.field.shown_when):
                continue
            try:
                value = row.value()
                if missing(row.field, value, self._values):
                    raise BadValue(NEEDED)
                row.say_wrong(None)
                if value is not None or row.field.default is not None:
                    given[name] = value
            except BadValue as why:
                row.say_wrong(why)
                first = first or row
        if first is not None:
            first.take_focus()
            return None
        return given

    def refuse(self, why: Refusal | Offline) -> None:
        """Say why it was not done, beside the fields that it is about."""
        self.banner.say(why.sentence, "warn" if isinstance(why, Offline) else "bad")
        fields = why.facts.get("fields", []) if isinstance(why, Refusal) else []
        for wrong in fields:
            row = self.rows.get(str(wrong.get("field", "")).rsplit(".", 1)[-1])
            if row is not None:
                row.say_wrong(str(wrong.get("message", "")))


async def ask_and_do(
    parent: QWidget, desk: RecordDesk, facts: ActionFacts, rows: list[dict[str, Any]], title: str
) -> tuple[list[str], list[tuple[dict[str, Any], Refusal]]] | None:
    """Do an action for one record or several, after its question and dialog. Gives the ids that were accepted and the
    rows that were refused, or nothing when the person thought better of it. Raises Offline.

    Each record is an action of its own, under a key of its own: sent again after a lost answer it has its effect once.
    """
    keys = {row["id"]: new_key() for row in rows}
    dialog: AskDialog | None = None
    given: dict[str, Any] = {}
    if facts.fields or facts.question:
        dialog = AskDialog(parent, desk, f"{facts.label}: {title}", facts.fields, facts.label, question=facts.question)
    while True:
        if dialog is not None:
            if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value:
                dialog.deleteLater()
                return None
            given = dialog.values() or {}
        done: list[str] = []
        refused: list[tuple[dict[str, Any], Refusal]] = []
        try:
            for row in rows:
                try:
                    await desk.link.records.act(facts.name, {facts.subject: row["id"], **given}, key=keys[row["id"]])
                    done.append(row["id"])
                except Refusal as why:
                    refused.append((row, why))
                    # A refused action changed nothing; put right, it is another one.
                    keys[row["id"]] = new_key()
        except Offline as lost:
            if dialog is None:
                raise
            dialog.refuse(lost)
            continue
        if len(rows) == 1 and refused and dialog is not None:
            dialog.refuse(refused[0][1])
            continue
        if dialog is not None:
            dialog.deleteLater()
        if len(rows) == 1 and refused:
            raise refused[0][1]
        return done, refused


async def ask_reason(parent: QWidget, title: str, text: str, do: str, *, dangerous: bool, needed: bool) -> str | None:
    """A question that repeats its verb, with a reason where the kind asks for one. Nothing: better not; else the reason,
    empty where none is asked."""
    if not needed:
        return "" if await dialogs.ask(parent, title, text, do, _("Cancel"), dangerous=dangerous) else None
    dialog = QDialog(parent)
    dialog.setObjectName("reason_dialog")
    dialog.setWindowTitle(title)
    heading, words = QLabel(title), QLabel(text)
    heading.setFont(theme.font(17, bold=True))
    words.setWordWrap(True)
    reason = QLineEdit()
    reason.setObjectName("reason")
    reason.setMaxLength(500)
    reason.setPlaceholderText(_("Reason, kept in the history"))
    yes, no = QPushButton(do), QPushButton(_("Cancel"))
    yes.setObjectName("reason_do")
    yes.setProperty("kind", "danger" if dangerous else "primary")
    yes.setEnabled(False)
    yes.setToolTip(_("Say why first."))
    no.setObjectName("reason_cancel")
    no.setAutoDefault(False)
    yes.setDefault(True)
    reason.textChanged.connect(lambda typed: yes.setEnabled(bool(typed.strip())))
    yes.clicked.connect(dialog.accept)
    no.clicked.connect(dialog.reject)
    keys = QHBoxLayout()
    keys.addStretch(1)
    keys.addWidget(no)
    keys.addWidget(yes)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 20, 24, 20)
    column.setSpacing(12)
    for widget in (heading, words, reason):
        column.addWidget(widget)
    column.addLayout(keys)
    dialog.setMinimumWidth(440)
    reason.setFocus()
    given: list[str] = []
    dialog.accepted.connect(lambda: given.append(reason.text().strip()))
    code = await dialogs.open(dialog)
    return given[0] if code == QDialog.DialogCode.Accepted.value and given else None


def accepted_words(done: int, whole: int) -> str:
    """`2 of 3 accepted`."""
    return ngettext("{done} of {count} accepted", "{done} of {count} accepted", whole).format(
        done=number(done), count=number(whole)
    )
