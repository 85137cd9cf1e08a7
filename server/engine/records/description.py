"""`/api/schema`: what the caller may use, described for generic screens."""

from __future__ import annotations

import hashlib
from typing import Any

from common.text import translate
from server.engine.actions.declare import ACTIONS
from server.engine.database.types import to_json
from server.engine.principal import Principal
from server.engine.records.lists import may
from server.engine.records.record import RECORDS
from server.engine.reports.declare import REPORTS


def schema_for(who: Principal, language: str) -> dict[str, Any]:
    """Records, actions and reports that this one may use, with labels in the reader's language, and their version."""
    records = []
    for name, record in sorted(RECORDS.items()):
        operations = [o for o in ("see", "add", "edit", "delete") if may(record, who, o)]
        if "see" not in operations:
            continue
        fields = [
            {
                "name": field_name,
                "kind": field.kind,
                "label": translate(field.label, language),
                "in_list": field.in_list,
                "search": field.search,
                "required": field.required,
                "read_only": field.read_only,
                "link": field.link,
                "choices": [[code, translate(label, language)] for code, label in field.choices],
                "unit": field.unit,
                "help": translate(field.help, language) if field.help else "",
                "least": field.least,
                "most": field.most,
                "length": field.length,
            }
            for field_name, field in record.fields().items()
            if not field.secret
        ]
        records.append(
            {
                "name": name,
                "label": translate(record.label or name, language),
                "title": list(record.title),
                "fields": fields,
                "operations": operations,
            }
        )
    actions = [
        {"name": a.name, "reads": a.reads, "doc": a.doc}
        for a in sorted(ACTIONS.values(), key=lambda a: a.name)
        if who.may(a.needs)
    ]
    reports = [
        {"name": r.name, "label": translate(r.label, language)}
        for r in sorted(REPORTS.values(), key=lambda r: r.name)
        if who.may(r.needs)
    ]
    body = {"records": records, "actions": actions, "reports": reports}
    version = hashlib.sha256(to_json(body).encode()).hexdigest()[:16]
    return {"version": version, **body}
