"""Which conditions a field can have, and how they are said. No widgets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from client_staff.records.shown import Reader
from common.records import Condition, Field, RecordFacts, Schema
from common.records.field import LINKS, WHOLE
from common.text import N_, _, formats

WORDS = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "contains": N_("contains"),
    "contains_not": N_("does not contain"),
    "starts_with": N_("starts with"),
    "ends_with": N_("ends with"),
    "at_least": N_("from"),
    "at_most": N_("up to"),
    "between": N_("between"),
    "any_of": N_("is one of"),
    "none_of": N_("is none of"),
    "empty": N_("is empty"),
    "not_empty": N_("is not empty"),
    "below": N_("is in or under"),
    "on": N_("on"),
    "last_days": N_("in the last days"),
    "next_days": N_("in the next days"),
    "holds": N_("holds on"),
}
BARE = ("empty", "not_empty")
SEVERAL = ("any_of", "none_of")
_EMPTY = ("empty", "not_empty")
_TEXT = ("contains", "contains_not", "is", "is_not", "starts_with", *_EMPTY)
_WHOLE = ("is", "at_least", "at_most", "between", *_EMPTY)
_LINK = ("is", "is_not", "any_of", "none_of", *_EMPTY)
BY_KIND: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "identity_number"), _TEXT),
    **dict.fromkeys(WHOLE, _WHOLE),
    **dict.fromkeys(LINKS, _LINK),
    "rich_text": ("contains", "contains_not", *_EMPTY),
    "words": ("contains", "contains_not", "is", *_EMPTY),
    "choice": ("any_of", "none_of", *_EMPTY),
    "links": ("any_of", "none_of", *_EMPTY),
    "files": _EMPTY,
    "day": ("on", "at_least", "at_most", "between", "last_days", "next_days", *_EMPTY),
    "moment": ("on", "at_least", "at_most", "between", "last_days", "next_days", *_EMPTY),
    "time": ("is", "at_least", "at_most", "between", *_EMPTY),
    "period": ("holds", *_EMPTY),
    "yes_no": ("is",),
    "colour": ("is", *_EMPTY),
    "address": ("contains", "contains_not", *_EMPTY),
}


def operators(field: Field, schema: Schema) -> tuple[str, ...]:
    """What may be asked of a field, the most usual first."""
    if field.computed:
        return ()
    if field.protected:
        return ("is", "ends_with", *_EMPTY)
    found = BY_KIND.get(field.kind, _EMPTY)
    target = schema.record(field.link or "") if field.kind in LINKS else None
    return ("is", "below", *found[1:]) if target is not None and target.parent else found


def value_field(field: Field, operator: str) -> Field:
    """The field whose editor gives the value of a condition."""
    plain = replace(
        field,
        required=False,
        protected=False,
        shown_when=(),
        editable_when=(),
        read_only=False,
        name=f"{field.name}_asked",
    )
    if operator in ("last_days", "next_days"):
        return replace(plain, kind="number", least=1, most=3660, decimals=0, unit=_("days"))
    if operator in ("on", "holds"):
        return replace(plain, kind="day")
    if operator in SEVERAL and field.kind in (*LINKS, "links"):
        return replace(plain, kind="links")
    if field.kind == "parent":
        return replace(plain, kind="link")
    if field.protected or field.kind in (
        "words",
        "long_text",
        "rich_text",
        "address",
        "email",
        "phone",
        "identity_number",
    ):
        return replace(plain, kind="text", length=100)
    return plain


def said(condition: Condition, facts: RecordFacts, reader: Reader) -> tuple[str, str, str]:
    """A condition as field, operator and value; several of which one must hold as one text."""
    if condition.either:
        parts = [" ".join(part for part in said(one, facts, reader) if part) for one in condition.either]
        return "", "", _(" or ").join(parts)
    field = facts.field(condition.field) or Field("text", condition.field, name=condition.field)
    operator = _(WORDS[condition.operator]) if condition.operator in WORDS else condition.operator
    return field.label, operator, _value(field, condition, reader)


def _value(field: Field, condition: Condition, reader: Reader) -> str:
    operator, value = condition.operator, condition.value
    if operator in BARE:
        return ""
    if operator in ("last_days", "next_days"):
        return formats.number(value)
    shown = replace(field, kind="day") if operator in ("on", "holds") else field
    if field.kind in ("words", "links") or field.protected:
        shown = replace(field, kind="link" if field.kind == "links" else "text", protected=False)
    if operator == "between":
        low, high = (reader.text(shown, one) for one in value)
        return _("{begin} to {end}").format(begin=low, end=high)
    if isinstance(value, list):
        return formats.listing([reader.text(shown, one) if one is not None else _("nothing") for one in value])
    if value is None:
        return _("nothing")
    return reader.text(shown, value)


def of_cell(field: Field, value: Any) -> Condition:
    """Filter by the cell under the cursor."""
    if value in (None, "", {}, []):
        return Condition(field=field.name, operator="empty")
    if field.kind == "choice":
        return Condition(field=field.name, operator="any_of", value=[value])
    if field.kind == "words" and isinstance(value, dict):
        from common.text.words import pick

        return Condition(field=field.name, operator="contains", value=pick(value))
    if field.kind == "moment":
        return Condition(field=field.name, operator="on", value=str(value)[:10])
    if field.kind == "day":
        return Condition(field=field.name, operator="on", value=value)
    if field.kind == "links":
        return Condition(field=field.name, operator="any_of", value=value)
    if field.kind == "period":
        return Condition(field=field.name, operator="holds", value=str(value)[:10])
    return Condition(field=field.name, operator="is", value=value)


def usable(condition: Condition, facts: RecordFacts) -> bool:
    """Whether a kept condition can still be asked: its fields may be gone or hidden by now."""
    if condition.either:
        return all(usable(one, facts) for one in condition.either)
    return facts.field(condition.field) is not None
