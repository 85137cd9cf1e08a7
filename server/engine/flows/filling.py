"""What whoever acts at a step may fill in: field by field, as the step's map says (SVD-040)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from common.rules.problems import KIND_NAMES
from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import Said, refusal
from server.engine.flows.definition import Definition, Node

NOT_WRITABLE = refusal("flows.not_writable", N_("“{field}” cannot be changed at this step."), 422)
MISSING = refusal("flows.value_missing", N_("“{field}” has to be filled in at this step."), 422)
WRONG = refusal("flows.value_wrong", N_("“{field}” has to be {kind}."), 422)
MOST = 100_000
"""Characters of all that a case carries."""
TOO_MUCH = refusal("flows.too_much", N_("This is more than a case can carry. Attach it as a file."), 422)


def taken(
    work: Work, definition: Definition, node: Node, content: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """What changes by these values; refuses what may not be written here, is of the wrong kind, or is missing."""
    for name, value in values.items():
        if node.fields.get(name) not in ("write", "required"):
            work.refuse("flows.not_writable", field=_label(definition, name, work.language))
        fitting(work, definition, name, value)
    after = {**content, **values}
    for name, may in node.fields.items():
        if may == "required" and after.get(name) in (None, "", []):
            work.refuse("flows.value_missing", field=_label(definition, name, work.language))
    if len(orjson.dumps(after)) > MOST:
        work.refuse("flows.too_much")
    return {name: value for name, value in values.items() if content.get(name) != value}


def fitting(work: Work, definition: Definition, name: str, value: Any) -> None:
    """Refuse a value that is not of its kind; nothing fits everywhere."""
    kind = definition.fields.get(name)
    if kind is None:
        work.refuse("flows.not_writable", field=name)
    if value is not None and not fits(kind, value):
        work.refuse(
            "flows.value_wrong", field=_label(definition, name, work.language), kind=Said(KIND_NAMES.get(kind, kind))
        )


def fits(kind: str, value: Any) -> bool:
    """Whether a JSON value is of a kind."""
    match kind:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "yes_no":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "list":
            return isinstance(value, list)
        case "day" | "moment" | "time":
            return isinstance(value, str) and _dated(kind, value)
    return True


def _dated(kind: str, value: str) -> bool:
    try:
        if kind == "day":
            return len(value) == 10 and bool(date.fromisoformat(value))
        if kind == "moment":
            return datetime.fromisoformat(value).tzinfo is not None
        return len(value) == 5 and bool(datetime.strptime(value, "%H:%M"))
    except ValueError:
        return False


def _label(definition: Definition, name: str, language: str) -> str:
    label = definition.labels.get(name, {})
    return label.get(language) or label.get("en") or name
