"""What an identity card told: values that never print themselves, in logs, tracebacks or on screens, unless asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, SupportsIndex

CardKind = Literal["resident", "hong_kong_macao_taiwan", "foreign"]


class Private:
    """A text of a person. `reveal` gives it; every other way to see it gives dots."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself: to be sent to the server or shown to its owner, never to be logged or kept."""
        return self.__text

    def __repr__(self) -> str:
        return "Private(…)"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and self.__text == other.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce_ex__(self, _protocol: SupportsIndex) -> str | tuple[object, ...]:
        raise TypeError("a person's text is not written to files")


@dataclass(frozen=True)
class IdentityCard:
    """What the hall needs of a card; birth, address and photo are not taken from it at all."""

    name: Private
    number: Private
    kind: CardKind
    valid_from: date
    valid_until: date | None
    """Nothing for a card without end (长期)."""

    def valid_on(self, day: date) -> bool:
        """Whether the card is valid on a day of the hall."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
