"""What a case does by itself: modules declare it once, administrators put it into their flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from common.rules.expressions import evaluate
from common.rules.problems import NotComputed, WrongRule
from common.text import N_
from server.engine.errors import refusal

if TYPE_CHECKING:
    from server.engine.actions.work import Work

F = TypeVar("F", bound=Callable[..., Any])

BAD_SETTINGS = refusal(
    "flows.automatic_settings",
    N_("The automatic step “{step}” is not set up rightly. Correct it in the flow’s drawing."),
    422,
)


@dataclass(frozen=True)
class Doing:
    """What an automatic step has in its hands."""

    case_id: UUID
    flow: str
    node: str
    subject: str
    subject_id: UUID | None
    applicant_id: UUID | None
    content: Mapping[str, Any]
    settings: Mapping[str, Any]
    names: Mapping[str, str]
    """What expressions may name, with kinds."""


@dataclass(frozen=True)
class Automatic:
    """A declared automatic step."""

    name: str
    label: str
    kind: str
    """`message`, `record`, `number`, `letter`: how the drawing shows it."""
    function: Callable[[Work, Doing], dict[str, Any] | None]


AUTOMATIC: dict[str, Automatic] = {}


def automatic(name: str, *, label: str, kind: str = "record") -> Callable[[F], F]:
    """Declare an automatic step: `function(work, doing)` acts in the transaction of whatever brought the case there, and
    gives values to keep with the case. It refuses as an action does; then nothing of all this has happened."""

    def declare(function: F) -> F:
        if name in AUTOMATIC:
            raise RuntimeError(f"automatic step {name} is declared twice")
        AUTOMATIC[name] = Automatic(name, label, kind, function)
        return function

    return declare


@automatic("flows.number", label=N_("Give it a number"), kind="number")
def give_number(work: Work, doing: Doing) -> dict[str, Any]:
    """The next number of a series into a value; a series begins anew every year."""
    field, series = str(doing.settings.get("field", "")), str(doing.settings.get("series", "")).strip()[:20]
    digits = doing.settings.get("digits", 4)
    if not field or not series or not isinstance(digits, int) or not 1 <= digits <= 12:
        work.refuse("flows.automatic_settings", step=doing.node)
    place = work.engine.main_place(work.connection)
    year = (place.business_day(work.now) if place is not None else work.now).year
    number = work.next_number(f"flows.{series}", str(year))
    return {field: f"{series}{year}-{number:0{digits}}"}


@automatic("flows.compute", label=N_("Compute values"))
def compute(work: Work, doing: Doing) -> dict[str, Any]:
    """Values computed by expressions: `values` names each with its expression."""
    found: dict[str, Any] = {}
    for field, expression in dict(doing.settings.get("values") or {}).items():
        try:
            value = evaluate(str(expression), doing.names, doing.content)
        except (WrongRule, NotComputed):
            work.refuse("flows.automatic_settings", step=doing.node)
        found[str(field)] = plain(value)
    return found


def plain(value: Any) -> Any:
    """A computed value as JSON keeps it."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)
