"""One place to start a submission (ASM-003): what may be submitted, and beginning what has no form of its own."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Nothing
from common.protocol.to_do import Startable, Startables, StartField, Submit, Submitted
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import filling, public
from server.engine.flows.definition import START, Definition
from server.engine.flows.loaders import ALL_FLOWS, FLOW_BY_CODE, VERSION
from server.engine.flows.running import version_of
from server.engine.records.record import RECORDS

OWN_FORM = refusal("to_do.own_form", N_("This begins with a form of its own. Open that form and submit it."), 422)
PEOPLE_ONLY = refusal("to_do.people_only", N_("Only people submit something."), 403)


@reading("to_do.startable", needs=None, input=Nothing, output=Startables)
def startable(work: Work, request: Nothing) -> Startables:
    """The flows through which the reader may submit something."""
    found = []
    for flow in work.rows(ALL_FLOWS):
        stored = work.first(VERSION, in_flow=flow.id, in_number=flow.current) if flow.current else None
        if stored is None or not _open_to(work, flow.subject or ""):
            continue
        definition = version_of(work, stored.id).definition
        found.append(
            Startable(
                flow_id=flow.id, code=flow.code, name=flow.name, subject=flow.subject or "",
                fields=[] if flow.subject else _asked(definition),
            )
        )  # fmt: skip
    return Startables(items=found)


def _open_to(work: Work, subject: str) -> bool:
    """Whether the reader may add the record with which a flow begins."""
    record = RECORDS.get(subject)
    return not subject or (record is not None and record.rights.add is not None and work.may(record.rights.add))


def _asked(definition: Definition) -> list[StartField]:
    start = definition.by_id[START]
    return [
        StartField(
            name=name, label=definition.labels.get(name, {}), kind=definition.fields.get(name, "text"),
            required=may == "required",
        )
        for name, may in start.fields.items()
        if may in ("write", "required")
    ]  # fmt: skip


@action("to_do.submit", needs=None, input=Submit, output=Submitted)
def submit(work: Work, request: Submit) -> Submitted:
    """Begin a case that has no record of its own."""
    if work.who.kind != "person":
        work.refuse("to_do.people_only")
    flow = work.first(FLOW_BY_CODE, in_code=request.code)
    stored = work.first(VERSION, in_flow=flow.id, in_number=flow.current) if flow is not None and flow.current else None
    if stored is None:
        work.refuse("flows.no_flow", flow=request.code)
    if flow.subject:
        work.refuse("to_do.own_form")
    definition = version_of(work, stored.id).definition
    values: dict[str, Any] = filling.taken(work, definition, definition.by_id[START], {}, request.values)
    case = public.start(
        work, flow=request.code, name={work.language: request.subject.strip() or request.code}, content=values,
        opinion=request.opinion.strip(), chosen=request.chosen,
    )  # fmt: skip
    return Submitted(case_id=case.id, number=case.number)
