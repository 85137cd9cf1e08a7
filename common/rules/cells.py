"""One cell of a decision table: which values of its column it meets. Pure.

Written as people write them: `> 5`, `[1..5]` (with a round bracket the end does not count), `"home", "shop"`, `true`,
`2026-01-01`, `empty`, `not "home"`; several with commas between them; nothing (or `-`) meets every value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from common.rules.problems import Problem, WrongRule

ORDERED = frozenset({"number", "day", "moment", "time"})
_SPLIT = re.compile(r""",(?=(?:[^"]*"[^"]*")*[^"]*$)""")
_RANGE = re.compile(r"^([\[(])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])])$")
_COMPARED = re.compile(r"^(<=|>=|<|>|==|!=)\s*(.+)$")
_DECIMAL = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")


@dataclass(frozen=True)
class Span:
    """Values between two ends; an end of None lies open. One value is a span with both ends at it."""

    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True

    def meets(self, value: Any) -> bool:
        """Whether the value lies within."""
        if self.low is not None and (value < self.low or (value == self.low and not self.with_low)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.with_high)


@dataclass(frozen=True)
class Cell:
    """What a cell meets. `anything`: every value, an empty one too."""

    anything: bool = False
    spans: tuple[Span, ...] = ()
    values: frozenset[Any] = field(default_factory=frozenset)
    empty: bool = False
    turned: bool = False
    """Written with `not`: meets what it would not meet."""

    def meets(self, value: Any) -> bool:
        """Whether the column's value is met; a list is met when one of its values is."""
        if self.anything:
            return True
        if isinstance(value, list):
            met = any(one in self.values for one in value) or (not value and self.empty)
        elif value is None:
            met = self.empty
        else:
            met = value in self.values or any(span.meets(value) for span in self.spans)
        return met != self.turned

    @property
    def ends(self) -> set[Any]:
        """The values at which it begins or ceases to meet."""
        return {end for span in self.spans for end in (span.low, span.high) if end is not None} | set(self.values)


def cell(text: str, kind: str) -> Cell:
    """Read a cell of a column of this kind. Raises WrongRule."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(anything=True)
    turned = bool(re.match(r"not\b", text))
    body = text[3:].strip() if turned else text
    spans: list[Span] = []
    values: set[Any] = set()
    empty = False
    for piece in (p.strip() for p in _SPLIT.split(body)):
        if piece == "empty":
            empty = True
            continue
        read = _piece(piece, kind, text)
        if isinstance(read, Span):
            spans.append(read)
        else:
            values.add(read)
    return Cell(spans=tuple(spans), values=frozenset(values), empty=empty, turned=turned)


def _piece(piece: str, kind: str, text: str) -> Any:
    between = _RANGE.match(piece)
    if between and kind in ORDERED:
        low, high = (literal(between.group(n), kind, text) for n in (2, 3))
        if high < low:
            raise WrongRule([_unfit(piece, text)])
        return Span(low, high, between.group(1) == "[", between.group(4) == "]")
    compared = _COMPARED.match(piece)
    if compared and kind in ORDERED:
        value = literal(compared.group(2), kind, text)
        match compared.group(1):
            case "<":
                return Span(high=value, with_high=False)
            case "<=":
                return Span(high=value)
            case ">":
                return Span(low=value, with_low=False)
            case ">=":
                return Span(low=value)
            case "==":
                return value
        raise WrongRule([_unfit(piece, text)])
    return literal(piece, kind, text)


def literal(piece: str, kind: str, text: str) -> Any:
    """A value as a cell spells it, of the column's kind. Raises WrongRule."""
    try:
        match kind:
            case "number" if _DECIMAL.match(piece):
                return Decimal(piece)
            case "yes_no" if piece in ("true", "false"):
                return piece == "true"
            case "day":
                return date.fromisoformat(piece.strip('"'))
            case "moment":
                moment = datetime.fromisoformat(piece.strip('"'))
                if moment.tzinfo is not None:
                    return moment
            case "time" if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", piece.strip('"')):
                return piece.strip('"')
            case "text" | "list" | "any" if len(piece) > 1 and piece[0] == piece[-1] == '"' and '"' not in piece[1:-1]:
                return piece[1:-1]
            case "text" | "list" if re.fullmatch(r"\w[\w .-]*", piece):
                return piece
    except (ValueError, InvalidOperation):
        pass
    if kind in ("day", "time"):
        start = max(text.find(piece), 0)
        raise WrongRule([Problem(kind, start, start + len(piece))])
    raise WrongRule([_unfit(piece, text)])


def _unfit(piece: str, text: str) -> Problem:
    if not piece:
        return Problem("unfinished", len(text), len(text))
    start = max(text.find(piece), 0)
    return Problem("unexpected", start, start + len(piece), {"part": piece})
