"""Links to other records: found as one types, or chosen from a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from client_staff.editors.editor import Desk, Editor
from common.link import Offline, Refusal
from common.protocol.departments import FindMembers, Members
from common.qt import jobs
from common.qt.widgets import qicon
from common.records import Condition, Field, Query, RecordFacts
from common.records.values import BadValue
from common.text import _
from common.text.words import pick

WAIT_MS = 200
MOST = 40
ID = Qt.ItemDataRole.UserRole


async def candidates(desk: Desk, field: Field, text: str, most: int = MOST) -> list[tuple[str, str]]:
    """Records that a link may name, as id and name, best order first. Raises Refusal or Offline."""
    facts = desk.schema.record(field.link or "")
    if facts is None:
        return []
    conditions = []
    if field.kind == "entry" and field.dictionary:
        conditions += [
            Condition(field="dictionary_id", operator="is", value=await dictionary_id(desk, field.dictionary)),
            Condition(field="in_use", operator="is", value=True),
        ]
    page = await desk.link.records.query(facts.name, Query(conditions=conditions, search=text, limit=most))
    desk.reader.labels.update(page.labels)
    found = [(str(row["id"]), desk.reader.title(facts, row)) for row in page.items]
    if facts.name == "staff_member" and text.strip() and len(found) < most:
        found += await _by_department(desk, text, {one for one, _name in found}, most - len(found))
    desk.reader.labels.update(found)
    return found


async def _by_department(desk: Desk, text: str, besides: set[str], most: int) -> list[tuple[str, str]]:
    """People whose department or post is called so: asked of the department service (ADM-019)."""
    try:
        told = await desk.link.read("organisation.members", FindMembers(words=text, limit=most + len(besides)), Members)
    except Refusal:
        return []
    return [(str(one.id), pick(one.name)) for one in told.items if str(one.id) not in besides][:most]


async def dictionary_id(desk: Desk, code: str) -> str | None:
    """The id of the dictionary with this code."""
    asked = Query(conditions=[Condition(field="code", operator="is", value=code)], limit=1)
    page = await desk.link.records.query("dictionary", asked)
    return str(page.items[0]["id"]) if page.items else None


class Finder(QWidget):
    """What was found, below a line; the line keeps the focus."""

    def __init__(self, line: QLineEdit, name: str) -> None:
        super().__init__(line, Qt.WindowType.ToolTip)
        self._line = line
        self.list = QListWidget()
        self.list.setObjectName(name)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def show_found(self, found: list[tuple[str, str]], nothing: str) -> None:
        """Show these; the first one is chosen."""
        self.list.clear()
        for record_id, name in found:
            item = QListWidgetItem(name)
            item.setData(ID, record_id)
            self.list.addItem(item)
        if not found:
            item = QListWidgetItem(nothing)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        self.resize(max(260, self._line.width()), min(9, self.list.count()) * 34 + 6)
        at = self._line.mapToGlobal(self._line.rect().bottomLeft())
        screen = self._line.screen().availableGeometry()
        if at.y() + self.height() > screen.bottom():
            at = self._line.mapToGlobal(self._line.rect().topLeft())
            at.setY(at.y() - self.height())
        self.move(at)
        self.show()

    def step(self, by: int) -> None:
        """Choose the next or the one before."""
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + by)))

    def chosen(self) -> tuple[str, str] | None:
        """Id and name of the chosen one."""
        item = self.list.currentItem()
        return (item.data(ID), item.text()) if item is not None and item.data(ID) else None


class LinkEditor(Editor):
    """A record by its name. Down opens the list, Enter takes, emptying the line takes the link away."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.line = QLineEdit()
        self.line.setObjectName(f"edit_{field.name}")
        self.line.setPlaceholderText(_("Type to find"))
        self.line.textEdited.connect(self._typed)
        self._id: str | None = None
        self._name = ""
        self.finder = Finder(self.line, f"found_{field.name}")
        self.finder.list.itemClicked.connect(lambda _item: self._take())
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._find)
        self.key = QPushButton()
        self.key.setObjectName(f"edit_{field.name}_list")
        self.key.setProperty("kind", "tool")
        self.key.setIcon(qicon("search", "ink_2"))
        self.key.setAccessibleName(_("Choose from a list"))
        self.key.setToolTip(_("Choose from a list"))
        self.key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.key.clicked.connect(self._all)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.key)
        self.watch(self.line)

    @property
    def facts(self) -> RecordFacts | None:
        """The kind of record that is linked."""
        return self.desk.schema.record(self.field.link or "")

    def show_value(self, value: Any) -> None:
        """Show a link by its name."""
        self._id = str(value) if value else None
        self._name = (self.desk.reader.labels.get(self._id) or _("hidden from you")) if self._id else ""
        self.line.setText(self._name)
        self.line.setCursorPosition(0)

    def value(self) -> Any:
        """The record's id; a name that was typed and not chosen is none."""
        text = self.line.text().strip()
        if not text:
            return None
        if text != self._name:
            raise BadValue("choice")
        return self._id

    def _typed(self, text: str) -> None:
        if not text.strip():
            self._id, self._name = None, ""
        self.changed.emit()
        self._wait.start()

    def _all(self) -> None:
        self.line.setFocus()
        self._find(all_of_them=True)

    def _find(self, all_of_them: bool = False) -> None:
        text = "" if all_of_them or self.line.text() == self._name else self.line.text()
        jobs.start(
            self, candidates, self.desk, self.field, text.strip()[:100], done=self._found, refused=self._not_found,
            offline=self._not_found,
        )  # fmt: skip

    def _found(self, found: list[tuple[str, str]]) -> None:
        if self.line.hasFocus():
            self.finder.show_found(found, _("Nothing is called so."))

    def _not_found(self, why: Refusal | Offline) -> None:
        if self.line.hasFocus():
            self.finder.show_found([], why.sentence)

    def _take(self) -> None:
        chosen = self.finder.chosen()
        self.finder.hide()
        if chosen is not None:
            self.desk.reader.labels[chosen[0]] = chosen[1]
            self.show_value(chosen[0])
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list go through the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if self.finder.isVisible():
                if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                    self.finder.step(1 if key == Qt.Key.Key_Down else -1)
                    return True
                if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._take()
                    return True
                if key == Qt.Key.Key_Escape:
                    self.finder.hide()
                    return True
            elif key == Qt.Key.Key_Down:
                self._find()
                return True
        if event.type() == QEvent.Type.FocusOut:
            self.finder.hide()
            text = self.line.text().strip().casefold()
            exact = [
                self.finder.list.item(n)
                for n in range(self.finder.list.count())
                if self.finder.list.item(n).text().casefold() == text and self.finder.list.item(n).data(ID)
            ]
            if len(exact) == 1 and text != self._name.casefold():
                # The whole name was typed: that is as good as chosen.
                self.show_value(exact[0].data(ID))
        return super().eventFilter(watched, event)


class LinksEditor(Editor):
    """Several records, one below the other; Del takes one out, Alt+Up and Alt+Down move it."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.list = QListWidget()
        self.list.setObjectName(f"edit_{field.name}_chosen")
        self.list.setAccessibleName(field.label)
        self.list.installEventFilter(self)
        self.adding = LinkEditor(Field("link", field.label, name=field.name, link=field.link, required=False), desk)
        self.adding.changed.connect(self._added)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(self.adding)
        self.watch(self.adding.line, self.list)

    def show_value(self, value: Any) -> None:
        """Show them by name."""
        self.list.clear()
        for record_id in value or []:
            self._put(str(record_id))
        self._fit()

    def value(self) -> Any:
        """Their ids in order."""
        return [self.list.item(n).data(ID) for n in range(self.list.count())] or None

    def _put(self, record_id: str) -> None:
        item = QListWidgetItem(self.desk.reader.labels.get(record_id) or _("hidden from you"))
        item.setData(ID, record_id)
        self.list.addItem(item)

    def _fit(self) -> None:
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(min(5, self.list.count()) * 32 + 4)

    def _added(self) -> None:
        try:
            record_id = self.adding.value()
        except BadValue:
            return
        if record_id is None:
            return
        if record_id not in (self.value() or []):
            self._put(record_id)
            self._fit()
            self.changed.emit()
        self.adding.show_value(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del and Alt with arrows."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            at = self.list.currentRow()
            if event.key() == Qt.Key.Key_Delete and at >= 0:
                self.list.takeItem(at)
                self._fit()
                self.changed.emit()
                return True
            if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in (
                Qt.Key.Key_Up,
                Qt.Key.Key_Down,
            ):
                to = at + (1 if event.key() == Qt.Key.Key_Down else -1)
                if 0 <= to < self.list.count():
                    self.list.insertItem(to, self.list.takeItem(at))
                    self.list.setCurrentRow(to)
                    self.changed.emit()
                return True
        return super().eventFilter(watched, event)
