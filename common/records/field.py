"""What a field of a record is: one description, declared on the server, sent to clients, checked alike by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = (
    "text", "long_text", "rich_text", "words", "number", "money", "percentage", "choice", "entry", "link", "links",
    "day", "moment", "time", "duration", "period", "yes_no", "colour", "image", "files", "parent", "address", "phone",
    "identity_number", "email", "coordinates", "document", "id",
)  # fmt: skip
"""Every kind. A client that meets another shows its value read-only."""

WHOLE = frozenset({"number", "money", "percentage", "duration"})
"""Stored as whole numbers: minor units of money, hundredths of a percent, seconds of a duration."""
LINKS = frozenset({"link", "parent", "entry"})
"""Hold the id of one other record."""
TEXTS = frozenset({"text", "long_text", "rich_text", "phone", "identity_number", "email"})


@dataclass(frozen=True)
class When:
    """A condition on another field of the same record: `When("kind", "is", "leave")`.

    Operators: is, is_not, any_of, at_least, at_most, empty, not_empty.
    """

    field: str
    operator: str = "is"
    value: Any = None


@dataclass(frozen=True)
class Field:
    """What a column means to people."""

    kind: str
    label: str
    name: str = ""
    """The column's name; filled when the record is described."""
    section: str = ""
    """The heading under which a form shows it."""
    in_list: bool = False
    search: bool = False
    required: bool = True
    read_only: bool = False
    """Given by the house or by the record's own commands, never typed."""
    once: bool = False
    """May be given when the record is made and never changed afterwards."""
    link: str | None = None
    """The record type that a link names."""
    dictionary: str | None = None
    """The dictionary whose entries may be chosen (kind `entry`)."""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    """A unit, or the currency of money."""
    decimals: int = 0
    """How many decimals a whole number of smallest units has when it is shown."""
    help: str = ""
    least: int | None = None
    most: int | None = None
    length: int | None = None
    scheme: str = ""
    """What an identity number must satisfy: a country's code, else its length only."""
    default: Any = None
    """What a new form begins with."""
    shown_when: tuple[When, ...] = ()
    """All must hold, else the field is not shown and not needed."""
    editable_when: tuple[When, ...] = ()
    """All must hold, else the field is read-only."""
    secret: bool = False
    """Never leaves the server."""
    protected: bool = False
    """Kept as ciphertext, shown masked; whoever has the right may reveal it, which leaves a trace."""
    computed: bool = False
    """Worked out from the others when it is read; no column, no condition, no order."""
    needs: str | None = None
    """The permission without which the field is hidden."""
    sortable: bool = True
    rich: bool = False
    """Of `words`: paragraphs, lists and emphasis in each language, as `rich_text` has."""
