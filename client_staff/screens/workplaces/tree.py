"""A menu as a tree: headings with their lines, moved by drag or by Alt and the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from client_staff.app.menu import FIRST, Entry, put
from client_staff.app.pages import group_words
from common.protocol.workplaces import PAGE, Menu, MenuEntry, MenuGroup
from common.qt.widgets import qicon
from common.text import _
from common.text.words import pick

WHERE = Qt.ItemDataRole.UserRole


def group_label(group: MenuGroup) -> str:
    """The words of a heading."""
    return pick(group.words) or (_("First, without a heading") if group.name == FIRST else group_words(group.name))


class MenuTree(QTreeWidget):
    """Shows and moves; `changed` comes when the menu is another one, `chosen` when another line is current."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, move: Callable[[int], None], remove: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("workplace_menu")
        self.setHeaderHidden(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self._move, self._remove = move, remove
        self.menu = Menu()
        self._pages: dict[str, Entry] = {}
        self.currentItemChanged.connect(lambda *_at: self.chosen.emit())

    def show_menu(self, menu: Menu, pages: list[Entry], at: tuple[int, int | None] | None = None) -> None:
        """Draw a menu; `at` is what shall be current."""
        self.menu = menu
        self._pages = {one.name: one for one in pages}
        self.blockSignals(True)
        self.clear()
        for number, group in enumerate(menu.groups):
            top = QTreeWidgetItem([group_label(group)])
            top.setData(0, WHERE, (number, None))
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            top.setFlags(top.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
            self.addTopLevelItem(top)
            for place, line in enumerate(group.entries):
                item = QTreeWidgetItem([self.label_of(line)])
                item.setData(0, WHERE, (number, place))
                page = self._pages.get(line.page)
                item.setIcon(0, qicon(line.symbol or (page.symbol if page is not None else "list"), "ink_2"))
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
                top.addChild(item)
                if at == (number, place):
                    self.setCurrentItem(item)
            top.setExpanded(True)
            if at == (number, None):
                self.setCurrentItem(top)
        self.blockSignals(False)
        self.chosen.emit()

    def label_of(self, line: MenuEntry) -> str:
        """The words of a line; a page that this person may not open stands under its name."""
        page = self._pages.get(line.page)
        label = pick(line.words) or (page.label if page is not None else line.page)
        return label if line.kind == PAGE else f"{label}  ({page.label if page is not None else line.page})"

    def where(self) -> tuple[int, int | None] | None:
        """Heading and line that are current."""
        item = self.currentItem()
        found = item.data(0, WHERE) if item is not None else None
        return (int(found[0]), None if found[1] is None else int(found[1])) if found is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with the arrow keys moves, Del takes out."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A line goes where it was dropped: onto a heading to its end, between lines to there."""
        source = self.where()
        index = self.indexAt(event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if source is None or source[1] is None or not index.isValid():
            return
        target = self._target(index)
        at = put(self.menu, (source[0], source[1]), *target)
        self.show_menu(self.menu, list(self._pages.values()), at)
        self.changed.emit()

    def _target(self, index: QModelIndex | QPersistentModelIndex) -> tuple[int, int]:
        group, place = self.itemFromIndex(index).data(0, WHERE)
        if place is None:
            return int(group), len(self.menu.groups[int(group)].entries)
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        return int(group), int(place) + (1 if below else 0)
