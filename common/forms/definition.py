"""A form as an administrator draws it: one JSON document with its elements, drawn alike by every program."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from common.forms.kinds import KINDS
from common.records.field import Field as RecordField
from common.rules.expressions import Expression, Names, compiled

MOST_ELEMENTS = 300
MOST_CHOICES = 1_000
DEEPEST = 6
"""Groups within one another."""
LARGEST = 400_000
"""Characters of a definition as JSON."""
NAME = r"^[a-z][a-z0-9_]{0,39}$"
Words = dict[str, str]
"""A text by language."""

CONTEXT: dict[str, str] = {
    "today": "day",
    "applicant.name": "text",
    "applicant.kind": "text",
    "applicant.born_on": "day",
    "applicant.phone": "text",
    "applicant.email": "text",
    "applicant.address": "any",
    "applicant.identity_number": "text",
    "service.name": "text",
    "service.code": "text",
    "service.fee": "number",
    "service.days": "number",
}
"""What expressions and defaults may name besides the form's own elements; whoever opens a form hands the values in."""


class Strict(BaseModel):
    """What is not known is refused: a misspelt part would be lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(Strict):
    """One value to choose; in a cascade `parent` is the code of the choice above."""

    code: str = Field(pattern=r"^[\w.-]{1,60}$")
    label: Words = {}
    parent: str = ""


class Document(Strict):
    """A document that the applicant must or may hand in, shown with the help."""

    name: Words = {}
    needed: bool = True


class Element(Strict):
    """One part of a form. Which of its parts count depends on its kind (`kinds.py`)."""

    name: str = Field(pattern=NAME)
    """The stable name of its field, for expressions, exchange and exports (SVD-025); unique in the form, rows included."""
    kind: str
    label: Words = {}
    help: Words = {}
    documents: list[Document] = Field(default=[], max_length=50)

    required: bool = False
    required_when: str = ""
    read_only: bool = False
    read_only_when: str = ""
    shown_when: str = ""
    value: str = ""
    """An expression: its answer is computed and nobody types it."""
    default: Any = None
    default_from: str = ""
    """A name of CONTEXT from which a new form is filled."""

    length: int | None = Field(default=None, ge=1, le=100_000)
    pattern: str = Field(default="", max_length=200)
    """The shape of a text: A a letter, 9 a digit, * either, other signs themselves."""
    pattern_says: Words = {}
    least: int | None = None
    most: int | None = None
    """Limits of numbers, in the smallest unit."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Of numbers: 2 means that answers are whole hundredths."""
    unit: str = Field(default="", max_length=20)
    choices: list[Choice] = Field(default=[], max_length=MOST_CHOICES)
    dictionary: str = Field(default="", max_length=40)
    """Instead of choices: the code of a dictionary whose entries may be chosen."""
    levels: list[Words] = Field(default=[], max_length=6)
    buttons: bool = False
    """A list shown as buttons instead of a box that opens."""
    most_choices: int | None = Field(default=None, ge=1)
    low_end: Words = {}
    high_end: Words = {}
    earliest: str = ""
    latest: str = ""
    """Expressions that give a day."""
    scheme: str = Field(default="", max_length=10)
    file_kinds: list[str] = Field(default=[], max_length=10)
    most_files: int = Field(default=1, ge=1, le=20)
    largest: int = Field(default=8 << 20, ge=1, le=8 << 20)
    picture: str = Field(default="", max_length=40)
    """The id of a public file."""
    address: str = Field(default="", max_length=500)
    """A web address; `{name}` stands for an answer."""
    does: Literal["", "compute", "look_up", "open"] = ""
    target: str = ""
    """The element into which a button puts what it computed."""
    result: str = ""
    """The expression that a button computes."""
    look_up: str = Field(default="", max_length=60)
    """The name of a look-up that the server offers."""
    least_rows: int = Field(default=0, ge=0, le=200)
    most_rows: int = Field(default=50, ge=1, le=200)
    elements: list[Element] = Field(default=[], max_length=MOST_ELEMENTS)

    @property
    def answers(self) -> bool:
        """Whether it takes an answer or holds rows of them."""
        return self.kind in KINDS and bool(KINDS[self.kind].answer)

    @property
    def field(self) -> RecordField:
        """As a field of a record: how its answer is read, shown and sorted."""
        kind = KINDS[self.kind]
        least, most = self.least, self.most
        if self.kind == "scale":
            least, most = (1 if least is None else least), (5 if most is None else most)
        return RecordField(
            kind.field or "text",
            self.label.get("en", "") or self.name,
            self.name,
            required=False,
            length=self.length,
            least=least,
            most=most,
            decimals=self.decimals,
            unit=self.unit,
            scheme=self.scheme,
            choices=tuple((c.code, c.label.get("en", c.code)) for c in self.choices),
        )

    def scaled(self, answer: Any) -> Any:
        """An answer as expressions see it: whole smallest units as decimal numbers."""
        if self.decimals and isinstance(answer, int) and not isinstance(answer, bool):
            return Decimal(answer).scaleb(-self.decimals)
        return answer


class FormDefinition(Strict):
    """A whole form."""

    format: Literal[1] = 1
    title: Words = {}
    intro: Words = {}
    purpose: Literal["form", "survey"] = "form"  # SVD-012
    anonymous: bool = False
    """Of a survey: nobody learns who answered."""
    elements: list[Element] = Field(default=[], max_length=MOST_ELEMENTS)

    def walk(self) -> Iterator[tuple[Element, tuple[Element, ...]]]:
        """Every element with those that it lies in, in the form's order."""
        yield from _walk(self.elements, ())

    @cached_property
    def by_name(self) -> dict[str, Element]:
        """Every element by its name; of two with one name the first."""
        found: dict[str, Element] = {}
        for element, _ in self.walk():
            found.setdefault(element.name, element)
        return found

    @cached_property
    def above(self) -> dict[str, tuple[Element, ...]]:
        """By an element's name, what it lies in, outermost first."""
        found: dict[str, tuple[Element, ...]] = {}
        for element, above in self.walk():
            found.setdefault(element.name, above)
        return found

    @cached_property
    def rows_of(self) -> dict[str, str]:
        """By the name of an element within rows, the name of these."""
        return {name: rows for name, above in self.above.items() if (rows := rows_above(above))}

    @cached_property
    def names(self) -> Names:
        """What its expressions may name, outside of rows."""
        found: dict[str, Any] = dict(CONTEXT)
        for name, element in self.by_name.items():
            kind = KINDS[element.kind].answer if element.kind in KINDS else ""
            rows = self.rows_of.get(name)
            if kind == "rows":
                found.setdefault(name, {})
            elif kind and rows:
                found.setdefault(rows, {})[name] = kind
            elif kind:
                found[name] = kind
        return found

    def names_within(self, rows: str) -> Names:
        """What expressions of elements within these rows may name: their brothers of the same row too."""
        if not rows:
            return self.names
        columns: Any = self.names[rows]
        return {**self.names, **columns}

    @cached_property
    def steps(self) -> list[tuple[str, str]]:
        """In which order its elements are reckoned. Raises `order.Cycle`."""
        from common.forms.order import steps  # which reads definitions

        return steps(self)

    def rule(self, name: str, text: str, wanted: str | None = None) -> Expression:
        """An expression of the element with this name, compiled once. Raises WrongRule."""
        key = (self.rows_of.get(name, ""), text, wanted)
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = compiled(text, self.names_within(key[0]), wanted)
        return found

    @cached_property
    def _rules(self) -> dict[Any, Expression]:
        return {}

    @cached_property
    def pages(self) -> list[list[Element]]:
        """The elements of each page; a page element begins one and carries its heading."""
        pages: list[list[Element]] = [[]]
        for element in self.elements:
            if element.kind == "page" and pages[-1]:
                pages.append([])
            pages[-1].append(element)
        return pages


def rows_above(above: tuple[Element, ...]) -> str:
    """The name of the rows that these containers lie in, or nothing."""
    return next((one.name for one in above if one.kind == "rows"), "")


def _walk(elements: list[Element], above: tuple[Element, ...]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    for element in elements:
        yield element, above
        yield from _walk(element.elements, (*above, element))
