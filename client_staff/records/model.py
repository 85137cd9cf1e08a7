"""The rows of a list: read page by page as they are scrolled to, kept true by notices without losing their place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPixmap

from client_staff.records.desk import RecordDesk
from client_staff.records.shown import NOTHING, figures
from common.link import Offline, Refusal
from common.protocol.messages import Notice
from common.qt import jobs
from common.qt.theme import theme
from common.records import Condition, Field, Query, RecordFacts
from common.text import _

log = logging.getLogger(__name__)

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
PAGE = 100
LARGEST_PAGE = 500
MOST_TICKED = 2_000
NOTICE_MS = 120
"""Notices that come together are read together."""
ROW_ID = Qt.ItemDataRole.UserRole


class ListModel(QAbstractTableModel):
    """One list with its search. Loop's thread; every reading belongs to this object and ends with it."""

    read = Signal()
    """Rows, totals or the state are others now; the selection and place may be put back."""
    ticks_changed = Signal()

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.desk = desk
        self.facts = facts
        self.columns: list[Field] = []
        self.rows: list[dict[str, Any]] = []
        self.asked = Query()
        """What is asked for; `after` and `limit` are this object's own."""
        self.total: int | str = 0
        self.totals: dict[str, int] = {}
        self.ticked: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        """Rows that do not match any more; they stay greyed until the next search."""
        self.fresh: set[str] = set()
        """Rows that match and came meanwhile; they wait until somebody asks for them."""
        self.touched: set[str] = set()
        """Rows that were changed a moment ago, tinted."""
        self.why: Refusal | Offline | None = None
        """Why the last reading failed."""
        self.loaded = False
        self.at_end = False
        """The last page is shown, not the first ones."""
        self._next: str | None = None
        self._turn = 0
        self._noticed: set[str] = set()
        self._soon = QTimer(self, interval=NOTICE_MS, singleShot=True)
        self._soon.timeout.connect(self._look_at_noticed)
        self._stop: Callable[[], None] | None = None

    # what is asked

    def ask(self, **changes: Any) -> None:
        """Search for something else: from the beginning."""
        self.asked = self.asked.model_copy(update={**changes, "after": None})
        self.start()

    def start(self, keep: int = 0) -> jobs.Job:
        """Read from the beginning, at least `keep` rows; the old rows stay until the new ones are there."""
        self._turn += 1
        return jobs.start(
            self, self._read, self._turn, max(PAGE, keep), done=self._taken, refused=self._failed, offline=self._failed
        )

    def again(self) -> jobs.Job:
        """Read anew as far as was read before."""
        return self.start(len(self.rows))

    def to_end(self) -> jobs.Job:
        """The last page alone."""
        self._turn += 1
        return jobs.start(
            self, self._read_end, self._turn, done=self._taken, refused=self._failed, offline=self._failed
        )

    async def _read(self, turn: int, wanted: int) -> tuple[int, list[dict[str, Any]], Any, bool]:
        rows: list[dict[str, Any]] = []
        first = await self._page(self.asked.model_copy(update={"limit": min(wanted, LARGEST_PAGE)}))
        rows += first.items
        more = first.next
        while more is not None and len(rows) < wanted:
            page = await self._page(self._bare(limit=min(wanted - len(rows), LARGEST_PAGE), after=more))
            rows += page.items
            more = page.next
        first.next = more
        return turn, rows, first, False

    async def _read_end(self, turn: int) -> tuple[int, list[dict[str, Any]], Any, bool]:
        page = await self._page(self.asked.model_copy(update={"limit": PAGE, "after": "end"}))
        return turn, page.items, page, True

    def _bare(self, **changes: Any) -> Query:
        """The same rows without what is worked out over all of them."""
        return self.asked.model_copy(update={"totals": [], "count": False, **changes})

    async def _page(self, query: Query) -> Any:
        page = await self.desk.link.records.query(self.facts.name, query)
        self.desk.reader.labels.update(page.labels)
        return page

    def _taken(self, got: tuple[int, list[dict[str, Any]], Any, bool]) -> None:
        turn, rows, page, at_end = got
        if turn != self._turn:
            return
        self.beginResetModel()
        self.rows, self._next, self.at_end = rows, page.next, at_end
        self.total, self.totals = page.total, page.totals
        self.gone.clear()
        self.fresh.clear()
        self.touched.clear()
        by_id = {row["id"]: row for row in rows}
        self.ticked = {one: by_id.get(one, row) for one, row in self.ticked.items()}
        self.why, self.loaded = None, True
        self.endResetModel()
        self.read.emit()

    def _failed(self, why: Refusal | Offline) -> None:
        self.why = why
        self.read.emit()

    # scrolling

    def canFetchMore(self, parent: Index = NOWHERE) -> bool:
        """Whether the server has more."""
        return self._next is not None and not parent.isValid()

    def fetchMore(self, parent: Index = NOWHERE) -> None:
        """The view has come to the end of what is there."""
        if self._next is not None:
            jobs.start(
                self, self._more, self._turn, self._next, name="more", done=self._added, refused=self._failed,
                offline=self._failed,
            )  # fmt: skip

    async def _more(self, turn: int, after: str) -> tuple[int, Any]:
        return turn, await self._page(self._bare(limit=PAGE, after=after))

    def _added(self, got: tuple[int, Any]) -> None:
        turn, page = got
        if turn != self._turn:
            return
        there = {row["id"] for row in self.rows}
        new = [row for row in page.items if row["id"] not in there]
        if new:
            self.beginInsertRows(NOWHERE, len(self.rows), len(self.rows) + len(new) - 1)
            self.rows += new
            self.endInsertRows()
        self._next = page.next
        self.read.emit()

    # hearing of changes

    def listen(self) -> None:
        """Keep the rows true by notices, from now on; reads at once."""
        if self._stop is None:
            self._stop = self.desk.link.watch(self.facts.module, self._hear)
            if not self.desk.link.online:
                self.again()

    def stop(self) -> None:
        """Listen no more."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        self._soon.stop()

    def _hear(self, notice: Notice | None) -> None:
        if notice is None:
            self.again()
        elif notice.ids.get("type") == self.facts.name and notice.ids.get("id"):
            self._noticed.add(notice.ids["id"])
            self._soon.start()

    def _look_at_noticed(self) -> None:
        ids, self._noticed = list(self._noticed)[:LARGEST_PAGE], set()
        if ids and self.loaded:
            jobs.start(
                self, self._meet, ids, done=self._met, refused=lambda why: log.info("%s", why),
                offline=lambda why: log.info("%s", why),
            )  # fmt: skip

    async def _meet(self, ids: list[str]) -> tuple[list[str], Any]:
        only = Condition(field="id", operator="any_of", value=ids)
        query = self.asked.model_copy(
            update={"conditions": [*self.asked.conditions, only], "limit": LARGEST_PAGE, "totals": []}
        )
        return ids, await self._page(query)

    def _met(self, got: tuple[list[str], Any]) -> None:
        ids, page = got
        matching = {row["id"]: row for row in page.items}
        places = {row["id"]: place for place, row in enumerate(self.rows)}
        for one in ids:
            place = places.get(one)
            if place is None:
                if one in matching and not self.at_end:
                    self.fresh.add(one)
                else:
                    self.fresh.discard(one)
                continue
            if one in matching:
                if self.rows[place] != matching[one]:
                    self.touched.add(one)
                self.rows[place] = matching[one]
                self.gone.discard(one)
            else:
                self.gone.add(one)
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))
        if self.touched:
            QTimer.singleShot(theme.tokens.calm, self, self._untouch)
        self._count_anew()
        self.read.emit()

    def _count_anew(self) -> None:
        jobs.start(
            self, self._page, self.asked.model_copy(update={"limit": 1}), name="count", done=self._counted,
            refused=lambda why: log.info("%s", why), offline=lambda why: log.info("%s", why),
        )  # fmt: skip

    def _counted(self, page: Any) -> None:
        self.total, self.totals = page.total, page.totals
        self.read.emit()

    def _untouch(self) -> None:
        self.touched.clear()
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))

    def put(self, row: dict[str, Any]) -> None:
        """A form has saved this row: show it at once."""
        for place, one in enumerate(self.rows):
            if one["id"] == row["id"]:
                self.rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))
                return

    # ticks

    def tick(self, row: dict[str, Any], on: bool | None = None) -> None:
        """Tick or untick one row."""
        there = row["id"] in self.ticked
        if on is None or on != there:
            if there:
                del self.ticked[row["id"]]
            else:
                self.ticked[row["id"]] = row
            self._ticks_drawn()

    def tick_all(self, rows: Iterable[dict[str, Any]]) -> None:
        """Tick these."""
        self.ticked.update({row["id"]: row for row in rows})
        self._ticks_drawn()

    def untick(self, ids: Iterable[str] | None = None) -> None:
        """Untick these, or all."""
        if ids is None:
            self.ticked.clear()
        else:
            for one in ids:
                self.ticked.pop(one, None)
        self._ticks_drawn()

    async def all_matching(self) -> list[dict[str, Any]]:
        """Every row that matches, MOST_TICKED at most."""
        rows: list[dict[str, Any]] = []
        after: str | None = None
        while len(rows) < MOST_TICKED:
            page = await self._page(self._bare(limit=LARGEST_PAGE, after=after))
            rows += page.items
            after = page.next
            if after is None:
                break
        return rows[:MOST_TICKED]

    def _ticks_drawn(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.ticks_changed.emit()

    # Qt's questions

    def show_columns(self, columns: list[Field]) -> None:
        """Other columns, or the same ones in another language."""
        self.beginResetModel()
        self.columns = columns
        self.endResetModel()

    def place_of(self, record_id: str) -> int:
        """The row of a record, -1 when it is not loaded."""
        return next((n for n, row in enumerate(self.rows) if row["id"] == record_id), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if section == 0:
            return ("✓" if self.ticked else "") if role == Qt.ItemDataRole.DisplayRole else None
        if section > len(self.columns):
            return None
        field = self.columns[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return field.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return field.help or field.label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(field)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row = self.rows[index.row()]
        if role == ROW_ID:
            return row["id"]
        if index.column() == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return "✓" if row["id"] in self.ticked else ""
            return Qt.AlignmentFlag.AlignCenter if role == Qt.ItemDataRole.TextAlignmentRole else None
        field = self.columns[index.column() - 1]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(field)
        if role == Qt.ItemDataRole.ForegroundRole:
            if row["id"] in self.gone or row.get("deleted_at"):
                return theme.colour("ink_3")
            return None
        if role == Qt.ItemDataRole.BackgroundRole and row["id"] in self.touched:
            return theme.colour("warn_soft")
        if role == Qt.ItemDataRole.FontRole:
            font = theme.font(14, bold=self.facts.title[:1] == [field.name])
            font.setStrikeOut(bool(row.get("deleted_at")))
            return font
        if role == Qt.ItemDataRole.DecorationRole and field.kind == "colour" and row.get(field.name):
            patch = QPixmap(14, 14)
            patch.fill(QColor(row[field.name]))
            return patch
        return None

    def text(self, row: dict[str, Any], field: Field) -> str:
        """What stands in a cell."""
        if field.name not in row:
            return _("hidden from you")
        if row[field.name] is None:
            return NOTHING
        return self.desk.reader.text(field, row[field.name])


def _alignment(field: Field) -> Qt.AlignmentFlag:
    if figures(field):
        # On the right in every language: figures run from the left even in Persian, and so their decimals line up.
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
