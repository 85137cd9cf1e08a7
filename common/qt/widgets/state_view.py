"""The page for empty, loading, offline, refused and failed: a symbol, a sentence, a way on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from common.qt.widgets.big_key import BigKey
from common.qt.widgets.fit_label import FitLabel
from common.qt.widgets.icon import Icon

Way = tuple[str, str, Callable[[], object]]
"""objectName, words, what it does."""


class StateView(QWidget):
    """One state of a page, in the middle of it. `large` for citizens' screens."""

    def __init__(self, *, large: bool = False, name: str = "state", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._large = large
        centre = Qt.AlignmentFlag.AlignCenter
        self.symbol = Icon("info", 190 if large else 64, "accent")
        self.title = FitLabel(
            largest=84 if large else 24,
            smallest=30 if large else 16,
            lines=2,
            bold=True,
            align=centre,
            name="state_title",
        )
        self.sentence = FitLabel(
            largest=40 if large else 15, smallest=22 if large else 13, lines=3, tone="ink_2", align=centre,
            name="state_sentence",
        )  # fmt: skip
        for label in (self.title, self.sentence):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title.setFixedHeight(230 if large else 40)
        self.sentence.setFixedHeight(170 if large else 64)
        self.ways = QHBoxLayout()
        self.ways.setSpacing(24 if large else 8)
        column = QVBoxLayout(self)
        column.setSpacing(24 if large else 8)
        column.addStretch(2)
        column.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addLayout(self.ways)
        column.addStretch(3)

    def show_state(
        self, symbol: str, title: str, sentence: str = "", ways: list[Way] | None = None, tone: str = "accent"
    ) -> None:
        """Say how things stand; the first way on is the primary one."""
        self.symbol.set(symbol, tone)
        self.title.setText(title)
        self.sentence.setText(sentence)
        while self.ways.count():
            item = self.ways.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        self.ways.addStretch(1)
        for number, (name, words, act) in enumerate(ways or []):
            key = BigKey(
                words, kind="secondary" if number else "primary", name=name, title_px=36 if self._large else 15
            )
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            key.setFixedSize(420 if self._large else 200, 120 if self._large else 44)
            key.acted.connect(act)
            self.ways.addWidget(key)
        self.ways.addStretch(1)
