"""`/api/schema`: what the caller may use, described for generic screens."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from common.records.description import ActionFacts, RecordFacts, ReportFacts, Schema
from common.text import translate
from server.engine.actions.declare import ACTIONS, Action
from server.engine.principal import Principal
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import OPERATIONS, may
from server.engine.records.shown import fields_for
from server.engine.reports.declare import REPORTS

YES_NO = {"boolean": "yes_no", "integer": "number", "string": "text", "array": "document", "object": "document"}
FORMATS = {"uuid": "id", "date": "day", "date-time": "moment"}


def schema_for(who: Principal, language: str) -> Schema:
    """Records, actions and reports that this one may use, with labels in the reader's language, and their version."""
    made = Schema(
        version="",
        records=[described(r, who, language) for _, r in sorted(RECORDS.items()) if may(r, who, "see")],
        actions=[
            _action(a, language)
            for _, a in sorted(ACTIONS.items())
            if who.may(a.needs) and (a.on is None or may(a.on, who, "see"))
        ],
        reports=[
            ReportFacts(name=r.name, label=translate(r.label, language), fields=asked(r.input, language))
            for _, r in sorted(REPORTS.items())
            if who.may(r.needs)
        ],
    )
    made.version = hashlib.sha256(made.model_dump_json().encode()).hexdigest()[:16]
    return made


def described(record: type[Record], who: Principal, language: str) -> RecordFacts:
    """One kind of record as this one may use it."""
    headings = dict(record.sections)
    fields = [_field(f, headings, language) for f in fields_for(record, who).values()]
    plan = record.plan()
    return RecordFacts(
        name=record.__tablename__,
        label=translate(record.label, language),
        plural=translate(record.plural or record.label, language),
        module=plan.module,
        title=[n for n in record.title if any(f.name == n for f in fields)],
        fields=fields,
        operations=[o for o in OPERATIONS if may(record, who, o)],
        reasons=list(record.reasons),
        parent=plan.parent,
        place=plan.place,
        attachments=record.attachments,
        order=list(record.order or record.title),
    )


def _field(field: Field, headings: dict[str, str], language: str) -> Field:
    return replace(
        field,
        label=translate(field.label, language),
        section=translate(headings.get(field.section, field.section), language) if field.section else "",
        choices=tuple((code, translate(label, language)) for code, label in field.choices),
        help=translate(field.help, language) if field.help else "",
        needs=None,
    )


def _action(declared: Action, language: str) -> ActionFacts:
    on: Any = declared.on
    return ActionFacts(
        name=declared.name,
        label=translate(declared.label, language) if declared.label else "",
        doc=declared.doc,
        reads=declared.reads,
        on=on.__tablename__ if on is not None else None,
        subject=declared.subject if on is not None else "",
        when=list(declared.when),
        question=translate(declared.question, language) if declared.question else "",
        fields=[f for f in asked(declared.input, language) if f.name != declared.subject] if declared.label else [],
    )


def facts(**about: Any) -> dict[str, Any]:
    """For `json_schema_extra` of an input's field: what a dialog must know besides its type (kind, link, choices, …)."""
    return {"field": about}


def asked(model: type[BaseModel], language: str) -> list[Field]:
    """The fields of an input model as a dialog shows them."""
    schema = model.model_json_schema()
    needed = set(schema.get("required", ()))
    fields = []
    for name, declared in model.model_fields.items():
        extra: Any = declared.json_schema_extra if isinstance(declared.json_schema_extra, dict) else {}
        about: dict[str, Any] = dict(extra.get("field", {}))
        shape = _shape(schema["properties"].get(declared.alias or name, {}), schema.get("$defs", {}))
        choices = about.pop("choices", shape.pop("choices", ()))
        label = declared.title or name
        given = {"kind": "text", **shape, **about}
        fields.append(
            Field(
                **{
                    **given,
                    "label": translate(label, language),
                    "name": name,
                    "required": name in needed,
                    "default": None
                    if declared.is_required()
                    else _json(declared.get_default(call_default_factory=True)),
                    "choices": tuple((code, translate(words, language)) for code, words in choices),
                    "help": translate(declared.description, language) if declared.description else "",
                }
            )
        )
    return fields


def _shape(property: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """Kind, limits and choices of a JSON schema's property."""
    if "$ref" in property:
        property = {**shared.get(property["$ref"].rsplit("/", 1)[-1], {}), **property}
    if "anyOf" in property:
        real = [one for one in property["anyOf"] if one.get("type") != "null"]
        return _shape(real[0], shared) if len(real) == 1 else {"kind": "document"}
    if "enum" in property:
        return {"kind": "choice", "choices": [(str(code), str(code)) for code in property["enum"]]}
    kind = FORMATS.get(property.get("format", "")) or YES_NO.get(property.get("type", ""), "document")
    if kind == "document" and property.get("additionalProperties", {}) == {"type": "string"}:
        kind = "words"
    found = {
        "kind": kind,
        "least": property.get("minimum"),
        "most": property.get("maximum"),
        "length": property.get("maxLength"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)
