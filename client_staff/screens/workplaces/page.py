"""The page of workplaces: which there are, whose each is, its menu as a tree, what it then looks like."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from client_staff.app.console import LivePage
from client_staff.app.menu import Entry, arranged, as_menu, free_name, left_out, moved
from client_staff.app.navigation import heading_of
from client_staff.app.pages import OF_KIND
from client_staff.app.panel import Panel
from client_staff.editors import editor_for
from client_staff.records.desk import RecordDesk
from client_staff.screens.workplaces.choose import ChooseDialog
from client_staff.screens.workplaces.tree import MenuTree
from common.protocol.messages import Nothing
from common.protocol.workplaces import (
    PAGE,
    RECORD,
    SEARCH,
    KeepWorkplace,
    Menu,
    MenuEntry,
    MenuGroup,
    Workplace,
    Workplaces,
)
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.records import BadValue, Field, Query
from common.text import N_, _
from common.text.words import pick

KEYS = (
    ("Alt+Up", N_("move up")), ("Alt+Down", N_("move down")), ("Del", N_("take out of the menu")),
    ("Ctrl+S", N_("save")),
)  # fmt: skip
SYMBOLS = (
    "list",
    "ticket",
    "people",
    "person",
    "hall",
    "document",
    "star",
    "chart",
    "calendar",
    "bell",
    "device",
    "gear",
)
ITEM = Qt.ItemDataRole.UserRole


def _editor(field: Field, desk: RecordDesk) -> Any:
    editor = editor_for(field, desk)
    assert editor is not None, field.kind
    return editor


class WorkplacesPage(LivePage):
    """For whoever may set workplaces up. Nothing is kept before it is saved."""

    hints = KEYS
    topics = ("people",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "workplaces")
        self._kept: list[Workplace] = []
        self._draft: Workplace | None = None
        self._changed = False
        self._filling = False
        self._build()
        self.say_again()
        self._show_draft(None)

    def _key(self, name: str, act: Any, kind: str = "tool") -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.setProperty("kind", kind)
        key.clicked.connect(lambda _on=False: act())
        return key

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("workplaces_title")
        self.title.setFont(theme.font(20, bold=True))
        self.new = self._key("workplace_new", self._new, "")
        self.drop = self._key("workplace_drop", lambda: jobs.start(self, self._really_drop, name="drop"), "")
        self.save = self._key("workplace_save", self._save, "primary")
        on_keys(self, ("Ctrl+S", self.save.click))
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        for key in (self.new, self.drop, self.save):
            head.addWidget(key)
        self.list = QListWidget()
        self.list.setObjectName("workplaces_list")
        self.list.setMaximumWidth(220)
        self.list.currentItemChanged.connect(lambda *_at: self._choose())
        self.about = QLabel()
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        self.facts = Panel("workplace_facts")
        self.menu_panel = Panel("workplace_lines")
        self.shown = Panel("workplace_shown")
        self._build_facts()
        self._build_menu()
        self.preview = QTreeWidget()
        self.preview.setObjectName("workplace_preview")
        self.preview.setHeaderHidden(True)
        self.preview.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.shown.put(self.preview, 1)
        middle = QVBoxLayout()
        middle.addWidget(self.facts)
        middle.addWidget(self.menu_panel, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list)
        row.addLayout(middle, 3)
        row.addWidget(self.shown, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.about)
        column.addLayout(row, 1)

    def _build_facts(self) -> None:
        self.name = _editor(Field("words", "", name="workplace_name", length=80), self._desk)
        self.roles = _editor(Field("links", "", name="workplace_roles", link="role", required=False), self._desk)
        self.start = QComboBox()
        self.start.setObjectName("workplace_start")
        self.buttons = self._key("workplace_buttons", self._ask_buttons, "")
        self.name.changed.connect(self._touched)
        self.roles.changed.connect(self._touched)
        self.start.activated.connect(lambda _n: self._touched())
        self.labels = {n: QLabel() for n in ("name", "roles", "start", "words", "symbol", "search", "needs")}
        grid = QGridLayout()
        grid.setContentsMargins(16, 0, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for place, (name, editor) in enumerate((("name", self.name), ("roles", self.roles), ("start", self.start))):
            self.labels[name].setProperty("tone", "second")
            self.labels[name].setBuddy(editor)
            grid.addWidget(self.labels[name], place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(editor, place, 1)
        grid.addWidget(self.buttons, 2, 2)
        self.facts.column.addLayout(grid)

    def _build_menu(self) -> None:
        self.own_menu = QCheckBox()
        self.own_menu.setObjectName("workplace_own_menu")
        self.own_menu.toggled.connect(self._own_menu)
        self.rest = QCheckBox()
        self.rest.setObjectName("workplace_rest")
        self.rest.toggled.connect(self._set_rest)
        self.tree = MenuTree(self._move, self._remove)
        self.tree.chosen.connect(self._show_line)
        self.tree.changed.connect(self._touched)
        acts = (
            ("add_page", self._add_page), ("add_search", self._add_search), ("add_group", self._add_group),
            ("up", lambda: self._move(-1)), ("down", lambda: self._move(1)), ("remove", self._remove),
        )  # fmt: skip
        self.tools = {name: self._key(f"workplace_{name}", act) for name, act in acts}
        for name, symbol in (("add_page", "plus"), ("add_search", "search"), ("add_group", "plus"), ("up", "up"),
                             ("down", "down"), ("remove", "cross")):  # fmt: skip
            self.tools[name].setIcon(qicon(symbol, "ink_2"))
        tools = QHBoxLayout()
        tools.setContentsMargins(12, 0, 12, 0)
        for key in self.tools.values():
            tools.addWidget(key)
        tools.addStretch(1)
        self.words = _editor(Field("words", "", name="line_words", length=80, required=False), self._desk)
        self.words.changed.connect(self._line_changed)
        self.symbol = QComboBox()
        self.symbol.setObjectName("line_symbol")
        self.symbol.activated.connect(lambda _n: self._line_changed())
        self.needs = QComboBox()
        self.needs.setObjectName("line_needs")
        self.needs.activated.connect(lambda _n: self._line_changed())
        self.search = QComboBox()
        self.search.setObjectName("line_search")
        self.search.activated.connect(lambda _n: self._line_changed())
        side = QGridLayout()
        side.setContentsMargins(12, 0, 12, 12)
        side.setHorizontalSpacing(12)
        side.setVerticalSpacing(8)
        side.setColumnStretch(1, 1)
        side.setRowStretch(4, 1)
        self.side = {"words": self.words, "symbol": self.symbol, "search": self.search, "needs": self.needs}
        for place, (name, editor) in enumerate(self.side.items()):
            self.labels[name].setProperty("tone", "second")
            side.addWidget(self.labels[name], place, 0, Qt.AlignmentFlag.AlignTop)
            side.addWidget(editor, place, 1)
        both = QHBoxLayout()
        both.addWidget(self.tree, 1)
        both.addLayout(side, 1)
        ticks = QHBoxLayout()
        ticks.setContentsMargins(16, 0, 16, 0)
        ticks.setSpacing(24)
        ticks.addWidget(self.own_menu)
        ticks.addWidget(self.rest)
        ticks.addStretch(1)
        for part in (ticks, tools):
            self.menu_panel.column.addLayout(part)
        self.menu_panel.column.addLayout(both, 1)

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Workplaces and menus"))
        self.about.setText(
            _(
                "Whoever holds one of a workplace's roles sees its menu; the first that fits is taken, else the program's own."
            )
        )
        self.new.setText(_("New workplace"))
        self.drop.setText(_("Delete…"))
        self.save.setText(_("Save"))
        self.buttons.setText(_("Buttons not shown…"))
        self.own_menu.setText(_("A menu of its own"))
        self.rest.setText(_("Other pages follow at the end"))
        self.facts.say(_("Workplace"))
        self.menu_panel.say(_("Menu"))
        self.shown.say(_("So it looks for you"))
        tools = {
            "add_page": _("Page"), "add_search": _("Search"), "add_group": _("Heading"), "up": "", "down": "", "remove": "",
        }  # fmt: skip
        tips = {
            "add_page": _("Add a page"), "add_search": _("Add a saved search or an entry of a list"),
            "add_group": _("Add a heading"), "up": _("Up"), "down": _("Down"), "remove": _("Take out of the menu"),
        }  # fmt: skip
        for name, key in self.tools.items():
            key.setText(tools[name])
            key.setToolTip(tips[name])
            key.setAccessibleName(tips[name])
        words = {
            "name": _("Name"), "roles": _("Roles"), "start": _("First page"), "words": _("Own name"),
            "symbol": _("Symbol"), "search": _("Opens with"), "needs": _("Needs the right"),
        }  # fmt: skip
        for name, label in self.labels.items():
            label.setText(words[name])
        for name, editor in (*self.side.items(), ("start", self.start)):
            editor.setAccessibleName(words[name])
        self.list.setAccessibleName(_("Workplaces"))
        self.tree.setAccessibleName(_("Menu"))
        self._show_draft(self._draft)

    # reading

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        self._take((await self._link.read("people.workplaces", Nothing(), Workplaces)).items)

    def _take(self, items: list[Workplace]) -> None:
        self._kept = items
        at = self._draft.id if self._draft is not None else None
        self._filling = True
        self.list.clear()
        for one in items:
            item = QListWidgetItem(pick(one.name))
            item.setData(ITEM, str(one.id))
            self.list.addItem(item)
            if one.id == at:
                self.list.setCurrentItem(item)
        self._filling = False
        if self._changed:
            return  # what is being written stays on the screen
        current = next((one for one in items if one.id == at), None) or (items[0] if items else None)
        if current is not None:
            self.list.setCurrentRow(items.index(current))
        self._show_draft(current)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if self._filling or item is None:
            return
        found = next((one for one in self._kept if str(one.id) == item.data(ITEM)), None)
        if found is None or (self._draft is not None and found.id == self._draft.id):
            return
        if self._changed:
            jobs.start(self, self._leave_draft, found, name="leave")
        else:
            self._show_draft(found)

    async def _leave_draft(self, wanted: Workplace) -> None:
        """Another one was chosen while this one is not saved."""
        text = _("What you have changed in this workplace is not saved.")
        if await dialogs.ask(self, _("Leave without saving?"), text, _("Leave it"), _("Stay"), dangerous=True):
            self._changed = False
            self._show_draft(wanted)
            return
        at = next((n for n, one in enumerate(self._kept) if self._draft is not None and one.id == self._draft.id), -1)
        self._filling = True
        self.list.setCurrentRow(at)
        self._filling = False

    def _pages(self) -> list[Entry]:
        return self._desk.all_pages()

    def _show_draft(self, workplace: Workplace | None) -> None:
        """Show a workplace as it is kept, or nothing."""
        self._filling = True
        self._draft = workplace.model_copy(deep=True) if workplace is not None else None
        self._changed = self._changed and self._draft is not None
        draft = self._draft or Workplace()
        self.name.show_value(draft.name)
        self.roles.show_value([str(one) for one in draft.roles])
        self.start.clear()
        self.start.addItem(_("As ever"), "")
        for one in self._pages():
            self.start.addItem(one.label, one.name)
        self.start.setCurrentIndex(max(0, self.start.findData(draft.start)))
        self.own_menu.setChecked(draft.menu is not None)
        self.rest.setChecked(draft.menu is None or draft.menu.rest)
        self._filling = False
        self._draw()

    def _draw(self, at: tuple[int, int | None] | None = None) -> None:
        draft = self._draft
        menu = draft.menu if draft is not None else None
        pages = self._pages()
        self.tree.show_menu(as_menu(pages, menu), pages, at)
        self.preview.clear()
        heading: QTreeWidgetItem | None = None
        last: str | None = None
        for one in arranged(pages, menu, self._has):
            if one.group != last:
                last = one.group
                heading = QTreeWidgetItem([heading_of(one)]) if heading_of(one) else None
                if heading is not None:
                    self.preview.addTopLevelItem(heading)
            item = QTreeWidgetItem([one.label])
            item.setIcon(0, qicon(one.symbol, "accent_strong"))
            (heading or self.preview.invisibleRootItem()).addChild(item)
        self.preview.expandAll()
        self._allow()

    def _has(self, right: str) -> bool:
        me = self._link.me
        return me is not None and right in me.permissions

    def _allow(self) -> None:
        draft, online = self._draft, self._link.online
        own = draft is not None and draft.menu is not None
        self.new.setEnabled(online)
        self.drop.setEnabled(online and draft is not None and draft.id is not None)
        self.save.setEnabled(online and draft is not None and self._changed)
        for part in (self.facts, self.own_menu):
            part.setEnabled(draft is not None)
        for part in (self.rest, *self.tools.values(), self.tree, self.words, self.symbol, self.needs, self.search):
            part.setEnabled(own)

    # changing

    def _touched(self) -> None:
        if self._filling or self._draft is None:
            return
        self._changed = True
        try:
            self._draft.name = dict(self.name.value() or {})
            self._draft.roles = list(self.roles.value() or [])
        except BadValue:
            return
        self._draft.start = str(self.start.currentData() or "")
        self._draw(self.tree.where())

    def _new(self) -> None:
        place = max((one.place for one in self._kept), default=0) + 1
        self._changed = True
        self.list.setCurrentRow(-1)
        self._show_draft(Workplace(place=place))
        self.name.setFocus()

    def _own_menu(self, on: bool) -> None:
        """A menu of its own begins as the program's; without one the program's own comes back."""
        if self._filling or self._draft is None:
            return
        self._draft.menu = as_menu(self._pages(), None) if on else None
        self._touched()

    def _set_rest(self, on: bool) -> None:
        if self._filling or self._draft is None or self._draft.menu is None:
            return
        self._draft.menu.rest = on
        self._touched()

    def _menu(self) -> Menu | None:
        return self._draft.menu if self._draft is not None else None

    def _move(self, by: int) -> None:
        menu, at = self._menu(), self.tree.where()
        if menu is not None and at is not None:
            self._after(moved(menu, *at, by))

    def _remove(self) -> None:
        """A page that is taken out is hidden, also where others follow at the end; a heading goes with its lines."""
        menu, at = self._menu(), self.tree.where()
        if menu is None or at is None:
            return
        gone = [menu.groups[at[0]].entries.pop(at[1])] if at[1] is not None else menu.groups.pop(at[0]).entries
        menu.hidden += [one.page for one in gone if one.kind == PAGE and one.page not in menu.hidden]
        self._after((at[0], max(at[1] - 1, 0) if at[1] is not None else None))

    def _after(self, at: tuple[int, int | None]) -> None:
        self._touched()
        self._draw(at)

    def _insert(self, *lines: MenuEntry) -> None:
        menu = self._menu()
        if menu is None:
            return
        if not menu.groups:
            menu.groups.append(MenuGroup(name=free_name(menu), words={"en": "Menu"}))
        group, place = self.tree.where() or (len(menu.groups) - 1, None)
        entries = menu.groups[group].entries
        place = len(entries) if place is None else place + 1
        entries[place:place] = lines
        menu.hidden = [one for one in menu.hidden if one not in {line.page for line in lines if line.kind == PAGE}]
        self._after((group, place))

    def _add_group(self) -> None:
        menu = self._menu()
        if menu is not None:
            at = self.tree.where()
            place = at[0] + 1 if at is not None else len(menu.groups)
            menu.groups.insert(place, MenuGroup(name=free_name(menu), words={"en": _("New heading")}))
            self._after((place, None))
            self.words.setFocus()

    def _add_page(self) -> None:
        jobs.start(self, self._really_add_page, name="add")

    async def _really_add_page(self) -> None:
        menu = self._menu()
        if menu is None:
            return
        out = [(one.name, one.label) for one in left_out(self._pages(), menu)]
        dialog = ChooseDialog(self, _("Add pages"), _("Pages that do not stand in this menu yet."), out, ticked=())
        if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value:
            self._insert(*[MenuEntry(page=name) for name in dialog.chosen()])

    def _add_search(self) -> None:
        jobs.start(self, self._really_add_search, name="add", refused=self._refused, offline=self._refused)

    async def _really_add_search(self) -> None:
        """First the list, then one of its saved searches or entries."""
        kinds = [(one.name, one.label) for one in self._pages() if one.name.startswith(OF_KIND)]
        dialog = ChooseDialog(self, _("From which list?"), "", kinds)
        if await dialogs.open(dialog) != QDialog.DialogCode.Accepted.value or not dialog.chosen():
            return
        page = dialog.chosen()[0]
        kind = page.removeprefix(OF_KIND)
        views = [one for one in await self._link.records.views(kind) if one["shared"]]
        rows = (await self._link.records.query(kind, Query(limit=200))).items
        facts = self._desk.schema.record(kind)
        titles = {f"{SEARCH}:{one['id']}": str(one["name"]) for one in views}
        if facts is not None:
            titles |= {f"{RECORD}:{row['id']}": self._desk.reader.title(facts, row) for row in rows}
        things = [(c, _("Search: {name}").format(name=t) if c.startswith(SEARCH) else t) for c, t in titles.items()]
        note = _("Searches that were saved for everybody, and the first entries of the list.")
        dialog = ChooseDialog(self, _("What shall it open?"), note, things)
        if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value and dialog.chosen():
            code = dialog.chosen()[0]
            which, target = code.split(":", 1)
            own = self._desk.languages[0]
            self._insert(MenuEntry(kind=which, page=page, target=target, words={own: titles[code][:80]}))

    # one line

    def _line(self) -> MenuEntry | MenuGroup | None:
        menu, at = self._menu(), self.tree.where()
        if menu is None or at is None or at[0] >= len(menu.groups):
            return None
        group = menu.groups[at[0]]
        return group if at[1] is None else group.entries[at[1]] if at[1] < len(group.entries) else None

    def _show_line(self) -> None:
        line = self._line()
        entry = line if isinstance(line, MenuEntry) else None
        self._filling = True
        self.words.show_value(dict(line.words) if line is not None else {})
        self.symbol.clear()
        self.symbol.addItem(_("As ever"), "")
        for symbol in SYMBOLS:
            self.symbol.addItem(qicon(symbol, "accent_strong"), "", symbol)
        self.symbol.setCurrentIndex(max(0, self.symbol.findData(entry.symbol if entry is not None else "")))
        self.needs.clear()
        self.needs.addItem(_("None further"), "")
        me = self._link.me
        for right in sorted(me.permissions if me is not None else []):
            self.needs.addItem(right, right)
        self.needs.setCurrentIndex(max(0, self.needs.findData(entry.needs if entry is not None else "")))
        listed = entry is not None and entry.kind == PAGE and entry.page.startswith(OF_KIND)
        for name in ("symbol", "needs"):
            self.side[name].setVisible(entry is not None)
            self.labels[name].setVisible(entry is not None)
        for part in (self.search, self.labels["search"]):
            part.setVisible(listed)
        self._show_searches([], entry)
        self._filling = False
        if entry is not None and listed and self._link.online:
            show = partial(self._show_searches, entry=entry)
            jobs.start(
                self, self._link.records.views, entry.page.removeprefix(OF_KIND), done=show, refused=lambda _why: None,
                offline=lambda _why: None,
            )  # fmt: skip

    def _show_searches(self, views: list[dict[str, Any]], entry: MenuEntry | None) -> None:
        if entry is not None and entry is not self._line():
            return
        chosen = self._draft.searches.get(entry.page, "") if self._draft is not None and entry is not None else ""
        self.search.clear()
        self.search.addItem(_("the whole list"), "")
        for view in views:
            if view["shared"]:
                self.search.addItem(str(view["name"]), str(view["id"]))
        if chosen and self.search.findData(chosen) < 0:
            self.search.addItem(_("a saved search"), chosen)
        self.search.setCurrentIndex(max(0, self.search.findData(chosen)))

    def _line_changed(self) -> None:
        line = self._line()
        if self._filling or line is None or self._draft is None:
            return
        line.words = {code: text for code, text in dict(self.words.value() or {}).items() if text}
        if isinstance(line, MenuEntry):
            line.symbol, line.needs = str(self.symbol.currentData() or ""), str(self.needs.currentData() or "")
            chosen = str(self.search.currentData() or "")
            if chosen:
                self._draft.searches[line.page] = chosen
            else:
                self._draft.searches.pop(line.page, None)
        self._changed = True
        item = self.tree.currentItem()
        if item is not None:
            from client_staff.screens.workplaces.tree import group_label

            item.setText(0, self.tree.label_of(line) if isinstance(line, MenuEntry) else group_label(line))
        self._allow()

    # keeping

    def _ask_buttons(self) -> None:
        jobs.start(self, self._really_ask_buttons, name="buttons")

    async def _really_ask_buttons(self) -> None:
        if self._draft is None:
            return
        kinds = {one.name: one.plural or one.label for one in self._desk.schema.records}
        things = [
            (one.name, f"{kinds[one.on]}: {one.label}")
            for one in self._desk.schema.actions
            if one.on in kinds and one.label
        ]
        note = _("Ticked buttons are not shown. It takes nobody's right away.")
        dialog = ChooseDialog(
            self, _("Buttons not shown"), note, sorted(things, key=lambda t: t[1]), self._draft.hidden_buttons
        )
        if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value:
            self._draft.hidden_buttons = dialog.chosen()
            self._touched()

    def _save(self) -> None:
        if self._draft is not None:
            self._touched()
            jobs.start(
                self, self._link.act, "people.keep_workplace", KeepWorkplace(workplace=self._draft), Workplace, name="save",
                busy=self.save, done=self._saved, refused=self._refused, offline=self._refused,
            )  # fmt: skip

    def _saved(self, kept: Workplace) -> None:
        self._changed = False
        self._draft = kept
        self.banner.say(_("Saved. It is seen at once by everybody whose it is."), "good", seconds=6)
        self._show_draft(kept)
        self._read()

    async def _really_drop(self) -> None:
        draft = self._draft
        if draft is None or draft.id is None:
            return
        text = _("Whoever had it sees the next one that fits, else the program's own menu.")
        if await dialogs.ask(self, _("Delete this workplace?"), text, _("Delete"), _("Keep"), dangerous=True):
            await self._link.records.delete("workplace", str(draft.id), version=draft.version)
            self._changed = False
            self._show_draft(None)
            self._read()
