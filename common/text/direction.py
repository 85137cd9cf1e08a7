"""Writing direction: right to left for Persian, and how a number or Latin word keeps its order inside such a text."""

from __future__ import annotations

import unicodedata

from common.text.catalogue import right_to_left

LEFT_TO_RIGHT_ISOLATE = "\u2066"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
_ISOLATES = {ord(mark): None for mark in "\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b\u202c\u202d\u202e"}


def direction(language: str | None = None) -> str:
    """`rtl` or `ltr` for the language named or the reader's, as HTML writes it."""
    return "rtl" if right_to_left(language) else "ltr"


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction of its own is written from right to left."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def number(text: str) -> str:
    """A ticket number, time or code that must keep its order inside a right-to-left sentence, wrapped for the screen."""
    return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"


def name(text: str) -> str:
    """A name of unknown direction inside a sentence, wrapped for the screen."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def plain(text: str) -> str:
    """The text without direction marks, for search, files and printers."""
    return text.translate(_ISOLATES)
