"""Which outlet and department are in view: said in the top bar, switched in a dialog (COR-038, COR-039)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from common.link import Link
from common.protocol.workplaces import Choice, InView, SwitchView
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.text import _
from common.text.fold import fold
from common.text.words import pick

ROOM = 110
ID = Qt.ItemDataRole.UserRole


class ViewSwitch(QPushButton):
    """Seen where somebody has more than one outlet or department by right."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setObjectName("view_switch")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._link = link
        self._view: InView | None = None
        self.clicked.connect(lambda: jobs.start(self, self._ask, name="view"))
        self.show_view(None)

    def show_view(self, view: InView | None) -> None:
        """What is in view now, and what else may be."""
        self._view = view
        more = view is not None and (len(view.outlets) > 1 or len(view.departments) > 1)
        self.setVisible(more)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        words = words_of(self._view)
        shown = words or _("Everything")
        self.setIcon(qicon("hall", "accent_strong" if words else "ink_2"))
        # A symbol only while everything is in view: the finder beside it needs the room.
        self.setText(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, ROOM))
        self.setToolTip(_("In view: {what}").format(what=shown))
        self.setAccessibleName(_("In view: {what}").format(what=shown))

    async def _ask(self) -> None:
        if self._view is None:
            return
        dialog = ViewDialog(self, self._view)
        if await dialogs.open(dialog) != QDialog.DialogCode.Accepted.value:
            return
        await self._link.act("people.switch_view", dialog.chosen(), InView)


def words_of(view: InView | None) -> str:
    """The department in view, else the outlet; empty for everything."""
    if view is None:
        return ""
    department = next((one for one in view.departments if one.id == view.department_id), None)
    outlet = next((one for one in view.outlets if one.id == view.outlet_id), None)
    return " · ".join(pick(one.name) for one in (outlet, department) if one is not None)


class ViewDialog(QDialog):
    """Outlets to choose from, departments as their tree, found by typing."""

    def __init__(self, parent: QWidget, view: InView) -> None:
        super().__init__(parent)
        self.setObjectName("view_dialog")
        self.setWindowTitle(_("In view"))
        title = QLabel(_("What do you want to look at?"))
        title.setFont(theme.font(17, bold=True))
        note = QLabel(_("Lists, pages and new entries keep to it, at every PC, until you switch again."))
        note.setProperty("tone", "second")
        note.setWordWrap(True)
        self.outlets = QComboBox()
        self.outlets.setObjectName("view_outlet")
        self.outlets.addItem(_("All outlets"), None)
        for one in sorted(view.outlets, key=lambda one: pick(one.name)):
            self.outlets.addItem(pick(one.name), one.id)
            if one.id == view.outlet_id:
                self.outlets.setCurrentIndex(self.outlets.count() - 1)
        self.search = QLineEdit()
        self.search.setObjectName("view_search")
        self.search.setPlaceholderText(_("Find a department"))
        self.search.setAccessibleName(_("Find a department"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _t: self._filter())
        self.tree = QTreeWidget()
        self.tree.setObjectName("view_departments")
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(_("Departments"))
        self._fill(view)
        self.tree.itemDoubleClicked.connect(lambda *_at: self.accept())
        keys = dialogs.take_or_leave(self, _("Look at it"), name="view_take")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (title, note, self.outlets, self.search, self.tree):
            column.addWidget(part)
        column.addLayout(keys)
        self.outlets.setVisible(len(view.outlets) > 1)
        self.resize(460, 520)

    def _fill(self, view: InView) -> None:
        everything = QTreeWidgetItem([_("All departments")])
        self.tree.addTopLevelItem(everything)
        self.tree.setCurrentItem(everything)
        below: dict[UUID | None, list[Choice]] = {}
        known = {one.id for one in view.departments}
        for one in sorted(view.departments, key=lambda one: pick(one.name)):
            below.setdefault(one.above if one.above in known else None, []).append(one)

        def add(parent: QTreeWidgetItem, one: Choice) -> None:
            item = QTreeWidgetItem([pick(one.name)])
            item.setData(0, ID, one.id)
            parent.addChild(item)
            for further in below.get(one.id, ()):
                add(item, further)
            if one.id == view.department_id:
                self.tree.setCurrentItem(item)

        for one in below.get(None, ()):
            add(self.tree.invisibleRootItem(), one)
        self.tree.expandAll()

    def _filter(self) -> None:
        words = fold(self.search.text()).split()

        def shown(item: QTreeWidgetItem | None) -> bool:
            if item is None:
                return False
            inside = [shown(item.child(n)) for n in range(item.childCount())]
            fits = all(word in fold(item.text(0)) for word in words) or any(inside)
            item.setHidden(not fits)
            return fits

        root = self.tree.invisibleRootItem()
        for n in range(root.childCount()):
            shown(root.child(n))
        if words and not self._fits(self.tree.currentItem(), words):
            found = self._first(root, words)
            if found is not None:
                self.tree.setCurrentItem(found)

    @staticmethod
    def _fits(item: QTreeWidgetItem | None, words: list[str]) -> bool:
        return item is not None and all(word in fold(item.text(0)) for word in words)

    def _first(self, item: QTreeWidgetItem | None, words: list[str]) -> QTreeWidgetItem | None:
        for n in range(item.childCount() if item is not None else 0):
            child = item.child(n) if item is not None else None
            if self._fits(child, words):
                return child
            deeper = self._first(child, words)
            if deeper is not None:
                return deeper
        return None

    def chosen(self) -> SwitchView:
        """What was chosen."""
        item = self.tree.currentItem()
        department = item.data(0, ID) if item is not None else None
        return SwitchView(outlet_id=self.outlets.currentData(), department_id=department)
