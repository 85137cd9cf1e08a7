"""Ctrl+K: any page, record or action by its name, number or initials; by keyboard all the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.navigation import heading_of
from client_staff.app.pages import Pages
from common.link import Offline, Refusal
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import icon
from common.records import Query, RecordFacts
from common.text import N_, _, language
from common.text.fold import fold, shadow

WAIT_MS = 180
AT_ONCE = 4
"""Kinds of record that are asked at the same time."""
EACH, MOST_RECORDS, MOST_OTHERS, RECENT = 3, 12, 6, 8
THING, HINT, SYMBOL = (Qt.ItemDataRole.UserRole + n for n in range(3))
GROUPS = {"actions": N_("Actions here"), "records": N_("Records"), "pages": N_("Pages"), "recent": N_("Last used")}


@dataclass
class Thing:
    """One thing that can be found."""

    group: str
    label: str
    hint: str
    symbol: str
    run: Callable[[], object]
    key: str = ""
    """By which it is remembered as used; empty for what is not."""
    words: str = field(default="", repr=False)
    """What is searched, folded, with initials."""


def rank(thing: Thing, words: list[str]) -> int | None:
    """How well it fits, 0 best; nothing when it does not."""
    where = thing.words or fold(f"{thing.label} {thing.hint}")
    if not all(word in where for word in words):
        return None
    first = words[0] if words else ""
    label = fold(thing.label)
    return 0 if label.startswith(first) else 1 if f" {first}" in f" {label}" else 2


class _Line(QStyledItemDelegate):
    """Symbol, name, what it is."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one line."""
        t, rect = theme.tokens, QRect(option.rect)
        thing: Thing | None = index.data(THING)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        if thing is None:
            painter.setFont(theme.font(12, bold=True))
            painter.setPen(QColor(t.ink_2))
            painter.drawText(rect.adjusted(16, 4, -16, 0), side, str(index.data(Qt.ItemDataRole.DisplayRole)))
            return
        view: Any = self.parent()
        if index.row() == view.currentRow():
            painter.fillRect(rect, QColor(t.accent_soft))
            painter.fillRect(rect.right() - 2 if rtl else rect.left(), rect.top(), 3, rect.height(), QColor(t.accent))
        box = QRect(rect.right() - 36 if rtl else rect.left() + 16, rect.center().y() - 9, 18, 18)
        icon.paint(painter, box.toRectF(), thing.symbol, t.accent_strong, rtl)
        room = rect.adjusted(16, 0, -46, 0) if rtl else rect.adjusted(46, 0, -16, 0)
        painter.setFont(theme.font(14, bold=index.row() == view.currentRow()))
        painter.setPen(QColor(t.ink))
        metrics = painter.fontMetrics()
        label = metrics.elidedText(thing.label, Qt.TextElideMode.ElideRight, int(room.width() * 0.66))
        painter.drawText(room, side, label)
        used = metrics.horizontalAdvance(label) + 14
        painter.setFont(theme.font(12))
        painter.setPen(QColor(t.ink_2))
        left = room.adjusted(0, 0, -used, 0) if rtl else room.adjusted(used, 0, 0, 0)
        painter.drawText(
            left, side, painter.fontMetrics().elidedText(thing.hint, Qt.TextElideMode.ElideRight, left.width())
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Lines are higher than headings."""
        return QSize(200, 36 if index.data(THING) is not None else 28)


class Palette(QWidget):
    """Lies over the window while it is open. `actions()` gives what the page in front can do."""

    def __init__(
        self,
        window: QWidget,
        pages: Pages,
        open_page: Callable[[str], None],
        actions: Callable[[], list[tuple[str, str, Callable[[], object]]]],
        remember: Callable[[list[str]], None],
        recent: list[str],
    ) -> None:
        super().__init__(window)
        self.setObjectName("palette_ground")
        self._window = window
        self._pages, self._open, self._actions = pages, open_page, actions
        self._remember, self._recent = remember, recent
        self._shadows: dict[str, str] = {}
        self._only = ""
        self._records: list[Thing] = []
        self._missing = ""
        self._moved = False
        self._job: jobs.Job | None = None
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setObjectName("palette")
        self.card.setProperty("ground", "raised")
        self.line = QLineEdit()
        self.line.setObjectName("palette_line")
        self.line.setFont(theme.font(17))
        self.line.setMinimumHeight(40)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._typed)
        self.where = QLabel()
        self.where.setObjectName("palette_where")
        self.where.setProperty("tone", "second")
        self.list = QListWidget()
        self.list.setObjectName("palette_list")
        self.list.setItemDelegate(_Line(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setStyleSheet("border: none;")
        self.list.itemClicked.connect(lambda _item: self._run())
        self.keys = QLabel()
        self.keys.setObjectName("palette_keys")
        self.keys.setProperty("tone", "second")
        self.keys.setContentsMargins(16, 6, 16, 6)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 16, 8)
        head.addWidget(self.line, 1)
        head.addWidget(self.where)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.keys)
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._ask_server)
        pages.desk.schema_changed.connect(self._learn)
        self.hide()

    # opening and closing

    def open(self) -> None:
        """Over the window, empty, with what was used last."""
        self._before = QApplication.focusWidget()
        self._only, self._records, self._missing, self._moved = "", [], "", False
        self.line.clear()
        self.line.setPlaceholderText(_("Find a page, record or action"))
        self.line.setAccessibleName(_("Find a page, record or action"))
        self.keys.setText(_("Up, Down: choose    Enter: do it    Tab: only one group    > actions    # records    Esc"))
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.place()
        self.line.setFocus()
        self._draw()

    def shut(self) -> None:
        """Back to where the focus was."""
        self._wait.stop()
        if self._job is not None:
            self._job.cancel()
        self.hide()
        if self._before is not None:
            try:
                self._before.setFocus()
            except RuntimeError:
                pass  # the page that had it is gone
        self._before = None

    def place(self) -> None:
        """Over the whole window, the card in its middle."""
        self.setGeometry(self._window.rect())
        wide = min(640, self.width() - 32)
        self.card.setGeometry((self.width() - wide) // 2, 96, wide, min(520, self.height() - 140))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window behind is dimmed."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 110))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside it leaves."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.shut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line's keys."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.shut()
        elif key == Qt.Key.Key_Tab:
            order = ["", "actions", "records", "pages"]
            self._only = order[(order.index(self._only) + 1) % len(order)]
            self._draw()
        else:
            return False
        return True

    # what there is

    def _learn(self) -> None:
        """Initials of Chinese names are looked up in a thread: their dictionary takes a quarter of a second."""
        if language() == "zh":
            labels = [entry.label for entry in self._pages.found_entries()]
            labels += [facts.label for facts in self._pages.desk.schema.records]
            jobs.start(self, asyncio.to_thread, _shadows, labels, name="learn", done=self._shadows.update)

    def _things(self) -> list[Thing]:
        found = [Thing("actions", words, "", "play", run) for _name, words, run in self._actions()]
        found += [
            Thing(
                "pages", entry.label, heading_of(entry), entry.symbol,
                lambda name=entry.name: self._open(name), key=entry.name,  # type: ignore[misc]
            )
            for entry in self._pages.found_entries()
        ]  # fmt: skip
        found += [
            Thing(
                "actions", _("New: {kind}").format(kind=facts.label), facts.plural, "plus",
                lambda kind=facts.name: self._pages.new_record(kind), key=f"new.{facts.name}",  # type: ignore[misc]
            )
            for facts in self._pages.desk.schema.records
            if "add" in facts.operations
        ]  # fmt: skip
        for thing in found:
            thing.words = fold(f"{thing.label} {thing.hint}") + " " + self._shadows.get(thing.label, "")
        return found

    def _typed(self, text: str) -> None:
        self._records, self._missing, self._moved = [], "", False
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._draw()
        self._wait.start()

    def _asked(self) -> tuple[str, str]:
        text = self.line.text().strip()
        if text.startswith(">"):
            return "actions", text[1:].strip()
        if text.startswith("#"):
            return "records", text[1:].strip()
        return self._only, text

    def _draw(self) -> None:
        only, text = self._asked()
        self.where.setText(_(GROUPS[only]) if only else _("Everywhere"))
        words = fold(text).split()
        current = self._current() if self._moved else None
        self.list.clear()
        if not words and not only:
            things = {thing.key: thing for thing in self._things() if thing.key}
            self._put("recent", [things[key] for key in self._recent if key in things])
            if not self.list.count():
                self._put("pages", list(things.values())[:MOST_OTHERS])
        else:
            ranked = [(rank(thing, words), thing) for thing in self._things()]
            fitting = [thing for place, thing in sorted(
                ((place, thing) for place, thing in ranked if place is not None), key=lambda pair: pair[0])]  # fmt: skip
            here = [t for t in fitting if t.group == "actions" and not t.key]
            others = [t for t in fitting if t.group == "actions" and t.key]
            if only in ("", "actions"):
                self._put("actions", (here + others)[: MOST_OTHERS * (3 if only else 1)])
            if only in ("", "records"):
                self._put("records", self._records)
            if only in ("", "pages"):
                self._put("pages", [t for t in fitting if t.group == "pages"][: MOST_OTHERS * (3 if only else 1)])
        if not self._lines():
            busy = self._wait.isActive() or (self._job is not None and self._job.running)
            self._say(_("Looking…") if busy else self._missing or _("Nothing is called so."))
        elif self._missing:
            self._say(self._missing)
        # The best is chosen until somebody chooses; then his line stays, whatever is found below or above it.
        place = next((n for n in self._lines() if current is not None and self._at(n).label == current.label), None)
        self.list.setCurrentRow(place if place is not None else next(iter(self._lines()), -1))

    def _say(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _put(self, group: str, things: list[Thing]) -> None:
        if not things:
            return
        self._say(_(GROUPS[group]))
        for thing in things:
            item = QListWidgetItem(f"{thing.label}   {thing.hint}".strip())
            item.setData(THING, thing)
            self.list.addItem(item)

    def _lines(self) -> list[int]:
        return [n for n in range(self.list.count()) if self.list.item(n).data(THING) is not None]

    def _at(self, place: int) -> Thing:
        thing: Thing = self.list.item(place).data(THING)
        return thing

    def _current(self) -> Thing | None:
        item = self.list.currentItem()
        return item.data(THING) if item is not None else None

    def _step(self, by: int) -> None:
        self._moved = True
        lines = self._lines()
        if lines:
            at = lines.index(self.list.currentRow()) if self.list.currentRow() in lines else 0
            self.list.setCurrentRow(lines[(at + by) % len(lines)])
            self.list.scrollToItem(self.list.currentItem())

    def _run(self) -> None:
        thing = self._current()
        if thing is None:
            return
        self._before = None
        self.shut()
        if thing.key:
            self._recent = [thing.key, *(one for one in self._recent if one != thing.key)][:RECENT]
            self._remember(self._recent)
        thing.run()

    # records

    def _ask_server(self) -> None:
        only, text = self._asked()
        if len(text) < (1 if only == "records" else 2) or only not in ("", "records"):
            self._draw()
            return
        self._job = jobs.start(
            self, self._find, text, done=lambda _got: self._draw(), refused=lambda why: None, offline=self._no_server
        )

    def _no_server(self, why: Offline) -> None:
        self._missing = _("Pages only: {why}").format(why=why.sentence)
        self._draw()

    async def _find(self, text: str) -> None:
        """Ask the kinds of record, a few at a time; the one in front first."""
        kinds = [
            facts for facts in self._pages.desk.schema.records
            if facts.title and any(f.search for f in facts.fields) and "see" in facts.operations
        ]  # fmt: skip
        used = [key.removeprefix("records.") for key in self._recent]
        kinds.sort(key=lambda f: used.index(f.name) if f.name in used else len(used))
        for begin in range(0, len(kinds), AT_ONCE):
            found = await asyncio.gather(*(self._of_kind(facts, text) for facts in kinds[begin : begin + AT_ONCE]))
            new = [thing for things in found for thing in things]
            if new:
                # What is called so before what only has it somewhere.
                words = fold(text).split()
                named = sorted(self._records + new, key=lambda t: not all(word in fold(t.label) for word in words))
                self._records = named[:MOST_RECORDS]
                self._draw()
            if len(self._records) >= MOST_RECORDS:
                return

    async def _of_kind(self, facts: RecordFacts, text: str) -> list[Thing]:
        desk = self._pages.desk
        try:
            page = await desk.link.records.query(facts.name, Query(search=text[:100], limit=EACH))
        except Refusal:
            return []
        desk.reader.labels.update(page.labels)
        return [
            Thing(
                "records", desk.reader.title(facts, row), facts.label, "document",
                lambda record_id=row["id"]: self._pages.show_record(facts.name, record_id),  # type: ignore[misc]
            )
            for row in page.items
        ]  # fmt: skip


def _shadows(labels: list[str]) -> dict[str, str]:
    return {label: shadow(label) for label in labels}
