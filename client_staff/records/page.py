"""The generic page of a kind of record: its list, and the form of the record under the cursor beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.importing import TOOLS
from client_staff.records.list_view import ListView
from client_staff.records.model import ListModel
from client_staff.records.printing import print_list
from client_staff.records.record_view import RecordView
from common.link import Refusal
from common.link.records import Shown
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.records import Condition, RecordFacts
from common.text import N_, _, formats

FOLLOW_MS = 150
REST_MS = 400
"""The cursor must rest this long on a record before it counts as opened: only then it is read anew, which leaves its trace
where the kind asks for one."""
FORM_LEAST, FORM_MOST, FORM_USUAL = 320, 640, 400
NARROW_PX = 1000
"""Below this width the form covers the list; Esc returns."""
KEYS = (
    ("Ctrl+F", N_("find in the list")),
    ("/", N_("add a condition")),
    ("Space", N_("tick")),
    ("Ctrl+A", N_("tick all that match")),
    ("Enter", N_("into the form")),
    ("Ctrl+1", N_("the list")),
    ("Ctrl+2", N_("the form")),
    ("Ctrl+N", N_("new entry")),
    ("Ctrl+S", N_("save")),
    ("Esc", N_("discard, or one step back")),
    ("Ctrl+Z", N_("take the last change back")),
    ("Alt+Up, Alt+Down", N_("in the list: sort by this column; in the form: another entry")),
    ("Ctrl+Shift+L", N_("filter by this cell")),
    ("Shift+F10", N_("what this column can do")),
    ("Alt+1 … 9", N_("the entry's actions")),
    ("Ctrl+C", N_("copy rows for a spreadsheet")),
    ("Ctrl+P", N_("print")),
    ("Del", N_("delete")),
    ("Ctrl+Tab", N_("next tab of the form")),
)


class RecordsPage(QWidget):
    """One page a kind. `begin` and `stop` as every page; `show_one` goes to a record, wherever it stands in the list."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName(f"records_{facts.name}")
        self.desk, self.facts = desk, facts
        self._wanted: str | None = None
        self.title = QLabel()
        self.title.setObjectName("records_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count = QLabel()
        self.count.setObjectName("records_count")
        self.count.setProperty("tone", "second")
        self.columns_key = self._head_key("records_columns", "columns", self._choose_columns)
        self.tree_key = self._head_key("records_as_tree", "tree", self._toggle_tree)
        self.tree_key.setCheckable(True)
        self.more_key = self._head_key("records_more", "more", self._open_menu)
        self.new_key = self._head_key("records_new", "plus", self.new)
        self.new_key.setProperty("kind", "primary")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.tree_key)
        head.addWidget(self.columns_key)
        self._tools: list[tuple[Any, QPushButton]] = []
        for tool in TOOLS:
            key = self._head_key(f"tool_{tool.name}", tool.symbol, lambda one=tool: one.run(self))
            self._tools.append((tool, key))
            head.addWidget(key)
        head.addWidget(self.more_key)
        head.addWidget(self.new_key)
        self.list = ListView(desk, facts)
        self.view = RecordView(desk, facts)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("records_splitter")
        self.splitter.setHandleWidth(12)
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.view)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setChildrenCollapsible(False)
        self.view.setMinimumWidth(FORM_LEAST)
        self.splitter.splitterMoved.connect(self._split)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        self._follow = QTimer(self, interval=FOLLOW_MS, singleShot=True)
        self._follow.timeout.connect(self._show_current)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.view.read_anew)
        self._narrow = False
        self.list.moved.connect(self._moved)
        self.list.entered.connect(self.into_form)
        self.list.counted.connect(self._counted)
        self.list.new_wanted.connect(self.new)
        self.model.read.connect(self._refreshed)
        self.view.changed.connect(self._changed)
        self.view.left.connect(self.into_list)
        self.view.stepped.connect(self._step)
        self.view.opened.connect(lambda kind, record_id: desk.show_record(kind, record_id))
        self.view.listed.connect(self._list_linked)
        desk.schema_changed.connect(self._described)
        self._shortcuts()
        self.view.show_nothing()
        self.say_again()
        self.splitter.setSizes([1000, int(desk.layouts.get(facts.name).get("form", FORM_USUAL))])
        if facts.parent is not None and desk.layouts.get(facts.name).get("tree"):
            self.list.show_tree(True)

    @property
    def model(self) -> ListModel:
        """The rows and what is asked for."""
        return self.list.model

    def _head_key(self, name: str, symbol: str, act: Any) -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.setProperty("symbol", symbol)
        key.clicked.connect(lambda _on=False: act())
        return key

    def _shortcuts(self) -> None:
        on_keys(
            self,
            ("Ctrl+F", self._into_search),
            ("Ctrl+N", self.new),
            ("Ctrl+1", self.into_list),
            ("Ctrl+2", self.into_form),
            ("Ctrl+P", self._print),
            ("Ctrl+S", self.view.form.save),
            ("Ctrl+Tab", lambda: self._turn_tab(1)),
            ("Ctrl+Shift+Tab", lambda: self._turn_tab(-1)),
        )
        for tool, key in self._tools:
            if tool.key:
                key.setShortcut(tool.key)

    # life

    def begin(self) -> None:
        """The page is opened."""
        self.list.begin()

    def stop(self) -> None:
        """The page is left; drafts are on the disk."""
        self.view.form.keep_draft(only_if_waiting=True)
        self._follow.stop()
        self._rest.stop()
        self.list.stop()

    def keys(self) -> list[tuple[str, str]]:
        """The page's keys, for F1."""
        return [(key, _(words)) for key, words in KEYS]

    def short_keys(self) -> str:
        """The keys that matter most here, for the status bar."""
        return _("Ctrl+F find   / condition   Space tick   Ctrl+N new   Enter form   Ctrl+S save   F1 all keys")

    def palette_actions(self) -> list[tuple[str, str, Any]]:
        """What can be done here, for Ctrl+K: the record's own actions first."""
        lines: list[tuple[str, str, Any]] = []
        title = self.view.form.title
        if self.view.stack.currentWidget() is self.view.whole:
            for facts, key in self.view.actions_row.keys:
                if key.isEnabled():
                    lines.append((facts.name, f"{facts.label}: {title}", key.click))
            lines += [(name, f"{words.rstrip('…')}: {title}", act) for name, words, act in self.view.menu_lines()]
        lines += self.menu_lines()
        lines.append(("records_columns", _("Columns"), self._choose_columns))
        if "add" in self.facts.operations:
            lines.insert(0, ("records_new", _("New: {kind}").format(kind=self.facts.label), self.new))
        return lines

    def say_again(self) -> None:
        """The reader's language changed; labels of fields follow with the schema."""
        self.title.setText(self.facts.plural or self.facts.label)
        self.columns_key.setText(_("Columns"))
        self.tree_key.setText(_("Tree"))
        self.new_key.setText(_("New entry") + "  Ctrl+N")
        self.more_key.setToolTip(_("More"))
        self.more_key.setAccessibleName(_("More"))
        self.new_key.setVisible("add" in self.facts.operations)
        self.tree_key.setVisible(self.facts.parent is not None)
        for key in (self.columns_key, self.tree_key, self.more_key, self.new_key, *(k for _t, k in self._tools)):
            tone = "on_accent" if key is self.new_key else "ink"
            key.setIcon(qicon(str(key.property("symbol")), tone))
        for tool, key in self._tools:
            key.setText(tool.label() + (f"  {tool.key}" if tool.key else ""))
            key.setVisible(tool.offered(self))
        self.list.say_again()
        self.view.say_again()

    def _described(self) -> None:
        facts = self.desk.schema.record(self.facts.name)
        if facts is None:
            return
        if facts != self.facts:
            self.facts = facts
            self.list.describe(facts)
            self.view.describe(facts)
        self.say_again()

    def _moved(self) -> None:
        """The cursor stands on another record; rows that come meanwhile do not take a new one out of its form."""
        new = self.view.form.draft is not None and self.view.form.draft.new
        if not (self.list.settling and new):
            self._follow.start()

    def _refreshed(self) -> None:
        """The rows are as the server has them now; so is the form, around what is being written."""
        place = self.model.place_of(self.view.record_id) if self.view.record_id else -1
        if place >= 0:
            self.view.form.fresh(self.model.rows[place])

    def _counted(self, words: str) -> None:
        self.count.setText(words)

    # going

    def into_list(self) -> None:
        """Ctrl+1, and Esc from the form."""
        if self._narrow:
            self.list.show()
            self.view.hide()
        if self.view.form.draft is not None and self.view.form.draft.new and not self.view.form.dirty:
            self._show_current()
        self.list.first_focus()

    def into_form(self) -> None:
        """Ctrl+2, and Enter on a row."""
        if self._follow.isActive():
            self._follow.stop()
            self._show_current()
        if self._narrow:
            self.list.hide()
            self.view.show()
        self.view.first_focus()

    def _into_search(self) -> None:
        self.list.bar.search.setFocus()
        self.list.bar.search.selectAll()

    def _turn_tab(self, by: int) -> None:
        tabs = self.view.tabs
        places = [n for n in range(tabs.count()) if tabs.isTabVisible(n)]
        at = places.index(tabs.currentIndex()) if tabs.currentIndex() in places else 0
        tabs.setCurrentIndex(places[(at + by) % len(places)])
        self.view.first_focus()

    def _step(self, by: int) -> None:
        self.list.step(by)
        self._follow.stop()
        self._show_current()
        self.view.first_focus()

    def _show_current(self) -> None:
        row = self.list.current_row()
        form = self.view.form
        if row is None:
            if not (form.draft is not None and form.draft.new):
                self.view.show_nothing()
            return
        if form.record_id == row["id"] and self.view.stack.currentWidget() is self.view.whole:
            self.view.form.fresh(row)
            return
        self.view.show_record(row)
        self._rest.start()

    def new(self, values: dict[str, Any] | None = None) -> None:
        """Ctrl+N: a new record; in a tree under the current one."""
        if "add" not in self.facts.operations:
            return
        self._follow.stop()
        first = {**self.desk.first_values(self.facts), **(values or {})}
        row = self.list.current_row()
        if self.facts.parent is not None and self.list.as_tree and row is not None:
            self.desk.reader.labels[row["id"]] = self.desk.reader.title(self.facts, row)
            first.setdefault(self.facts.parent, row["id"])
        self.view.show_record(None)
        self.view.form.begin_with(first)
        self.into_form()

    def show_one(self, record_id: str) -> None:
        """Show a record: in the list where it is loaded, else alone beside it."""
        self._wanted = record_id
        if self.model.place_of(record_id) >= 0 and not self.list.as_tree:
            self.list.go_to(record_id)
            self.into_form()
            return
        jobs.start(
            self, self.desk.link.records.get, self.facts.name, record_id, done=self._came, refused=self._not_there
        )

    def _came(self, shown: Shown) -> None:
        self._follow.stop()
        self.desk.reader.labels.update(shown.labels)
        self.view.show_record(shown.values)
        self.list.go_to(str(shown.values["id"]))
        self._follow.stop()
        self.into_form()

    def _not_there(self, why: Refusal) -> None:
        self.list.banner.say(why.sentence, "warn")

    def show_only(self, conditions: list[Condition]) -> None:
        """The list with these conditions alone."""
        self.list.show_only(conditions)

    def show_search(self, view_id: str) -> None:
        """The list as a saved search has it."""
        self.list.searches.open(view_id)

    def _list_linked(self, kind: str, field: str, record_id: str) -> None:
        self.desk.reader.labels[record_id] = self.view.form.title
        self.desk.list_records(kind, [Condition(field=field, operator="is", value=record_id)])

    # doing

    def _changed(self, record: dict[str, Any]) -> None:
        self.list.changed(record)
        there = self.model.place_of(record["id"]) >= 0
        if not there or record.get("deleted_at"):
            # A new record has its place by the list's own order: read anew, and put the cursor on it.
            self.model.again().task.add_done_callback(lambda _task: self.list.go_to(record["id"]))  # type: ignore[union-attr]

    def _choose_columns(self) -> None:
        jobs.start(self, self.list.choose_columns, name="columns")

    def _toggle_tree(self) -> None:
        self.list.show_tree(self.tree_key.isChecked())
        self.list.first_focus()

    def _print(self) -> None:
        names, _widths = self.list.table.arrangement()
        fields = [field for name in names if (field := self.facts.field(name)) is not None]
        rows = list(self.model.ticked.values()) or self.model.rows
        about = _("{shown} of {total} entries").format(shown=formats.number(len(rows)), total=self.count.text())
        jobs.start(self, print_list, self, self.desk, self.title.text(), fields, rows, about, name="print")

    def menu_lines(self) -> list[tuple[str, str, Any]]:
        """What the list's menu offers: name, words, what it does."""
        lines: list[tuple[str, str, Any]] = [("records_print", _("Print the list…"), self._print)]
        if "delete" in self.facts.operations:
            only = self.model.asked.deleted == "only"
            words = _("Entries that are there") if only else _("Deleted entries")
            lines.append(("records_deleted", words, self.list.toggle_deleted))
        return lines

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("records_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, words, act in self.menu_lines():
            line = menu.addAction(words)
            line.setObjectName(name)
            line.triggered.connect(lambda _on=False, what=act: what())
        menu.popup(self.more_key.mapToGlobal(self.more_key.rect().bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del on a row deletes it, after its question."""
        if event.key() == Qt.Key.Key_Delete and self.list.table.hasFocus() and "delete" in self.facts.operations:
            if self._follow.isActive():
                self._follow.stop()
                self._show_current()
            jobs.start(self.view, self.view.delete, name="delete", refused=self.view.refused)
            return
        super().keyPressEvent(event)

    def _split(self, *_where: int) -> None:
        wide = max(FORM_LEAST, min(FORM_MOST, self.splitter.sizes()[1]))
        if not self._narrow:
            self.desk.layouts.put(self.facts.name, form=wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the form covers the list."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        if narrow is not self._narrow:
            self._narrow = narrow
            inside = self.view.isAncestorOf(self.focusWidget() or self)
            self.list.setVisible(not narrow or not inside)
            self.view.setVisible(not narrow or inside)
