"""An expression's text taken apart into words and signs, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from common.rules import limits
from common.rules.problems import Problem, WrongRule


@dataclass(frozen=True)
class Word:
    """A number, a text with its quotation marks, a name, a sign, or the end."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.start + len(self.text)


_WORD = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_]|\.[0-9]))
    |(?P<text>"[^"\n\0]*"|'[^'\n\0]*')
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>\?\?|==|!=|>=|<=|\.\.|[-+*/%^<>()\[\],?:.\#])
    )""",
    re.VERBOSE,
)


def words(text: str) -> list[Word]:
    """The words of an expression, the end last. Raises WrongRule for what is too long or no sign of ours."""
    if len(text) > limits.LENGTH:
        raise WrongRule([Problem("too_long", limits.LENGTH, len(text), {"most": limits.LENGTH})])
    found: list[Word] = []
    place, last = 0, len(text.rstrip())
    while place < last:
        met = _WORD.match(text, place)
        if met is None:
            raise WrongRule([_unread(text, place)])
        kind = met.lastgroup or ""
        found.append(Word(kind, met.group(kind), met.start(kind)))
        place = met.end()
        if len(found) > limits.PARTS:
            raise WrongRule([Problem("too_large", found[-1].start, last, {"most": limits.PARTS})])
    return [*found, Word("end", "", last)]


def _unread(text: str, place: int) -> Problem:
    while text[place].isspace():
        place += 1
    sign = text[place]
    if sign in "\"'":
        return Problem("open_text", place, len(text))
    digits = re.match(r"[\w.]+", text[place:]) if sign.isdigit() else None
    if digits:
        return Problem("unexpected", place, place + digits.end(), {"part": digits.group()})
    return Problem("sign", place, place + 1, {"sign": sign})
