"""Dictionaries with their entries beside them: added by typing, sorted by hand, opened for their languages (ADM-030)."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from client_staff.records.tree import RecordTree
from common.link import Offline, Refusal, new_key
from common.qt import jobs
from common.qt.widgets import Banner
from common.records import Condition, Query, RecordFacts
from common.text import _, language

ENTRY = "dictionary_entry"


class EntriesTab(QWidget):
    """The entries of one dictionary as a tree, in the order in which they are offered."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("dictionary_entries")
        self._desk = desk
        self._of = ""
        self.banner = Banner(13, name="entries_said")
        self.name = QLineEdit()
        self.name.setObjectName("entry_name")
        self.name.returnPressed.connect(self._add)
        self.add_key, self.drop_key = QPushButton(), QPushButton()
        for key, called, act in ((self.add_key, "entry_add", self._add), (self.drop_key, "entry_delete", self._delete)):
            key.setObjectName(called)
            key.clicked.connect(lambda _on=False, what=act: what())
        self.tree = RecordTree(desk, facts)
        self.tree.setObjectName("entries_tree")
        self.tree.entered_row.connect(self._open)
        self.tree.said.connect(lambda words, tone: self.banner.say(words, tone))
        self.hint = QLabel()
        self.hint.setObjectName("entries_hint")
        self.hint.setWordWrap(True)
        self.hint.setProperty("tone", "second")
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.add_key)
        row.addWidget(self.drop_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.banner)
        column.addWidget(self.tree, 1)
        column.addWidget(self.hint)
        for widget in (self.name, self.add_key):
            widget.setVisible("add" in facts.operations)
        self.drop_key.setVisible("delete" in facts.operations)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.name.setPlaceholderText(_("New entry"))
        self.add_key.setText(_("Add"))
        self.drop_key.setText(_("Delete"))
        self.hint.setText(
            _(
                "Enter opens an entry. Drag it, or press Alt+Shift with the arrows, to sort it or to put it under another."
            )
        )
        self._read()

    def show_of(self, dictionary_id: str) -> None:
        """Show the entries of another dictionary."""
        if dictionary_id != self._of:
            self._of = dictionary_id
            self.banner.hide()
            self._read()

    def _read(self) -> None:
        if self._of:
            self.tree.remember(Query(conditions=[Condition(field="dictionary_id", value=self._of)]))

    def _add(self) -> None:
        name = self.name.text().strip()
        if name and self._of:
            values = {
                "dictionary_id": self._of, "code": uuid4().hex[:12], "name": {language(): name},
                "place": len(self.tree.driver_text().splitlines()),
            }  # fmt: skip
            made = partial(self._desk.link.records.create, ENTRY, values, key=new_key())
            jobs.start(self, made, name="entry", done=self._added, refused=self._say, offline=self._say)

    def _added(self, _record: object) -> None:
        self.name.clear()
        self.tree.read_again()

    def _delete(self) -> None:
        row = self.tree.current_row()
        if row is not None:
            gone = partial(
                self._desk.link.records.delete, ENTRY, str(row["id"]), version=int(row["version"]), reason=None,
                key=new_key(),
            )  # fmt: skip
            jobs.start(self, gone, name="entry", done=self._deleted, refused=self._say, offline=self._say)

    def _deleted(self, _record: object) -> None:
        self.banner.say(_("It is not offered any more; where it was chosen it stays readable."), "good", seconds=8)
        self.tree.read_again()

    def _say(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "bad")

    def _open(self) -> None:
        row = self.tree.current_row()
        if row is not None:
            self._desk.show_record(ENTRY, str(row["id"]))

    def first_focus(self) -> None:
        """Into the tree."""
        self.tree.setFocus()


class Screen(RecordsPage):
    """The generic page with the entries as one more tab."""

    entries: EntriesTab | None = None
    """Made once the generic page stands, for whoever may see entries."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        of_entries = desk.schema.record(ENTRY)
        if of_entries is not None:
            self.entries = EntriesTab(desk, of_entries)
            self._place = self.view.tabs.addTab(self.entries, _("Entries"))
            self.view.form.titled.connect(self._follow_record)
            self._follow_record()

    def _follow_record(self) -> None:
        if self.entries is not None:
            there = bool(self.view.record_id)
            self.view.tabs.setTabVisible(self._place, there)
            if there:
                self.entries.show_of(self.view.record_id)

    def say_again(self) -> None:
        """The reader's language changed."""
        super().say_again()
        if self.entries is not None:
            self.entries.say_again()
            self.view.tabs.setTabText(self._place, _("Entries"))
