"""What can be done with the ticked rows: the kind's actions, one change into all, comparison, copy."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.editors import editor_for
from client_staff.records.actions import accepted_words, ask_and_do, ask_reason
from client_staff.records.compare import CompareDialog
from client_staff.records.desk import RecordDesk
from client_staff.records.field_row import FieldRow
from client_staff.records.model import ListModel
from client_staff.records.table import RecordTable
from common.link import Refusal, new_key
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.records import ActionFacts, BadValue, Field, RecordFacts, holds
from common.text import _, formats, ngettext

MOST_AT_ONCE = 200


def bulk_fields(facts: RecordFacts) -> list[Field]:
    """The fields of which one value may be put into many records."""
    return [
        f
        for f in facts.fields
        if not (f.read_only or f.once or f.computed or f.protected)
        and f.kind not in ("parent", "image", "files", "document")
    ]


class BulkBar(QFrame):
    """Stands over the totals while rows are ticked. `said(sentence, tone)` tells what came of it."""

    said = Signal(str, str)
    done = Signal()
    copied = Signal()

    def __init__(self, desk: RecordDesk, model: ListModel, table: RecordTable) -> None:
        super().__init__()
        self.setObjectName("bulk_bar")
        self.setProperty("ground", "soft")
        self.desk, self.model, self.table = desk, model, table
        self.count = QLabel()
        self.count.setObjectName("bulk_count")
        self.count.setFont(theme.font(14, bold=True))
        self._keys: list[QPushButton] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 12, 6)
        self._line.addWidget(self.count)
        self._line.addStretch(1)
        self.clear = QPushButton()
        self.clear.setObjectName("bulk_clear")
        self.clear.setProperty("kind", "plain")
        self.clear.clicked.connect(lambda: model.untick())
        self._line.addWidget(self.clear)
        model.ticks_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Other rows are ticked, or the language changed."""
        facts = self.model.facts
        rows = list(self.model.ticked.values())
        self.setVisible(bool(rows))
        for key in self._keys:
            self._line.removeWidget(key)
            key.hide()
            key.deleteLater()
        self._keys = []
        if not rows:
            return
        loaded = {row["id"] for row in self.model.rows}
        unseen = sum(row["id"] not in loaded for row in rows)
        words = ngettext("{count} ticked", "{count} ticked", len(rows)).format(count=formats.number(len(rows)))
        if unseen:
            # Nothing is done to rows out of sight without saying so.
            words += " " + _("({count} of them not in this list)").format(count=formats.number(unseen))
        self.count.setText(words)
        self.clear.setText(_("Clear") + "  Esc")
        online = self.desk.link.online
        for action in self.desk.actions_on(facts.name):
            able = [row for row in rows if all(holds(one, row) for one in action.when)]
            key = self._add(f"bulk_{action.name}", action.label + "…", partial(self._act, action))
            key.setEnabled(online and bool(able))
            if not able:
                key.setToolTip(_("None of them is in the state for this."))
        if "edit" in facts.operations and bulk_fields(facts):
            self._add("bulk_change", _("Change…"), partial(self._start, self._change)).setEnabled(online)
        if len(rows) == 2:
            self._add("bulk_compare", _("Compare"), partial(self._start, self._compare))
        self._add("bulk_copy", _("Copy") + "  Ctrl+C", self._copy)

    def _add(self, name: str, words: str, act: Any) -> QPushButton:
        key = QPushButton(words)
        key.setObjectName(name)
        key.clicked.connect(lambda: act())
        self._line.insertWidget(1 + len(self._keys), key)
        self._keys.append(key)
        return key

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.table.copied())
        self.said.emit(
            ngettext("{count} row is on the clipboard.", "{count} rows are on the clipboard.", len(self.model.ticked)).format(
                count=formats.number(len(self.model.ticked))
            ),
            "good",
        )  # fmt: skip

    def _start(self, what: Any) -> None:
        jobs.start(self, what, name="bulk")

    def _act(self, action: ActionFacts) -> None:
        jobs.start(self, self._do, action, name="bulk")

    async def _do(self, action: ActionFacts) -> None:
        rows = list(self.model.ticked.values())
        able = [row for row in rows if all(holds(one, row) for one in action.when)]
        title = ngettext("{count} entry", "{count} entries", len(able)).format(count=formats.number(len(able)))
        if not (action.fields or action.question) and not await dialogs.ask(
            self, f"{action.label}?", title, action.label, _("Cancel")
        ):
            return
        try:
            got = await ask_and_do(self, self.desk, action, able, title)
        except Refusal as no:
            got = [], [(able[0], no)]
        if got is None:
            return
        done, refused = got
        self.model.untick(done)
        words = accepted_words(len(done), len(rows))
        if refused:
            row, why = refused[0]
            words += f" {self.desk.reader.title(self.model.facts, row)}: {why.sentence}"
        self.said.emit(words, "warn" if refused or len(done) < len(rows) else "good")
        self.done.emit()

    async def _compare(self) -> None:
        one, other = list(self.model.ticked.values())[:2]
        await dialogs.open(CompareDialog(self, self.desk, self.model.facts, one, other))

    async def _change(self) -> None:
        ids = list(self.model.ticked)
        if len(ids) > MOST_AT_ONCE:
            self.said.emit(
                _("At most {most} entries are changed at once.").format(most=formats.number(MOST_AT_ONCE)), "warn"
            )
            return
        facts = self.model.facts
        dialog = ChangeDialog(self, self.desk, facts, len(ids))
        key = new_key()
        try:
            while await dialogs.open(dialog, keep=True) == QDialog.DialogCode.Accepted.value:
                reason: str | None = ""
                if "edit" in facts.reasons:
                    reason = await ask_reason(
                        self, _("Why is this changed?"), "", _("Save"), dangerous=False, needed=True
                    )
                    if reason is None:
                        continue
                try:
                    await self.desk.link.records.edit_many(
                        facts.name, ids, dialog.given or {}, reason=reason or None, key=key
                    )
                except Refusal as why:
                    key = new_key()
                    dialog.banner.say(why.sentence, "bad")
                    continue
                self.said.emit(
                    ngettext("{count} entry is changed.", "{count} entries are changed.", len(ids)).format(
                        count=formats.number(len(ids))
                    ),
                    "good",
                )
                self.model.untick(ids)
                self.done.emit()
                return
        finally:
            dialog.deleteLater()


class ChangeDialog(QDialog):
    """A field and the value that all ticked records get; all or nothing."""

    def __init__(self, parent: QWidget, desk: RecordDesk, facts: RecordFacts, count: int) -> None:
        super().__init__(parent)
        self.setObjectName("change_dialog")
        self.setWindowTitle(_("Change"))
        self._desk, self._facts = desk, facts
        self.given: dict[str, Any] | None = None
        title = QLabel(
            ngettext("Change {count} entry", "Change {count} entries", count).format(count=formats.number(count))
        )
        title.setFont(theme.font(16, bold=True))
        self.banner = Banner(13, name="change_refused")
        self.fields = QComboBox()
        self.fields.setObjectName("change_field")
        self.fields.setAccessibleName(_("Field"))
        for field in bulk_fields(facts):
            if editor_for(field, desk) is not None:
                self.fields.addItem(field.label, field.name)
        self.fields.activated.connect(lambda _place: self._choose())
        self.place = QVBoxLayout()
        self.row: FieldRow | None = None
        take = QPushButton(_("Change all"))
        take.setObjectName("change_take")
        take.setProperty("kind", "primary")
        take.setDefault(True)
        take.clicked.connect(self._accept)
        leave = QPushButton(_("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(leave)
        keys.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        for widget in (title, self.banner, self.fields):
            column.addWidget(widget)
        column.addLayout(self.place)
        column.addStretch(1)
        column.addLayout(keys)
        self.setMinimumWidth(460)
        self._choose()

    def _choose(self) -> None:
        if self.row is not None:
            self.row.hide()
            self.row.deleteLater()
        field = self._facts.field(str(self.fields.currentData()))
        if field is not None:
            self.row = FieldRow(field, self._desk, prefix="change_")
            self.row.show_value(None, writing=True)
            self.place.addWidget(self.row)

    def _accept(self) -> None:
        if self.row is None:
            return
        try:
            value = self.row.value()
            if value is None and self.row.field.required:
                raise BadValue("needed")
        except BadValue as why:
            self.row.say_wrong(why)
            self.row.take_focus()
            return
        self.given = {self.row.field.name: value}
        self.accept()
