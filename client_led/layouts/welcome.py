"""The hall's welcome over the whole screen, while nobody is called (QUE-026)."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from common.protocol.queue import Board
from common.qt.theme import theme
from common.qt.widgets import FitLabel
from common.text.words import pick

CENTRE = Qt.AlignmentFlag.AlignCenter


def is_time(board: Board, now: datetime) -> bool:
    """Whether the welcome fills the screen now: the hall is open, and nobody was called for so long."""
    shape = board.shape
    if not pick(shape.welcome) or board.state != "open":
        return False
    last = max((call.called_at for call in board.calls), default=None)
    if last is None:
        return True
    return shape.welcome_after > 0 and now - last >= timedelta(seconds=shape.welcome_after)


class Welcome(QWidget):
    """Large words on the hall's colour, the hall's name below."""

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.words = FitLabel(
            largest=u(200), smallest=u(40), bold=True, lines=4, tone="on_accent", align=CENTRE, name="welcome"
        )
        self.hall = FitLabel(largest=u(56), smallest=u(24), tone="on_accent", align=CENTRE, name="welcome_hall")
        column = QVBoxLayout(self)
        column.setContentsMargins(u(120), u(100), u(120), u(60))
        column.addWidget(self.words, 8)
        column.addWidget(self.hall, 1)

    def show_board(self, board: Board) -> None:
        """The zone's words."""
        self.words.setText(pick(board.shape.welcome))
        self.hall.setText(pick(board.outlet))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hall's colour everywhere."""
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens.accent))
