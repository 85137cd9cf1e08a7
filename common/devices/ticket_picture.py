"""Pictures on tickets and displays: what may be one, and what a ticket printer makes of it."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image, ImageOps

MOST_BYTES = 512 << 10
MOST_SIDE = 4000
"""Pixels. A printer has 576 dots across, a display 1920: more only costs every kiosk time."""

Fault = Literal["", "kind", "large"]


def fault(content: bytes) -> Fault:
    """Why this is no picture for a layout; empty where it is one. Reads it whole: a cut-off file is none. Any thread."""
    if len(content) > MOST_BYTES:
        return "large"
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if max(opened.size) > MOST_SIDE:
                return "large"
            opened.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "kind"
    return ""


def dots(content: bytes, wide: int, tall: int) -> Image.Image:
    """Black and white dots as they are printed: as large as fits into so many dots, whole, dithered on white paper.
    Raises OSError or ValueError for what is no picture."""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
        upright = ImageOps.exif_transpose(opened)
        fitted = ImageOps.contain(upright.convert("RGBA"), (max(1, wide), max(1, tall)), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", fitted.size, "white")
    ground.alpha_composite(fitted)
    return ground.convert("L").convert("1").convert("L")
