"""Field kinds: each gives a column and tells lists, forms, search, export and import what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.engine.database.types import Day, Document, Id, Utc


@dataclass(frozen=True)
class Field:
    """What a column means to people; travels in `/api/schema`."""

    kind: str
    label: str
    in_list: bool = False
    search: bool = False
    required: bool = True
    read_only: bool = False
    link: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    help: str = ""
    least: int | None = None
    most: int | None = None
    length: int | None = None
    secret: bool = False


def _column(kind: Any, field: Field, *arguments: Any, **options: Any) -> Mapped[Any]:
    nullable = not field.required
    return mapped_column(kind, *arguments, nullable=nullable, info={"field": field}, **options)


def text(label: str, *, length: int = 200, default: Any = None, unique: bool = False, **about: Any) -> Mapped[str]:
    """One line of text, at most `length` characters."""
    field = Field("text", label, length=length, **about)
    return _column(String(length), field, default=default, unique=unique or None)


def long_text(label: str, *, default: Any = None, **about: Any) -> Mapped[str]:
    """Text of several lines."""
    return _column(Text, Field("long_text", label, **about), default=default)


def words(label: str, *, default: Any = None, **about: Any) -> Mapped[dict[str, str]]:
    """A text in the hall's languages."""
    about.setdefault("search", True)
    return _column(Document, Field("words", label, **about), default=default)


def number(
    label: str, *, default: Any = None, least: int | None = None, most: int | None = None, **about: Any
) -> Mapped[int]:
    """A whole number between its limits."""
    return _column(Integer, Field("number", label, least=least, most=most, **about), default=default)


def sequence(label: str, **about: Any) -> Mapped[int]:
    """A place in an order, given by the house."""
    return _column(BigInteger, Field("number", label, read_only=True, **about))


def yes_no(label: str, *, default: bool = False, **about: Any) -> Mapped[bool]:
    """True or false."""
    return _column(Boolean, Field("yes_no", label, **about), default=default)


def choice(label: str, choices: type[StrEnum] | Sequence[tuple[str, str]], *, default: Any = None, **about: Any) -> Any:
    """One of a fixed list, stored by its code. An enumeration gives its members' `label`."""
    pairs = (
        tuple((member.value, getattr(member, "label", member.value)) for member in choices)
        if isinstance(choices, type)
        else tuple(choices)
    )
    return _column(String(30), Field("choice", label, choices=pairs, **about), default=default)


def link(target: str, label: str, *, index: bool = True, default: Any = None, **about: Any) -> Mapped[UUID]:
    """A link to another record, by its type's name."""
    field = Field("link", label, link=target, **about)
    return _column(Id, field, ForeignKey(f"{target}.id"), index=index or None, default=default)


def moment(label: str, *, index: bool = False, **about: Any) -> Mapped[datetime]:
    """A moment in UTC."""
    return _column(Utc, Field("moment", label, **about), index=index or None)


def day(label: str, *, index: bool = False, **about: Any) -> Mapped[date]:
    """A day of the outlet's calendar."""
    return _column(Day, Field("day", label, **about), index=index or None)


def colour(label: str, *, default: str = "", **about: Any) -> Mapped[str]:
    """A colour as #rrggbb."""
    return _column(String(9), Field("colour", label, **about), default=default)


def image(label: str, **about: Any) -> Mapped[UUID]:
    """A picture in the file store, by the file's id."""
    about.setdefault("required", False)
    return _column(Id, Field("image", label, **about))


def document(label: str, *, default: Any = None, **about: Any) -> Mapped[Any]:
    """Structured data of a declared shape, such as a day's periods."""
    return _column(Document, Field("document", label, **about), default=default)
