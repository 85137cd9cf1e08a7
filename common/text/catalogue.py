"""The texts of the programs in the reader's language: gettext catalogues, read from `locale/*.po` of the packages in use.

A process has one language (`set_language`); the server answers each reader in his own through `in_language`, which holds
for the running context only, so that requests side by side do not mix.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import c2py
from pathlib import Path

from common.text.po import PLURALS, Texts, read_texts

SOURCE = "en"
"""The language in which the texts stand in the source."""

CATALOGUES = ("zh", "ru", "fa")
"""The languages into which the texts are translated."""

RIGHT_TO_LEFT = frozenset({"fa", "ar", "he", "ur"})

PACKAGES = ("common", "server", "client_staff", "client_kiosk", "client_pad", "client_led")
"""The packages that may hold `locale` folders. Those that the process has imported are read, no others."""

_plural: dict[str, Callable[[int], int]] = {code: c2py(expression) for code, (_n, expression) in PLURALS.items()}
_process_language = SOURCE
_reader_language: ContextVar[str | None] = ContextVar("reader_language", default=None)
_lock = threading.Lock()
_texts: dict[str, Texts] = {}
_read: dict[str, set[str]] = {}


def known(code: str | None) -> str:
    """The program language nearest to a code such as `zh-Hans-CN`, `fa_IR.UTF-8` or nothing: one of en, zh, ru, fa."""
    short = (code or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return short if short == SOURCE or short in CATALOGUES else SOURCE


def set_language(code: str) -> None:
    """Set the language of this process; an unknown one becomes English."""
    global _process_language
    _process_language = known(code)


def language() -> str:
    """The reader's language: that of the running context, else that of the process."""
    return _reader_language.get() or _process_language


@contextmanager
def in_language(code: str) -> Iterator[str]:
    """Within the block texts and formats are in this language; other threads and tasks are not touched."""
    token = _reader_language.set(known(code))
    try:
        yield language()
    finally:
        _reader_language.reset(token)


def right_to_left(code: str | None = None) -> bool:
    """Whether the reader's language, or the one named, is written from right to left."""
    return (code or language()) in RIGHT_TO_LEFT


def locale_folders(package_folder: Path) -> list[Path]:
    """Every `locale` folder below a package, in a fixed order."""
    return sorted(path for path in package_folder.rglob("locale") if path.is_dir())


def _package_folder(name: str) -> Path | None:
    module = sys.modules.get(name)
    places = list(getattr(module, "__path__", ()))
    return Path(places[0]) if places else None


def _texts_of(code: str) -> Texts:
    """The texts of a language, with the catalogues of packages that were imported since the last look."""
    read = _read.get(code, set())
    missing = [name for name in PACKAGES if name in sys.modules and name not in read]
    if missing:
        with _lock:
            # A new dictionary is put in place at once, so that readers in other threads never see half of one.
            texts = dict(_texts.get(code, {}))
            for name in missing:
                folder = _package_folder(name)
                for place in locale_folders(folder) if folder else ():
                    catalogue = place / f"{code}.po"
                    if catalogue.is_file():
                        for key, value in read_texts(catalogue).items():
                            texts.setdefault(key, value)
            _texts[code] = texts
            _read[code] = {*read, *missing}
    return _texts[code]


def _look_up(code: str, context: str | None, message: str) -> tuple[str, ...] | None:
    if code == SOURCE or not message:
        return None
    return _texts_of(code).get((context, message))


def translate(message: str, language: str) -> str:
    """A text that was marked with `N_`, in the language named; the English source where there is no translation."""
    found = _look_up(known(language), None, message)
    return found[0] if found else message


def _(message: str) -> str:
    """A text in the reader's language."""
    return translate(message, language())


def pgettext(context: str, message: str) -> str:
    """A text whose English word means several things, told apart by a context."""
    found = _look_up(language(), context, message)
    return found[0] if found else message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The plural form for `n` in the reader's language; the caller fills in the number."""
    code = language()
    found = _look_up(code, None, singular)
    if found:
        form = _plural[code](abs(int(n)))
        return found[form] if form < len(found) else found[-1]
    return singular if abs(n) == 1 else plural


def N_(message: str) -> str:
    """Mark a text that is declared at import time and translated when it is shown; returns it unchanged."""
    return message
