"""How a form stands while it is filled in: what is shown, needed, open, and what is computed. Pure, alike on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from common.forms.definition import CONTEXT, Element, FormDefinition
from common.forms.kinds import KINDS
from common.rules.expressions import value_of
from common.rules.problems import NotComputed, WrongRule

Answers = Mapping[str, Any]
"""By name; rows are lists of such mappings. Plain JSON: numbers as whole smallest units, days as ISO texts."""


@dataclass(frozen=True)
class Standing:
    """One element at one moment. `key` is its name, within rows `rows.0.name`."""

    key: str
    element: Element
    shown: bool
    required: bool = False
    read_only: bool = False
    value: Any = None


@dataclass
class State:
    """The whole form: every element's standing by key in the form's order, and the answers: with what was computed,
    without what is hidden by a rule."""

    standing: dict[str, Standing] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    """As expressions see them; of elements within rows by the row's number."""

    def seen_from(self, key: str) -> dict[str, Any]:
        """The values that an expression of the element under this key sees."""
        rows, _, rest = key.partition(".")
        if not rest:
            return self.values
        at, _, _ = rest.partition(".")
        row = self.values[rows][int(at)]
        return {**self.values, **row}


def begun(definition: FormDefinition, context: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with which a new form begins: from the applicant and the service, else the fixed ones."""
    answers: dict[str, Any] = {}
    for name, element in definition.by_name.items():
        if not element.answers or name in definition.rows_of:
            continue
        if element.kind == "rows":
            if element.least_rows:
                answers[name] = [new_row(element) for _ in range(element.least_rows)]
            continue
        value = value_of(context, element.default_from) if element.default_from else None
        value = element.default if value is None else value
        if value is not None:
            answers[name] = value.isoformat() if isinstance(value, date) else value
    return answers


def new_row(rows: Element) -> dict[str, Any]:
    """An empty row with its defaults."""
    inner = FormDefinition(elements=rows.elements).by_name
    return {name: e.default for name, e in inner.items() if e.answers and e.default is not None}


def state(
    definition: FormDefinition,
    answers: Answers,
    context: Mapping[str, Any] | None = None,
    rights: Mapping[str, str] | None = None,
) -> State:
    """How the form stands with these answers. `rights` says "read" or "hidden" of elements by name (of all within a group
    or rows by theirs); the others are open.

    Raises `order.Cycle` for a definition that would not pass its check. What cannot be computed with what was typed is
    empty."""
    return _Reckoning(definition, answers, context or {}, rights or {}).done()


class _Reckoning:
    """One pass over the steps. Values are kept as expressions see them; within rows a list, one a row."""

    def __init__(
        self, definition: FormDefinition, answers: Answers, context: Mapping[str, Any], rights: Mapping[str, str]
    ) -> None:
        self._of = definition
        self._rights = rights
        self._answers = answers
        self._values: dict[str, Any] = {name: value_of(context, name) for name in CONTEXT}
        self._shown: dict[str, Any] = {}
        self._kept: dict[str, Any] = {}
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        self._columns: dict[str, list[str]] = {}
        for name, rows_name in definition.rows_of.items():
            self._columns.setdefault(rows_name, []).append(name)
        for name, element in definition.by_name.items():
            if element.kind == "rows":
                given = answers.get(name)
                rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
                self._rows[name] = rows[: element.most_rows]

    def done(self) -> State:
        for what, name in self._of.steps:
            rows = self._of.rows_of.get(name)
            reckon = self._show if what == "shown" else self._value
            if rows is None:
                reckon(name, None)
            else:
                for at in range(len(self._rows[rows])):
                    reckon(name, at)
        return self._stands()

    def _seen(self, name: str, at: int | None) -> Mapping[str, Any]:
        """The values that an expression of this element sees."""
        rows = self._of.rows_of.get(name)
        if rows is None or at is None:
            return self._values
        own = {n: self._values[n].get(at) for n in self._columns[rows] if n in self._values}
        return {**self._values, **own}

    def _computed(self, text: str, name: str, at: int | None) -> Any:
        try:
            return self._of.rule(name, text).value(self._seen(name, at))
        except (NotComputed, WrongRule):
            return None

    def _holds(self, text: str, name: str, at: int | None) -> bool:
        return bool(text) and self._computed(text, name, at) is True

    def _show(self, name: str, at: int | None) -> None:
        element = self._of.by_name[name]
        inside = True
        for one in self._of.above[name]:
            shown = self._shown[one.name]
            inside = inside and (shown[at] if isinstance(shown, dict) else shown)
        shown = inside and (not element.shown_when or self._holds(element.shown_when, name, at))
        if at is None:
            self._shown[name] = shown
        else:
            self._shown.setdefault(name, {})[at] = shown

    def _value(self, name: str, at: int | None) -> None:
        element = self._of.by_name[name]
        if not element.answers:
            return
        if element.kind == "rows":
            self._assemble(name)
            return
        shown = self._shown[name] if at is None else self._shown[name][at]
        rows = self._of.rows_of.get(name)
        given = self._answers if rows is None or at is None else self._rows[rows][at]
        value = given.get(name)
        if element.value:
            value = stored(element, self._computed(element.value, name, at))
        if not shown:
            value = None
        if at is None:
            self._kept[name], self._values[name] = value, element.scaled(value)
        else:
            self._kept.setdefault(name, {})[at] = value
            self._values.setdefault(name, {})[at] = element.scaled(value)

    def _assemble(self, rows: str) -> None:
        inner = [n for n in self._columns.get(rows, ()) if n in self._kept]
        many = range(len(self._rows[rows])) if self._shown[rows] else ()
        self._kept[rows] = [{n: v for n in inner if (v := self._kept[n][at]) is not None} for at in many]
        self._values[rows] = [{n: self._values[n][at] for n in inner} for at in many]

    def _stands(self) -> State:
        made = State(values=self._values)
        for name, element in self._of.by_name.items():
            rows = self._of.rows_of.get(name)
            if rows is None:
                self._stand(made, element, name, None)
                if element.kind == "rows":
                    for at in range(len(self._kept[name])):
                        for inner in self._columns.get(name, ()):
                            self._stand(made, self._of.by_name[inner], f"{name}.{at}.{inner}", at)
                if element.answers and self._kept.get(name) not in (None, [], ""):
                    made.answers[name] = self._kept[name]
        return made

    def _stand(self, made: State, element: Element, key: str, at: int | None) -> None:
        name = element.name
        shown = self._shown[name] if at is None else self._shown[name][at]
        right = self._right(name)
        kept = self._kept.get(name)
        value = kept[at] if at is not None and isinstance(kept, dict) else kept
        read_only = (
            bool(element.value) or element.read_only or right == "read" or self._holds(element.read_only_when, name, at)
        )
        required = element.required or self._holds(element.required_when, name, at)
        made.standing[key] = Standing(
            key, element, shown and right != "hidden", required and shown and right == "write" and not read_only,
            read_only, value,
        )  # fmt: skip

    def _right(self, name: str) -> str:
        for one in (name, *(above.name for above in reversed(self._of.above[name]))):
            if one in self._rights:
                return self._rights[one]
        return "write"


def stored(element: Element, found: Any) -> Any:
    """A computed result as an answer: whole smallest units, ISO days, texts; nothing when it does not fit the element."""
    kind = KINDS[element.kind].answer
    match found:
        case None:
            return None
        case bool():
            return found if kind == "yes_no" else None
        case Decimal() if kind == "text":
            return f"{found:f}"
        case Decimal() if kind == "number":
            whole = found.scaleb(element.decimals).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            return int(whole) if abs(whole) < 2**53 else None
        case date() if kind in ("day", "text"):
            return found.isoformat()[:10]
        case str() if kind in ("text", "time"):
            return found
    return None
