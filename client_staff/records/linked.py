"""Records that name this one, by kind."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal
from common.qt import jobs
from common.qt.theme import theme
from common.records import Condition, Page, Query, RecordFacts
from common.text import _, formats

SHOWN = 20
WHERE = Qt.ItemDataRole.UserRole


class Linked(QWidget):
    """A tree: kinds with their counts, below each the first records. Enter opens one."""

    opened = Signal(str, str)
    listed = Signal(str, str)
    """A kind and the field that names this record: all of them, as a list."""
    counted = Signal(int)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("linked_all")
        self.desk = desk
        self._record_id = ""
        self.said = QLabel()
        self.said.setObjectName("linked_said")
        self.said.setContentsMargins(16, 12, 16, 12)
        self.said.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setObjectName("linked")
        self.tree.setHeaderHidden(True)
        self.tree.itemActivated.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.tree, 1)

    def show_linked(self, facts: RecordFacts, record_id: str) -> None:
        """Read and show what names a record."""
        self._record_id = record_id
        jobs.start(self, self._read, facts.name, record_id, done=self._show, refused=self._say, offline=self._say)

    async def _read(self, kind: str, record_id: str) -> tuple[str, list[tuple[RecordFacts, str, Page]]]:
        found = []
        for facts, name in self.desk.naming(kind):
            field = facts.field(name)
            if field is None or field.computed:
                continue
            asked = Query(conditions=[Condition(field=name, operator="is", value=record_id)], limit=SHOWN)
            try:
                page = await self.desk.link.records.query(facts.name, asked)
            except Refusal:
                continue  # a kind that this person may not search by this field
            if page.items:
                self.desk.reader.labels.update(page.labels)
                found.append((facts, name, page))
        return record_id, found

    def _say(self, why: Refusal | Offline) -> None:
        self.said.setText(why.sentence)
        self.said.show()

    def _show(self, got: tuple[str, list[tuple[RecordFacts, str, Page]]]) -> None:
        record_id, found = got
        if record_id != self._record_id:
            return
        self.tree.clear()
        count = 0
        for facts, name, page in found:
            field = facts.field(name)
            number = page.total if isinstance(page.total, int) else 10_000
            count += number
            words = f"{facts.plural or facts.label}, {field.label if field else name}: {formats.number(number)}"
            top = QTreeWidgetItem([words])
            top.setFont(0, theme.font(14, bold=True))
            top.setData(0, WHERE, ("list", facts.name, name))
            self.tree.addTopLevelItem(top)
            for row in page.items:
                child = QTreeWidgetItem([self.desk.reader.title(facts, row)])
                child.setData(0, WHERE, ("record", facts.name, row["id"]))
                top.addChild(child)
            if number > len(page.items):
                more = QTreeWidgetItem([_("All {count}…").format(count=formats.number(number))])
                more.setData(0, WHERE, ("list", facts.name, name))
                top.addChild(more)
            top.setExpanded(True)
        self.said.setText(_("Nothing names this entry."))
        self.said.setVisible(not found)
        self.tree.setVisible(bool(found))
        self.counted.emit(count)

    def _open(self, item: QTreeWidgetItem, _column: int) -> None:
        where: Any = item.data(0, WHERE)
        if where[0] == "record":
            self.opened.emit(where[1], where[2])
        else:
            self.listed.emit(where[1], where[2])

    def driver_text(self) -> str:
        """All of it, line by line."""
        lines = []
        for n in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(n)
            if top is not None:
                lines += [
                    top.text(0),
                    *(f"  {child.text(0)}" for m in range(top.childCount()) if (child := top.child(m))),
                ]
        return "\n".join(lines)

    def first_focus(self) -> None:
        """Into the tree."""
        self.tree.setFocus()
