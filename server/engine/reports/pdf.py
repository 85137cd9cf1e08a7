"""A table on paper: the hall's head, page numbers, four scripts.

reportlab knows neither Noto CJK nor how Arabic letters join: Chinese is set in WenQuanYi Micro Hei, everything else in
DejaVu Sans; Persian lines are wrapped first, then joined and reordered one by one (stack.md).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from common.devices.fonts import paper_font_file
from common.devices.raster_text import visual
from common.text import N_, translate

PAGE_OF = N_("Page {number}")
MARGIN, LINE, SIZE, PADDING = 36.0, 11.0, 8.0, 3.0
MOST_LINES = 6
"""Lines of one cell; a longer text ends with an ellipsis."""


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, str]:
    """The registered fonts: for most scripts, and for Chinese."""
    for name, script in (("openhall-text", "arabic"), ("openhall-han", "cjk")):
        path, index = paper_font_file(script)
        pdfmetrics.registerFont(TTFont(name, str(path), subfontIndex=index))
    return "openhall-text", "openhall-han"


def _han(text: str) -> bool:
    return any("\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\uffef" for letter in text)


class PdfTable:
    """One table over as many pages as it needs; rows are written as they come, so that memory stays small."""

    def __init__(self, to: Path | BinaryIO, title: str, hall: str, about: str, now: datetime, language: str) -> None:
        self._size = landscape(A4)
        self._canvas = Canvas(str(to) if isinstance(to, Path) else to, pagesize=self._size, pageCompression=1)
        self._canvas.setTitle(title)
        self._title, self._hall, self._about = title, hall, about
        self._now, self._language = now, language
        self._rtl = language == "fa"
        self._page = 0
        self._y = 0.0
        self._heads: list[str] = []
        self._edges: list[tuple[float, float]] = []
        self._numbers: list[bool] = []

    def columns(self, heads: list[str], widths: list[float], numbers: list[bool]) -> None:
        """The columns: their heads, how wide they are to one another, and which hold numbers."""
        room = self._size[0] - 2 * MARGIN
        scale = room / (sum(widths) or 1.0)
        at, edges = MARGIN, []
        for width in widths:
            edges.append((at, width * scale))
            at += width * scale
        if self._rtl:
            edges = [(self._size[0] - left - width, width) for left, width in edges]
        self._heads, self._edges, self._numbers = heads, edges, numbers
        self._begin_page()

    def row(self, cells: list[str]) -> None:
        """One row."""
        wrapped = [self._wrapped(text, width) for text, (_, width) in zip(cells, self._edges, strict=True)]
        height = max([len(lines) for lines in wrapped] or [1]) * LINE + PADDING
        if self._y - height < MARGIN + LINE:
            self._canvas.showPage()
            self._begin_page()
        self._cells(wrapped, self._numbers)
        self._y -= height
        self._canvas.setStrokeGray(0.8)
        self._canvas.line(MARGIN, self._y, self._size[0] - MARGIN, self._y)

    def close(self) -> None:
        """Write the file."""
        self._canvas.save()

    def _begin_page(self) -> None:
        self._page += 1
        top = self._size[1] - MARGIN
        self._say(self._title, 13, top - 8, begin=True)
        self._say(self._hall, SIZE, top - 8, begin=False)
        # Alone on its line: behind Persian letters the order of its parts would turn round.
        self._say(f"{self._now:%Y-%m-%d %H:%M}", SIZE, top - 22, begin=False)
        self._say(self._about, SIZE, top - 22, begin=True)
        number = translate(PAGE_OF, self._language).format(number=self._page)
        self._say(number, SIZE, MARGIN - 8, begin=False)
        self._y = top - 30
        heads = [self._wrapped(head, width) for head, (_, width) in zip(self._heads, self._edges, strict=True)]
        height = max([len(lines) for lines in heads] or [1]) * LINE + PADDING
        self._canvas.setFillGray(0.92)
        self._canvas.rect(MARGIN, self._y - height, self._size[0] - 2 * MARGIN, height, stroke=0, fill=1)
        self._canvas.setFillGray(0)
        self._cells(heads, self._numbers)
        self._y -= height

    def _cells(self, wrapped: list[list[str]], numbers: list[bool]) -> None:
        for lines, (left, width), number in zip(wrapped, self._edges, numbers, strict=True):
            for place, text in enumerate(lines):
                shown, font = self._drawn(text)
                self._canvas.setFont(font, SIZE)
                y = self._y - LINE * (place + 1) + 2
                if number is not self._rtl:
                    self._canvas.drawRightString(left + width - PADDING, y, shown)
                else:
                    self._canvas.drawString(left + PADDING, y, shown)

    def _say(self, text: str, size: float, y: float, *, begin: bool) -> None:
        shown, font = self._drawn(text)
        self._canvas.setFont(font, size)
        if begin is not self._rtl:
            self._canvas.drawString(MARGIN, y, shown)
        else:
            self._canvas.drawRightString(self._size[0] - MARGIN, y, shown)

    def _drawn(self, text: str) -> tuple[str, str]:
        plain, han = _fonts()
        if _han(text):
            return text, han
        return visual(text, self._rtl), plain

    def _wrapped(self, text: str, width: float) -> list[str]:
        """A text in lines of this width, at spaces where there are any, Chinese anywhere."""
        room = width - 2 * PADDING
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            line = ""
            for piece in _pieces(paragraph):
                if line and self._wide(line + piece) > room:
                    lines.append(line.rstrip())
                    line = piece.lstrip()
                else:
                    line += piece
                while self._wide(line) > room and len(line) > 1:
                    cut = next(n for n in range(len(line), 0, -1) if n == 1 or self._wide(line[:n]) <= room)
                    lines.append(line[:cut])
                    line = line[cut:]
            lines.append(line.rstrip())
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1].rstrip() + " …"]
        return lines

    def _wide(self, text: str) -> float:
        plain, han = _fonts()
        return float(pdfmetrics.stringWidth(text, han if _han(text) else plain, SIZE))


def _pieces(paragraph: str) -> list[Any]:
    pieces: list[str] = []
    for letter in paragraph:
        alone = _han(letter)
        if pieces and not alone and not pieces[-1].endswith(" ") and not _han(pieces[-1][-1]):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces
