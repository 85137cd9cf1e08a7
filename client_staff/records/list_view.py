"""The list of one kind of record: searches, conditions, table or tree or groups, ticked rows, totals, and how it stands."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout

from client_staff.records.bulk import BulkBar
from client_staff.records.columns import ColumnsDialog, columns_of
from client_staff.records.condition_bar import ConditionBar
from client_staff.records.condition_dialog import ConditionDialog
from client_staff.records.conditions import of_cell, usable
from client_staff.records.desk import RecordDesk
from client_staff.records.groups import Groups
from client_staff.records.model import MOST_TICKED, ListModel
from client_staff.records.saved import SavedSearches
from client_staff.records.table import RecordTable
from client_staff.records.tree import RecordTree, count_words
from common.link import Offline
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, Loading, StateView
from common.qt.widgets.state_view import Way
from common.records import Condition, Field, Query, RecordFacts
from common.text import _, formats, ngettext


class ListView(QFrame):
    """`moved` comes when the cursor stands on another record, `entered` when the person wants into it."""

    moved = Signal()
    entered = Signal()
    counted = Signal(str)
    """How many, in words."""
    new_wanted = Signal()

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("list_view")
        self.setProperty("card", True)
        self.desk, self.facts = desk, facts
        self.model = ListModel(desk, facts)
        self.table = RecordTable(self.model)
        self.tree: RecordTree | None = None
        self.groups: Groups | None = None
        self._fitted = False
        self._place: tuple[str, int] = ("", 0)
        """The current record and how far it was scrolled, before the rows were read anew."""
        self.settling = False
        """The cursor is being put where it was, or onto the first row: nobody has moved it."""
        self.searches = SavedSearches(desk, facts)
        self.bar = ConditionBar(desk, facts)
        self.loading = Loading("list_loading")
        self.banner = Banner(13, name="list_said")
        self.fresh = QPushButton()
        self.fresh.setObjectName("list_fresh")
        self.fresh.setProperty("kind", "plain")
        self.fresh.clicked.connect(lambda: self._read(again=True))
        self.fresh.hide()
        self.state = StateView(name="list_state")
        self.bulk = BulkBar(desk, self.model, self.table)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.state)
        self.foot = QFrame()
        self.foot.setFixedHeight(32)
        self.foot_count = QLabel()
        self.foot_count.setObjectName("list_count")
        self.foot_count.setFont(theme.font(13, bold=True))
        self.foot_sums = QLabel()
        self.foot_sums.setObjectName("list_sums")
        low = QHBoxLayout(self.foot)
        low.setContentsMargins(12, 0, 12, 0)
        low.addWidget(self.foot_count)
        low.addStretch(1)
        low.addWidget(self.foot_sums)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for widget in (self.searches, self.bar, self.loading, self.banner, self.fresh):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        column.addWidget(self.bulk)
        column.addWidget(self.foot)
        self._wire()
        self._lay_out(desk.layouts.get(facts.name))

    def _wire(self) -> None:
        self.model.read.connect(self._shown)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.ticks_changed.connect(self._totals)
        table, bar = self.table, self.bar
        table.current_moved.connect(self.moved)
        table.entered_row.connect(self.entered)
        table.sort_wanted.connect(self._sort)
        table.filter_wanted.connect(self._filter)
        table.group_wanted.connect(self.group_by)
        table.total_wanted.connect(self._total)
        table.hide_wanted.connect(self._hide)
        table.arranged.connect(self._arranged)
        table.all_wanted.connect(lambda: jobs.start(self, self._tick_all, name="all"))
        table.end_wanted.connect(self._to_end)
        bar.edit_wanted.connect(self.edit_condition)
        bar.drop_wanted.connect(self._drop_condition)
        bar.searched.connect(lambda words: self._ask(search=words))
        bar.search_left.connect(self.first_focus)
        self.searches.chosen.connect(self._view_chosen)
        self.searches.save_wanted.connect(self._save_search)
        self.bulk.said.connect(lambda words, tone: self.banner.say(words, tone, seconds=None if tone != "good" else 6))
        self.bulk.done.connect(self.model.again)

    # layout

    def _lay_out(self, layout: dict[str, Any]) -> None:
        """Columns, widths, order and totals as this person left them."""
        columns = columns_of(self.facts, layout.get("columns"))
        sort = [name for name in layout.get("sort", []) if self.facts.field(str(name).removeprefix("-")) is not None]
        totals = layout.get("totals")
        if totals is None:
            totals = [field.name for field in columns if field.kind == "money"]
        totals = [name for name in totals if self.facts.field(name) is not None]
        self.table.arrange(columns, layout.get("widths", {}))
        self.model.asked = self.model.asked.model_copy(update={"sort": sort, "totals": totals})
        self.table.mark_sort(sort)

    def _arranged(self) -> None:
        names, widths = self.table.arrangement()
        self.desk.layouts.put(self.facts.name, columns=names, widths=widths)

    def _keep(self) -> None:
        self.desk.layouts.put(self.facts.name, sort=self.model.asked.sort, totals=self.model.asked.totals)

    def layout_now(self) -> dict[str, Any]:
        """Columns with widths, in their order, to be kept with a search."""
        names, widths = self.table.arrangement()
        return {"columns": names, "widths": widths}

    async def choose_columns(self) -> None:
        """The dialog of columns."""
        names, widths = self.table.arrangement()
        dialog = ColumnsDialog(self, self.facts, names)
        chosen: list[list[str] | None] = []
        dialog.accepted.connect(lambda: chosen.append(dialog.chosen()))
        if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value and chosen:
            columns = columns_of(self.facts, chosen[0])
            self.table.arrange(columns, widths)
            self.table.fit(widths)
            self.table.mark_sort(self.model.asked.sort)
            self.desk.layouts.put(self.facts.name, columns=[field.name for field in columns] if chosen[0] else [])

    def _hide(self, name: str) -> None:
        names, widths = self.table.arrangement()
        left = [one for one in names if one != name]
        if left:
            self.table.arrange(columns_of(self.facts, left), widths)
            self.table.mark_sort(self.model.asked.sort)
            self.desk.layouts.put(self.facts.name, columns=left)

    # life

    def begin(self) -> None:
        """The list is on the screen."""
        self.model.listen()
        self.searches.read()
        self._chips()

    def stop(self) -> None:
        """It is not any more."""
        self.model.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.searches.say_again()
        self.bar.say_again()
        self.bulk.refresh()
        self._chips()
        self._shown()

    def describe(self, facts: RecordFacts) -> None:
        """The kind is described anew: other labels, other rights."""
        self.facts = self.model.facts = self.searches.facts = facts
        self.table.arrange(
            columns_of(facts, self.desk.layouts.get(facts.name).get("columns")), self.table.arrangement()[1]
        )
        if self.tree is not None:
            self.tree.facts = facts
        self.say_again()

    def first_focus(self) -> None:
        """Into the rows; onto the first where none is current."""
        view = self.stack.currentWidget() or self.table
        view = view if view is not self.state else self.bar.search
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        if view is self.table and self.table.current_row() is None and self.model.rows:
            self.table.setCurrentIndex(self.model.index(0, 1))

    # asking

    def _ask(self, **changes: Any) -> None:
        self.model.asked = self.model.asked.model_copy(update={**changes, "after": None})
        self._chips()
        self._read()

    def _read(self, again: bool = False) -> None:
        """Read what is asked for, into the table, the tree or the groups."""
        self.fresh.hide()
        if self.groups is not None:
            self.group_by(self.groups.field.name)
        elif self.tree is not None and self.stack.currentWidget() is self.tree:
            self.tree.remember(self.model.asked)
        else:
            job = self.model.again() if again else self.model.start()
            self.loading.begin(job.cancel)

    def _chips(self) -> None:
        more: list[tuple[str, Any]] = []
        if self.model.asked.deleted != "without":
            more.append((_("Deleted entries"), self.toggle_deleted))
        if self.groups is not None:
            more.append((_("Grouped by {field}").format(field=self.groups.field.label), self.ungroup))
        self.bar.show_conditions(self.facts, self.model.asked.conditions, more)

    def show_only(self, conditions: list[Condition]) -> None:
        """Show what fits these conditions, and nothing else."""
        self.bar.search.clear()
        self._ask(conditions=conditions, search="")

    def edit_condition(self, place: int) -> None:
        """Write a condition: an old one, or a new one for -1."""
        jobs.start(self, self._edit_condition, place, None, name="condition")

    async def _edit_condition(self, place: int, start: Condition | None) -> None:
        conditions = list(self.model.asked.conditions)
        old = conditions[place] if 0 <= place < len(conditions) else start
        dialog = ConditionDialog(self, self.desk, self.facts, old, self.model.asked)
        made: list[Condition | None] = []
        dialog.accepted.connect(lambda: made.append(dialog.condition()))
        await dialogs.open(dialog)
        if made and made[0] is not None:
            if 0 <= place < len(conditions):
                conditions[place] = made[0]
            else:
                conditions.append(made[0])
            self._ask(conditions=conditions)
            self.first_focus()

    def _drop_condition(self, place: int) -> None:
        conditions = [one for n, one in enumerate(self.model.asked.conditions) if n != place]
        self._ask(conditions=conditions)

    def _filter(self, field: Field, value: Any) -> None:
        if value is None:
            start = Condition(field=field.name)
            jobs.start(self, self._edit_condition, -1, start, name="condition")
            return
        added = of_cell(field, value)
        self._ask(conditions=[*self.model.asked.conditions, added])

    def _sort(self, name: str, down: bool, further: bool) -> None:
        wanted = f"-{name}" if down else name
        old = [one for one in self.model.asked.sort if one.removeprefix("-") != name]
        sort = [*old, wanted][:5] if further else [wanted]
        self.table.mark_sort(sort)
        self._ask(sort=sort)
        self._keep()

    def _total(self, name: str) -> None:
        totals = self.model.asked.totals
        self._ask(totals=[one for one in totals if one != name] if name in totals else [*totals, name])
        self._keep()

    def toggle_deleted(self) -> None:
        """The deleted entries, or those that are there."""
        self.model.untick()
        self._ask(deleted="without" if self.model.asked.deleted == "only" else "only")

    def _to_end(self) -> None:
        self.loading.begin(self.model.to_end().cancel)

    def _view_chosen(self, view: dict[str, Any] | None) -> None:
        query = Query.model_validate(view["query"]) if view is not None else Query()
        conditions = [one for one in query.conditions if usable(one, self.facts)]
        self.bar.search.setText(query.search)
        sort = query.sort or self.model.asked.sort
        if view is not None and view.get("layout", {}).get("columns"):
            layout = view["layout"]
            self.table.arrange(columns_of(self.facts, layout["columns"]), layout.get("widths", {}))
        self.table.mark_sort(sort)
        self._ask(
            conditions=conditions, search=query.search, sort=sort, deleted=query.deleted,
            totals=query.totals or self.model.asked.totals,
        )  # fmt: skip
        if query.group_by and self.facts.field(query.group_by) is not None:
            self.group_by(query.group_by)

    def _save_search(self) -> None:
        group = self.groups.field.name if self.groups is not None else None
        query = self.model.asked.model_copy(update={"group_by": group})
        jobs.start(self, self.searches.ask_and_save, query, self.layout_now(), name="save search")

    async def _tick_all(self) -> None:
        rows = await self.model.all_matching()
        self.model.tick_all(rows)
        if len(rows) >= MOST_TICKED:
            self.banner.say(
                _("The first {count} of all that match are ticked.").format(count=formats.number(len(rows))), "warn"
            )

    # groups and tree

    def group_by(self, name: str) -> None:
        """Show the values of a field with their counts instead of the rows."""
        field = self.facts.field(name)
        if field is None:
            return
        self._drop_groups()
        self.groups = Groups(self.desk, self.facts, field, self.model.asked)
        self.groups.entered.connect(self._enter_group)
        self.groups.failed.connect(lambda words: self.banner.say(words, "bad"))
        self.stack.addWidget(self.groups)
        self.stack.setCurrentWidget(self.groups)
        self.groups.setFocus()
        self._chips()

    def ungroup(self) -> None:
        """The rows again."""
        self._drop_groups()
        self.stack.setCurrentWidget(self.table)
        self._chips()
        self._read()
        self.first_focus()

    def _drop_groups(self) -> None:
        groups, self.groups = self.groups, None
        if groups is not None:
            self.stack.removeWidget(groups)
            groups.deleteLater()

    def _enter_group(self, condition: Condition) -> None:
        self._drop_groups()
        self.stack.setCurrentWidget(self.table)
        self._ask(conditions=[*self.model.asked.conditions, condition])
        self.first_focus()

    @property
    def as_tree(self) -> bool:
        """The tree is shown, not the list."""
        return self.tree is not None and self.stack.currentWidget() is self.tree

    def show_tree(self, on: bool) -> None:
        """As a tree, or as a list; remembered."""
        self._drop_groups()
        if on and self.tree is None:
            self.tree = RecordTree(self.desk, self.facts)
            self.tree.current_moved.connect(self.moved)
            self.tree.entered_row.connect(self.entered)
            self.tree.said.connect(lambda words, tone: self.banner.say(words, tone, seconds=8))
            self.tree.counted.connect(lambda count, more: self._count(count_words(count, more), count))
            self.stack.addWidget(self.tree)
        self.stack.setCurrentWidget(self.tree if on and self.tree is not None else self.table)
        self.desk.layouts.put(self.facts.name, tree=on)
        self._read()

    # what stands there

    def current_row(self) -> dict[str, Any] | None:
        """The record under the cursor, or nothing."""
        if self.as_tree and self.tree is not None:
            return self.tree.current_row()
        return self.table.current_row() if self.groups is None else None

    def step(self, by: int) -> None:
        """The next record, or the one before."""
        (self.tree if self.as_tree and self.tree is not None else self.table).step(by)

    def go_to(self, record_id: str) -> None:
        """Put the cursor onto a record, if it is loaded."""
        if self.as_tree and self.tree is not None:
            self.tree.go_to(record_id)
        else:
            self.table.go_to(record_id)

    def changed(self, record: dict[str, Any]) -> None:
        """A form has changed a record: the row shows it at once, the notice that follows does the rest."""
        self.model.put(record)
        if self.as_tree and self.tree is not None:
            self.tree.read_again()

    def _shown(self) -> None:
        self.loading.end()
        model = self.model
        if model.rows and not self._fitted:
            self._fitted = True
            self.table.fit(self.desk.layouts.get(self.facts.name).get("widths", {}))
        waiting = len(model.fresh)
        self.fresh.setText(ngettext("{count} new", "{count} new", waiting).format(count=formats.number(waiting)))
        self.fresh.setVisible(waiting > 0)
        if self.groups is None and not self.as_tree:
            self._show_state()
        self._count(self._total_words(), self.model.total if isinstance(self.model.total, int) else 0)
        self._totals()
        if model.rows and self.table.current_row() is None:
            self._settle()

    def _remember(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._place = (str(row["id"]), self.table.verticalScrollBar().value())

    def _settle(self) -> None:
        """The cursor and the place as they were; onto the first row when that record is not here any more."""
        record_id, scrolled = self._place
        self.settling = True
        if self.table.go_to(record_id):
            self.table.verticalScrollBar().setValue(scrolled)
        else:
            self.table.setCurrentIndex(self.model.index(0, 1))
        self.settling = False

    def _show_state(self) -> None:
        model, why = self.model, self.model.why
        ways: list[Way] = []
        if why is not None and model.loaded:
            self.banner.say(why.sentence, "warn" if isinstance(why, Offline) else "bad")
        elif why is not None:
            symbol = "offline" if isinstance(why, Offline) else "octagon"
            ways = [("list_again", _("Try again"), lambda: self._read())]
            self.state.show_state(symbol, _("The list is not here"), why.sentence, ways, tone="warn")
            self.stack.setCurrentWidget(self.state)
            return
        if not model.loaded:
            self.stack.setCurrentWidget(self.table)
            return
        if model.rows:
            self.stack.setCurrentWidget(self.table)
            return
        asked = bool(model.asked.conditions or model.asked.search)
        plural = self.facts.plural or self.facts.label
        if asked:
            words = _("Nothing in {kind} matches. Take a condition away, or make a new entry.").format(kind=plural)
        else:
            words = _("Nothing in {kind} yet.").format(kind=plural)
        if asked:
            ways.append(("list_all", _("Show all"), lambda: self.show_only([])))
        if "add" in self.facts.operations and model.asked.deleted == "without":
            ways.append(("list_new", _("New entry"), self.new_wanted.emit))
        had_focus = self.table.hasFocus()
        self.state.show_state("list", words, "", ways)
        self.stack.setCurrentWidget(self.state)
        if had_focus:
            self.bar.search.setFocus()

    def _total_words(self) -> str:
        total = self.model.total
        if isinstance(total, int):
            return formats.number(total)
        return _("more than {count}").format(count=formats.number(10_000))

    def _count(self, words: str, number: int = 0) -> None:
        self.foot_count.setText(ngettext("{count} entry", "{count} entries", number).format(count=words))
        self.counted.emit(words)

    def _totals(self) -> None:
        parts = []
        ticked = list(self.model.ticked.values())
        for name in self.model.asked.totals:
            field = self.facts.field(name)
            if field is None or name not in self.model.totals:
                continue
            part = f"{field.label}: {self.desk.reader.text(field, self.model.totals[name])}"
            if ticked:
                mine = sum(row.get(name) or 0 for row in ticked)
                of = _("of {count} ticked: {sum}").format(
                    count=formats.number(len(ticked)), sum=self.desk.reader.text(field, mine)
                )
                part = f"{of}   {part}"
            parts.append(part)
        if self.model.at_end:
            parts.insert(0, _("the last ones; Home shows the first"))
        self.foot_sums.setText("     ".join(parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """`/` adds a condition wherever the list has the focus; Home at the last page goes back to the first."""
        if event.text() == "/" or event.key() == Qt.Key.Key_Slash:
            self.edit_condition(-1)
        elif event.key() == Qt.Key.Key_Escape and self.model.ticked:
            self.model.untick()
        elif event.key() == Qt.Key.Key_Escape and self.groups is not None:
            self.ungroup()
        else:
            super().keyPressEvent(event)
