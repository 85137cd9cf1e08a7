"""Where the five windows lie on a screen: side by side, never one over another. Pure."""

from __future__ import annotations

from typing import NamedTuple

GAP = 8
FRAME = 36
"""Room for a title bar above the workbench, the only window that has one."""


class Place(NamedTuple):
    """A rectangle in the desktop's pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def option(self) -> str:
        """As `--geometry` wants it."""
        return ",".join(str(part) for part in self)


def arrange(space: Place, frame: int = FRAME) -> dict[str, Place]:
    """Kiosk at the left with the window's strip below; the workbench large; pad and central display under it.

    Every window but the workbench keeps the shape for which its screens were drawn: kiosk 9:16, strip 4:1, pad 16:10,
    central display 16:9. On a small screen the workbench gets what is left.
    """
    high = space.height - GAP
    kiosk = int(min(high / (16 / 9 + 1 / 4), space.width * 0.3))
    strip = kiosk // 4
    left = space.x + kiosk + GAP
    wide = space.width - kiosk - GAP
    lower = int(min((wide - GAP) / (16 / 10 + 16 / 9), space.height * 0.38))
    pad = int(lower * 16 / 10)
    below = space.y + space.height - lower
    return {
        "kiosk": Place(space.x, space.y, kiosk, high - strip),
        "strip": Place(space.x, space.y + space.height - strip, kiosk, strip),
        "staff": Place(left, space.y + frame, wide, space.height - lower - frame - GAP),
        "pad": Place(left, below, pad, lower),
        "central": Place(left + pad + GAP, below, wide - pad - GAP, lower),
    }
