"""The functions that an expression may call: everything else, above all the host's clock and chance, is unknown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """What it takes and gives. `loops`: its second value is computed once a row, the row being `#`."""

    takes: tuple[str, ...]
    gives: str
    least: int | None = None
    """Of the values, when some may be left out."""
    loops: bool = False
    skips_empty: bool = False
    """Empty values of the list are left out before it is computed."""


FUNCTIONS: dict[str, Function] = {
    "abs": Function(("number",), "number"),
    "floor": Function(("number",), "number"),
    "ceil": Function(("number",), "number"),
    "trunc": Function(("number",), "number"),
    "round": Function(("number", "number"), "number", least=1),
    "sum": Function(("list",), "number", skips_empty=True),
    "avg": Function(("list",), "number", skips_empty=True),
    "min": Function(("list",), "item", skips_empty=True),
    "max": Function(("list",), "item", skips_empty=True),
    "len": Function(("text or list",), "number"),
    "upper": Function(("text",), "text"),
    "lower": Function(("text",), "text"),
    "trim": Function(("text",), "text"),
    "contains": Function(("text or list", "any"), "yes_no"),
    "startsWith": Function(("text", "text"), "yes_no"),
    "endsWith": Function(("text", "text"), "yes_no"),
    "string": Function(("any",), "text"),
    "number": Function(("text",), "number"),
    "some": Function(("list", "yes_no"), "yes_no", loops=True),
    "all": Function(("list", "yes_no"), "yes_no", loops=True),
    "none": Function(("list", "yes_no"), "yes_no", loops=True),
    "one": Function(("list", "yes_no"), "yes_no", loops=True),
    "count": Function(("list", "yes_no"), "number", loops=True),
    "filter": Function(("list", "yes_no"), "same list", loops=True),
    "map": Function(("list", "any"), "list", loops=True),
    "d": Function(("any",), "day"),
    "date": Function(("any",), "day"),
    "time": Function(("text",), "time"),
}

METHODS: dict[str, Function] = {
    "add": Function(("number", "unit"), "itself"),
    "sub": Function(("number", "unit"), "itself"),
    "diff": Function(("day", "unit"), "number"),
    "year": Function((), "number"),
    "month": Function((), "number"),
    "day": Function((), "number"),
    "weekday": Function((), "number"),
}
"""Of days: `birthday.add(18, "year")`. A weekday is 1 (Monday) to 7 (Sunday)."""

UNITS = ("day", "week", "month", "year", "hour", "minute")
