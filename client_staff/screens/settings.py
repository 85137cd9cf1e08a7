"""Settings: what the server declares, per level, with where each value comes from; changed one at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import LivePage
from client_staff.app.panel import Panel
from client_staff.editors import Editor, editor_for
from client_staff.editors.typed import sentence
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.protocol.settings import SetSetting, SettingPast, SettingsAt, SettingState, SettingStates, SettingValues
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import BadValue, Field, Query
from common.text import N_, _, formats
from common.text.fold import fold

LEVELS = {
    "system": N_("The whole server"),
    "outlet": N_("Outlet"),
    "hall": N_("Hall"),
    "zone": N_("Zone"),
    "window": N_("Window"),
    "device": N_("Device"),
    "default": N_("Built in"),
}
KEYS = (("Ctrl+F", N_("Search")), ("Ctrl+S", N_("Save")))


def level_words(level: str) -> str:
    """A level in words; one that a newer server invents is shown as it is."""
    return _(LEVELS[level]) if level in LEVELS else level


class SettingsPage(LivePage):
    """For whoever may see settings; whoever may not change them reads."""

    hints = KEYS
    topics = ("settings",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "settings")
        self._states: list[SettingState] = []
        self._shown: SettingState | None = None
        self._editor: Editor | None = None
        self._build()
        self.say_again()

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("settings_title")
        self.title.setFont(theme.font(20, bold=True))
        self.level = QComboBox()
        self.level.setObjectName("settings_level")
        for name in LEVELS:
            if name != "default":
                self.level.addItem("", name)
        self.level.currentIndexChanged.connect(lambda _n: self._level_chosen())
        self.place = QComboBox()
        self.place.setObjectName("settings_place")
        self.place.hide()
        self.place.currentIndexChanged.connect(lambda _n: self._read())
        self.search = QLineEdit()
        self.search.setObjectName("settings_search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _t: self._filter())
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (self.level, self.place):
            widget.setMinimumWidth(200)
            top.addWidget(widget)
        top.addStretch(1)
        self.search.setMinimumWidth(260)
        top.addWidget(self.search)
        self.panel = Panel("settings")
        self.table = DataTable(self._columns(), lambda s: s.name, name="settings_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.panel.put(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.panel, 3)
        row.addWidget(self._build_side(), 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addLayout(top)
        column.addLayout(row, 1)
        QShortcut(QKeySequence.StandardKey.Find, self, lambda: self.search.setFocus())
        QShortcut(QKeySequence.StandardKey.Save, self, self._save_pressed)

    def _build_side(self) -> QWidget:
        self.side = Panel("setting")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(12)
        self.help = _note("setting_help")
        self.limits = _note("setting_limits")
        self.fault = QLabel()
        self.fault.setObjectName("setting_fault")
        self.fault.setProperty("tone", "bad")
        self.fault.setWordWrap(True)
        self.holder = QFormLayout()
        self.save = QPushButton()
        self.save.setObjectName("setting_save")
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self._save_pressed)
        self.take_back = QPushButton()
        self.take_back.setObjectName("setting_take_back")
        self.take_back.clicked.connect(lambda: self._send(None))
        foot = QHBoxLayout()
        foot.addWidget(self.take_back)
        foot.addStretch(1)
        foot.addWidget(self.save)
        self.past = QLabel()
        self.past.setObjectName("setting_past")
        self.past.setProperty("tone", "second")
        self.past.setWordWrap(True)
        self.past.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for part in (self.help, self.limits):
            column.addWidget(part)
        column.addLayout(self.holder)
        column.addWidget(self.fault)
        column.addLayout(foot)
        column.addWidget(self.past)
        column.addStretch(1)
        self.side.put(inside, 1)
        return self.side

    def _columns(self) -> list[TableColumn]:
        return [
            TableColumn("name", lambda: _("Setting"), lambda s: s.label),
            TableColumn("value", lambda: _("Value"), self._said, width=150, bold=True),
            TableColumn("source", lambda: _("Comes from"), lambda s: level_words(s.source), width=130),
            TableColumn("author", lambda: _("Changed by"), lambda s: s.author or "–", width=150),
        ]

    # the page

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Settings"))
        for place in range(self.level.count()):
            self.level.setItemText(place, _(LEVELS[self.level.itemData(place)]))
        self.search.setPlaceholderText(_("Search settings"))
        self.save.setText(_("Save"))
        self.take_back.setText(_("Take back"))
        self.take_back.setToolTip(_("The value of the next level then holds here."))
        self.table.say_again()
        self._read()

    def _may(self) -> bool:
        me = self._link.me
        return me is not None and "settings.edit" in me.permissions and self._link.online

    def _level_chosen(self) -> None:
        level = self.level.currentData()
        self.place.blockSignals(True)
        self.place.clear()
        self.place.blockSignals(False)
        self.place.setVisible(level != "system")
        if level == "system":
            self._read()
        elif self._link.online:
            jobs.start(self, self._places, level, name=f"places {level}", refused=self._refused)

    async def _places(self, level: str) -> None:
        facts = self._desk.schema.record(level)
        if facts is None:
            return
        page = await self._link.records.query(level, Query(limit=500))
        if level != self.level.currentData():
            return
        self.place.blockSignals(True)
        for item in page.items:
            self.place.addItem(self._desk.reader.title(facts, item), item["id"])
        self.place.blockSignals(False)
        self._read()

    # reading

    def _at(self) -> SettingsAt | None:
        level = self.level.currentData()
        place = self.place.currentData()
        if level != "system" and not place:
            return None
        return SettingsAt(level=level, level_id=UUID(place) if place and level != "system" else None)

    def _read(self) -> None:
        asked = self._at()
        if asked is not None:
            self._read_by(self._fetch)
        else:
            self._take([])

    async def _fetch(self) -> None:
        asked = self._at()
        if asked is None:
            return
        states = await self._link.read("settings.at", asked, SettingStates)
        if asked == self._at():
            self._take(states.settings)

    def _take(self, states: list[SettingState]) -> None:
        self._states = states
        self._filter()

    def _filter(self) -> None:
        words = fold(self.search.text()).split()
        found = [s for s in self._states if all(w in fold(f"{s.label} {s.help} {s.name}") for w in words)]
        self.panel.say(_("Settings"), formats.number(len(found)))
        self.table.show_rows(found)
        self._show_current()

    def _said(self, state: SettingState) -> str:
        return self._desk.reader.text(field_of(state), state.value) if state.kind != "document" else "…"

    # one setting

    def _show_current(self) -> None:
        state = self.table.current()
        if state == self._shown:
            return
        self._shown = state
        self._draw()

    def _draw(self) -> None:
        state = self._shown
        while self.holder.rowCount():
            self.holder.removeRow(0)
        self._editor = None
        self.fault.setText("")
        self.past.setText("")
        self.side.say(state.label if state is not None else _("Choose a setting"))
        if state is None:
            self.help.setText("")
            self.limits.setText("")
            self._allow()
            return
        self.help.setText(state.help)
        self.limits.setText(self._limits(state))
        editor = editor_for(field_of(state), self._desk)
        if editor is not None:
            editor.setObjectName("setting_editor")
            editor.show_value(state.own if state.own is not None else state.value)
            editor.changed.connect(self._allow)
            self._editor = editor
            self.holder.addRow(state.unit or _("Value"), editor)
        else:
            self.holder.addRow(_("Value"), QLabel(self._said(state)))
        self._allow()
        if self._link.online:
            jobs.start(self, self._history, state.name, refused=lambda why: None, offline=lambda why: None)

    def _limits(self, state: SettingState) -> str:
        said = [_("Built in: {value}").format(value=self._desk.reader.text(field_of(state), state.default))]
        if state.least is not None and state.most is not None:
            low, high = formats.number(int(state.least)), formats.number(int(state.most))
            said.append(_("from {least} to {most}").format(least=low, most=high))
        return "; ".join(said)

    async def _history(self, name: str) -> None:
        values = await self._link.read("settings.history", SettingPast(name=name), SettingValues)
        if self._shown is None or self._shown.name != name:
            return
        field = field_of(self._shown)
        lines = []
        for one in values.values[:8]:
            where = " ".join(part for part in (level_words(one.level), one.place) if part)
            value = self._desk.reader.text(field, one.value) if one.value is not None else _("taken back")
            when = self._desk.reader.moment(one.valid_from.isoformat())
            lines.append(" · ".join(part for part in (when, where, value, one.author) if part))
        self.past.setText("\n".join(lines))

    def _allow(self) -> None:
        state, may = self._shown, self._may()
        self.save.setEnabled(may and self._editor is not None)
        self.take_back.setEnabled(may and state is not None and state.own is not None)
        if self._editor is not None:
            self._editor.setEnabled(may)

    def _save_pressed(self) -> None:
        if self._editor is None or not self.save.isEnabled():
            return
        try:
            value = self._editor.value()
        except BadValue as wrong:
            self.fault.setText(sentence(wrong))
            self._editor.set_wrong(True)
            self._editor.setFocus()
            return
        self._editor.set_wrong(False)
        self.fault.setText("")
        self._send(value if value is not None else "")

    def _send(self, value: Any) -> None:
        asked, state = self._at(), self._shown
        if asked is None or state is None:
            return
        change = SetSetting(level=asked.level, level_id=asked.level_id, name=state.name, value=value)
        jobs.start(self, self._change, change, name="save", refused=self._not_saved, busy=self.save)

    async def _change(self, change: SetSetting) -> None:
        await self._link.act("settings.set", change, SettingStates)
        self.banner.say(_("Saved. It holds at once."), "good", seconds=6)
        self._shown = None
        self._read()

    def _not_saved(self, why: Any) -> None:
        self.fault.setText(why.sentence)
        if self._editor is not None:
            self._editor.set_wrong(True)


def field_of(state: SettingState) -> Field:
    """A setting's value as a field, for its editor and its words."""
    return Field(
        state.kind,
        state.label,
        name="value",
        required=state.kind != "text",
        choices=tuple(state.choices),
        least=int(state.least) if state.least is not None else None,
        most=int(state.most) if state.most is not None else None,
        unit=state.unit,
    )


def _note(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("tone", "second")
    label.setWordWrap(True)
    return label


PAGE = Page("settings", N_("Settings"), "gear", "engine", "settings.see", SettingsPage)
