"""A display in a picture, drawn by the very parts of the displays themselves, as on a screen of 1920 × 1080."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from common.protocol.queue import Board, BoardCall
from common.qt.display.sheet import DisplaySheet
from common.qt.theme import theme
from common.qt.theme.tokens import SKINS

SCREEN = QSize(1920, 1080)


@contextmanager
def as_on_a_display() -> Iterator[None]:
    """Lengths and colours of a display with the usual skin, whatever this program's own are. Everything that is made or
    painted within is a display's; nothing else may be painted meanwhile, so nothing here waits."""
    kept = theme.scale, theme.skin, theme.tokens
    theme.scale = 1.0
    if theme.skin != "light":
        theme.skin, theme.tokens = "light", SKINS["light"]
    try:
        yield
    finally:
        theme.scale, theme.skin, theme.tokens = kept


class Preview(QWidget):
    """Never shown: holds the display's parts and paints them into pictures."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        with as_on_a_display():
            self.sheet = DisplaySheet(now, reduce_motion=True, parent=self)
            self.sheet.resize(SCREEN)

    def drawn(
        self, board: Board, earlier: list[BoardCall], zone: str, pictures: Mapping[UUID, bytes], *, call: bool
    ) -> QPixmap:
        """What a display shows of this board: with its latest call, or with its words while nobody is called."""
        with as_on_a_display():
            self.sheet.setLayoutDirection(self.layoutDirection())
            self.sheet.show_board(board, zone)
            self.sheet.show_pictures(pictures)
            self.sheet.show_calls(board.calls[0] if call else None, earlier)
            picture = QPixmap(SCREEN)
            picture.fill(QColor(theme.tokens.canvas))
            self.sheet.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        return picture
