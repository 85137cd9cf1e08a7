"""The seven steps at the side: which are done, which is now, which may be opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from client_staff.app.setup.words import STEP_WORDS
from common.protocol.setup import STEPS
from common.qt.theme import theme
from common.qt.widgets import HallMark, fitting
from common.qt.widgets.icon import paint
from common.text import _, formats

WIDTH = 256


class StepKey(QAbstractButton):
    """One step: a disc with its number or a tick, and its name."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__()
        self.setObjectName(f"step_{name}")
        self._number = number
        self._state = "later"
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_state(self, state: str, *, opens: bool) -> None:
        """`done`, `now` or `later`."""
        self._state = state
        self.setEnabled(opens)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        disc = QRectF(self.width() - 28 if rtl else 4, 8, 24, 24)
        if self._state == "later":
            painter.setPen(QPen(QColor(tokens.edge), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent if self._state == "now" else tokens.good))
        painter.drawEllipse(disc)
        inside = tokens.ink_2 if self._state == "later" else tokens.on_accent
        if self._state == "done":
            paint(painter, disc.adjusted(5, 5, -5, -5), "check", inside)
        else:
            fitting.draw(
                painter, disc, formats.number(self._number), largest=12, bold=True, colour=inside,
                align=Qt.AlignmentFlag.AlignCenter,
            )  # fmt: skip
        words = QRectF(0 if rtl else 40, 0, self.width() - 40, self.height())
        ink = tokens.ink_3 if self._state == "later" and not self.isEnabled() else tokens.ink
        painter.setFont(theme.font(14, bold=self._state == "now"))
        painter.setPen(QColor(ink))
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), tokens.radius_s, tokens.radius_s)


class Side(QWidget):
    """All steps; `go(name)` when one is pressed."""

    def __init__(self, go: Callable[[str], None]) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.mark = HallMark(28)
        self.brand = QLabel("Openhall")
        self.brand.setFont(theme.font(15, bold=True))
        head = QHBoxLayout()
        head.addWidget(self.mark)
        head.addSpacing(8)
        head.addWidget(self.brand)
        head.addStretch(1)
        self.keys = {name: StepKey(number, name) for number, name in enumerate(STEPS, start=1)}
        self.kept = QLabel()
        self.kept.setWordWrap(True)
        self.kept.setProperty("tone", "second")
        self.kept.setFont(theme.font(12))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 24, 20, 24)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(24)
        for name, key in self.keys.items():
            key.clicked.connect(partial(go, name))
            column.addWidget(key)
        column.addStretch(1)
        column.addWidget(self.kept)
        self.say_again()

    def show_state(self, now: str, passed: set[str], opens: set[str]) -> None:
        """Which step is now, which are done, which may be opened."""
        for name, key in self.keys.items():
            state = "now" if name == now else "done" if name in passed else "later"
            key.set_state(state, opens=name in opens)

    def say_again(self) -> None:
        """The reader's language changed."""
        for name, key in self.keys.items():
            key.setText(_(STEP_WORDS[name]))
            key.setAccessibleName(_(STEP_WORDS[name]))
        self.kept.setText(_("Everything here can be changed later. What you entered is kept if you stop now."))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens.surface))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(0 if rtl else self.width() - 1, 0, 1, self.height(), QColor(theme.tokens.line))
