"""What was changed of a record: who, when, from, to, why. Latest first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.shown import label_of
from common.link import Offline, Refusal
from common.qt import jobs
from common.records import Field, RecordFacts
from common.text import N_, _, pgettext

WHAT = {
    "records.create": N_("made"),
    "records.edit": N_("changed"),
    "records.edit_many": N_("changed with others"),
    "records.delete": N_("deleted"),
    "records.restore": N_("restored"),
    "records.move": N_("moved"),
    "records.reveal": N_("looked at"),
    "records.look": N_("opened"),
    "records.attach": N_("attached"),
    "records.detach": N_("taken off"),
    "imports.take": N_("imported"),
    "imports.undo": N_("import undone"),
}


class History(QWidget):
    """A tree: a line a change, below it each field before and after."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("history_all")
        self.desk, self.facts = desk, facts
        self._record_id = ""
        self.said = QLabel()
        self.said.setObjectName("history_said")
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 12, 16, 12)
        self.tree = QTreeWidget()
        self.tree.setObjectName("history")
        self.tree.setColumnCount(3)
        self.tree.setWordWrap(True)
        self.tree.setIndentation(16)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.tree, 1)

    def show_history(self, facts: RecordFacts, record_id: str) -> jobs.Job:
        """Read and show the history of a record."""
        self.facts, self._record_id = facts, record_id
        return jobs.start(self, self._read, record_id, done=self._show, refused=self._say, offline=self._say)

    async def _read(self, record_id: str) -> tuple[str, list[dict[str, Any]]]:
        rows, labels = await self.desk.link.records.history(self.facts.name, record_id)
        self.desk.reader.labels.update(labels)
        return record_id, rows

    def _say(self, why: Refusal | Offline) -> None:
        self.said.setText(why.sentence)
        self.said.show()
        self.tree.hide()

    def _show(self, got: tuple[str, list[dict[str, Any]]]) -> None:
        record_id, rows = got
        if record_id != self._record_id:
            return
        self.tree.show()
        self.tree.clear()
        self.tree.setHeaderLabels([_("Field"), pgettext("of a change", "Before"), pgettext("of a change", "After")])
        self.said.setVisible(not rows)
        self.said.setText(_("Nothing was changed since the history is kept."))
        for row in rows:
            who = row.get("who_name") or (_("the house") if row.get("who_kind") != "person" else _("somebody"))
            action = str(row["action"])
            words = " · ".join(
                part
                for part in (
                    self.desk.reader.moment(row["at"]), who, _(WHAT[action]) if action in WHAT else self._verb(action),
                    f"“{row['reason']}”" if row.get("reason") else "",
                )
                if part
            )  # fmt: skip
            line = QTreeWidgetItem([words])
            line.setToolTip(0, words)
            font = line.font(0)
            font.setBold(True)
            line.setFont(0, font)
            self.tree.addTopLevelItem(line)
            line.setFirstColumnSpanned(True)
            for name, pair in row["changes"].items():
                before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
                field = self.facts.field(name) or Field(
                    "moment" if name.endswith("_at") else "text", label_of(self.facts, name), name=name
                )
                cells = [field.label, self.desk.reader.text(field, before), self.desk.reader.text(field, after)]
                change = QTreeWidgetItem(cells)
                for place, text in enumerate(cells):
                    change.setToolTip(place, text)
                line.addChild(change)
            line.setExpanded(True)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _verb(self, action: str) -> str:
        found = next((one for one in self.desk.schema.actions if one.name == action), None)
        return (found.label or found.doc.split("\n")[0]) if found is not None else action

    def driver_text(self) -> str:
        """All of it, line by line."""
        lines: list[str] = []
        for n in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(n)
            if top is None:
                continue
            lines.append(top.text(0))
            for m in range(top.childCount()):
                if (child := top.child(m)) is not None:
                    lines.append("  " + " | ".join(child.text(place) for place in range(3)))
        return "\n".join(lines)

    def first_focus(self) -> None:
        """Into the list."""
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
