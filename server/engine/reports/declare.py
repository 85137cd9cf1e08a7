"""@report: a list with typed columns, from one declaration; as JSON, Excel or CSV. The full engine comes later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

REPORTS: dict[str, Report] = {}

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Column:
    """A column: its key in the rows, its heading, and the kind of its cells."""

    name: str
    label: str
    kind: str = "text"
    """`text`, `words`, `number`, `moment`, `seconds`, `choice`."""
    choices: dict[str, str] = field(default_factory=dict)
    total: bool = False
    width: int = 14


@dataclass(frozen=True)
class Report:
    """One declared report."""

    name: str
    label: str
    needs: str | None
    input: type[BaseModel]
    columns: tuple[Column, ...]
    function: Callable[[Any, Any], Iterable[dict[str, Any]]]


def report(
    name: str, label: str, *, needs: str | None, input: type[BaseModel], columns: Iterable[Column]
) -> Callable[[F], F]:
    """Declare a report; `function(work, parameters)` gives its rows as dictionaries by column name."""

    def declare(function: F) -> F:
        if name in REPORTS:
            raise RuntimeError(f"report {name} is declared twice")
        REPORTS[name] = Report(name, label, needs, input, tuple(columns), function)
        return function

    return declare
