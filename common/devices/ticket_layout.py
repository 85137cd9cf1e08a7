"""A ticket drawn by a layout that the hall made: every element with its place, font, size and effect (QUE-008).

One drawing for the kiosk's paper, the console's preview and its test print. A layout's millimetres are the paper's; what a
printer cannot reach at the edges is left out of the picture. Where a text takes more lines than its maker foresaw, what stands
below moves down: nothing is printed over something else, and nothing is cut off (QUE-936).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from PIL import Image, ImageDraw

from common.devices.raster_text import Style, draw_line, fitting, width, wrap
from common.devices.ticket_image import qr_picture
from common.devices.ticket_picture import dots as picture_dots
from common.protocol.layouts import Layout, LayoutElement, TicketPaper
from common.text import _, formats, in_language, known, right_to_left
from common.text.formats import Zone
from common.text.words import pick

log = logging.getLogger(__name__)

DOTS = 8
"""Dots of a millimetre."""
TAIL = 40
"""Dots of empty paper below the last element, so that the cutter does not touch it."""
LONGEST = 6000
SLANT = 0.21
"""Of italic letters. Chinese and Persian have no italic face: all scripts are slanted alike."""
LEAST_BOX = 24
"""Dots: nothing is narrower."""


@dataclass(frozen=True)
class Drawn:
    """The picture, and where each element of the layout came to lie in it (nothing where it had nothing to say)."""

    picture: Image.Image
    boxes: list[tuple[int, int, int, int] | None]
    """Left, top, right, bottom in dots."""


def reach(width_mm: int) -> tuple[int, int]:
    """Dots that a printer reaches on paper of this width, and those at its start edge that it does not."""
    edges = 10 if width_mm <= 60 else 8
    return (width_mm - edges) * DOTS, edges * DOTS // 2


def draw(
    layout: Layout,
    paper: TicketPaper,
    *,
    language: str,
    zone: Zone,
    pictures: Mapping[UUID, bytes] | None = None,
    notes: Sequence[str] = (),
) -> Drawn:
    """Draw a ticket, one bit a dot. `notes` stand framed at the end whatever the layout holds: that it is a copy, or was
    issued without the server. Raises `fonts.FontMissing`. Any thread."""
    code = known(language)
    with in_language(code):
        return _Sheet(layout, paper, right_to_left(code), zone, pictures or {}).drawn(notes)


class _Sheet:
    """One picture in the making."""

    def __init__(
        self, layout: Layout, paper: TicketPaper, mirrored: bool, zone: Zone, pictures: Mapping[UUID, bytes]
    ) -> None:
        self.layout, self.paper, self.mirrored, self.zone, self.pictures = layout, paper, mirrored, zone, pictures
        self.wide, self.edge = reach(layout.width_mm)
        self.page = Image.new("L", (self.wide, LONGEST), 255)
        self.bottom = 0

    def drawn(self, notes: Sequence[str]) -> Drawn:
        boxes: list[tuple[int, int, int, int] | None] = [None] * len(self.layout.elements)
        rows: dict[int, list[int]] = {}
        for place, element in enumerate(self.layout.elements):
            rows.setdefault(element.y, []).append(place)
        placed: list[tuple[int, int, int]] = []
        moved = 0
        for y in sorted(rows):
            made = [(place, one) for place in rows[y] if (one := self._made(self.layout.elements[place])) is not None]
            top = y * DOTS // 10 + moved
            # What stands in one row stays in one row: the most crowded of it moves all.
            under = max(
                (
                    bottom
                    for _p, (left, box) in made
                    for begin, end, bottom in placed
                    if begin < left + box.width and left < end
                ),
                default=0,
            )
            moved += max(0, under - top)
            top = max(top, under)
            for place, (left, picture) in made:
                self.page.paste(picture, (left, top))
                boxes[place] = (left, top, left + picture.width, top + picture.height)
                placed.append((left, left + picture.width, top + picture.height))
                self.bottom = max(self.bottom, top + picture.height)
        for note in notes:
            self._note(note)
        page = self.page.crop((0, 0, self.wide, min(max(self.bottom, LEAST_BOX) + TAIL, LONGEST)))
        return Drawn(page.point(lambda grey: 255 if grey > 140 else 0).convert("1", dither=Image.Dither.NONE), boxes)

    def _made(self, element: LayoutElement) -> tuple[int, Image.Image] | None:
        """The element as a picture, and its left edge; nothing where it has nothing to say."""
        start = max(0, element.x * DOTS // 10 - self.edge)
        end = self.wide if element.width == 0 else (element.x + element.width) * DOTS // 10 - self.edge
        room = max(LEAST_BOX, min(end, self.wide) - start)
        start = max(0, min(start, self.wide - room))
        tall = element.height * DOTS // 10
        if element.kind == "line":
            picture: Image.Image | None = Image.new("L", (room, max(3, tall)), 0)
        elif element.kind == "code":
            picture = self._code(tall, room)
        elif element.kind == "picture":
            picture = self._picture(element, room, tall)
        else:
            picture = self._text(element, room)
        if picture is None:
            return None
        if element.kind in ("code", "picture"):
            spare = room - picture.width
            start += {"start": 0, "centre": spare // 2, "end": spare}[element.align]
        return (self.wide - start - picture.width if self.mirrored else start), picture

    def _code(self, tall: int, room: int) -> Image.Image | None:
        if not self.paper.address:
            return None
        code = qr_picture(self.paper.address)
        # Whole dots a module: a code that was stretched cannot be read.
        modules = code.width // _module(code)
        scale = max(3, min(tall or 200, room) // modules)
        return code.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)

    def _picture(self, element: LayoutElement, room: int, tall: int) -> Image.Image | None:
        content = self.pictures.get(element.file_id) if element.file_id is not None else None
        if content is None:
            return None
        try:
            return picture_dots(content, room, tall or room)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
            log.warning("the picture %s of a layout cannot be drawn: %s", element.file_id, wrong)
            return None

    def _text(self, element: LayoutElement, room: int) -> Image.Image | None:
        lines = self._lines(element)
        if not any(lines):
            return None
        dots = max(12, round(element.size / 10 * 25.4 / 72 * DOTS))
        slant = round(dots * SLANT) if element.italic else 0
        style = Style(dots, element.bold, 1.25, element.font)
        if element.kind == "number":
            # A number is never broken over two lines.
            style = fitting(lines[0], style, room - slant, 1, 20, self.mirrored)
        rows = [row for line in lines for row in wrap(line, style, room - slant, self.mirrored)]
        picture = Image.new("L", (room, style.line * len(rows)), 255)
        for place, row in enumerate(rows):
            strip = Image.new("L", (room, style.line), 255)
            wide = width(row, style, self.mirrored)
            spare = max(0, room - slant - wide)
            align = element.align
            if self.mirrored and align != "centre":
                align = "end" if align == "start" else "start"
            left = {"start": 0, "centre": spare // 2, "end": spare}[align]
            baseline = round(style.line / 2 + style.size * 0.36)
            draw_line(ImageDraw.Draw(strip), left, baseline, row, style, 0, self.mirrored)
            if slant:
                strip = strip.transform(
                    strip.size, Image.Transform.AFFINE, (1, SLANT, -SLANT * baseline, 0, 1, 0),
                    Image.Resampling.BICUBIC, fillcolor=255,
                )  # fmt: skip
            picture.paste(strip, (0, place * style.line))
        return picture

    def _lines(self, element: LayoutElement) -> list[str]:
        """What it says, a paragraph each, with the layout's own words before it."""
        if element.kind == "requirements":
            found = [pick(one) for one in self.paper.requirements]
            return [f"– {one}" for one in found if one] if not pick(element.text) else [pick(element.text), *found]
        own = pick(element.text)
        if element.kind == "text":
            return own.split("\n") if own else []
        usual, value = self._value(element)
        if not value:
            return []
        lead = own or usual
        return [f"{lead} {value}" if lead else value]

    def _value(self, element: LayoutElement) -> tuple[str, str]:
        """The usual words before a value, and the value."""
        paper = self.paper
        if element.kind == "number":
            return "", paper.number
        if element.kind == "issued_at":
            return "", formats.date_time(paper.issued_at, self.zone, long=True)
        if element.kind == "windows":
            return _("At window"), "  ".join(formats.digits(one) for one in paper.windows)
        if element.kind == "waiting":
            if paper.source == "block":
                return "", ""
            return _("Ahead of you"), formats.number(paper.waiting) if paper.waiting else formats.people(0)
        if element.kind == "estimate":
            return _("Your turn, we expect"), self._expected()
        if element.kind == "test_mark":
            return "", _("For trial, not valid") if paper.test else ""
        if element.kind == "priority":
            return "", _("Green channel") if paper.priority else ""
        if element.kind == "source":
            return "", source_words(paper)
        return "", pick(getattr(paper, element.kind))

    def _expected(self) -> str:
        """Paper does not count down: the time of day at which the turn is expected."""
        paper = self.paper
        if not paper.waiting or paper.estimate_low is None or paper.estimate_high is None:
            return ""
        begin = paper.issued_at + timedelta(seconds=paper.estimate_low)
        return formats.time_range(begin, paper.issued_at + timedelta(seconds=paper.estimate_high), self.zone)

    def _note(self, text: str) -> None:
        style = fitting(text, Style(26, True, 1.3), self.wide - 60, 2, 18, self.mirrored)
        rows = wrap(text, style, self.wide - 60, self.mirrored)
        pen = ImageDraw.Draw(self.page)
        top = self.bottom + 16
        tall = style.line * len(rows) + 16
        pen.rounded_rectangle((10, top, self.wide - 11, top + tall), 14, outline=0, width=4)
        for place, row in enumerate(rows):
            left = (self.wide - width(row, style, self.mirrored)) // 2
            baseline = top + 8 + place * style.line + round(style.line / 2 + style.size * 0.36)
            draw_line(pen, left, baseline, row, style, 0, self.mirrored)
        self.bottom = top + tall


def _module(code: Image.Image) -> int:
    """Dots of one module of a code drawn by `qr_picture`: the quiet zone is four of them wide."""
    first = next(x for x in range(code.width) if code.getpixel((x, x)) == 0)
    return max(1, first // 4)


def source_words(paper: TicketPaper) -> str:
    """How a ticket came to be, where that is worth a word (QUE-934)."""
    if paper.source == "block":
        return _("Taken without connection, valid")
    if paper.source == "assisted" and pick(paper.taken_by):
        return _("Taken for you by {name}").format(name=pick(paper.taken_by))
    return ""
