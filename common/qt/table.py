"""A table of rows: sorts by its heads, keeps its place when it is read anew, copies to a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from common.qt.theme import theme
from common.qt.widgets import qicon

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 32
HEAD_ROOM = 22
"""What a head needs beside its words: its edges, and the mark of the order."""
NOWHERE = QModelIndex()


@dataclass(frozen=True)
class TableColumn:
    """One column. `text(row)` is what stands there, `order(row)` what it sorts by; figures stand at the end."""

    name: str
    label: Callable[[], str]
    """Asked anew after a change of language."""
    text: Callable[[Any], str]
    order: Callable[[Any], Any] | None = None
    figures: bool = False
    bold: bool = False
    width: int = 0
    """Logical pixels; 0 takes what is left."""
    tone: Callable[[Any], str] | None = None
    """A token's name by row."""
    symbol: Callable[[Any], str] | None = None


class _Rows(QAbstractTableModel):
    def __init__(self, columns: Sequence[TableColumn], key: Callable[[Any], Any]) -> None:
        super().__init__()
        self.columns = list(columns)
        self.rows: list[Any] = []
        self.key = key

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.label()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and column.tone is not None:
            return QColor(getattr(theme.tokens, column.tone(row)))
        if role == Qt.ItemDataRole.FontRole and column.bold:
            return theme.font(14, bold=True)
        if role == Qt.ItemDataRole.DecorationRole and column.symbol is not None:
            name = column.symbol(row)
            tone = column.tone(row) if column.tone is not None else "ink"
            return qicon(name, tone) if name else QIcon()
        return None


class _Sorted(QSortFilterProxyModel):
    def lessThan(self, left: Index, right: Index) -> bool:
        model: _Rows = self.sourceModel()  # type: ignore[assignment]
        column = model.columns[left.column()]
        order = column.order or column.text
        one, other = order(model.rows[left.row()]), order(model.rows[right.row()])
        if one is None or other is None:
            return one is None and other is not None
        return bool(one < other)


class DataTable(QTableView):
    """`opened(row)` comes with Enter or a double click. `key(row)` tells rows apart over a new reading."""

    opened = Signal(object)

    def __init__(
        self, columns: Sequence[TableColumn], key: Callable[[Any], Any], *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._model = _Rows(columns, key)
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(self._model)
        self.setModel(self._sorted)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        head = self.horizontalHeader()
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        self._fit_heads()
        self.activated.connect(self._open)

    @property
    def rows(self) -> list[Any]:
        """What stands here, in its own order."""
        return self._model.rows

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows; the current one stays current while it is there, and the place stays."""
        current = self.current()
        chosen = self._model.key(current) if current is not None else None
        place = self.verticalScrollBar().value()
        self._model.beginResetModel()
        self._model.rows = list(rows)
        self._model.endResetModel()
        for number, row in enumerate(rows):
            if chosen is not None and self._model.key(row) == chosen:
                self.setCurrentIndex(self._sorted.mapFromSource(self._model.index(number, 0)))
        self.verticalScrollBar().setValue(place)

    def selectRow(self, row: int) -> None:
        """Make a row the current one. Qt's own looks for a column at the reader's edge and finds none from right to left."""
        self.setCurrentIndex(self._sorted.index(row, 0))

    def say_again(self) -> None:
        """Heads and cells in another language."""
        self.show_rows(self._model.rows)
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._model.columns) - 1)
        self._fit_heads()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns without a width share what is left."""
        super().resizeEvent(event)
        self._share_room()

    def _fit_heads(self) -> None:
        """Every head can be read whole, in any language."""
        for place, column in enumerate(self._model.columns):
            if column.width:
                self.setColumnWidth(place, max(column.width, self._needs(column)))
        self._share_room()

    def _share_room(self) -> None:
        """What is left goes to the columns without a width; when it is too little for their heads, the table scrolls."""
        columns = self._model.columns
        free = [place for place, column in enumerate(columns) if not column.width]
        taken = sum(self.columnWidth(place) for place, column in enumerate(columns) if column.width)
        needs = max((self._needs(columns[place]) for place in free), default=0)
        enough = self.viewport().width() - taken >= needs * len(free)
        mode = QHeaderView.ResizeMode.Stretch if enough else QHeaderView.ResizeMode.Interactive
        for place in free:
            self.horizontalHeader().setSectionResizeMode(place, mode)
            if not enough:
                self.setColumnWidth(place, self._needs(columns[place]))

    def _needs(self, column: TableColumn) -> int:
        return self.horizontalHeader().fontMetrics().horizontalAdvance(column.label()) + HEAD_ROOM

    def current(self) -> Any:
        """The current row, or nothing."""
        index = self._sorted.mapToSource(self.currentIndex())
        return self._model.rows[index.row()] if index.isValid() and index.row() < len(self._model.rows) else None

    def chosen(self) -> list[Any]:
        """The selected rows, in the order in which they stand."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.rows[self._sorted.mapToSource(self._sorted.index(place, 0)).row()] for place in places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies rows as a spreadsheet takes them."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
            return
        super().keyPressEvent(event)

    def copied(self) -> str:
        """The chosen rows with their heads, tabs between."""
        lines = ["\t".join(column.label() for column in self._model.columns)]
        for index in sorted(self.selectionModel().selectedRows(), key=lambda one: one.row()):
            row = self._model.rows[self._sorted.mapToSource(index).row()]
            lines.append("\t".join(column.text(row) for column in self._model.columns))
        return "\n".join(lines)

    def _open(self, index: QModelIndex) -> None:
        row = self._sorted.mapToSource(index).row()
        self.opened.emit(self._model.rows[row])


def _alignment(column: TableColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignTrailing if column.figures else Qt.AlignmentFlag.AlignLeading
    return side | Qt.AlignmentFlag.AlignVCenter
