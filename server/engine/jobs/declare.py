"""@job: scheduled work, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Scheduled:
    """Work that recurs: every so many seconds of the server's clock, in one process at a time."""

    name: str
    every_seconds: float
    function: Callable[[Any], None]


SCHEDULED: dict[str, Scheduled] = {}


def job(name: str, *, every_seconds: float) -> Callable[[F], F]:
    """Declare recurring work; `function(work)` runs as one small action of the house."""

    def declare(function: F) -> F:
        SCHEDULED[name] = Scheduled(name, every_seconds, function)
        return function

    return declare
