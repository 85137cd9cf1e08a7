"""The words that a reader must find on a screen, from the programs' own catalogues."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from common.text import SOURCE
from common.text.catalogue import locale_folders
from common.text.po import Texts, read_texts


class NotTranslated(Exception):
    """A program has no words for this in the reader's language."""


@cache
def _texts(package: str, language: str) -> Texts:
    """A package's texts over those that all programs share."""
    texts: Texts = {} if package == "common" else dict(_texts("common", language))
    # Found, not imported: the demo starts the programs, it does not contain them.
    found = find_spec(package)
    places = list(found.submodule_search_locations or ()) if found is not None else []
    for folder in locale_folders(Path(places[0])) if places else ():
        texts.update(read_texts(folder / f"{language}.po"))
    return texts


class Words:
    """The programs' words in one language: `words("pad", "Thank you")`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, program: str, text: str, **facts: str) -> str:
        """The translation with its facts. Raises NotTranslated: an English word on a Persian screen is not seen."""
        if self.language != SOURCE:
            found = _texts(f"client_{program}", self.language).get((None, text))
            if found is None or found[0] == text:
                raise NotTranslated(f"{text!r} of {program} is not translated to {self.language}")
            text = found[0]
        return text.format(**facts) if facts else text
