"""Field kinds: each gives a column and tells lists, forms, search, export and import what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from common.records.field import Field, When
from server.engine.database.types import Day, Document, Id, Utc

__all__ = ["Field", "When"]

SORTED_LENGTH = 80
"""Characters of a text's folded companion, by which lists sort it alike on both databases."""


def _column(kind: Any, field: Field, *arguments: Any, **options: Any) -> Mapped[Any]:
    info = {"field": field, **options.pop("info", {})}
    return mapped_column(kind, *arguments, nullable=not field.required or bool(field.shown_when), info=info, **options)


def text(
    label: str, *, length: int = 200, default: Any = None, unique: bool | Literal["ever"] = False, **about: Any
) -> Mapped[str]:
    """One line of text, at most `length` characters. `unique`: another for each entry; with `ever` deleted ones count too."""
    field = Field("text", label, length=length, default=default, **about)
    ever = unique == "ever" or None
    return _column(String(length), field, default=default, unique=ever, info={"alone": unique is True})


def long_text(label: str, *, default: Any = None, **about: Any) -> Mapped[str]:
    """Text of several lines."""
    return _column(Text, Field("long_text", label, default=default, **about), default=default)


def rich_text(label: str, **about: Any) -> Mapped[str]:
    """HTML of paragraphs, lists, links and emphasis; whatever else comes in is taken out."""
    about.setdefault("sortable", False)
    return _column(Text, Field("rich_text", label, **about))


def words(label: str, *, default: Any = None, **about: Any) -> Mapped[dict[str, str]]:
    """A text in the hall's languages; `rich=True` lets each have paragraphs, lists and emphasis."""
    about.setdefault("search", True)
    return _column(Document, Field("words", label, default=default, **about), default=default)


def number(
    label: str, *, default: Any = None, least: int | None = None, most: int | None = None, **about: Any
) -> Mapped[int]:
    """A whole number between its limits."""
    return _column(Integer, Field("number", label, least=least, most=most, default=default, **about), default=default)


def money(label: str, currency: str, *, default: Any = None, decimals: int = 2, **about: Any) -> Mapped[int]:
    """An amount in the currency's smallest unit."""
    field = Field("money", label, unit=currency, decimals=decimals, default=default, **about)
    return _column(BigInteger, field, default=default)


def percentage(label: str, *, default: Any = None, least: int = 0, most: int = 10_000, **about: Any) -> Mapped[int]:
    """Hundredths of a percent: 10,000 is all."""
    field = Field("percentage", label, unit="%", decimals=2, least=least, most=most, default=default, **about)
    return _column(Integer, field, default=default)


def duration(label: str, *, default: Any = None, least: int = 0, **about: Any) -> Mapped[int]:
    """A length of time in seconds."""
    return _column(Integer, Field("duration", label, least=least, unit="s", default=default, **about), default=default)


def sequence(label: str, **about: Any) -> Mapped[int]:
    """A place in an order, given by the house."""
    return _column(BigInteger, Field("number", label, read_only=True, **about))


def yes_no(label: str, *, default: bool = False, **about: Any) -> Mapped[bool]:
    """True or false."""
    return _column(Boolean, Field("yes_no", label, default=default, **about), default=default)


def choice(label: str, choices: type[StrEnum] | Sequence[tuple[str, str]], *, default: Any = None, **about: Any) -> Any:
    """One of a fixed list, stored by its code. An enumeration gives its members' `label`."""
    pairs = (
        tuple((member.value, getattr(member, "label", member.value)) for member in choices)
        if isinstance(choices, type)
        else tuple(choices)
    )
    return _column(String(30), Field("choice", label, choices=pairs, default=default, **about), default=default)


def entry(dictionary: str, label: str, **about: Any) -> Mapped[UUID]:
    """One entry of a dictionary, which administrators keep; a deleted entry stays readable where it was chosen."""
    field = Field("entry", label, link="dictionary_entry", dictionary=dictionary, **about)
    return _column(Id, field, ForeignKey("dictionary_entry.id"), index=True)


def link(target: str, label: str, *, index: bool = True, default: Any = None, **about: Any) -> Mapped[UUID]:
    """A link to another record, by its type's name."""
    field = Field("link", label, link=target, **about)
    return _column(Id, field, ForeignKey(f"{target}.id"), index=index or None, default=default)


def links(target: str, label: str, **about: Any) -> Mapped[list[str]]:
    """Links to several records of one type, in order; ids as text."""
    about.setdefault("required", False)
    about.setdefault("sortable", False)
    return _column(Document, Field("links", label, link=target, **about))


def parent(target: str, label: str, **about: Any) -> Mapped[UUID]:
    """The place in a tree: a link to a record of the same type, nothing for a root. Cycles are refused."""
    about.setdefault("required", False)
    return _column(Id, Field("parent", label, link=target, **about), ForeignKey(f"{target}.id"), index=True)


def place(label: str, **about: Any) -> Mapped[int]:
    """The order among brothers of a tree or list; moved by `records.move`."""
    about.setdefault("least", 0)
    about.setdefault("most", 1_000_000)
    return _column(Integer, Field("number", label, default=0, **about), default=0, info={"place": True})


def moment(label: str, *, index: bool = False, **about: Any) -> Mapped[datetime]:
    """A moment in UTC."""
    return _column(Utc, Field("moment", label, **about), index=index or None)


def day(label: str, *, index: bool = False, **about: Any) -> Mapped[date]:
    """A day of the outlet's calendar."""
    return _column(Day, Field("day", label, **about), index=index or None)


def time_of_day(label: str, *, default: Any = None, **about: Any) -> Mapped[str]:
    """A time of day as HH:MM."""
    return _column(String(5), Field("time", label, default=default, **about), default=default)


def period(label: str, *, index: bool = False, **about: Any) -> Mapped[str]:
    """From one day to another, both counted, as `2026-03-01/2026-03-31`; without an end `2026-03-01/`."""
    return _column(String(21), Field("period", label, **about), index=index or None)


def colour(label: str, *, default: str = "", **about: Any) -> Mapped[str]:
    """A colour as #rrggbb."""
    return _column(String(9), Field("colour", label, default=default, **about), default=default)


def image(label: str, **about: Any) -> Mapped[UUID]:
    """A picture in the file store, by the file's id."""
    about.setdefault("required", False)
    return _column(Id, Field("image", label, sortable=False, **about))


def files(label: str, **about: Any) -> Mapped[list[str]]:
    """Files of the file store, by their ids as text."""
    about.setdefault("required", False)
    return _column(Document, Field("files", label, sortable=False, **about))


def email(label: str, **about: Any) -> Mapped[str]:
    """An e-mail address."""
    return _column(String(200), Field("email", label, length=200, **about))


def phone(label: str, *, protected: bool = True, **about: Any) -> Mapped[str]:
    """A telephone number; protected unless it stands on a door."""
    return _guarded(Field("phone", label, length=20, protected=protected, **about))


def identity_number(label: str, *, scheme: str = "", **about: Any) -> Mapped[str]:
    """An identity number, always protected. `scheme` (cn, ir, ru) checks its digits."""
    return _guarded(Field("identity_number", label, length=20, scheme=scheme, protected=True, **about))


def _guarded(field: Field) -> Mapped[str]:
    return _column(LargeBinary if field.protected else String(field.length), field)


def address(label: str, **about: Any) -> Mapped[dict[str, str]]:
    """A postal address in its parts."""
    about.setdefault("sortable", False)
    return _column(Document, Field("address", label, **about))


def coordinates(label: str, **about: Any) -> Mapped[dict[str, float]]:
    """A place on earth: latitude and longitude in degrees."""
    about.setdefault("sortable", False)
    return _column(Document, Field("coordinates", label, **about))


def document(label: str, *, default: Any = None, **about: Any) -> Mapped[Any]:
    """Structured data of a declared shape, such as a day's periods."""
    about.setdefault("sortable", False)
    return _column(Document, Field("document", label, **about), default=default)


def numbered(label: str, pattern: str, *, length: int = 40, **about: Any) -> Mapped[str]:
    """A number of a series, given when the record is made: `R-{year}-{serial:05}`.

    Parts: year, month, day (of the outlet's business day, else of UTC) and serial, which begins anew with the finest of
    these that the pattern names."""
    field = Field("text", label, length=length, read_only=True, **about)
    return _column(String(length), field, unique=True, info={"series": pattern})


@dataclass(frozen=True)
class Computed:
    """A field without a column: `work` and the row in, the JSON value out."""

    field: Field
    value: Callable[[Any, Any], Any]


def computed(kind: str, label: str, value: Callable[[Any, Any], Any], **about: Any) -> Any:
    """What is worked out when a record is read: `age = computed("number", N_("Age"), lambda work, row: …)`."""
    field = Field(kind, label, required=False, read_only=True, computed=True, sortable=False, **about)
    return Computed(field, value)
