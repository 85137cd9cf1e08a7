"""Reading one catalogue: only finished translations, as plain tuples of plural forms."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

Texts = dict[tuple[str | None, str], tuple[str, ...]]
"""Translations by context and source text; more than one string where the text has plural forms."""


def read_texts(catalogue: Path) -> Texts:
    """The finished translations of a `.po` file; fuzzy and empty ones are left out, so that the source text shows."""
    with catalogue.open("rb") as stream:
        entries = read_po(stream)
    texts: Texts = {}
    for message in entries:
        if not message.id or message.fuzzy:
            continue
        source = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        strings = tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)
        if all(strings):
            texts[(message.context, source)] = strings
    return texts
