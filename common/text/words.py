"""Data texts in the hall's languages: a dictionary by language code, read with a fallback."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from common.text import catalogue

_hall_languages: tuple[str, ...] = ()


def set_hall_languages(codes: Iterable[str]) -> None:
    """The languages of the hall, the first one first; `pick` falls back to the first. Holds for the process."""
    global _hall_languages
    _hall_languages = tuple(codes)


def hall_languages() -> tuple[str, ...]:
    """The hall's languages as set, or all languages of the programs."""
    return _hall_languages or (catalogue.SOURCE, *catalogue.CATALOGUES)


def pick(words: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in the language named or the reader's; else in the hall's first, else English, else any; else empty."""
    if not words:
        return ""
    wanted = language or catalogue.language()
    for code in (wanted, *_hall_languages[:1], catalogue.SOURCE, *sorted(words)):
        text = words.get(code, "")
        if text:
            return text
    return ""


def language_of(words: Mapping[str, str] | None, language: str | None = None) -> str:
    """The language of the text that `pick` returns, for its direction and its voice; the wanted one when empty."""
    wanted = language or catalogue.language()
    text = pick(words, wanted)
    return next((code for code in (wanted, *sorted(words or {})) if text and (words or {}).get(code) == text), wanted)


def plain(rich: str) -> str:
    """HTML as one line of text: for lists, tickers and signs."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", rich))).strip()


def lacking(words: Mapping[str, str] | None, languages: Iterable[str]) -> list[str]:
    """The languages in which the text is still to be written."""
    return [code for code in languages if not (words or {}).get(code, "").strip()]
