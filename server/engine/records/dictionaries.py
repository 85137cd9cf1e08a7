"""Dictionaries: the drop-down lists that administrators keep (SM-DICT, COR-027, COR-028, ADM-030)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.access import DICTIONARIES_EDIT, DICTIONARIES_SEE
from server.engine.records.fields import link, parent, place, text, words, yes_no
from server.engine.records.record import Record
from server.engine.records.scope import OPEN, Rights
from server.engine.records.unique import unique_together

BUILT_IN = refusal("dictionaries.built_in", N_("Programs rely on this dictionary; it can be renamed, not deleted."))
OTHER = refusal("dictionaries.other", N_("An entry can stand only under an entry of the same dictionary."), 422)
RIGHTS = Rights(see=DICTIONARIES_SEE, add=DICTIONARIES_EDIT, edit=DICTIONARIES_EDIT, delete=DICTIONARIES_EDIT)

DECLARED: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {}
"""Dictionaries that fields rely on, by code: their name and first entries (code, text)."""


def dictionary(code: str, name: str, entries: tuple[tuple[str, str], ...] = ()) -> str:
    """Declare a dictionary that fields choose from; a new hall begins with these entries. Gives its code."""
    if code in DECLARED:
        raise RuntimeError(f"dictionary {code} is declared twice")
    DECLARED[code] = (name, entries)
    return code


class Dictionary(Record):
    """A category of values to choose from."""

    label = N_("Dictionary")
    plural = N_("Dictionaries")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    code: Mapped[str] = text(N_("Code"), length=40, in_list=True, search=True, unique=True, once=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and before.code in DECLARED and values.get("deleted_at"):
            work.refuse("dictionaries.built_in")


class DictionaryEntry(Record):
    """One value of a dictionary; a deleted one stays readable where it was chosen (ADM-I06)."""

    label = N_("Dictionary entry")
    plural = N_("Dictionary entries")
    title = ("name",)
    order = ("dictionary_id", "place", "name")
    rights = RIGHTS
    scope = OPEN
    among = "dictionary_id"

    dictionary_id: Mapped[UUID] = link("dictionary", N_("Dictionary"), in_list=True, once=True)
    code: Mapped[str] = text(N_("Code"), length=40, in_list=True, search=True, once=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    parent_id: Mapped[UUID] = parent("dictionary_entry", N_("Belongs to"))
    place: Mapped[int] = place(N_("Place in the order"))
    in_use: Mapped[bool] = yes_no(N_("Can be chosen"), default=True, in_list=True)

    __table_args__ = (unique_together("ux_dictionary_entry", "dictionary_id", "code"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        above = work.find(cls, values.get("parent_id"))
        own = values.get("dictionary_id") or getattr(before, "dictionary_id", None)
        if above is not None and above.dictionary_id != own:
            work.refuse("dictionaries.other")
