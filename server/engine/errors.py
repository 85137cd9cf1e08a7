"""Two families of errors: refusals, which tell the user what to do, and our own bugs, which get a reference.

A refusal is declared once with its code, status and sentence; the sentence is translated for whoever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A declared way of saying no. `sentence` may name facts in braces and says what to do next."""

    code: str
    status: int
    sentence: str


REFUSALS: dict[str, Refusal] = {}


def refusal(code: str, sentence: str, status: int = 409) -> Refusal:
    """Declare a refusal; its code is unique in the house."""
    if code in REFUSALS:
        raise RuntimeError(f"refusal {code} is declared twice")
    made = REFUSALS[code] = Refusal(code, status, sentence)
    return made


class Said(str):
    """A fact that is a text of ours, such as a field's label: told in the reader's language."""

    __slots__ = ()


class Refused(Exception):
    """An action said no before it changed anything. Carries the code and the facts for the reader."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.declared = REFUSALS[code]
        self.code = code
        self.facts = facts
        self.headers: dict[str, str] = {}

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.declared.status


class Unavailable(Exception):
    """The database could not take the change now (disk full, locked, gone): nothing was changed, try again."""
