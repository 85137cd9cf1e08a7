"""Records of a kind with a parent as a tree: unfolded, moved by drag or by keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal, new_key
from common.qt import jobs
from common.qt.theme import theme
from common.records import Query, RecordFacts
from common.text import _, formats

RECORD = Qt.ItemDataRole.UserRole
MOST = 5_000
"""Records that are read for one tree; beyond, the list is the better way."""


class RecordTree(QTreeWidget):
    """Alt+Shift with Up and Down changes the order, with Right puts it under the one above, with Left a level up; Ctrl+X
    and Ctrl+V move it anywhere. Each move is an action of its own; a refused one goes back to where it was."""

    current_moved = Signal()
    entered_row = Signal()
    said = Signal(str, str)
    counted = Signal(int, bool)

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("records_tree")
        self.setHeaderHidden(True)
        self.desk, self.facts = desk, facts
        self._items: dict[str, QTreeWidgetItem] = {}
        self._cut: str | None = None
        self._open: set[str] = set()
        may = "edit" in facts.operations
        self.setDragDropMode(
            QAbstractItemView.DragDropMode.InternalMove if may else QAbstractItemView.DragDropMode.NoDragDrop
        )
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.currentItemChanged.connect(lambda _now, _before: self.current_moved.emit())
        self.itemActivated.connect(lambda _item, _column: self.entered_row.emit())

    def read(self, search: Query) -> None:
        """Read the tree; with conditions or words, matching records stand under whatever is above them."""
        jobs.start(self, self._read, search, name="read", done=self._show, refused=self._say, offline=self._say)

    async def _read(self, search: Query) -> tuple[list[dict[str, Any]], bool]:
        rows: list[dict[str, Any]] = []
        sort = [self.facts.place] if self.facts.place else []
        query = search.model_copy(update={"sort": sort, "limit": 500, "after": None, "totals": [], "group_by": None})
        while len(rows) < MOST:
            page = await self.desk.link.records.query(self.facts.name, query)
            self.desk.reader.labels.update(page.labels)
            rows += page.items
            if page.next is None:
                return rows, False
            query = query.model_copy(update={"after": page.next})
        return rows, True

    def _say(self, why: Refusal | Offline) -> None:
        self.said.emit(why.sentence, "warn" if isinstance(why, Offline) else "bad")

    def _show(self, got: tuple[list[dict[str, Any]], bool]) -> None:
        rows, more = got
        current = self.current_id()
        self.blockSignals(True)
        first = not self._items
        self._open = {one for one, item in self._items.items() if item.isExpanded()}
        self.clear()
        self._items = {}
        for row in rows:
            item = QTreeWidgetItem([self.desk.reader.title(self.facts, row)])
            item.setData(0, RECORD, row)
            if row.get("deleted_at"):
                item.setForeground(0, theme.colour("ink_3"))
            self._items[row["id"]] = item
        for row in rows:
            above = self._items.get(row.get(self.facts.parent or "") or "")
            if above is not None:
                above.addChild(self._items[row["id"]])
            else:
                self.addTopLevelItem(self._items[row["id"]])
        for one, item in self._items.items():
            item.setExpanded(one in self._open or (first and len(rows) <= 200))
        self.blockSignals(False)
        there = self._items.get(current or "") or self.topLevelItem(0)
        if there is not None:
            self.setCurrentItem(there)
        self.counted.emit(len(rows), more)

    # where the cursor is

    def current_row(self) -> dict[str, Any] | None:
        """The current record, or nothing."""
        item = self.currentItem()
        return item.data(0, RECORD) if item is not None else None

    def current_id(self) -> str | None:
        """Its id."""
        row = self.current_row()
        return str(row["id"]) if row is not None else None

    def go_to(self, record_id: str) -> None:
        """Make a record the current one."""
        item = self._items.get(record_id)
        if item is not None:
            self.setCurrentItem(item)

    def step(self, by: int) -> None:
        """The next one that is to be seen, or the one before."""
        item = self.currentItem()
        if item is not None:
            there = self.itemBelow(item) if by > 0 else self.itemAbove(item)
            if there is not None:
                self.setCurrentItem(there)

    # moving

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves and unfolds."""
        both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        control = Qt.KeyboardModifier.ControlModifier
        key, item = Qt.Key(event.key()), self.currentItem()
        if event.text() == "/":
            event.ignore()  # the list's key: Qt would look for an entry that begins so
            return
        if item is None or "edit" not in self.facts.operations:
            super().keyPressEvent(event)
            return
        forward = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left
        if event.modifiers() == both and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._shift(item, 1 if key == Qt.Key.Key_Down else -1)
        elif event.modifiers() == both and key == forward:
            brothers, at = self._brothers(item)
            if at > 0:
                self._move(item, brothers[at - 1], None)
        elif event.modifiers() == both and key == back and (above := item.parent()) is not None:
            uncles, at = self._brothers(above)
            self._move(item, above.parent(), uncles[at + 1] if at + 1 < len(uncles) else None)
        elif event.modifiers() == control and key == Qt.Key.Key_X:
            self._cut = self.current_id()
            self.said.emit(
                _("{name} is lifted. Ctrl+V puts it under another entry.").format(name=item.text(0)), "accent"
            )
        elif event.modifiers() == control and key == Qt.Key.Key_V and self._cut in self._items:
            self._move(self._items[self._cut or ""], item, None)
            self._cut = None
        else:
            super().keyPressEvent(event)

    def _brothers(self, item: QTreeWidgetItem) -> tuple[list[QTreeWidgetItem], int]:
        above = item.parent() or self.invisibleRootItem()
        return _children(above), above.indexOfChild(item)

    def _shift(self, item: QTreeWidgetItem, by: int) -> None:
        brothers, at = self._brothers(item)
        if self.facts.place is None or not 0 <= at + by < len(brothers):
            return
        before = at + by if by < 0 else at + by + 1
        self._move(item, item.parent(), brothers[before] if before < len(brothers) else None)

    def _move(self, item: QTreeWidgetItem, under: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        jobs.start(
            self, self._really_move, _id(item), _id(under), _id(before), name="move",
            done=lambda _got: self._moved(), refused=self._back, offline=self._back,
        )  # fmt: skip

    async def _really_move(self, record_id: str, parent_id: str | None, before_id: str | None) -> None:
        await self.desk.link.records.move(self.facts.name, record_id, parent_id, before_id, key=new_key())

    def _moved(self) -> None:
        self.read_again()

    def _back(self, why: Refusal | Offline) -> None:
        self._say(why)
        self.read_again()

    def read_again(self) -> None:
        """The whole tree once more."""
        self.read(self._last)

    _last = Query()

    def remember(self, search: Query) -> None:
        """What `read_again` asks for."""
        self._last = search
        self.read(search)

    def dropEvent(self, event: QDropEvent) -> None:
        """Dropped on an entry: under it; between two: there. The server decides, then the tree is read anew."""
        item = self.currentItem()
        target = self.itemAt(event.position().toPoint())
        where = self.dropIndicatorPosition()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if item is None or target is item:
            return
        at = QAbstractItemView.DropIndicatorPosition
        if target is None:
            self._move(item, None, None)
        elif where == at.OnItem:
            self._move(item, target, None)
        else:
            brothers, place = self._brothers(target)
            if where == at.BelowItem:
                place += 1
            self._move(item, target.parent(), brothers[place] if place < len(brothers) else None)

    def driver_text(self) -> str:
        """All of it, two spaces a level."""
        lines: list[str] = []

        def walk(item: QTreeWidgetItem, depth: int) -> None:
            for child in _children(item):
                lines.append("  " * depth + child.text(0))
                walk(child, depth + 1)

        walk(self.invisibleRootItem(), 0)
        return "\n".join(lines)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(place) for place in range(item.childCount()))
    return [child for child in found if child is not None]


def _id(item: QTreeWidgetItem | None) -> Any:
    return item.data(0, RECORD)["id"] if item is not None else None


def count_words(count: int, more: bool) -> str:
    """How many entries the tree holds."""
    return _("the first {count}").format(count=formats.number(count)) if more else formats.number(count)
