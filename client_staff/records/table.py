"""The table of a list: ticks, the current row's bar, keys, heads that sort and offer what can be done with a column."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from client_staff.records.model import ListModel
from client_staff.records.shown import figures
from common.qt.theme import theme
from common.records import Field
from common.records.field import WHOLE
from common.text import _

ROW_PX = 32
TICK_PX = 38
WIDTHS = {"words": 190, "text": 150, "long_text": 260, "rich_text": 260, "link": 160, "parent": 160, "moment": 180}
WIDTHS |= {"period": 220, "yes_no": 80, "number": 90, "address": 240, "links": 200, "day": 120}
LEAST_PX, MOST_PX = 60, 260
DEFAULT_WIDTH = 130
UNGROUPED = ("links", "files", "document", "words", "address", "coordinates", "image")


class _Row(QStyledItemDelegate):
    """Draws the ground of the current and the ticked rows, the bar at the start, the tick."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Every cell of the current row is drawn alike, and none as a single focused cell."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        t, rect = theme.tokens, option.rect
        current = index.row() == self._table.currentIndex().row()
        ticked = self._table.model_of.rows[index.row()]["id"] in self._table.model_of.ticked
        if current or ticked:
            painter.fillRect(rect, QColor(t.accent_soft))
        if index.column() == 0:
            self._tick(painter, rect, ticked)
            if current:
                rtl = self._table.isRightToLeft()
                bar = QRect(rect.right() - 2 if rtl else rect.left(), rect.top(), 3, rect.height())
                painter.fillRect(bar, QColor(t.accent))
        else:
            super().paint(painter, option, index)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(t.line))
        if current and self._table.hasFocus() and index.column() == self._table.currentIndex().column():
            painter.setPen(QPen(QColor(t.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        if theme.skin == "contrast" and (current or ticked):
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, QColor(t.ink))
            painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, QColor(t.ink))

    def _tick(self, painter: QPainter, rect: QRect, on: bool) -> None:
        t = theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(rect.center().x() - 7, rect.center().y() - 7, 15, 15)
        painter.setPen(QPen(QColor(t.accent if on else t.edge), 1))
        painter.setBrush(QColor(t.accent if on else t.surface))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(QColor(t.on_accent), 2))
            painter.drawPolyline(
                [box.topLeft() + QPoint(3, 7), box.topLeft() + QPoint(6, 10), box.topLeft() + QPoint(12, 4)]
            )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows are equally high."""
        return QSize(super().sizeHint(option, index).width(), ROW_PX)


class RecordTable(QTableView):
    """Keys: Space ticks, Shift with arrows ticks on, Ctrl+A all, Enter opens, Alt+Up and Alt+Down sort by the column under
    the cursor, Ctrl+Shift+L filters by the cell, Ctrl+C copies rows, Ctrl+End the last page."""

    entered_row = Signal()
    """Enter or a double click."""
    current_moved = Signal()
    sort_wanted = Signal(str, bool, bool)
    """Field, downwards, as a further one."""
    filter_wanted = Signal(object, object)
    """Field, value of the cell or nothing."""
    group_wanted = Signal(str)
    total_wanted = Signal(str)
    hide_wanted = Signal(str)
    all_wanted = Signal()
    end_wanted = Signal()
    arranged = Signal()
    """Widths or the order of columns were changed."""

    def __init__(self, model: ListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("records_table")
        self.model_of = model
        self._arranging = False
        self.setModel(model)
        self.setItemDelegate(_Row(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(28)
        head.setFixedHeight(ROW_PX)
        head.setStretchLastSection(True)
        head.setSortIndicatorShown(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda at: self.column_menu(head.logicalIndexAt(at)))
        head.sectionClicked.connect(self._head_clicked)
        head.sectionResized.connect(lambda *_: None if self._arranging else self.arranged.emit())
        head.sectionMoved.connect(lambda *_: None if self._arranging else self.arranged.emit())
        self.doubleClicked.connect(lambda _index: self.entered_row.emit())

    # columns

    def arrange(self, columns: list[Field], widths: dict[str, int]) -> None:
        """Show these columns in this order."""
        self._arranging = True
        row, column = self.current_row(), self.currentIndex().column()
        self.model_of.show_columns(columns)
        head = self.horizontalHeader()
        for place in range(head.count()):
            head.moveSection(head.visualIndex(place), place)
        self.setColumnWidth(0, TICK_PX)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        for place, field in enumerate(columns, 1):
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            least = head.fontMetrics().horizontalAdvance(field.label) + 40
            self.setColumnWidth(place, widths.get(field.name) or max(WIDTHS.get(field.kind, DEFAULT_WIDTH), least))
        if row is not None:
            self.go_to(row["id"], column)
        self._arranging = False

    def fit(self, known: dict[str, int]) -> None:
        """Columns that nobody has drawn get the width of what stands in them."""
        head, rows = self.horizontalHeader(), self.model_of.rows[:40]
        self._arranging = True
        for place, field in enumerate(self.model_of.columns, 1):
            if field.name not in known:
                metrics = self.fontMetrics()
                texts = [self.model_of.text(row, field) for row in rows]
                widest = max([metrics.horizontalAdvance(text) for text in texts], default=0)
                label = head.fontMetrics().horizontalAdvance(field.label) + 32
                self.setColumnWidth(place, min(MOST_PX, max(LEAST_PX, label, widest + 28)))
        self._arranging = False

    def arrangement(self) -> tuple[list[str], dict[str, int]]:
        """The columns in the order in which they stand, and their widths."""
        head = self.horizontalHeader()
        order = sorted(range(1, head.count()), key=head.visualIndex)
        names = [self.model_of.columns[place - 1].name for place in order if place <= len(self.model_of.columns)]
        last = order[-1] if order else 0
        widths = {self.model_of.columns[place - 1].name: self.columnWidth(place) for place in order if place != last}
        return names, widths

    def mark_sort(self, sort: list[str]) -> None:
        """An arrow on the column by which the list is sorted first."""
        head = self.horizontalHeader()
        first = sort[0] if sort else ""
        names = [field.name for field in self.model_of.columns]
        place = names.index(first.removeprefix("-")) + 1 if first.removeprefix("-") in names else -1
        down = first.startswith("-")
        head.setSortIndicator(place, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)

    def _field_at(self, section: int) -> Field | None:
        return self.model_of.columns[section - 1] if 0 < section <= len(self.model_of.columns) else None

    def _head_clicked(self, section: int) -> None:
        field = self._field_at(section)
        if field is None:
            if self.model_of.ticked:
                self.model_of.untick()
            else:
                self.all_wanted.emit()
            return
        if not sortable(field):
            return
        sort = self.model_of.asked.sort
        further = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.sort_wanted.emit(field.name, field.name in sort, further)

    def column_menu(self, section: int) -> None:
        """What can be done with a column."""
        field = self._field_at(section)
        if field is None:
            return
        menu = QMenu(self)
        menu.setObjectName("column_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if sortable(field):
            _line(menu, "column_up", _("Sort upwards"), partial(self.sort_wanted.emit, field.name, False, False))
            _line(menu, "column_down", _("Sort downwards"), partial(self.sort_wanted.emit, field.name, True, False))
        if not field.computed:
            _line(menu, "column_filter", _("Filter…"), partial(self.filter_wanted.emit, field, None))
        if not field.protected and not field.computed and field.kind not in UNGROUPED:
            _line(menu, "column_group", _("Group by this"), partial(self.group_wanted.emit, field.name))
        if field.kind in WHOLE and not field.computed and figures(field):
            on = field.name in self.model_of.asked.totals
            words = _("Without its total") if on else _("With its total")
            _line(menu, "column_total", words, partial(self.total_wanted.emit, field.name))
        _line(menu, "column_hide", _("Hide this column"), partial(self.hide_wanted.emit, field.name))
        at = self.horizontalHeader().mapToGlobal(
            QPoint(self.columnViewportPosition(section), self.horizontalHeader().height())
        )
        menu.popup(at)

    # rows

    def current_row(self) -> dict[str, Any] | None:
        """The current row, or nothing."""
        place = self.currentIndex().row()
        return self.model_of.rows[place] if 0 <= place < len(self.model_of.rows) else None

    def go_to(self, record_id: str, column: int = 1) -> bool:
        """Make a record the current one; says whether it is loaded."""
        place = self.model_of.place_of(record_id)
        if place >= 0:
            self.setCurrentIndex(self.model_of.index(place, max(1, column)))
        return place >= 0

    def step(self, by: int) -> None:
        """The next record, or the one before."""
        place = max(0, min(len(self.model_of.rows) - 1, self.currentIndex().row() + by))
        if self.model_of.rows:
            self.setCurrentIndex(self.model_of.index(place, max(1, self.currentIndex().column())))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        """The cursor moved."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
            self.current_moved.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The first column ticks."""
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if index.isValid() and (
            index.column() == 0 or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):  # Ctrl with a click ticks, as everywhere
            self.model_of.tick(self.model_of.rows[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a list."""
        key, mods, row = Qt.Key(event.key()), event.modifiers(), self.current_row()
        alt, control = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        field = self._field_at(self.currentIndex().column())
        if event.text() == "/" or key == Qt.Key.Key_Slash:
            event.ignore()  # the list's key: Qt would look for a row that begins so
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.entered_row.emit()
        elif key == Qt.Key.Key_Space and row is not None:
            self.model_of.tick(row)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and mods == shift and row is not None:
            self.model_of.tick(row, True)
            self.step(1 if key == Qt.Key.Key_Down else -1)
            if (now := self.current_row()) is not None:
                self.model_of.tick(now, True)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and mods == alt and field is not None and sortable(field):
            self.sort_wanted.emit(field.name, key == Qt.Key.Key_Down, False)
        elif key == Qt.Key.Key_L and mods == control | shift and field is not None and row is not None:
            self.filter_wanted.emit(field, row.get(field.name))
        elif key == Qt.Key.Key_End and mods == control and self.model_of.canFetchMore():
            self.end_wanted.emit()
        elif key == Qt.Key.Key_Home and self.model_of.at_end:
            self.model_of.start()
        elif key in (Qt.Key.Key_Menu, Qt.Key.Key_F10) and field is not None:
            self.column_menu(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The ticked rows, else the current one, with their heads, as a spreadsheet takes them."""
        fields = [self.model_of.columns[n - 1] for n in sorted(
            range(1, len(self.model_of.columns) + 1), key=self.horizontalHeader().visualIndex)]  # fmt: skip
        current = self.current_row()
        rows = list(self.model_of.ticked.values()) or ([current] if current is not None else [])
        lines = ["\t".join(_flat(field.label) for field in fields)]
        lines += ["\t".join(_flat(self.model_of.text(row, field)) for field in fields) for row in rows]
        return "\n".join(lines)


def sortable(field: Field) -> bool:
    """Whether the server sorts by it."""
    return (
        field.sortable
        and not field.computed
        and not field.protected
        and (field.kind != "words" or (field.in_list and field.search))
    )


def _line(menu: QMenu, name: str, words: str, act: Any) -> None:
    line = menu.addAction(words)
    line.setObjectName(name)
    line.triggered.connect(lambda _on=False: act())


def _flat(text: str) -> str:
    return " ".join(text.split())
