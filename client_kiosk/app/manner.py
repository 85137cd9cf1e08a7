"""How the pages are drawn for whoever stands there; forgotten when the kiosk goes home."""

from __future__ import annotations

from dataclasses import dataclass

LARGER = 1.2
"""Large print: body from 36 pixels of the drawing, keys from 40."""


@dataclass(frozen=True)
class Manner:
    """Both may be combined."""

    large: bool = False
    """Large print: sections first, one key a line."""
    low: bool = False
    """Whatever is touched lies in the lower half of an upright screen."""
    wide: bool = False
    """The screen lies on its side; it is no wish of anybody's."""

    @property
    def drawn(self) -> tuple[int, int]:
        """The size for which the pages are drawn."""
        wide, high = (1920, 1080) if self.wide else (1080, 1920)
        return (round(wide / LARGER), round(high / LARGER)) if self.large else (wide, high)
