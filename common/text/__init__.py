"""Texts, formats and data words in the reader's language: English, 中文, Русский, فارسی. No Qt."""

from __future__ import annotations

from common.text.catalogue import (
    CATALOGUES,
    N_,
    SOURCE,
    _,
    in_language,
    known,
    language,
    ngettext,
    pgettext,
    right_to_left,
    set_language,
    translate,
)

__all__ = [
    "CATALOGUES",
    "N_",
    "SOURCE",
    "_",
    "in_language",
    "known",
    "language",
    "ngettext",
    "pgettext",
    "right_to_left",
    "set_language",
    "translate",
]
