"""Keys of a page or panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def on_keys(owner: QWidget, *keys: tuple[str, Callable[[], Any]]) -> None:
    """What keys do while `owner`, or something in it, has the keyboard. For a button give its `click`, which minds whether
    it is enabled, rather than the button a shortcut of its own: Qt forgets that with each new text."""
    for key, act in keys:
        QShortcut(QKeySequence(key), owner, act).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
