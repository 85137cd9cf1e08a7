"""Look-ups that a form's button may ask for (SVD-018): offered by modules, each with its permission; they change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from server.engine.actions.work import Work

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class LookUp:
    """One look-up: `function(work, answers)` gives values by the names of elements, or nothing."""

    name: str
    label: str
    needs: str | None
    function: Callable[[Work, Mapping[str, Any]], Mapping[str, Any] | None]


LOOK_UPS: dict[str, LookUp] = {}


def look_up(name: str, label: str, *, needs: str | None) -> Callable[[F], F]:
    """Declare a look-up: `@look_up("citizens.by_number", N_("Applicant by identity number"), needs=SEE)`."""

    def declare(function: F) -> F:
        if name in LOOK_UPS:
            raise RuntimeError(f"look-up {name} is declared twice")
        LOOK_UPS[name] = LookUp(name, label, needs, function)
        return function

    return declare
