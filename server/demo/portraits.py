"""Portraits of the demo hall's staff, drawn by the program: flat, friendly, the same at every start."""

from __future__ import annotations

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 600)
GROUNDS = ("#dbe7f3", "#e6f0e4", "#f6ead6", "#efe1ee", "#dff0f0", "#f3e3de")
SKINS = ("#f3cfb3", "#e8b48f", "#c98d62", "#a56a43", "#f7dcc6", "#8a5636")
HAIRS = ("#2b2320", "#4a3326", "#7b5236", "#a9794a", "#3a3f48", "#8d8d92", "#1d1b22")
CLOTHES = ("#0a52a0", "#2f5d50", "#6b3e00", "#5a3d7a", "#34495e", "#8c1d18", "#14606b")
SCALE = 2


@lru_cache(maxsize=32)
def portrait(seed: int) -> bytes:
    """A PNG of 480 by 600 pixels; the same for the same seed."""
    chance = Random(seed * 7919 + 13)
    width, height = SIZE[0] * SCALE, SIZE[1] * SCALE
    image = Image.new("RGB", (width, height), GROUNDS[seed % len(GROUNDS)])
    draw = ImageDraw.Draw(image)
    skin = SKINS[(seed * 5 + 1) % len(SKINS)]
    hair = HAIRS[(seed * 3 + 2) % len(HAIRS)]
    cloth = CLOTHES[seed % len(CLOTHES)]
    long_hair = chance.random() < 0.5

    def box(x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
        return ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height)

    if long_hair:
        draw.rounded_rectangle(box(0.5, 0.46, 0.50, 0.50), radius=0.22 * width, fill=hair)
    draw.rounded_rectangle(box(0.5, 1.02, 0.86, 0.52), radius=0.22 * width, fill=cloth)
    draw.rounded_rectangle(box(0.5, 0.68, 0.18, 0.24), radius=0.08 * width, fill=_shade(skin, 0.9))
    draw.polygon(
        [(0.40 * width, 0.765 * height), (0.60 * width, 0.765 * height), (0.5 * width, 0.90 * height)], fill="#ffffff"
    )
    draw.ellipse(box(0.5, 0.44, 0.40, 0.42), fill=skin)
    draw.ellipse(box(0.295, 0.46, 0.06, 0.08), fill=_shade(skin, 0.94))
    draw.ellipse(box(0.705, 0.46, 0.06, 0.08), fill=_shade(skin, 0.94))
    draw.pieslice(box(0.5, 0.40, 0.46, 0.40), 180, 360, fill=hair)
    fringe = chance.choice((0.30, 0.5, 0.70))
    draw.ellipse(box(fringe, 0.36, 0.26, 0.10), fill=hair)
    for x in (0.42, 0.58):
        draw.ellipse(box(x, 0.455, 0.035, 0.032), fill="#2a2a2e")
        draw.arc(box(x, 0.415, 0.09, 0.05), 200, 340, fill=_shade(hair, 0.8), width=6 * SCALE // 2)
    draw.arc(box(0.5, 0.535, 0.15, 0.08), 20, 160, fill=_shade(skin, 0.55), width=5 * SCALE // 2)
    draw.arc(box(0.505, 0.485, 0.05, 0.07), 40, 150, fill=_shade(skin, 0.75), width=4 * SCALE // 2)
    if chance.random() < 0.35:
        for x in (0.42, 0.58):
            draw.rounded_rectangle(box(x, 0.457, 0.12, 0.075), radius=18 * SCALE, outline="#30343b", width=4 * SCALE)
        draw.line([(0.48 * width, 0.455 * height), (0.52 * width, 0.455 * height)], fill="#30343b", width=4 * SCALE)
    small = image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)
    stream = io.BytesIO()
    small.save(stream, "PNG", optimize=False)
    return stream.getvalue()


def _shade(colour: str, factor: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"#{int(red * factor):02x}{int(green * factor):02x}{int(blue * factor):02x}"
