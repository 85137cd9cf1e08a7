"""Expressions of administrators: checked before they are kept, computed over plain values, bounded in every direction.

Numbers are decimal throughout, never binary: values go to the engine as JSON text and come back as the engine spells them.
An expression that meets an empty value where it needs one has no result yet: it computes to None, as a condition to no.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import zen

from common.rules import limits
from common.rules.grammar import Names, Part, Reader
from common.rules.problems import NotComputed, Problem, WrongRule

__all__ = ["Expression", "Names", "checked", "compiled", "evaluate", "holds"]


@dataclass(frozen=True)
class Expression:
    """A checked expression. May be kept and used by several threads."""

    text: str
    kind: str
    """Of its result: number, text, yes_no, day, moment, time, list, any, nothing."""
    uses: frozenset[str]
    """The names that it reads, rows by their own name."""
    columns: Mapping[str, frozenset[str]]
    """Of rows: which of their values it reads."""
    _keys: tuple[tuple[str, str, str], ...]
    _compute: Any
    _spell: Any

    def value(self, values: Mapping[str, Any]) -> Any:
        """Its result: Decimal, str, bool, date, datetime, "HH:MM", a list, or None while something needed is empty.

        `values` by name, nested or with points; dates as dates or ISO texts, numbers as int, Decimal or float. Raises
        NotComputed when the values are too many, too large or of a kind that does not fit.
        """
        given, empty = self._given(values)
        try:
            if self.kind == "number":
                return self._number(given)
            found = self._compute.evaluate(given)
            if isinstance(found, float):
                number = self._number(given)
                return self._time(number) if self.kind == "time" and number is not None else number
        except (RuntimeError, ValueError, TypeError, InvalidOperation) as failure:
            if empty or "Empty array" in str(failure):
                return None
            raise NotComputed from failure
        return self._plain(found)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds: an empty or undecided one does not. Raises NotComputed as `value` does."""
        return self.value(values) is True

    def _plain(self, found: Any) -> Any:
        if isinstance(found, list | dict):
            return _unpacked(found)
        if not isinstance(found, str) or self.kind not in ("day", "moment"):
            return found
        if found == "Invalid date" or len(found) < 20 or found[0] in "+-":
            return None
        moment = datetime.fromisoformat(found)
        return moment.date() if self.kind == "day" else moment

    def _number(self, given: str) -> Decimal | None:
        spelled = self._spell.evaluate(given)
        return None if spelled == "null" else Decimal(spelled)

    @staticmethod
    def _time(seconds: Decimal) -> str:
        minutes = int(seconds) // 60
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"

    def _given(self, values: Mapping[str, Any]) -> tuple[str, bool]:
        """The values that are read, as JSON text, and whether one of them is empty."""
        empty = False
        given: dict[str, Any] = {}
        for name, key, kind in self._keys:
            found = value_of(values, name)
            if kind == "rows":
                rows, gaps = self._rows(found, self.columns.get(name, frozenset()))
                given[key], empty = rows, empty or gaps
            else:
                given[key] = _handed(found)
                empty = empty or given[key] is None
        text = _json(given)
        if len(text) > limits.VALUES:
            raise NotComputed("too_much")
        return text, empty

    @staticmethod
    def _rows(found: Any, columns: Iterable[str]) -> tuple[list[dict[str, Any]], bool]:
        rows = found if isinstance(found, list | tuple) else []
        if len(rows) > limits.ROWS:
            raise NotComputed("too_much")
        handed = [{f"c_{c}": _handed(row.get(c)) for c in columns} for row in rows if isinstance(row, Mapping)]
        return handed, not handed or any(value is None for row in handed for value in row.values())


def checked(text: str, names: Names, wanted: str | None = None) -> list[Problem]:
    """What is wrong with an expression, with its place: nothing when it may be used.

    `names` says what it may name and of which kind that is; `wanted` of which kind its result must be.
    """
    try:
        compiled(text, names, wanted)
    except WrongRule as wrong:
        return wrong.problems
    return []


def compiled(text: str, names: Names, wanted: str | None = None) -> Expression:
    """The expression, to be computed as often as wanted. Raises WrongRule."""
    return _compiled(text, _frozen(names), wanted)


def evaluate(text: str, names: Names, values: Mapping[str, Any]) -> Any:
    """Compile and compute at once. Raises WrongRule and NotComputed."""
    return compiled(text, names).value(values)


def holds(text: str, names: Names, values: Mapping[str, Any]) -> bool:
    """Whether a condition holds. Raises WrongRule (also when it is no condition) and NotComputed."""
    return compiled(text, names, "yes_no").holds(values)


_Frozen = tuple[tuple[str, "str | tuple[tuple[str, str], ...]"], ...]


def _frozen(names: Names) -> _Frozen:
    return tuple(
        (name, kind if isinstance(kind, str) else tuple(sorted(kind.items()))) for name, kind in sorted(names.items())
    )


@lru_cache(maxsize=4096)
def _compiled(text: str, frozen: _Frozen, wanted: str | None) -> Expression:
    names: Names = {name: kind if isinstance(kind, str) else dict(kind) for name, kind in frozen}
    reader = Reader(text, names)
    part = reader.read()
    if wanted is not None and not _fits(part, wanted):
        raise WrongRule([Problem("result", part.start, part.end, {"given": part.kind, "wanted": wanted})])
    try:
        compute, spell = zen.compile_expression(part.code), zen.compile_expression(f"string({part.code})")
    except RuntimeError as failure:  # a construct that we read and the engine does not
        raise WrongRule([Problem("unexpected", 0, len(text), {"part": text})]) from failure
    keys = tuple((n, k, "value" if isinstance(names[n], str) else "rows") for n, k in reader.used.items())
    columns = {name: frozenset(found) for name, found in reader.columns.items()}
    return Expression(text, part.kind, frozenset(reader.used), columns, keys, compute, spell)


def _fits(part: Part, wanted: str) -> bool:
    if wanted == "day" and part.kind == "moment":
        return True
    return part.kind in (wanted, "any", "nothing") or wanted == "any"


def value_of(values: Mapping[str, Any], name: str) -> Any:
    """A value by its name, nested or with points; nothing where there is none."""
    if name in values:
        return values[name]
    found: Any = values
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _handed(value: Any) -> Any:
    """A value in the shape that the engine takes; an empty text or list of nothing is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, str):
        if len(value) > limits.TEXT:
            raise NotComputed("too_much")
        return value
    if isinstance(value, list | tuple):
        if len(value) > limits.ROWS:
            raise NotComputed("too_much")
        return [_handed(one) for one in value if not isinstance(one, Mapping | list | tuple)]
    return str(value)


def _number(value: int | float | Decimal) -> Any:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or number.adjusted() >= limits.DIGITS - 1 or number.adjusted() < -limits.DIGITS:
        raise NotComputed("too_much")
    return number


def _unpacked(found: Any) -> Any:
    if isinstance(found, list):
        return [_unpacked(one) for one in found]
    if isinstance(found, dict):
        return {name.removeprefix("c_"): _unpacked(one) for name, one in found.items()}
    return Decimal(repr(found)) if isinstance(found, float) else found


def _json(given: Any) -> str:
    """JSON text with decimals as they are; the library's own encoder would make binary numbers of them."""
    match given:
        case Decimal():
            return f"{given:f}"
        case Mapping():
            return "{" + ",".join(f"{json.dumps(k)}:{_json(v)}" for k, v in given.items()) + "}"
        case list():
            return "[" + ",".join(_json(v) for v in given) + "]"
        case _:
            return json.dumps(given)
