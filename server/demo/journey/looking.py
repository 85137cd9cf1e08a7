"""Whether what a program shows stands in a picture of the whole screen. Pure: pictures in, a reason out.

A text is believed to be seen when the picture shows, at the text's place, what the program draws there itself: not covered by
another window, not blank, not cut at the screen's edge, and other than before the step.
"""

from __future__ import annotations

from PIL import Image, ImageChops

from server.demo.show.places import Place

INK = 60
"""So much lighter or darker than its ground (of 255) is ink: what one can read."""
ALIKE = 48
"""Two pixels that differ by less are the same: the edges of letters may be smoothed in another way."""
LEAST_INK = 12
"""Pixels. One dash has more."""
INK_MISSED = 0.1
"""This share of the ink may be missing or in the wrong place."""
ALL_MISSED = 0.03


def reason_not_seen(screen: Image.Image, drawn: Image.Image, place: Place, before: Image.Image | None) -> str | None:
    """Why the thing is not seen in the picture of the screen; nothing when it is.

    `drawn` is how its program draws it, `place` where, `before` the screen before the step.
    """
    box = (place.x, place.y, place.x + place.width, place.y + place.height)
    if place.x < 0 or place.y < 0 or box[2] > screen.width or box[3] > screen.height or drawn.size != place[2:]:
        return "it stands beyond the screen's edge"
    own, shown = drawn.convert("L"), screen.crop(box).convert("L")
    ink = _apart(own, Image.new("L", own.size, _ground(own)), INK)
    inked = _count(ink)
    if inked < LEAST_INK:
        return "nothing is written there"
    missed = _apart(own, shown, ALIKE)
    if (
        _count(missed) > ALL_MISSED * own.width * own.height
        or _count(ImageChops.darker(missed, ink)) > INK_MISSED * inked
    ):
        return "the screen shows something else there"
    if before is not None and _count(_apart(before.crop(box).convert("L"), shown, ALIKE)) < LEAST_INK:
        return "the screen shows there what it showed before"
    return None


def _ground(picture: Image.Image) -> int:
    """The commonest grey."""
    counts = picture.histogram()
    return counts.index(max(counts))


def _apart(one: Image.Image, other: Image.Image, least: int) -> Image.Image:
    """White where two grey pictures differ by at least so much."""
    return ImageChops.difference(one, other).point([0] * least + [255] * (256 - least))


def _count(mask: Image.Image) -> int:
    return mask.histogram()[255]
