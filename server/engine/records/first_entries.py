"""The first entries of declared dictionaries, put into a database that does not have them yet."""

from __future__ import annotations

from sqlalchemy import select

from common.protocol.messages import LANGUAGES
from common.text.catalogue import translate
from server.engine.actions.work import Work
from server.engine.records.dictionaries import DECLARED, Dictionary, DictionaryEntry


def missing(work: Work) -> list[str]:
    """The declared dictionaries that are not there, by code. One that is there stays as its administrators keep it."""
    table = Dictionary.__table__
    there = set(work.connection.execute(select(table.c.code)).scalars())
    return [code for code in DECLARED if code not in there]


def plant(work: Work) -> None:
    """Make the dictionaries that are missing; run by the house when a server starts and when the demo hall is made."""
    # Of two servers that start at once the second waits here, and then finds nothing missing.
    work.next_number("dictionaries", "")
    for code in missing(work):
        name, entries = DECLARED[code]
        made = work.insert(Dictionary, code=code, name=_said(name))
        for place, (entry_code, text) in enumerate(entries):
            work.insert(
                DictionaryEntry, dictionary_id=made.id, code=entry_code, name=_said(text), place=place, in_use=True
            )  # fmt: skip


def _said(text: str) -> dict[str, str]:
    return {language: translate(text, language) for language in LANGUAGES}
