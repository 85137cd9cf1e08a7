"""Text on a raster: wrapped in reading order, then joined and put in visual order line by line.

Each letter is drawn in a font of its script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import ImageDraw

from common.devices.fonts import Family, Script, font, script_of
from common.text import direction

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
# One sign of Chinese with the marks that may not begin a line, or a word with the space before it.
_PIECE = re.compile(rf"\s*(?:[「《（【“][{_CJK}]|[{_CJK}]|[^\s{_CJK}]+)[、，。：；！？）》」】”%]*")


@dataclass(frozen=True)
class Style:
    """Size in dots, weight, and the line's height as a share of the size."""

    size: int
    bold: bool = False
    leading: float = 1.32
    family: Family = "sans"

    @property
    def line(self) -> int:
        """Height of a line in dots."""
        return round(self.size * self.leading)


@lru_cache(maxsize=1024)
def visual(text: str, right_to_left: bool) -> str:
    """One line as it is drawn from left to right, letters of Persian joined."""
    text = direction.plain(text)
    if not right_to_left and not any(script_of(letter) == "arabic" for letter in text):
        return text
    from arabic_reshaper import ArabicReshaper
    from bidi.algorithm import get_display

    shaper = ArabicReshaper({"language": "Farsi", "delete_harakat": True, "support_ligatures": True})
    return str(get_display(shaper.reshape(text), base_dir="R" if right_to_left else "L"))


def _runs(line: str) -> Iterator[tuple[Script, str]]:
    """A visual line in pieces of one font; spaces and marks stay with the letters before them."""
    start = 0
    current: Script | None = None
    for index, letter in enumerate(line):
        script = script_of(letter)
        if current is not None and (script == current or letter.isspace()):
            continue
        if current is not None:
            yield current, line[start:index]
        start, current = index, script
    if current is not None:
        yield current, line[start:]


def width(text: str, style: Style, right_to_left: bool = False) -> int:
    """Width in dots of one line."""
    runs = _runs(visual(text, right_to_left))
    return round(sum(font(s, style.bold, style.size, style.family).getlength(part) for s, part in runs))


def wrap(text: str, style: Style, room: int, right_to_left: bool = False) -> list[str]:
    """The text in lines that fit the room, in reading order; a word longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph):
            longer = line + piece if line else piece.strip()
            if width(longer, style, right_to_left) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            line = piece.strip()
            while width(line, style, right_to_left) > room:
                cut = len(line) - 1
                while cut > 1 and width(line[:cut], style, right_to_left) > room:
                    cut -= 1
                lines.append(line[:cut])
                line = line[cut:]
        if line:
            lines.append(line)
    return lines


def fitting(text: str, style: Style, room: int, lines: int, smallest: int, right_to_left: bool = False) -> Style:
    """The style, made smaller until the text takes no more than so many lines; not below the smallest size."""
    size = style.size
    while size > smallest:
        tried = replace(style, size=size)
        if len(wrap(text, tried, room, right_to_left)) <= lines:
            return tried
        size -= 2
    return replace(style, size=smallest)


def draw_line(
    pen: ImageDraw.ImageDraw, x: int, baseline: int, text: str, style: Style, ink: int = 0, right_to_left: bool = False
) -> None:
    """Draw one line with its left edge at `x`."""
    place = float(x)
    for script, part in _runs(visual(text, right_to_left)):
        face = font(script, style.bold, style.size, style.family)
        pen.text((place, baseline), part, font=face, fill=ink, anchor="ls")
        place += face.getlength(part)
