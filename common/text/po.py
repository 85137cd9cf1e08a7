"""One `.po` file: read for showing, read for work on it, written so that the same content gives the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

Key = tuple[str | None, str]
"""Context and source text (the singular where there are plural forms)."""

Texts = dict[Key, tuple[str, ...]]
"""Finished translations; more than one string where the text has plural forms."""

PLURALS: dict[str, tuple[int, str]] = {
    "en": (2, "(n != 1)"),
    "zh": (1, "0"),
    "ru": (3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"),
    "fa": (2, "(n > 1)"),
}
"""Number of plural forms and the C expression that chooses one, as in the catalogues' `Plural-Forms`."""

HEADER = """# {title}
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={count}; plural={expression};\\n"

"""


def new_catalogue(code: str) -> Catalog:
    """An empty catalogue with our plural rule (Babel knows none for Persian)."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(code)
    count, expression = PLURALS[code]
    catalogue.mime_headers = [("Plural-Forms", f"nplurals={count}; plural={expression};")]
    return catalogue


def source_of(message: Message) -> str:
    """The source text of an entry, the singular where it has plural forms; empty for the header."""
    return message.id if isinstance(message.id, str) else message.id[0]


def strings_of(message: Message) -> tuple[str, ...]:
    """The translation of an entry, one string a plural form; empty ones are kept."""
    string = message.string
    return (string or "",) if isinstance(string, str) or string is None else tuple(part or "" for part in string)


def read_catalogue(path: Path, code: str | None = None) -> Catalog:
    """The whole file with fuzzy and empty entries; raises `babel.messages.pofile.PoFileError` when it is broken."""
    from babel.messages.pofile import read_po  # 20 ms that an English program does not need

    with path.open("rb") as stream:
        return read_po(stream, locale=code, abort_invalid=True)


def read_texts(path: Path) -> Texts:
    """The finished translations; fuzzy and empty ones are left out, so that the source text shows."""
    texts: Texts = {}
    for message in read_catalogue(path):
        if not message.id or message.fuzzy:
            continue
        strings = strings_of(message)
        if all(strings):
            texts[(message.context, source_of(message))] = strings
    return texts


def written(catalogue: Catalog, title: str, code: str) -> bytes:
    """The file's bytes: sorted by text, places without line numbers, no dates, so that a repeat changes nothing."""
    from babel.messages.pofile import write_po

    body = io.BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    head = HEADER.format(title=title, code=code, count=PLURALS[code][0], expression=PLURALS[code][1])
    return head.encode() + body.getvalue().rstrip() + b"\n"
