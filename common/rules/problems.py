"""What can be wrong with a rule: a code, a place in its text, facts; the sentence says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.text import N_

SENTENCES = {
    "empty": N_("Write an expression."),
    "too_long": N_("This is too long: at most {most} characters."),
    "too_large": N_("This has too many parts: at most {most}. Divide it into several computed values."),
    "too_deep": N_("This is nested too deeply: at most {most} levels."),
    "too_many": N_("These are too many: at most {most}."),
    "sign": N_("This sign has no meaning here: {sign}"),
    "open_text": N_("The text that begins here does not end. Close it with a quotation mark."),
    "unexpected": N_("“{part}” does not fit at this place."),
    "unfinished": N_("Something is missing at the end."),
    "unknown_name": N_("There is no value called “{name}”."),
    "unknown_function": N_("There is no function called “{name}”."),
    "arguments": N_("“{name}” takes {wanted} values, not {given}."),
    "kind": N_("This is {given}; {wanted} belongs here."),
    "different_kinds": N_("{left} and {right} cannot be compared or computed with one another."),
    "day": N_("Give a day, such as 2026-03-21."),
    "time": N_("Give a time of day, such as 08:30."),
    "unit": N_("Give a unit in quotation marks: day, week, month, year, hour or minute."),
    "row_outside": N_("“#” stands for a row; it has a meaning only within some, all, count, filter or map."),
    "not_computed": N_("This cannot be computed with the values given."),
    "too_much": N_("The values given are too many or too large to compute with."),
    "result": N_("The result is {given}; {wanted} belongs here."),
}
"""By code; facts in braces. Kinds of values among the facts are keys of KIND_NAMES: translate them too."""

KIND_NAMES = {
    "number": N_("a number"),
    "text": N_("a text"),
    "yes_no": N_("yes or no"),
    "day": N_("a day"),
    "moment": N_("a day with time"),
    "time": N_("a time of day"),
    "list": N_("a list"),
    "rows": N_("rows"),
    "any": N_("any value"),
    "nothing": N_("an empty value"),
}
KIND_FACTS = frozenset({"given", "wanted", "left", "right"})


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, from `start` to `end` (characters of the text)."""

    code: str
    start: int = 0
    end: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def said(self, say: Any) -> str:
        """The sentence, in the language of `say` (such as `common.text._`)."""
        facts = {
            name: say(KIND_NAMES[value]) if name in KIND_FACTS and value in KIND_NAMES else value
            for name, value in self.facts.items()
        }
        return str(say(SENTENCES[self.code])).format(**facts)


class WrongRule(ValueError):
    """A rule that cannot be used as it stands; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.code} at {p.start} {dict(p.facts)}" for p in problems))
        self.problems = problems


class NotComputed(ValueError):
    """A sound expression met values with which it cannot be computed (a text where a number belongs, too large)."""

    def __init__(self, code: str = "not_computed") -> None:
        super().__init__(code)
        self.code = code
