"""A panel with a head: what most of the workbench is made of."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from common.qt.theme import theme


class Panel(QFrame):
    """A title, a count, tools at its end, content below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("card", True)
        self.title = QLabel()
        self.title.setObjectName(f"{name}_title")
        self.title.setFont(theme.font(15, bold=True))
        self.count = QLabel()
        self.count.setObjectName(f"{name}_count")
        self.count.setProperty("tone", "second")
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 8)
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addLayout(self.tools)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.column.addLayout(head)

    def put(self, widget: QWidget, share: int = 0) -> None:
        """Content, one below the other."""
        self.column.addWidget(widget, share)

    def say(self, title: str, count: str = "") -> None:
        """Its words."""
        self.title.setText(title)
        self.count.setText(count)
