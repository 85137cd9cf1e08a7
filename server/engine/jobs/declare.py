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
    function: Callable[..., None]
    look: Callable[[Any], Any] | None = None
    """Reads first, beside the writer; only what it finds is worked on."""
    aside: bool = False
    """Runs in every process, outside of every transaction."""
    label: str = ""
    """What it does, for the console; marked with `N_`."""


SCHEDULED: dict[str, Scheduled] = {}


def job(
    name: str, *, every_seconds: float, look: Callable[[Any], Any] | None = None, aside: bool = False, label: str = ""
) -> Callable[[F], F]:
    """Declare recurring work; `function(work)` runs as one small action of the house. With `look(work)`, which reads,
    `function(work, found)` runs only when that found something: most turns then cost the writer nothing.

    `aside` is for what waits for more than the database: `function(engine)` runs in the jobs' own thread, in every process.
    """

    def declare(function: F) -> F:
        SCHEDULED[name] = Scheduled(name, every_seconds, function, look, aside, label)
        return function

    return declare
