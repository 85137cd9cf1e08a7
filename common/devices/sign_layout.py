"""Lines of a logical screen laid out over its panels, in pages. Pure.

Text in the sign's own letters takes a row. What it has no letters for (Chinese, Persian, Russian) is drawn in dots and takes
the whole height of a panel; where that is too low to be read, the line is refused and the caller hears of it. An empty line
begins a new page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from common.devices.fonts import Script, script_of
from common.devices.raster_text import Style, draw_line, width, wrap
from common.devices.sign import (
    REFUSED,
    TOO_LONG,
    Content,
    Letters,
    Picture,
    RefusedLine,
    Rows,
    SignLine,
    TextRow,
    WallShape,
)
from common.text import direction

SMALLEST: dict[Script, int] = {"cjk": 12, "arabic": 12, "latin": 9}
"""Size in dots below which nobody reads a script from the seats."""

Page = tuple[Content, ...]
"""What every panel shows at one moment, row by row of panels."""

Band = list[Content]
"""One row of panels."""


def laid_out(lines: Sequence[SignLine], shape: WallShape, letters: Letters) -> tuple[list[Page], list[RefusedLine]]:
    """The pages, at least one, and the lines that this sign cannot show."""
    refused: list[RefusedLine] = []
    bands: list[Band] = []
    rows: list[list[TextRow]] = []

    def full() -> None:
        if rows:
            bands.append(_band(rows, shape))
            rows.clear()

    for line in lines:
        if not line.words:
            full()
            bands += [_band([], shape)] * (-len(bands) % shape.panels_down)
            continue
        if not letters.missing(line.words):
            texts = _rows(line, shape, letters)
            if texts is None:
                refused.append(RefusedLine(line, TOO_LONG, shape.panel.down))
            for text in texts or ():
                rows.append(_cut(text, line, shape))
                if len(rows) == shape.panel.rows:
                    full()
            continue
        pictures = _drawn(line, shape)
        if pictures is None:
            refused.append(RefusedLine(line, REFUSED, shape.panel.down))
            continue
        full()
        bands += pictures
    full()
    high = shape.panels_down
    pages = [bands[top : top + high] for top in range(0, len(bands), high)] or [[]]
    blank = _band([], shape)
    return [tuple(one for band in [*page, *[blank] * (high - len(page))] for one in band) for page in pages], refused


def _rows(line: SignLine, shape: WallShape, letters: Letters) -> list[str] | None:
    """The line in texts as long as the logical screen is wide; nothing when a word is longer than that."""
    wide = shape.panels_across * shape.panel.columns
    left, right = letters.plain(line.left).strip(), letters.plain(line.right).strip()
    if right and len(left) + 1 + len(right) <= wide:
        return [left + right.rjust(wide - len(left))]
    texts = [""]
    for word in f"{left} {right}".split():
        if len(word) > wide:
            return None
        longer = f"{texts[-1]} {word}".strip()
        if len(longer) <= wide:
            texts[-1] = longer
        else:
            texts.append(word)
    return [text.center(wide) for text in texts]


def _cut(text: str, line: SignLine, shape: WallShape) -> list[TextRow]:
    step = shape.panel.columns
    return [TextRow(text[at : at + step], line.colour, line.flash) for at in range(0, step * shape.panels_across, step)]


def _band(rows: Sequence[list[TextRow]], shape: WallShape) -> Band:
    empty = TextRow(" " * shape.panel.columns)
    filled = [*rows, *[[empty] * shape.panels_across] * (shape.panel.rows - len(rows))]
    return [Rows(tuple(row[place] for row in filled)) for place in range(shape.panels_across)]


def _drawn(line: SignLine, shape: WallShape) -> list[Band] | None:
    """The line in dots, a band for each piece of it that fits the width; nothing when it would be too small to read."""
    high, wide = shape.panel.down, shape.panel.across * shape.panels_across
    text = direction.plain(line.words)
    right_to_left = direction.is_right_to_left(text)
    smallest = max(SMALLEST[script_of(letter)] for letter in text if not letter.isspace())
    for size in range(round(high * 1.4), smallest - 1, -1):
        style = Style(size)
        pieces = wrap(text, style, wide, right_to_left)
        pictures = [_picture(piece, style, wide, right_to_left) for piece in pieces]
        if all(picture.height <= high for picture in pictures):
            return [_split(_centred(picture, wide, high), line, shape) for picture in pictures]
    return None


def _picture(text: str, style: Style, room: int, right_to_left: bool) -> Image.Image:
    """One piece, as high as its dots are."""
    image = Image.new("1", (room, style.size * 3), 0)
    begin = max(0, (room - width(text, style, right_to_left)) // 2)
    draw_line(ImageDraw.Draw(image), begin, style.size * 2, text, style, ink=1, right_to_left=right_to_left)
    box = image.getbbox()
    return image.crop((0, box[1], room, box[3])) if box else image.crop((0, 0, room, 1))


def _centred(picture: Image.Image, wide: int, high: int) -> Image.Image:
    whole = Image.new("1", (wide, high), 0)
    whole.paste(picture, (0, (high - picture.height) // 2))
    return whole


def _split(picture: Image.Image, line: SignLine, shape: WallShape) -> Band:
    step = shape.panel.across
    return [
        Picture(picture.crop((at, 0, at + step, picture.height)), line.colour)
        for at in range(0, step * shape.panels_across, step)
    ]
