"""Questions to a list of records, and its answers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pydantic import Field as Limit

OPERATORS = (
    "is", "is_not", "contains", "contains_not", "starts_with", "at_least", "at_most", "between", "any_of", "none_of",
    "ends_with", "empty", "not_empty", "below", "on", "last_days", "next_days", "holds",
)  # fmt: skip
"""`ends_with`: the last four characters of a protected number; `below`: in this place of a tree or anywhere under it;
`on`, `last_days`, `next_days`: days of the outlet, for moments and days; `holds`: a period that contains a day."""

MOST_CONDITIONS = 40


class Condition(BaseModel):
    """One typed condition, or several of which one must hold (`either`)."""

    field: str = ""
    operator: str = "is"
    value: Any = None
    either: list[Condition] = Limit(default=[], max_length=MOST_CONDITIONS)


class Query(BaseModel):
    """`POST /api/records/{type}/query`."""

    conditions: list[Condition] = Limit(default=[], max_length=MOST_CONDITIONS)
    search: str = Limit(default="", max_length=100)
    sort: list[str] = Limit(default=[], max_length=5)
    """Field names; a minus before one sorts it downwards."""
    limit: int = Limit(default=100, ge=1, le=500)
    after: str | None = None
    """The `next` of the page before; `end` asks for the last page."""
    count: bool = False
    """Ask for the exact total beyond 10,000."""
    deleted: Literal["without", "only", "with"] = "without"
    totals: list[str] = Limit(default=[], max_length=20)
    """Whole-number fields whose sums over all that match are wanted."""
    group_by: str | None = None
    """A field by whose values all that match are counted; the page then holds no rows."""


class Group(BaseModel):
    """All that match with one value of the field that a query groups by."""

    value: Any = None
    label: str = ""
    count: int
    totals: dict[str, int] = {}


class Page(BaseModel):
    """A page of a list."""

    items: list[dict[str, Any]] = []
    total: int | Literal["more"] = 0
    next: str | None = None
    labels: dict[str, str] = {}
    """The names of the records that links of this page lead to, by id; missing where the reader may not see them."""
    totals: dict[str, int] = {}
    groups: list[Group] = []
