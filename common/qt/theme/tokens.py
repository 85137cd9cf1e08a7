"""Design tokens: colour, shape and motion of the three skins."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Tokens:
    """One skin. Colours as `#rrggbb`; lengths in logical pixels; `quick` and `calm` in milliseconds."""

    ink: str
    ink_2: str
    ink_3: str
    line: str
    surface: str
    canvas: str
    raised: str
    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    good_strong: str
    warn: str
    warn_soft: str
    warn_strong: str
    bad: str
    bad_soft: str
    bad_strong: str
    edge: str
    """The border of whatever can be touched: 3:1; `line` only parts."""
    focus: str = "#ffb000"
    focus_edge: str = "#16202b"
    radius_s: int = 6
    radius_m: int = 10
    radius_l: int = 18
    space: int = 8
    quick: int = 160
    calm: int = 240


LIGHT = Tokens(
    ink="#16202b", ink_2="#414e5d", ink_3="#5d6b7c", line="#d6dde5", surface="#ffffff", canvas="#f2f5f8", raised="#ffffff",
    accent="#0a52a0", accent_strong="#08467f", accent_soft="#e3eefa", on_accent="#ffffff",
    good="#167245", good_soft="#e2f3ea", good_strong="#0a5230", warn="#9a5b00", warn_soft="#fdf0d9", warn_strong="#6b3e00",
    bad="#b3261e", bad_soft="#fbe6e4", bad_strong="#8c1d18", edge="#738296",
)  # fmt: skip

DARK = Tokens(
    ink="#edf2f7", ink_2="#b4c0cd", ink_3="#94a3b3", line="#2c3947", surface="#17202a", canvas="#0e141b", raised="#1e2935",
    accent="#5aa9f5", accent_strong="#8cc4fa", accent_soft="#14304c", on_accent="#06121f",
    good="#54c98a", good_soft="#12301f", good_strong="#7fdcae", warn="#f0b04f", warn_soft="#38280e", warn_strong="#ffcb7d",
    bad="#ff8a80", bad_soft="#3d1614", bad_strong="#ffb4ab", edge="#7a8b9e", focus_edge="#06121f",
)  # fmt: skip

CONTRAST = Tokens(
    ink="#ffffff", ink_2="#ffffff", ink_3="#ffffff", line="#ffffff", surface="#000000", canvas="#000000", raised="#000000",
    accent="#ffe600", accent_strong="#ffe600", accent_soft="#000000", on_accent="#000000",
    good="#7dff9b", good_soft="#000000", good_strong="#7dff9b", warn="#ffd34d", warn_soft="#000000", warn_strong="#ffd34d",
    bad="#ff9d94", bad_soft="#000000", bad_strong="#ff9d94", edge="#ffffff", focus_edge="#000000",
)  # fmt: skip

SKINS = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` of `other` in `one`."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def with_accent(tokens: Tokens, accent: str) -> Tokens:
    """The hall's own accent: darkened (lightened in the dark skin) until it holds 4.5:1 with its text and on the surface.

    The high-contrast skin keeps its own. Raises ValueError for what is no colour.
    """
    if len(accent) != 7 or accent[0] != "#":
        raise ValueError(f"{accent!r} is no colour such as #0a52a0")
    int(accent[1:], 16)
    if tokens is CONTRAST:
        return tokens
    away = "#ffffff" if tokens is DARK else "#000000"
    fits = next(
        made
        for step in range(21)
        if contrast(made := mix(accent, away, step / 20), tokens.surface) >= 4.5
        and contrast(made, tokens.on_accent) >= 4.5
    )
    strong = next(
        made for step in range(21) if contrast(made := mix(fits, away, step / 20), tokens.surface) >= 7 or step == 20
    )
    return replace(tokens, accent=fits, accent_strong=strong, accent_soft=mix(tokens.surface, fits, 0.12))
