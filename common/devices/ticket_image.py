"""The paper ticket as a picture: 576 dots wide, one bit a dot, in the citizen's language.

A raster and not text, because ticket printers know neither Persian nor Chinese in every model. Measures follow the
ticket's design: number 17 mm high, text 3 mm, code of 6 dots a module, no line thinner than 3 dots, no grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image, ImageDraw

from common.devices.raster_text import Style, draw_line, fitting, width, wrap
from common.text import _, formats, in_language, known, language, ngettext, right_to_left

WIDTH = 576
"""Dots across the paper: 72 mm at 8 dots a millimetre."""

MARGIN = 28
ROOM = WIDTH - 2 * MARGIN
RULE = 4
LONGEST = 6000
"""Dots of the longest ticket, a guard against a text that was pasted by mistake."""

HALL, ORGANISATION = Style(30, True, 1.25), Style(24, False, 1.3)
SERVICE, NUMBER = Style(38, True, 1.2), Style(190, True, 1.0)
TAKEN, LABEL, TEXT = Style(26), Style(26, False, 1.2), Style(25, False, 1.35)
AHEAD, EXPECTED = Style(68, True, 1.1), Style(40, True, 1.25)
PLACE, WINDOWS = Style(34, True, 1.25), Style(46, True, 1.2)
PHONE, HEADING, FOOT, MARK = Style(29, True, 1.25), Style(27, True, 1.3), Style(23, False, 1.35), Style(26, True, 1.3)


@dataclass(frozen=True)
class TicketPaper:
    """What stands on one ticket, in the citizen's language; never a name or an identity number."""

    hall: str
    service: str
    number: str
    issued_at: datetime
    """On the outlet's clock (with its zone)."""
    language: str = "en"
    organisation: str = ""
    ahead: int | None = None
    """Waiting tickets before this one; nothing where it is not known."""
    expected: tuple[datetime, datetime] | None = None
    """When the turn is expected to come: earliest and latest, with zone."""
    windows: Sequence[str] = ()
    place: str = ""
    """Zone or floor of the windows."""
    qr: str = ""
    """The address in the code; nothing leaves the code out."""
    code: str = ""
    """What can be typed where scanning fails."""
    requirements: Sequence[str] = ()
    hint: str = ""
    """The service's own hint."""
    how: str = ""
    """How it goes; the usual sentence where empty."""
    green_channel: bool = False
    offline: bool = False
    """Taken without connection: no expected time, no code, but valid."""
    copy_by: str | None = None
    """A reprint: who printed it (empty: not said); nothing for the first print."""
    taken_at: str = ""
    """Which kiosk, in the last lines."""
    extra: Sequence[str] = field(default=())
    """Further last lines."""


class _Strip:
    """Paper that grows downwards; everything is placed for left to right and mirrored for right to left."""

    def __init__(self, mirrored: bool) -> None:
        self.mirrored = mirrored
        self.picture = Image.new("L", (WIDTH, LONGEST), 255)
        self.pen = ImageDraw.Draw(self.picture)
        self.y = 24

    def left(self, x: int, wide: int) -> int:
        """The real left edge of something `wide` dots wide, planned at `x`."""
        return WIDTH - x - wide if self.mirrored else x

    def line(self, text: str, style: Style, x: int, room: int, top: int, centred: bool = False, ink: int = 0) -> int:
        """One line in a column; returns the y below it."""
        wide = width(text, style, self.mirrored)
        at = x + (room - wide) // 2 if centred else x
        baseline = top + round(style.line / 2 + style.size * 0.36)
        draw_line(self.pen, self.left(at, wide), baseline, text, style, ink, self.mirrored)
        return top + style.line

    def block(
        self, text: str, style: Style, x: int = MARGIN, room: int = ROOM, top: int | None = None, **how: bool
    ) -> int:
        """A wrapped text in a column; returns the y below it."""
        y = self.y if top is None else top
        for line in wrap(text, style, room, self.mirrored):
            y = self.line(line, style, x, room, y, **how)
        return y

    def centred(self, text: str, style: Style, lines: int = 2, smallest: int = 24) -> None:
        """A centred text over the whole width, made smaller until it takes no more lines than that (QUE-936)."""
        self.y = self.block(text, fitting(text, style, ROOM, lines, smallest, self.mirrored), centred=True)

    def rule(self, dashed: bool = False) -> None:
        """A line across the paper."""
        self.y += 14
        step = 12 if dashed else ROOM
        for x in range(MARGIN, MARGIN + ROOM, step):
            self.pen.rectangle(
                (x, self.y, min(x + (7 if dashed else ROOM), MARGIN + ROOM) - 1, self.y + RULE - 1), fill=0
            )
        self.y += RULE + 14

    def finished(self) -> Image.Image:
        """The paper cut to its length, one bit a dot."""
        page = self.picture.crop((0, 0, WIDTH, min(self.y + 40, LONGEST)))
        return page.point(lambda grey: 255 if grey > 140 else 0).convert("1", dither=Image.Dither.NONE)


def draw(paper: TicketPaper) -> Image.Image:
    """The ticket as a picture of mode `1`, 576 dots wide; raises `fonts.FontMissing`. Any thread."""
    code = known(paper.language)
    with in_language(code):
        strip = _Strip(right_to_left(code))
        _head(strip, paper)
        _number(strip, paper)
        strip.rule(dashed=True)
        _turn(strip, paper)
        _windows(strip, paper)
        if paper.qr and not paper.offline:
            strip.rule(dashed=True)
            _phone(strip, paper)
        strip.rule(dashed=True)
        _advice(strip, paper)
        strip.rule()
        _foot(strip, paper)
        return strip.finished()


def _head(strip: _Strip, paper: TicketPaper) -> None:
    icon, gap = 48, 14
    style = fitting(paper.hall, HALL, ROOM - icon - gap, 1, 24, strip.mirrored)
    wide = width(paper.hall, style, strip.mirrored)
    if wide + icon + gap <= ROOM:
        begin = MARGIN + (ROOM - wide - icon - gap) // 2
        _icon(strip.pen, strip.left(begin, icon), strip.y)
        strip.line(paper.hall, style, begin + icon + gap, wide, strip.y + (icon - style.line) // 2)
        strip.y += icon
    else:
        strip.centred(paper.hall, style)
    if paper.organisation and paper.organisation != paper.hall:
        strip.y += 4
        strip.centred(paper.organisation, ORGANISATION, smallest=22)
    strip.y -= 2
    strip.rule()


def _icon(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A public building: roof, four columns, ground."""

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + 2 * across, y + 2 * down) for across, down in points]

    pen.line(at((3, 9.5), (12, 4), (21, 9.5), (3, 9.5), (12, 4)), fill=0, width=4, joint="curve")
    for column in (5, 9.7, 14.3, 19):
        pen.line(at((column, 12.5), (column, 17.5)), fill=0, width=4)
    pen.line(at((2.4, 20.5), (21.6, 20.5)), fill=0, width=4)


def _number(strip: _Strip, paper: TicketPaper) -> None:
    strip.y -= 2
    strip.centred(paper.service, SERVICE, lines=2, smallest=28)
    style = fitting(paper.number, NUMBER, ROOM, 1, 26)
    wide = width(paper.number, style)
    tall = round(style.size * 0.74)
    strip.y += 16 + tall
    draw_line(strip.pen, (WIDTH - wide) // 2, strip.y, paper.number, style)
    strip.y += 18
    for text in _marks(paper):
        _framed(strip, text)
    zone = paper.issued_at.tzinfo
    assert zone is not None, "the time on a ticket is the outlet's and carries its zone"
    strip.centred(formats.date_time(paper.issued_at, zone, long=True), TAKEN, lines=1, smallest=20)


def _marks(paper: TicketPaper) -> list[str]:
    marks = []
    if paper.green_channel:
        marks.append(_("Green channel"))
    if paper.copy_by is not None:
        marks.append(_("Copy, printed by {name}").format(name=paper.copy_by) if paper.copy_by else _("Copy"))
    return marks


def _framed(strip: _Strip, text: str) -> None:
    style = fitting(text, MARK, ROOM - 56, 1, 20, strip.mirrored)
    wide = min(width(text, style, strip.mirrored) + 52, ROOM)
    left, tall = (WIDTH - wide) // 2, style.line + 14
    strip.pen.rounded_rectangle((left, strip.y, left + wide, strip.y + tall), tall // 2, outline=0, width=RULE)
    strip.line(text, style, MARGIN, ROOM, strip.y + 7, centred=True)
    strip.y += tall + 10


def _turn(strip: _Strip, paper: TicketPaper) -> None:
    """Left how many are ahead, right the time of day at which the turn is expected: paper does not count down."""
    if paper.offline:
        strip.y = strip.block(_("Taken without connection, valid"), EXPECTED, centred=True)
        strip.y = strip.block(_("Watch the screens: no time can be foretold."), LABEL, centred=True) + 14
        return
    if paper.ahead is None and paper.expected is None:
        return
    top, first, bottom = strip.y, 186, strip.y
    alone = paper.expected is None
    if paper.ahead is not None:
        room = ROOM if alone else first
        bottom = strip.block(_("Ahead of you"), LABEL, MARGIN, room, top + 4, centred=True)
        # The Persian zero looks like a dot, so nobody is said in words.
        text = formats.number(paper.ahead) if paper.ahead else formats.people(0)
        style = AHEAD if paper.ahead else EXPECTED
        style = fitting(text, style, room - 20, 1, 24, strip.mirrored)
        bottom = strip.line(text, style, MARGIN, room, bottom + (AHEAD.line - style.line) // 2, centred=True)
    if paper.expected is not None:
        x = MARGIN if paper.ahead is None else MARGIN + first + 22
        room = WIDTH - MARGIN - x
        zone = paper.expected[0].tzinfo
        assert zone is not None, "the expected time is the outlet's and carries its zone"
        y = strip.block(_("Your turn, we expect"), LABEL, x, room, top + 4)
        span = formats.time_range(*paper.expected, zone)
        y = strip.block(span, fitting(span, EXPECTED, room, 1, 26, strip.mirrored), x, room, y)
        bottom = max(bottom, strip.block(_("an estimate: watch the screens"), LABEL, x, room, y))
        if paper.ahead is not None:
            left = strip.left(MARGIN + first, RULE)
            strip.pen.rectangle((left, top, left + RULE - 1, bottom + 4), fill=0)
    strip.y = bottom + 18


def _windows(strip: _Strip, paper: TicketPaper) -> None:
    """The black bar: place and windows."""
    labels = "  ".join(formats.digits(label) for label in paper.windows)
    lead = paper.place
    if labels:
        word = ngettext("window", "windows", len(paper.windows))
        lead = f"{paper.place}{_between()}{word}" if paper.place else word
    if not lead:
        return
    inside, gap, style = ROOM - 32, 14, PLACE
    small = fitting(lead, style, inside, 1, 24, strip.mirrored)
    for size in range(style.size, 23, -2):
        small = Style(size, True, style.leading)
        both = width(lead, small, strip.mirrored) + (gap + width(labels, WINDOWS) if labels else 0)
        if both <= inside:
            break
    lead_wide, labels_wide = width(lead, small, strip.mirrored), width(labels, WINDOWS) if labels else 0
    one_line = lead_wide + (gap + labels_wide if labels else 0) <= inside
    if one_line:
        tall = WINDOWS.line + 22
        _bar(strip, tall)
        x = (WIDTH - lead_wide - (gap + labels_wide if labels else 0)) // 2
        strip.line(lead, small, x, lead_wide, strip.y + (tall - small.line) // 2, ink=255)
        if labels:
            strip.line(
                labels, WINDOWS, x + lead_wide + gap, labels_wide, strip.y + (tall - WINDOWS.line) // 2 - 3, ink=255
            )
        strip.y += tall
        return
    rows = [(line, small) for line in wrap(lead, small, inside, strip.mirrored)]
    rows += [(line, WINDOWS) for line in wrap(labels, WINDOWS, inside, strip.mirrored)]
    tall = sum(style.line for _line, style in rows) + 22
    _bar(strip, tall)
    y = strip.y + 11
    for line, style in rows:
        y = strip.line(line, style, MARGIN + 16, inside, y, centred=True, ink=255)
    strip.y += tall


def _between() -> str:
    """Between two things in a line; in Persian a dot behind a digit would be read as a zero."""
    return "، " if language() == "fa" else " · "


def _bar(strip: _Strip, tall: int) -> None:
    strip.pen.rounded_rectangle((MARGIN, strip.y, MARGIN + ROOM - 1, strip.y + tall - 1), 10, fill=0)


def qr_picture(text: str) -> Image.Image:
    """The code with six dots a module (fewer for a very long address) and its quiet zone."""
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=1, border=4)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows)
    picture = Image.new("L", (size, size), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    scale = 6 if size <= 45 else max(3, 270 // size)
    return picture.resize((size * scale, size * scale), Image.Resampling.NEAREST)


def _phone(strip: _Strip, paper: TicketPaper) -> None:
    code = qr_picture(paper.qr)
    quiet = 24
    # The quiet zone may reach into the paper's margin and the lines above: nothing else is drawn there.
    left = MARGIN - quiet + 12
    top = strip.y - quiet + 12
    x = left + code.width - quiet + 24
    room = WIDTH - MARGIN - x
    heading = fitting(_("On your phone"), PHONE, room, 1, 22, strip.mirrored)
    parts = [(_("On your phone"), heading), (_("Scan to see your place and be told before your call."), TEXT)]
    if paper.code:
        parts.append((_("Code {code}").format(code=paper.code), TEXT))
    text_tall = sum(len(wrap(text, style, room, strip.mirrored)) * style.line for text, style in parts)
    tall = max(code.height - 2 * quiet + 24, text_tall)
    strip.picture.paste(code, (strip.left(left, code.width), top + (tall - (code.height - 2 * quiet + 24)) // 2))
    y = strip.y + (tall - text_tall) // 2
    for text, style in parts:
        y = strip.block(text, style, x, room, y)
    strip.y += tall


def _advice(strip: _Strip, paper: TicketPaper) -> None:
    how = paper.how or _(
        "Watch the screens and go to the window shown. Missed your call? Tell the desk: you keep your ticket today."
    )
    sections = [
        (_("Have ready"), list(paper.requirements)),
        (_("How it goes"), [part for part in (paper.hint, how) if part]),
    ]
    first = True
    for heading, texts in sections:
        if not texts:
            continue
        strip.y += 0 if first else 12
        first = False
        strip.y = strip.block(heading, HEADING)
        for text in texts:
            if len(texts) > 1 and heading == _("Have ready"):
                dot = strip.left(MARGIN + 2, 8)
                middle = strip.y + TEXT.line // 2
                strip.pen.ellipse((dot, middle - 4, dot + 8, middle + 4), fill=0)
                strip.y = strip.block(text, TEXT, MARGIN + 22, ROOM - 22)
            else:
                strip.y = strip.block(text, TEXT)


def _foot(strip: _Strip, paper: TicketPaper) -> None:
    valid = _("Valid today only")
    lines = [f"{valid}{_between()}{paper.taken_at}" if paper.taken_at else valid]
    if paper.qr and not paper.offline:
        lines.append(_("Rate the service at the window or with the code"))
    for text in [*lines, *paper.extra]:
        strip.centred(text, FOOT, lines=2, smallest=20)
