"""The grid itself: rights down, roles across, how far as a word on grounds that grow stronger."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from client_staff.screens.roles.draft import EVERYTHING, LEVELS, NONE, Draft
from common.qt.theme import theme
from common.text import N_, _, formats
from common.text.words import pick

Index = QModelIndex | QPersistentModelIndex
LEVEL_WORDS = {
    NONE: "–",
    "own": N_("Own"),
    "department": N_("Department"),
    "section": N_("Section"),
    "hall": N_("Hall"),
    "outlet": N_("Outlet"),
    "all": N_("All"),
}
KEYS_OF_LEVELS = {
    Qt.Key.Key_O: "own", Qt.Key.Key_U: "department", Qt.Key.Key_S: "section", Qt.Key.Key_H: "hall",
    Qt.Key.Key_T: "outlet", Qt.Key.Key_A: "all", Qt.Key.Key_Delete: NONE, Qt.Key.Key_Backspace: NONE,
}  # fmt: skip
ROW_PX, COLUMN_PX = 30, 108
NOWHERE = QModelIndex()


def level_words(level: str) -> str:
    """How far, in a word."""
    return "–" if level == NONE else _(LEVEL_WORDS[level]) if level in LEVEL_WORDS else level


@dataclass(frozen=True)
class Line:
    """A row: a heading without a permission, else a right."""

    label: str
    permission: str = ""
    search: str = ""


class GridModel(QAbstractTableModel):
    """Lines and roles over the draft."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.lines: list[Line] = []
        self.roles: list[str] = []

    def show(self, lines: list[Line], roles: list[str]) -> None:
        """Show other rows and columns."""
        self.beginResetModel()
        self.lines, self.roles = lines, roles
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.roles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            facts = self.draft.roles[self.roles[section]]
            if role == Qt.ItemDataRole.DisplayRole:
                people = len({holder.account_id for holder in facts.holders})
                return f"{pick(facts.name_words) or facts.name}\n{formats.people(people)}"
            if role == Qt.ItemDataRole.ToolTipRole:
                return pick(facts.name_words) or facts.name
            return None
        line = self.lines[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.label
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(13 if line.permission else 13.5, bold=not line.permission)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        line = self.lines[index.row()]
        if not line.permission:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return level_words(self.draft.level(self.roles[index.column()], line.permission))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not self.lines[index.row()].permission:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class LevelPainter(QStyledItemDelegate):
    """Draws how far a right reaches."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        model: GridModel = index.model()  # type: ignore[assignment]
        tokens, line = theme.tokens, model.lines[index.row()]
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not line.permission:
            painter.fillRect(rect, QColor(tokens.canvas))
            painter.restore()
            return
        role_id = model.roles[index.column()]
        level = model.draft.level(role_id, line.permission)
        if model.draft.changed(role_id, line.permission):
            painter.fillRect(rect, QColor(tokens.warn_soft))
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.warn))
        ground, ink, edge = {
            NONE: (None, tokens.ink_3, None),
            "own": (tokens.surface, tokens.ink, tokens.edge),
            "department": (tokens.accent_soft, tokens.accent_strong, None),
            "section": (tokens.accent_soft, tokens.accent_strong, None),
            "hall": (tokens.accent, tokens.on_accent, None),
            "outlet": (tokens.accent, tokens.on_accent, None),
            "all": (tokens.ink, tokens.surface, None),
        }.get(level, (None, tokens.ink, tokens.edge))
        words = level_words(level)
        font = theme.font(12.5)
        painter.setFont(font)
        wide = min(rect.width() - 12, max(58, QFontMetrics(font).horizontalAdvance(words) + 18))
        pill = QRectF(rect.center().x() - wide / 2, rect.center().y() - 10, wide, 20)
        if model.draft.fixed(role_id, line.permission):
            # It follows from the role's giving everything: said, but quietly.
            ground, ink, edge = tokens.canvas, tokens.ink_2, tokens.line
        if ground is not None:
            painter.setPen(QPen(QColor(edge), 1) if edge else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(pill, 4, 4)
        painter.setPen(QColor(ink))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
        view: QTableView = self.parent()  # type: ignore[assignment]
        if index == view.currentIndex():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus_edge), 4))
            painter.drawRect(rect.adjusted(2, 2, -2, -2))
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(rect.adjusted(2, 2, -2, -2))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Of a cell."""
        return QSize(COLUMN_PX, ROW_PX)


class Grid(QTableView):
    """Arrow keys move; O U S H T A or 1 to 6 set how far, Del or 0 takes away, Space goes on to the next."""

    asked = Signal(str, str, str)
    """Role, right, level."""
    moved = Signal()

    def __init__(self, model: GridModel, may: Callable[[], bool]) -> None:
        super().__init__()
        self.setObjectName("roles_grid")
        self._grid, self._may = model, may
        self.setModel(model)
        self.setItemDelegate(LevelPainter(self))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rights = self.verticalHeader()
        rights.setDefaultSectionSize(ROW_PX)
        rights.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rights.setFixedWidth(282)
        rights.setHighlightSections(False)
        heads = self.horizontalHeader()
        heads.setDefaultSectionSize(COLUMN_PX)
        heads.setFixedHeight(64)
        heads.setHighlightSections(False)
        self.selectionModel().currentChanged.connect(lambda *_where: self._current())
        theme.changed.connect(self._skin)
        self._skin()

    def _skin(self) -> None:
        line = theme.tokens.line
        self.verticalHeader().setStyleSheet(
            f"QHeaderView::section {{ border: 0; border-bottom: 1px solid {line}; padding: 0 8px; }}"
        )

    def _current(self) -> None:
        self.viewport().update()
        self.moved.emit()

    def cell(self) -> tuple[str, str] | None:
        """Role and right under the cursor."""
        index = self.currentIndex()
        if not index.isValid() or index.row() >= len(self._grid.lines) or index.column() >= len(self._grid.roles):
            return None
        line = self._grid.lines[index.row()]
        return (self._grid.roles[index.column()], line.permission) if line.permission else None

    def go_to(self, role_id: str, permission: str) -> None:
        """The cursor to a cell."""
        row = next((n for n, line in enumerate(self._grid.lines) if line.permission == permission), None)
        if row is not None and role_id in self._grid.roles:
            self.setCurrentIndex(self._grid.index(row, self._grid.roles.index(role_id)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Set a cell."""
        cell = self.cell()
        level = None if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else self._level_of(event)
        if cell is not None and level is not None and self._may():
            self.asked.emit(*cell, level)
            return
        super().keyPressEvent(event)

    def _level_of(self, event: QKeyEvent) -> str | None:
        if event.key() in KEYS_OF_LEVELS:
            return KEYS_OF_LEVELS[Qt.Key(event.key())]
        if event.key() == Qt.Key.Key_Space and (cell := self.cell()) is not None:
            order = (NONE, "all") if cell[1] == EVERYTHING else (NONE, *LEVELS)
            here = self._grid.draft.level(*cell)
            return order[(order.index(here) + 1) % len(order)] if here in order else NONE
        digit = unicodedata.digit(event.text(), -1) if len(event.text()) == 1 else -1
        return (NONE, *LEVELS)[digit] if 0 <= digit <= len(LEVELS) else None
