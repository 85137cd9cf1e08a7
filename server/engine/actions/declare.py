"""@action and @reading: a verb is declared once; its address, rights, documentation and tests follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from common.records.field import When

ACTIONS: dict[str, Action] = {}
"""Every verb by its name, as in `POST /api/{module}/{verb}`."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Action:
    """One verb in one transaction."""

    name: str
    needs: str | None
    input: type[BaseModel]
    output: type[BaseModel]
    function: Callable[[Any, Any], Any]
    locks: Callable[[Any], Iterable[tuple[str, Any]]] | None = None
    reads: bool = False
    """A reading changes nothing and takes no key."""
    keyless: bool = False
    """Takes no key although it changes something: a heartbeat."""
    secret: bool = False
    """The result holds a secret and is never stored as an answer."""
    open: bool = False
    """Needs no token."""
    prepare: Callable[[Any, Any, Any], Any] | None = None
    """`prepare(engine, who, request)` runs in a thread of its own before the transaction and gives what is too slow for
    the writer (a password's hash); the function finds it in `work.prepared`."""
    doc: str = ""
    label: str = ""
    """What the button or the entry of the finder says."""
    on: Any = None
    """The kind of record whose list and form have this verb as a button."""
    subject: str = "id"
    """The input field that takes that record's id."""
    when: tuple[When, ...] = ()
    """The button is to be had while these hold for the record; the verb itself checks its own conditions."""
    question: str = ""
    """To be asked before it is done; its answer repeats the label."""


def action(
    name: str,
    *,
    needs: str | None,
    input: type[BaseModel],
    output: type[BaseModel],
    locks: Callable[[Any], Iterable[tuple[str, Any]]] | None = None,
    keyless: bool = False,
    secret: bool = False,
    prepare: Callable[[Any, Any, Any], Any] | None = None,
    label: str = "",
    on: Any = None,
    subject: str = "id",
    when: Iterable[When] = (),
    question: str = "",
) -> Callable[[F], F]:
    """Declare a verb that changes something. `locks` names what must not change meanwhile, by kind and id; on
    PostgreSQL they become advisory locks, taken in order; SQLite has one writer anyway. `prepare`: see `Action`.

    With `on=Record` it is a button of that record's list and form, its input model the dialog: titles of the input's
    fields are their labels, and `json_schema_extra=facts(kind=…, link=…)` says more of one."""

    def declare(function: F) -> F:
        _add(
            Action(
                name, needs, input, output, function, locks,
                keyless=keyless, secret=secret, prepare=prepare, doc=_doc(function),
                label=label, on=on, subject=subject, when=tuple(when), question=question,
            )
        )  # fmt: skip
        return function

    return declare


def reading(
    name: str, *, needs: str | None, input: type[BaseModel], output: type[BaseModel], label: str = ""
) -> Callable[[F], F]:
    """Declare a verb that only reads; it runs beside the writer on a connection that can change nothing."""

    def declare(function: F) -> F:
        _add(Action(name, needs, input, output, function, reads=True, doc=_doc(function), label=label))
        return function

    return declare


def _doc(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip()


def _add(made: Action) -> None:
    if made.name in ACTIONS:
        raise RuntimeError(f"action {made.name} is declared twice")
    ACTIONS[made.name] = made
