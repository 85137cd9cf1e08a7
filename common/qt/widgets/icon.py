"""Symbols of one stroke weight, drawn here, coloured by token."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from common.qt.theme import theme

SHAPES = {
    "arrow_next": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "arrow_back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "chevron": '<path d="M9 5l7 7-7 7"/>',
    "hall": '<path d="M3 9.5L12 4l9 5.5zM5 12.5v5M9.7 12.5v5M14.3 12.5v5M19 12.5v5M3 20.5h18"/>',
    "document": '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9 12h7M9 16h5"/>',
    "moon": '<path d="M19 14A8 8 0 0 1 10 4a8.500 8.500 0 1 0 9 10z"/>',
    "backspace": '<path d="M21 5H9l-6 7 6 7h12zM12 9l5 6M17 9l-5 6"/>',
    "home": '<path d="M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4"/>',
    "speaker": '<path d="M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>',
    "muted": '<path d="M4 9v6h4l5 4V5L8 9zM16 9l5 6M21 9l-5 6"/>',
    "printer": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2 20a7 7 0 0 1 14 0M16 5a3.5 3.5 0 0 1 0 6.5M18 14a7 7 0 0 1 4 6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l4 2"/>',
    "check": '<path d="M4 13l5 5L20 6"/>',
    "check_round": '<circle cx="12" cy="12" r="9"/><path d="M7.5 12.5l3 3 6-6.5"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "warning": '<path d="M12 3L2 20h20zM12 10v5M12 17.5v.5"/>',
    "octagon": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7v6M12 16v.5"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.5"/>',
    "pause": '<path d="M9 5v14M15 5v14"/>',
    "play": '<path d="M7 4l13 8-13 8z"/>',
    "search": '<circle cx="11" cy="11" r="7"/><path d="M16 16l5 5"/>',
    "list": '<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "transfer": '<path d="M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4"/>',
    "recall": '<path d="M5 12a7 7 0 1 1 2 5M5 18v-5h5"/>',
    "no_show": '<circle cx="10" cy="8" r="4"/><path d="M2 21a8 8 0 0 1 12-6.9M16 16l5 5M21 16l-5 5"/>',
    "ticket": '<path d="M3 7h18v4a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM14 7v11"/>',
    "wheelchair": '<circle cx="10" cy="4.5" r="1.5"/><path d="M10 8v6h6l3 5M10 11h5M8 12a5 5 0 1 0 6 6"/>',
    "large_print": '<path d="M3 19L8 6l5 13M4.7 15h6.6M14 19l3.5-9 3.5 9M15.2 16h4.6"/>',
    "language": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3a14 14 0 0 1 0 18M12 3a14 14 0 0 0 0 18"/>',
    "offline": '<path d="M3 3l18 18M5 9a10 10 0 0 1 4-2M15 7a10 10 0 0 1 4 2M8 13a5 5 0 0 1 4-2M12 18h.01"/>',
    "online": '<path d="M3 9a13 13 0 0 1 18 0M6 13a8 8 0 0 1 12 0M9 16.5a4 4 0 0 1 6 0M12 20h.01"/>',
    "device": '<path d="M4 4h16v12H4zM9 20h6M12 16v4"/>',
    "upload": '<path d="M12 15V3M7 8l5-5 5 5M4 20h16"/>',
    "download": '<path d="M12 3v12M7 10l5 5 5-5M4 20h16"/>',
    "chart": '<path d="M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-3"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "lock": '<path d="M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "star": '<path d="M12 3l2.8 5.8 6.2.9-4.5 4.4 1 6.3L12 17.5 6.5 20.4l1-6.3L3 9.7l6.2-.9z"/>',
    "door": '<path d="M5 21V3h11v18M3 21h18M13 12h.01M16 6h3v15"/>',
    "coffee": '<path d="M4 9h13v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 10h2a2 2 0 0 1 0 5h-2M8 3v3M12 3v3"/>',
    "desk": '<path d="M3 10h18M5 10v10M19 10v10M12 10v6h7"/>',
    "leaf": '<path d="M5 19C4 10 10 4 20 4c0 10-6 16-14 14M5 21c1-5 4-8 9-11"/>',
    "heart": '<path d="M12 20S3 14 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 14 12 20 12 20z"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.500h16M8 3v5M16 3v5"/>',
    "up": '<path d="M5 15l7-7 7 7"/>',
    "down": '<path d="M5 9l7 7 7-7"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01"/>',
    "columns": '<path d="M3 5h18v14H3zM9 5v14M15 5v14"/>',
    "save": '<path d="M4 4h13l3 3v13H4zM8 4v5h7V4M8 20v-6h8v6"/>',
    "tree": '<path d="M4 4h6v4H4zM14 10h6v4h-6zM14 17h6v4h-6zM7 8v11h7M7 12h7"/>',
    "gear": '<circle cx="12" cy="12" r="3.500"/><path d="M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M19 5l-3 3M8 16l-3 3"/>',
    "out": '<path d="M14 4H5v16h9M10 12h11M17 8l4 4-4 4"/>',
    "hand": '<path d="M7 12V6a1.5 1.5 0 0 1 3 0v5M10 11V4.500a1.500 1.500 0 0 1 3 0V11M13 11V6a1.5 1.5 0 0 1 3 0v7'
    'M16 9a1.5 1.5 0 0 1 3 0v6a6 6 0 0 1-6 6 6 6 0 0 1-5-2.500L4 14a1.500 1.500 0 0 1 2.500-1.500L7 13"/>',
}

POINTING = {"arrow_next", "arrow_back", "chevron", "out", "list"}
"""Mirrored where the text runs from the right."""


@lru_cache(maxsize=512)
def picture(
    name: str, px: int, colour: str, mirrored: bool = False, filled: bool = False, ratio: float = 1.0
) -> QPixmap:
    """A symbol as a picture of `px` logical pixels. Raises KeyError for an unknown name."""
    fill = colour if filled else "none"
    flip = ' transform="matrix(-1 0 0 1 24 0)"' if mirrored and name in POINTING else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="{fill}" stroke="{colour}" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round"{flip}>{SHAPES[name]}</g></svg>'
    )
    made = QPixmap(round(px * ratio), round(px * ratio))
    made.fill(QColor(0, 0, 0, 0))
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def qicon(name: str, token: str = "ink", mirrored: bool = False) -> QIcon:
    """A symbol for Qt's own buttons, in the colour of the skin in use."""
    made = QIcon()
    for px in (16, 20, 24, 32, 48):
        made.addPixmap(picture(name, px, getattr(theme.tokens, token), mirrored))
        made.addPixmap(picture(name, px, theme.tokens.ink_3, mirrored), QIcon.Mode.Disabled)
    return made


def paint(
    painter: QPainter, rect: QRectF, name: str, colour: str, mirrored: bool = False, filled: bool = False
) -> None:
    """Draw a symbol into a rectangle, centred, as large as fits."""
    side = int(min(rect.width(), rect.height()))
    if side <= 0:
        return
    ratio = painter.device().devicePixelRatioF()
    drawn = picture(name, side, colour, mirrored, filled, ratio)
    painter.drawPixmap(int(rect.center().x() - side / 2), int(rect.center().y() - side / 2), drawn)


class Icon(QWidget):
    """A symbol of a fixed size."""

    def __init__(self, name: str, px: int = 24, token: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._px = px
        self._token = token
        self.setFixedSize(px, px)
        theme.changed.connect(self.update)

    def set(self, name: str, token: str | None = None) -> None:
        """Show another symbol."""
        self._name = name
        self._token = token or self._token
        self.update()

    def sizeHint(self) -> QSize:
        """Its size."""
        return QSize(self._px, self._px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint(painter, QRectF(self.rect()), self._name, getattr(theme.tokens, self._token), mirrored)
