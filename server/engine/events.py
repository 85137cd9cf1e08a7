"""Events tell what happened. A listener runs `inside` the same transaction and may refuse, or `after` it as a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

F = TypeVar("F", bound=Callable[..., Any])


class Event(BaseModel):
    """Base of all events: plain values, so that a listener may run later in another process."""

    model_config = ConfigDict(frozen=True)


INSIDE: dict[type[Event], list[Callable[[Any, Any], None]]] = {}
AFTER: dict[str, tuple[type[Event], Callable[[Any, Any], None]]] = {}


def listener(event: type[Event], *, when: Literal["inside", "after"] = "after") -> Callable[[F], F]:
    """Declare a listener. `after` (the default) is a job row written in the same transaction: at least once, so it must
    be idempotent. `inside` runs at once and may refuse."""

    def declare(function: F) -> F:
        if when == "inside":
            INSIDE.setdefault(event, []).append(function)
        else:
            AFTER[f"{function.__module__}.{function.__name__}"] = (event, function)
        return function

    return declare


class Question(BaseModel):
    """Base of all questions: a lower module asks, upper modules answer in the same transaction."""

    model_config = ConfigDict(frozen=True)


ANSWERS: dict[type[Question], list[Callable[[Any, Any], Any]]] = {}


def answers(question: type[Question]) -> Callable[[F], F]:
    """Declare an answer; the first that is not `None` holds, else the default that the asker gave."""

    def declare(function: F) -> F:
        ANSWERS.setdefault(question, []).append(function)
        return function

    return declare
