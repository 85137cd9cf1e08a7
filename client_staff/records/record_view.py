"""One record: its name, its actions, and tabs for the record, its history, its files and what names it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.actions import ActionKeys, ask_and_do, ask_reason
from client_staff.records.desk import RecordDesk
from client_staff.records.files import Files
from client_staff.records.form import RecordForm
from client_staff.records.history import History
from client_staff.records.linked import Linked
from client_staff.records.printing import print_record
from common.link import LinkState, Refusal, new_key
from common.link.records import Shown
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.records import ActionFacts, RecordFacts
from common.text import _, formats


class RecordView(QFrame):
    """What stands beside a list, or alone. `changed(record)` comes after each change that this view made."""

    changed = Signal(dict)
    left = Signal()
    stepped = Signal(int)
    opened = Signal(str, str)
    listed = Signal(str, str, str)
    """Kind, field and id: all records of a kind that name this one."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("record_view")
        self.setProperty("card", True)
        self.desk, self.facts = desk, facts
        self._record: dict[str, Any] | None = None
        self.kind = QLabel()
        self.kind.setObjectName("record_kind")
        self.kind.setProperty("tone", "second")
        self.title = QLabel()
        self.title.setObjectName("record_title")
        self.title.setFont(theme.font(16, bold=True))
        self.title.setWordWrap(True)
        self.before_key = self._key("record_before", "up", lambda: self.stepped.emit(-1))
        self.next_key = self._key("record_next", "down", lambda: self.stepped.emit(1))
        self.menu_key = self._key("record_menu", "more", self._open_menu)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.kind)
        names.addWidget(self.title)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 4)
        head.addLayout(names, 1)
        for key in (self.before_key, self.next_key, self.menu_key):
            head.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
        self.actions_row = ActionKeys()
        self.actions_row.wanted.connect(self._act)
        holder = QHBoxLayout()
        holder.setContentsMargins(16, 2, 12, 6)
        holder.addWidget(self.actions_row)
        self.form = RecordForm(desk, facts)
        self.history = History(desk, facts)
        self.files = Files(desk, facts)
        self.linked = Linked(desk)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("record_tabs")
        self.tabs.tabBar().setObjectName("record_tab")
        self.tabs.setDocumentMode(True)
        self.nothing = QLabel()
        self.nothing.setObjectName("record_nothing")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("tone", "second")
        self.nothing.setWordWrap(True)
        self.whole = QWidget()
        column = QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(holder)
        column.addWidget(self.tabs, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self.whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self.stack)
        for place in (self.form, self.history, self.files, self.linked):
            self.tabs.addTab(place, "")
        self.tabs.currentChanged.connect(lambda _place: self._fill_tab())
        self.form.saved.connect(self._saved)
        self.form.titled.connect(self._name)
        self.form.left.connect(self.left)
        self.form.stepped.connect(self.stepped)
        self.form.opened.connect(self.opened)
        self.linked.opened.connect(self.opened)
        self.linked.listed.connect(lambda kind, field: self.listed.emit(kind, field, self.form.record_id))
        self.files.counted.connect(lambda count: self._count(2, count))
        self.linked.counted.connect(lambda count: self._count(3, count))
        self._stop = desk.link.on_state(self._link_changed)
        self.destroyed.connect(self._stop)
        self.say_again()

    def _key(self, name: str, symbol: str, act: Any) -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.setProperty("kind", "tool")
        key.setIcon(qicon(symbol, "ink_2"))
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.clicked.connect(lambda: act())
        return key

    def say_again(self) -> None:
        """The reader's language changed."""
        for key, words in (
            (self.before_key, _("The one before (Alt+Up)")),
            (self.next_key, _("The next one (Alt+Down)")),
            (self.menu_key, _("More")),
        ):
            key.setToolTip(words)
            key.setAccessibleName(words)
        self.nothing.setText(_("Choose an entry in the list."))
        self._count(0, 0)
        self._count(1, 0)
        self._count(2, self.files.list.count())
        self._count(3, 0)
        self.tabs.setTabVisible(2, self.facts.attachments)
        self.form.say_again()
        self.files.say_again()
        self._name()

    def describe(self, facts: RecordFacts) -> None:
        """The kind is described anew."""
        self.facts = facts
        self.form.describe(facts)
        self.say_again()
        self._show_actions()

    def _count(self, place: int, count: int) -> None:
        words = (self.facts.label, _("History"), _("Files"), _("Linked"))[place]
        self.tabs.setTabText(place, f"{words}  {formats.number(count)}" if count else words)

    # what it shows

    @property
    def record_id(self) -> str:
        """The id of the record shown."""
        return self.form.record_id

    def show_nothing(self) -> None:
        """No record is chosen."""
        self.form.keep_draft(only_if_waiting=True)
        self._record = None
        self.stack.setCurrentWidget(self.nothing)

    def show_record(self, values: dict[str, Any] | None) -> None:
        """Show a record as the list has it, or a new one."""
        self._record = values
        self.stack.setCurrentWidget(self.whole)
        self.form.show_record(values)
        new = values is None
        for place in (1, 2, 3):
            self.tabs.setTabVisible(place, not new and (place != 2 or self.facts.attachments))
        if new:
            self.tabs.setCurrentIndex(0)
        self._count(2, 0)
        self._count(3, 0)
        self._show_actions()
        self._fill_tab()

    def read_anew(self) -> None:
        """The record as the server has it now; opening one of a citizen leaves its trace here."""
        if self.record_id:
            jobs.start(
                self, self.desk.link.records.get, self.facts.name, self.record_id, done=self._fresh,
                refused=self._gone, offline=lambda why: None,
            )  # fmt: skip

    def _fresh(self, shown: Shown) -> None:
        self.desk.reader.labels.update(shown.labels)
        if shown.values.get("id") == self.record_id:
            self._record = shown.values
            self.form.fresh(shown.values)
            self._show_actions()

    def _gone(self, why: Refusal) -> None:
        self.form.banner.say(why.sentence, "warn")

    def _name(self) -> None:
        deleted = self._record is not None and self._record.get("deleted_at")
        self.kind.setText(self.facts.label + (f" · {_('deleted')}" if deleted else ""))
        self.title.setText(self.form.title)

    def _fill_tab(self) -> None:
        record_id = self.record_id
        if not record_id or not self.isVisible():
            return
        place = self.tabs.currentIndex()
        if place == 1:
            self.history.show_history(self.facts, record_id)
        elif place == 2:
            self.files.show_files(self.facts, record_id)
        elif place == 3:
            self.linked.show_linked(self.facts, record_id)

    def first_focus(self) -> None:
        """Into what the open tab shows."""
        self.tabs.currentWidget().first_focus()  # type: ignore[attr-defined]

    # what is done with it

    def _show_actions(self) -> None:
        values = self._record
        if values is None:
            self.actions_row.hide()
            return
        self.actions_row.show_actions(self.desk.actions_on(self.facts.name), values, self.desk.link.online)

    def _link_changed(self, _state: LinkState) -> None:
        self._show_actions()

    def _saved(self, record: dict[str, Any]) -> None:
        self._record = record
        for place in (1, 3):
            self.tabs.setTabVisible(place, True)
        self.tabs.setTabVisible(2, self.facts.attachments)
        self._show_actions()
        self.changed.emit(record)

    def _act(self, facts: ActionFacts) -> None:
        jobs.start(self, self._do, facts, name="act", refused=self.refused)

    def refused(self, why: Refusal) -> None:
        self.form.banner.say(why.sentence, "bad")

    async def _do(self, facts: ActionFacts) -> None:
        record = self._record
        if record is None:
            return
        if self.form.dirty:
            self.form.banner.say(_("Save or discard what you wrote first."), "warn")
            return
        if await ask_and_do(self, self.desk, facts, [record], self.form.title) is None:
            return
        shown = await self.desk.link.records.get(self.facts.name, str(record["id"]))
        self._fresh(shown)
        self.changed.emit(shown.values)
        self.form.banner.say(_("{action}: done.").format(action=facts.label), "good", seconds=4)

    def menu_lines(self) -> list[tuple[str, str, Any]]:
        """What the record's menu offers: name, words, what it does."""
        record = self._record
        if record is None:
            return []
        lines: list[tuple[str, str, Any]] = [
            (
                "record_print",
                _("Print this entry…"),
                lambda: jobs.start(self, print_record, self, self.desk, self.facts, record),
            )
        ]
        if "delete" in self.facts.operations:
            if record.get("deleted_at"):
                lines.append(("record_restore", _("Restore"), lambda: self._start(self.restore)))
            else:
                lines.append(("record_delete", _("Delete…"), lambda: self._start(self.delete)))
        return lines

    def _start(self, what: Any) -> None:
        jobs.start(self, what, name="delete", refused=self.refused)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("record_more")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, words, act in self.menu_lines():
            line = menu.addAction(words)
            line.setObjectName(name)
            line.triggered.connect(lambda _on=False, what=act: what())
        if not menu.isEmpty():
            menu.popup(self.menu_key.mapToGlobal(self.menu_key.rect().bottomLeft()))

    async def delete(self) -> None:
        """Delete after a question, with a reason where the kind asks for one."""
        record = self._record
        if record is None or record.get("deleted_at"):
            return
        reason = await ask_reason(
            self,
            _("Delete {name}?").format(name=self.form.title),
            _("It disappears from the lists. It can be restored from the deleted entries."),
            _("Delete"),
            dangerous=True,
            needed="delete" in self.facts.reasons,
        )
        if reason is None:
            return
        gone = await self.desk.link.records.delete(
            self.facts.name, str(record["id"]), version=int(record["version"]), reason=reason or None, key=new_key()
        )
        self.form.discard()
        self._took(gone)

    async def restore(self) -> None:
        """Take a deletion back."""
        record = self._record
        if record is None:
            return
        reason = ""
        if "delete" in self.facts.reasons:
            asked = await ask_reason(
                self, _("Restore {name}?").format(name=self.form.title), "", _("Restore"), dangerous=False, needed=True
            )
            if asked is None:
                return
            reason = asked
        self._took(await self.desk.link.records.restore(self.facts.name, str(record["id"]), reason=reason or None))

    def _took(self, record: dict[str, Any]) -> None:
        self._record = record
        self.form.show_record(record)
        self._show_actions()
        self._name()
        self.changed.emit(record)
