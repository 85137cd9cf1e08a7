"""What stands on a program's windows: for a driver, for inspection, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)


@dataclass(frozen=True)
class Seen:
    """One thing with a place of its own: a widget, a tab, a cell, a line of a menu."""

    widget: QWidget
    name: str
    text: str
    rect: QRect
    """On the screen, logical pixels."""
    enabled: bool
    checked: bool | None = None

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "name": self.name,
            "class": type(self.widget).__name__,
            "text": self.text,
            "rect": [self.rect.x(), self.rect.y(), self.rect.width(), self.rect.height()],
            "enabled": self.enabled,
            "checked": self.checked,
            "focus": self.widget.hasFocus(),
            "window": self.widget.window().windowTitle(),
        }


def text_of(widget: QWidget) -> str:
    """The words on one widget; a password is dots."""
    own = getattr(widget, "driver_text", None)
    if own is not None:
        return str(own())
    if isinstance(widget, QLabel):
        rich = widget.textFormat() == Qt.TextFormat.RichText
        return QTextDocumentFragment.fromHtml(widget.text()).toPlainText() if rich else widget.text()
    if isinstance(widget, QLineEdit):
        return widget.displayText() or widget.placeholderText()
    if isinstance(widget, QAbstractButton):
        return widget.text().replace("&", "")
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return ""


def seen(root: QWidget | None = None) -> Iterator[Seen]:
    """Everything visible with a name or words, parents before children, of one widget or of all windows."""
    roots = [root] if root is not None else [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for top in roots:
        yield from _walk(top)


def _walk(widget: QWidget) -> Iterator[Seen]:
    if not widget.isVisible():
        return
    text = text_of(widget)
    name = widget.objectName()
    if (text or name) and not name.startswith("qt_"):
        rect = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
        checked = widget.isChecked() if isinstance(widget, QAbstractButton) and widget.isCheckable() else None
        yield Seen(widget, name, text, rect, widget.isEnabled(), checked)
    for part, words, box in getattr(widget, "driver_parts", tuple)():
        # What a widget draws itself and takes presses for: a box of a chart, a day of a calendar.
        rect = QRect(widget.mapToGlobal(box.topLeft()), box.size())
        yield Seen(widget, part, words, rect, widget.isEnabled())
    if isinstance(widget, QTabBar):
        for place in range(widget.count()):
            box = widget.tabRect(place)
            rect = QRect(widget.mapToGlobal(box.topLeft()), box.size())
            yield Seen(widget, f"{name}.{place}", widget.tabText(place), rect, widget.isTabEnabled(place))
    if isinstance(widget, QMenu):
        for action in widget.actions():
            box = widget.actionGeometry(action)
            rect = QRect(widget.mapToGlobal(box.topLeft()), box.size())
            yield Seen(widget, action.objectName(), action.text().replace("&", ""), rect, action.isEnabled())
    if isinstance(widget, QAbstractItemView):
        yield from _cells(widget)
        return
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield from _walk(child)


def _cells(view: QAbstractItemView) -> Iterator[Seen]:
    model = view.model()
    port = view.viewport()
    # A list's own model keeps its number of columns to itself.
    columns = 1 if isinstance(view, QListView) else model.columnCount(view.rootIndex())
    for row in range(model.rowCount(view.rootIndex())):
        for column in range(columns):
            index = model.index(row, column, view.rootIndex())
            box = view.visualRect(index).intersected(port.rect())
            if box.isEmpty():
                continue
            rect = QRect(port.mapToGlobal(box.topLeft()), box.size())
            shown = index.data(Qt.ItemDataRole.DisplayRole)
            yield Seen(port, f"{view.objectName()}[{row},{column}]", str(shown or ""), rect, view.isEnabled())
