"""Taking translations that somebody wrote into the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from common.text.catalogue import CATALOGUES
from common.text.extract import catalogue_folders, title_of, within
from common.text.po import read_catalogue, source_of, written

Translations = Mapping[str, Mapping[str, str | Sequence[str]]]
"""By language and source text (with a context: `context`, U+0004, text): the translation, or all its plural forms."""


def fill(root: Path, translations: Translations, only: Iterable[Path] = ()) -> int:
    """Write translations into every catalogue that knows their text; returns how many changed. Empty ones are skipped.

    `only` limits it to these folders.
    """
    count = 0
    folders = [folder for folder in catalogue_folders(root) if within(folder, only)]
    for code in CATALOGUES:
        wanted = {key: value for key, value in translations.get(code, {}).items() if value and all(value)}
        for folder in folders:
            path = folder / "locale" / f"{code}.po"
            if not wanted or not path.is_file():
                continue
            catalogue = read_catalogue(path, code)
            before = count
            for message in catalogue:
                source = source_of(message)
                value = wanted.get(source if message.context is None else f"{message.context}\x04{source}")
                if not source or value is None or isinstance(value, str) == bool(message.pluralizable):
                    continue
                string = value if isinstance(value, str) else tuple(value)
                if message.string != string or message.fuzzy:
                    message.string = string
                    message.flags.discard("fuzzy")
                    count += 1
            if count != before:
                path.write_bytes(written(catalogue, title_of(folder, root), code))
    return count
