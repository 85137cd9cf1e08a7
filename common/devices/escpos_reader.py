"""Reading ESC/POS back: the pictures that a printer would have put on paper. For tests and for the demo's evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops

RASTER = b"\x1dv0"
CUTS = (b"\x1dV\x00", b"\x1dV\x01", b"\x1dV0", b"\x1dV1", b"\x1dVB", b"\x1dVA")


def tickets(stream: bytes) -> Iterator[Image.Image]:
    """Each ticket (up to its cut) as one picture of mode `1`; what was begun and not cut comes last."""
    strips: list[Image.Image] = []
    at = 0
    while at < len(stream):
        if stream.startswith(RASTER, at):
            across = int.from_bytes(stream[at + 4 : at + 6], "little")
            down = int.from_bytes(stream[at + 6 : at + 8], "little")
            data = stream[at + 8 : at + 8 + across * down]
            down = len(data) // across if across else 0
            if down:
                strip = Image.frombytes("1", (across * 8, down), data[: across * down])
                strips.append(ImageChops.invert(strip))
            at += 8 + len(data)
        elif stream.startswith(CUTS, at):
            if strips:
                yield _joined(strips)
            strips = []
            at += 3
        else:
            at += 1
    if strips:
        yield _joined(strips)


def _joined(strips: list[Image.Image]) -> Image.Image:
    paper = Image.new("1", (max(strip.width for strip in strips), sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper


def tickets_in(path: Path) -> list[Image.Image]:
    """The tickets in a file that a `file:` printer wrote."""
    return list(tickets(path.read_bytes())) if path.is_file() else []
