"""What every editor of a field is: shows a JSON value, gives one back, says when it was changed and left."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QWidget

from client_staff.records.shown import Reader
from common.link import Link
from common.records import Field, Schema


class Desk(Protocol):
    """What editors need of the page that they stand on."""

    link: Link
    reader: Reader
    schema: Schema

    @property
    def languages(self) -> list[str]:
        """The hall's languages, the first one first."""


class Editor(QWidget):
    """One field's editor. `value` raises BadValue for what was typed and is none."""

    changed = Signal()
    """The person changed it."""
    left = Signal()
    """The focus has gone elsewhere: now it may be checked."""
    TALL = False
    """Its label stands beside its first line, and it takes the height it wants."""

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__()
        self.field = field
        self.desk = desk
        self._watched: list[QWidget] = []

    def show_value(self, value: Any) -> None:
        """Show a value; `changed` does not come."""
        raise NotImplementedError

    def value(self) -> Any:
        """What stands here, as it travels."""
        raise NotImplementedError

    def set_wrong(self, wrong: bool) -> None:
        """Mark it as wrong, or right again."""
        for one in self._watched:
            if one.property("wrong") != wrong:
                one.setProperty("wrong", wrong)
                one.style().unpolish(one)
                one.style().polish(one)

    def watch(self, *parts: QWidget) -> None:
        """Parts that take the focus: leaving all of them is leaving the editor. The first is where the focus goes."""
        for part in parts:
            part.installEventFilter(self)
            self._watched.append(part)
        if self.focusProxy() is None and parts:
            self.setFocusProxy(parts[0])
        if self._watched:
            self._watched[0].setAccessibleName(self.field.label)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The focus goes."""
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            gone = event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            inside = QApplication.focusWidget()
            if gone and (inside is None or inside not in self._watched):
                self.left.emit()
        return False
