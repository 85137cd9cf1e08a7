"""Text that shrinks until it fits: never cut, never over its edge."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from common.qt.theme import theme

SMALLEST = 7


@lru_cache(maxsize=4096)
def fitting_px(text: str, width: int, height: int, largest: int, smallest: int, lines: int, bold: bool) -> int:
    """The largest size (logical pixels) at which `text` fits in `width` × `height` on at most `lines` lines.

    Below `smallest` it goes only when nothing else helps: a small word can be read, a cut one not.
    """
    for floor, most in ((smallest, lines), (smallest, lines + 1), (SMALLEST, lines + 1)):
        low, high, found = floor, largest, 0
        while low <= high:
            middle = (low + high) // 2
            if _fits(text, width, height, middle, most, bold):
                found, low = middle, middle + 1
            else:
                high = middle - 1
        if found:
            return found
    return SMALLEST


def _fits(text: str, width: int, height: int, px: int, lines: int, bold: bool) -> bool:
    metrics = QFontMetrics(theme.font(px, bold))
    if "\n" not in text and (lines == 1 or metrics.horizontalAdvance(text) <= width):
        # One line is as high as our own font: Persian letters come from another one whose lines are half as high again,
        # and would be drawn in half the size for white that nobody misses.
        return metrics.horizontalAdvance(text) <= width and metrics.height() <= height + 2
    longest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0)
    if longest > width and not _breakable(text):
        return False
    flags = Qt.TextFlag.TextWordWrap if not _breakable(text) else Qt.TextFlag.TextWrapAnywhere
    box = metrics.boundingRect(QRect(0, 0, width, 100000), int(flags), text)
    return box.height() <= min(height + 2, lines * metrics.lineSpacing() + 2) and box.width() <= width


def _breakable(text: str) -> bool:
    """Chinese breaks between any two characters."""
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def draw(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    *,
    largest: int,
    smallest: int = 10,
    lines: int = 1,
    bold: bool = False,
    colour: str | None = None,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
) -> int:
    """Draw `text` as large as fits; gives the size taken. `AlignLeading` follows the painter's layout direction."""
    box = rect.toRect() if isinstance(rect, QRectF) else rect
    if not text or box.width() <= 0 or box.height() <= 0:
        return 0
    px = fitting_px(text, box.width(), box.height(), largest, smallest, lines, bold)
    painter.setFont(theme.font(px, bold))
    if colour is not None:
        painter.setPen(colour)
    wrap = 0
    if "\n" not in text and painter.fontMetrics().horizontalAdvance(text) <= box.width():
        pass  # one line; asked to wrap, Qt would break a Persian one that just fits
    elif lines > 1 or "\n" in text:
        wrap = int(Qt.TextFlag.TextWrapAnywhere if _breakable(text) else Qt.TextFlag.TextWordWrap)
    elif not _fits(text, box.width(), box.height(), px, 1, bold):
        wrap = int(Qt.TextFlag.TextWordWrap)
    painter.drawText(box, int(align) | wrap | int(Qt.TextFlag.TextDontClip), text)
    return px
