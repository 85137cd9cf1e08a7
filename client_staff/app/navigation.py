"""The pages that this person may open, by subject; found by typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.app.band import Band
from client_staff.app.menu import Entry
from client_staff.app.pages import group_words
from common.qt.theme import STAFF_PX, theme
from common.qt.widgets import qicon
from common.text import N_, _, formats
from common.text.fold import fold

OWN = (
    ("counter", N_("Counter"), "ticket"),
    ("day", N_("The day"), "chart"),
    ("devices", N_("Devices"), "device"),
    ("setup", N_("First set-up"), "hall"),
)
"""The workbench's own pages; those of records and further screens stand below."""
WIDE, FOLDED = 196, 56


def heading_of(entry: Entry) -> str:
    """The words over the group of a line."""
    return entry.heading or (group_words(entry.group) if entry.group else "")


class Navigation(Band):
    """Own pages, then records by subject. Ctrl+B folds it to its symbols."""

    def __init__(self, open_page: Callable[[str], None]) -> None:
        super().__init__("beside")
        self.setFixedWidth(WIDE)
        self._open = open_page
        self._entries: list[Entry] = []
        self._marked = ""
        self._folded = False
        self._counts: dict[str, int] = {}
        self.keys: dict[str, QPushButton] = {}
        self._headings: list[tuple[QLabel, str]] = []
        self.search = QLineEdit()
        self.search.setObjectName("navigation_search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._first)
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(8, 4, 8, 8)
        self.column.setSpacing(2)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.inside)
        self.holder = QVBoxLayout()
        self.holder.setContentsMargins(8, 12, 8, 4)
        self.holder.addWidget(self.search)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        outer.addLayout(self.holder)
        outer.addWidget(self.area, 1)
        theme.changed.connect(self._draw)
        self.say_again()

    def show_entries(self, entries: list[Entry]) -> None:
        """What this person's workplace shows."""
        if entries != self._entries:
            self._entries = entries
            self._build()

    def _build(self) -> None:
        while self.column.count():
            item = self.column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.keys, self._headings = {}, []
        group = ""
        for entry in self._entries:
            if entry.group != group:
                group = entry.group
                heading = QLabel(heading_of(entry))
                heading.setFont(theme.font(12, bold=True))
                heading.setProperty("tone", "third")
                heading.setContentsMargins(8, 12, 0, 2)
                self.column.addWidget(heading)
                self._headings.append((heading, group))
            self._add(entry.name, entry.label, entry.symbol)
        self.column.addStretch(1)
        self._draw()
        self._filter()

    def _add(self, name: str, label: str, symbol: str) -> None:
        key = QPushButton()
        key.setObjectName(f"go_{name}")
        key.setCheckable(True)
        key.setAutoExclusive(True)
        key.setProperty("kind", "plain")
        key.setProperty("symbol", symbol)
        key.setProperty("words", label)
        key.setMinimumHeight(32)
        key.setToolTip(label)
        key.setAccessibleName(label)
        key.setChecked(name == self._marked)
        key.clicked.connect(partial(self._open, name))
        self.column.addWidget(key)
        self.keys[name] = key

    def mark(self, name: str) -> None:
        """This page is open."""
        self._marked = name
        if name in self.keys:
            self.keys[name].setChecked(True)
            self.area.ensureWidgetVisible(self.keys[name])

    def count(self, name: str, count: int) -> None:
        """How much waits on a page: stands beside its words."""
        if self._counts.get(name, 0) != count:
            self._counts[name] = count
            self._draw()

    def fold(self) -> None:
        """To its symbols, and back."""
        self._folded = not self._folded
        self.setFixedWidth(FOLDED if self._folded else WIDE)
        self.search.setVisible(not self._folded)
        self._draw()
        self._filter()

    def _filter(self) -> None:
        words = fold(self.search.text()).split() if not self._folded else []
        groups = {entry.name: entry.group for entry in self._entries}
        headings = {entry.name: heading_of(entry) for entry in self._entries}
        seen: set[str] = set()
        for name, key in self.keys.items():
            there = fold(f"{key.property('words')} {headings.get(name, '')}")
            shown = all(word in there for word in words)
            key.setVisible(shown)
            if shown and name in groups:
                seen.add(groups[name])
        for heading, group in self._headings:
            heading.setVisible(group in seen and not self._folded)

    def _first(self) -> None:
        """Enter in the search opens the first one found."""
        for name, key in self.keys.items():
            if not key.isHidden():
                self.search.clear()
                self._open(name)
                return

    def _draw(self) -> None:
        for name, key in self.keys.items():
            # The page in front is written bold, which is wider.
            metrics = QFontMetrics(theme.font(STAFF_PX, bold=True))
            room = WIDE - 72
            words = str(key.property("words"))
            waits = self._counts.get(name, 0)
            beside = f"  ({formats.number(waits)})" if waits else ""
            room -= metrics.horizontalAdvance(beside)
            key.setText("" if self._folded else metrics.elidedText(words, Qt.TextElideMode.ElideRight, room) + beside)
            key.setToolTip(words + beside)
            key.setAccessibleName(words + beside)
            key.setIcon(qicon(str(key.property("symbol")), "accent_strong"))
            # Qt turns "left" round by itself where text runs from the right.
            key.setStyleSheet("text-align: left; padding-left: 8px; padding-right: 8px;")

    def say_again(self) -> None:
        """The reader's language changed; labels of records follow with the schema."""
        self.search.setPlaceholderText(_("Find a page"))
        self.search.setAccessibleName(_("Find a page"))
        self._build()
