"""What is typed becomes what is kept: all wrong fields named at once, before anything has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nh3

from common.records.values import NEEDED, SENTENCES, BadValue, holds, missing, value_of
from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import Said, refusal
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record

BAD_VALUE = refusal("records.bad_value", N_("{named}: this value does not fit here."), 422)
NEEDED_REFUSAL = refusal("records.needed", N_("{named} is needed."), 422)
LINKED = refusal("records.linked", N_("{named} names an entry that does not exist."), 422)
READ_ONLY = refusal(
    "records.read_only", N_("This cannot be changed here; it changes only through its own commands."), 403
)
TAGS = {
    "p",
    "br",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "ul",
    "ol",
    "li",
    "a",
    "h2",
    "h3",
    "blockquote",
    "table",
    "tr",
    "td",
    "th",
}


def cleaned(rich: str) -> str:
    """HTML with only what a reader needs."""
    return nh3.clean(rich, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})


def converted(work: Work, name: str, field: Field, value: Any) -> Any:
    """One JSON value as the column's type; refuses what the field cannot hold."""
    try:
        return value_of(field, value)
    except BadValue as wrong:
        named = Said(field.label)
        work.refuse("records.bad_value", field=name, named=named, fields=[_fault(name, wrong.code, wrong.facts)])


def taken_in(work: Work, record: type[Record], given: Mapping[str, Any], before: Any = None) -> dict[str, Any]:
    """The values of a form, typed; refuses with every wrong field named in `fields` (field, code, facts)."""
    fields = record.fields()
    known = {n: getattr(before, n) for n in fields if before is not None and n in record.plan().names}
    values: dict[str, Any] = {}
    faults: list[tuple[str, dict[str, Any]]] = []
    for name, raw in given.items():
        field = fields.get(name)
        if field is None or not work.who.may(field.needs) or f"{record.__tablename__}.{name}" in work.who.hidden:
            work.refuse("records.unknown_field", field=name)
        if field.read_only or field.secret or (field.once and before is not None and known.get(name) is not None):
            work.refuse("records.read_only", type=record.__tablename__, field=name)
        try:
            values[name] = value_of(field, raw)
        except BadValue as wrong:
            faults.append(("records.bad_value", _fault(name, wrong.code, wrong.facts)))
            continue
        if field.kind == "rich_text" and values[name]:
            values[name] = cleaned(values[name])
        elif field.rich and values[name]:
            values[name] = {code: cleaned(one) for code, one in values[name].items()}
    defaults = record.plan().defaults
    begun = {n: f.default if f.default is not None else defaults.get(n) for n, f in fields.items() if before is None}
    whole = {**begun, **known, **values}
    for name, field in fields.items():
        if (
            name in values
            and before is not None
            and not all(holds(c, {**known, **values}) for c in field.editable_when)
        ):
            faults.append(("records.read_only", _fault(name, "kind", {})))
        asked = before is None or name in values or any(condition.field in values for condition in field.shown_when)
        if asked and not field.read_only and not field.secret and missing(field, whole.get(name), whole):
            faults.append(("records.needed", _fault(name, NEEDED, {})))
    faults += _dead_links(work, record, values)
    if faults:
        code, first = faults[0]
        named = Said(fields[first["field"]].label)
        work.refuse(code, field=first["field"], named=named, fields=[fault for _, fault in faults])
    return values


def _fault(name: str, code: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"field": name, "code": code, "message": SENTENCES[code], "facts": facts}


def _dead_links(work: Work, record: type[Record], values: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    faults = []
    for name, value in values.items():
        field = record.fields()[name]
        target = RECORDS.get(field.link or "")
        if value is None or target is None:
            continue
        ids = value if field.kind == "links" else [value]
        for one in ids:
            row = work.find(target, converted(work, name, Field("id", ""), one))
            wrong = row is None
            if field.kind == "entry" and row is not None:
                dictionary = work.find(RECORDS["dictionary"], row.dictionary_id)
                wrong = dictionary is None or dictionary.code != field.dictionary
            if wrong:
                faults.append(("records.linked", _fault(name, "choice", {})))
                break
    return faults
