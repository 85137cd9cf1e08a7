"""Which window serves what: a grid of ticks, for the keyboard first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from common.protocol.setup import SetupService
from common.qt.theme import theme
from common.qt.widgets.icon import paint
from common.text import _, formats
from common.text.words import pick

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROW, BOX, CELL = 32, 18, 40


class _Ticks(QAbstractTableModel):
    """Rows are services, columns windows; the first column counts."""

    def __init__(self) -> None:
        super().__init__()
        self.services: list[SetupService] = []
        self.windows: list[str] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.services)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.windows) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Vertical:
            service = self.services[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{service.prefix}   {pick(service.name)}"
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return formats.digits(self.windows[section - 1]) if section else _("Windows")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        service = self.services[index.row()]
        count = len(set(service.windows) & set(self.windows))
        if index.column() == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return formats.number(count)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            if role == Qt.ItemDataRole.ForegroundRole and not count:
                return QColor(theme.tokens.bad_strong)
            if role == Qt.ItemDataRole.FontRole:
                font: QFont = theme.font(14, bold=not count)
                return font
            return None
        ticked = self.windows[index.column() - 1] in service.windows
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return "✓" if ticked else ""
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            label = self.windows[index.column() - 1]
            return f"{pick(service.name)}, " + _("Window {window}").format(window=formats.digits(label))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Box(QStyledItemDelegate):
    """Paints a tick; the focus is a ring that is never hidden."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        assert isinstance(view, Matrix)
        if index.column() == 0:
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens
        cell = QRectF(option.rect)
        box = QRectF(cell.center().x() - BOX / 2, cell.center().y() - BOX / 2, BOX, BOX)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        painter.fillRect(QRectF(cell.left(), cell.bottom(), cell.width(), 1), QColor(tokens.line))
        painter.setPen(QPen(QColor(tokens.accent if ticked else tokens.edge), 1))
        painter.setBrush(QColor(tokens.accent if ticked else tokens.surface))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            paint(painter, box.adjusted(3, 3, -3, -3), "check", tokens.on_accent)
        if view.hasFocus() and view.currentIndex() == index:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus_edge), 4))
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 6, 6)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 6, 6)
        painter.restore()


class Matrix(QTableView):
    """Space ticks, arrow keys move, Enter changes the service, Delete leaves it out. `ticked` when a tick changed."""

    ticked = Signal()
    wanted = Signal()
    """The current service is to be changed."""
    left_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("services_grid")
        self._model = _Ticks()
        self.setModel(self._model)
        self.setItemDelegate(_Box(self))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMinimumHeight(240)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumWidth(220)
        rows.setMaximumWidth(340)
        rows.setSectionsClickable(True)
        rows.setHighlightSections(False)
        rows.sectionClicked.connect(self._choose)
        rows.sectionDoubleClicked.connect(lambda _row: self.wanted.emit())
        theme.changed.connect(self._skin)
        self._skin()
        head = self.horizontalHeader()
        head.setMinimumSectionSize(CELL)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._toggle)

    def _skin(self) -> None:
        t = theme.tokens
        self.verticalHeader().setStyleSheet(
            f"QHeaderView::section {{ color: {t.ink}; border-bottom: 1px solid {t.line}; padding: 0 12px; }}"
        )

    @property
    def services(self) -> list[SetupService]:
        """As ticked."""
        return self._model.services

    def show_services(self, services: list[SetupService], windows: list[str]) -> None:
        """Show others; the cursor stays where it can."""
        at = self.currentIndex()
        row, column = at.row(), at.column()
        self._model.beginResetModel()
        self._model.services, self._model.windows = list(services), list(windows)
        self._model.endResetModel()
        for place in range(len(windows) + 1):
            self.setColumnWidth(place, CELL if place else 84)
        if services:
            cell = self._model.index(max(0, min(row, len(services) - 1)), max(1, min(column, len(windows))))
            self.setCurrentIndex(cell if cell.isValid() else self._model.index(0, 0))

    def say_again(self) -> None:
        """The reader's language changed."""
        self.show_services(self._model.services, self._model.windows)

    def current_row(self) -> int:
        """The service under the cursor; -1 without."""
        return self.currentIndex().row()

    def _choose(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row, max(0, self.currentIndex().column())))
        self.setFocus()

    def _toggle(self, index: Index) -> None:
        if index.column() == 0:
            return
        label, row = self._model.windows[index.column() - 1], index.row()
        service = self._model.services[row]
        after = [one for one in self._model.windows if (one in service.windows) != (one == label)]
        self._model.services[row] = service.model_copy(update={"windows": after})
        self._model.dataChanged.emit(self._model.index(row, 0), self._model.index(row, index.column()))
        self.ticked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, Enter, Delete; the rest moves."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._toggle(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.left_out.emit()
        else:
            super().keyPressEvent(event)
