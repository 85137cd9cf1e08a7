"""Planned changes of the configuration (ADM-037): the task's form and steps, and beside it its parts with what they change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.editors import Editor, editor_for
from client_staff.editors.typed import sentence
from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from client_staff.screens.settings import field_of
from common.link import Offline, Refusal
from common.protocol.operations import AskParts, DropPart, PutPart, TaskPart, TaskParts
from common.protocol.settings import SettingsAt, SettingState, SettingStates
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.qt.widgets import Banner
from common.records import BadValue, RecordFacts
from common.text import _, formats, ngettext

OPEN = ("draft", "simulated")


class PartsTab(QWidget):
    """Settings with what holds now and what is to hold; a setting is chosen, its value given, and both are added."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("task_parts")
        self._desk = desk
        self._of: tuple[str, str] | None = None
        self._open = False
        self._states: dict[str, SettingState] = {}
        self._editor: Editor | None = None
        self.banner = Banner(13, name="parts_said")
        self.setting = QComboBox()
        self.setting.setObjectName("part_setting")
        self.setting.setEditable(True)
        self.setting.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer, line = self.setting.completer(), self.setting.lineEdit()
        assert completer is not None and line is not None
        self.line = line
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(completer.CompletionMode.PopupCompletion)
        self.setting.currentIndexChanged.connect(lambda _place: self._draw_editor())
        self.holder = QVBoxLayout()
        self.put_key, self.drop_key = QPushButton(), QPushButton()
        for key, name, act in ((self.put_key, "part_put", self._put), (self.drop_key, "part_drop", self._drop)):
            key.setObjectName(name)
            key.clicked.connect(lambda _on=False, what=act: what())
        columns = [
            TableColumn("setting", lambda: _("Setting"), lambda p: p.label),
            TableColumn("now", lambda: _("Now"), lambda p: self._said(p, p.now), width=96),
            TableColumn("then", lambda: _("Then"), lambda p: self._said(p, p.value), width=96, bold=True),
            TableColumn(
                "note", lambda: _("Note"), self._note, width=150, tone=lambda p: "warn_strong" if p.same else "ink_2"
            ),
        ]
        self.table = DataTable(columns, lambda part: part.name, name="parts_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._allow())
        self.nothing = QLabel()
        self.nothing.setObjectName("parts_nothing")
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("tone", "second")
        keys = QHBoxLayout()
        keys.addWidget(self.put_key)
        keys.addWidget(self.drop_key)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.setting)
        column.addLayout(self.holder)
        column.addLayout(keys)
        column.addWidget(self.banner)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.put_key.setText(_("Add or change"))
        self.drop_key.setText(_("Leave it as it is"))
        self.nothing.setText(
            _("Choose a setting and give its new value. Nothing changes before the task is carried out.")
        )
        self.line.setPlaceholderText(_("Find a setting"))
        self.table.say_again()
        self._of = None

    def show_of(self, task_id: str, state: str) -> None:
        """Show the parts of another task, or of this one in another state."""
        self._open = state in OPEN
        if (task_id, state) != self._of and self._desk.link.online:
            self._of = (task_id, state)
            self.banner.hide()
            jobs.start(self, self._read, task_id, name="parts", refused=self._say, offline=self._say, again=True)
        self._allow()

    async def _read(self, task_id: str) -> None:
        if not self._states and "settings.see" in self._rights():
            found = await self._desk.link.read("settings.at", SettingsAt(), SettingStates)
            self._states = {one.name: one for one in found.settings if one.kind != "document"}
            self.setting.blockSignals(True)
            self.setting.clear()
            for one in sorted(self._states.values(), key=lambda s: s.label):
                self.setting.addItem(one.label, one.name)
            self.setting.setCurrentIndex(-1)
            self.setting.blockSignals(False)
        self._take(await self._desk.link.read("operations.parts", AskParts(id=UUID(task_id)), TaskParts))

    def _rights(self) -> list[str]:
        me = self._desk.link.me
        return list(me.permissions) if me is not None else []

    def _take(self, found: TaskParts) -> None:
        self.table.show_rows(found.parts)
        self.nothing.setVisible(not found.parts)
        self._allow()

    def _said(self, part: TaskPart, value: Any) -> str:
        state = self._states.get(part.name)
        words = self._desk.reader.text(field_of(state), value) if state is not None else str(value)
        return f"{words} {part.unit}" if part.unit and state is None else words

    def _note(self, part: TaskPart) -> str:
        if part.same:
            return _("holds already")
        if part.elsewhere:
            words = ngettext("{count} place has its own", "{count} places have their own", part.elsewhere)
            return words.format(count=formats.number(part.elsewhere))
        return ""

    def _draw_editor(self) -> None:
        while self.holder.count():
            item = self.holder.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        state = self._states.get(str(self.setting.currentData()))
        self._editor = editor_for(field_of(state), self._desk) if state is not None else None
        if self._editor is not None and state is not None:
            self._editor.show_value(state.value)
            self.holder.addWidget(self._editor)
        self._allow()

    def _allow(self) -> None:
        may = self._open and "operations.change" in self._rights() and self._desk.link.online
        for widget in (self.setting, self.put_key, self.drop_key):
            widget.setVisible("operations.change" in self._rights() and self._open)
        self.put_key.setEnabled(may and self._editor is not None)
        self.drop_key.setEnabled(may and self.table.current() is not None)

    def _put(self) -> None:
        if self._editor is None or not self._of:
            return
        try:
            value = self._editor.value()
        except BadValue as wrong:
            self.banner.say(sentence(wrong), "bad")
            return
        asked = PutPart(id=UUID(self._of[0]), name=str(self.setting.currentData()), value=value)
        self._act("operations.put_part", asked)

    def _drop(self) -> None:
        part: TaskPart | None = self.table.current()
        if part is not None and self._of:
            self._act("operations.drop_part", DropPart(id=UUID(self._of[0]), name=part.name))

    def _act(self, verb: str, asked: Any) -> None:
        self.banner.hide()
        jobs.start(
            self, self._desk.link.act, verb, asked, TaskParts, name="part", done=self._take, refused=self._say,
            offline=self._say,
        )  # fmt: skip

    def _say(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "bad")

    def first_focus(self) -> None:
        """Into the choice of a setting."""
        self.setting.setFocus()


class Screen(RecordsPage):
    """The generic page with one more tab."""

    parts: PartsTab | None = None
    """Made once the generic page stands."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        self.parts = PartsTab(desk)
        self._place = self.view.tabs.addTab(self.parts, _("Parts"))
        self.view.tabs.setUsesScrollButtons(False)  # five tabs in a narrow form: none may lie out of reach
        self.view.form.titled.connect(self._follow_record)
        self._follow_record()

    def _follow_record(self) -> None:
        if self.parts is not None:
            there = bool(self.view.record_id)
            self.view.tabs.setTabVisible(self._place, there)
            draft = self.view.form.draft
            if there:
                self.parts.show_of(self.view.record_id, str(draft.base.get("state")) if draft is not None else "")

    def say_again(self) -> None:
        """The reader's language changed."""
        super().say_again()
        if self.parts is not None:
            self.view.tabs.setTabText(self._place, _("Parts"))
            self.parts.say_again()
            self._follow_record()
