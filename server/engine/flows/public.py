"""What modules call: begin a case, tell it of changed values, cancel it. Inside their own actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import filling, terms
from server.engine.flows.automatic import Doing, automatic
from server.engine.flows.binding import today
from server.engine.flows.definition import START, Definition
from server.engine.flows.events import CaseEnded, StepClosed, StepOpened
from server.engine.flows.loaders import FLOW_BY_CODE, VERSION
from server.engine.flows.records import CaseChange, CaseOpinion, FlowCase
from server.engine.flows.running import Running, Version, firm, version_of
from server.engine.ports import ports

__all__ = ["CaseEnded", "Doing", "StepClosed", "StepOpened", "automatic", "cancel", "put", "start"]

NO_FLOW = refusal("flows.no_flow", N_("There is no published flow “{flow}”. Publish one first."))
FIELD_UNKNOWN = refusal("flows.unknown_value", N_("The flow has no value called “{field}”."), 422)


def start(
    work: Work,
    *,
    flow: str,
    name: Mapping[str, str],
    subject: tuple[str, UUID] | None = None,
    applicant: UUID | None = None,
    content: Mapping[str, Any] | None = None,
    department: UUID | None = None,
    chosen: Mapping[str, UUID] | None = None,
    opinion: str = "",
) -> Any:
    """Begin a case through a flow's version in use; gives its row. `applicant` is a staff member, else whoever acts is;
    `content` are the values that conditions compute with: those that the flow does not know are left out. `chosen` says who
    does the first step where the applicant chooses."""
    row = work.first(FLOW_BY_CODE, in_code=flow)
    stored = work.first(VERSION, in_flow=row.id, in_number=row.current) if row is not None and row.current else None
    if stored is None:
        work.refuse("flows.no_flow", flow=flow)
    version: Version = version_of(work, stored.id)
    known = {n: v for n, v in (content or {}).items() if n in version.definition.fields}
    for field, value in known.items():
        filling.fitting(work, version.definition, field, value)
    person = applicant or (work.who.id if work.who.kind == "person" else None)
    unit = ports.holding.unit(work.connection, person, today(work)) if person is not None else None
    case = work.insert(
        FlowCase, name=dict(name), flow_id=row.id, flow_version_id=stored.id, started_at=work.now, content=known,
        subject=subject[0] if subject else None, subject_id=subject[1] if subject else None, applicant_id=person,
        department_id=department or (unit.department_id if unit else None), hall_id=unit.hall_id if unit else None,
        outlet_id=unit.outlet_id if unit else None,
    )  # fmt: skip
    case = work.change(FlowCase, case, **terms.instants(work, version.definition.term, case))
    running = Running(work, case, version, fresh=True)
    running.chosen = dict(chosen or {})
    work.insert(
        CaseOpinion, audited=False, case_id=case.id, kind="start", opinion=opinion or None, person_id=work.who.id
    )
    (task, node) = running.machine.rest()[0]
    assert node == START
    running.passed_start(task)
    running.go_on()
    return running.case


def put(work: Work, case_id: UUID, values: Mapping[str, Any]) -> None:
    """Values of a running case that changed outside of its steps; each change stands in its path."""
    running = firm(work, case_id)
    for field, value in values.items():
        if field not in running.definition.fields:
            work.refuse("flows.unknown_value", field=field)
        filling.fitting(work, running.definition, field, value)
        note_change(work, running, None, field, value)
        running.content[field] = value
    running.save()


def cancel(work: Work, case_id: UUID, because: str = "") -> None:
    """Take a running case out of its flow: its subject went."""
    running = firm(work, case_id)
    work.insert(
        CaseOpinion, audited=False, case_id=case_id, kind="withdraw", opinion=because or None, person_id=work.who.id
    )
    running.end("cancelled")


def note_change(work: Work, running: Running, step_id: UUID | None, field: str, value: Any) -> None:
    """Keep a changed value before and after."""
    before = running.content.get(field)
    if before != value:
        work.insert(
            CaseChange, audited=False, case_id=running.case.id, step_id=step_id, field=field, before=before, after=value,
            person_id=work.who.id,
        )  # fmt: skip


def definition_of(work: Work, case: Any) -> Definition:
    """The definition that a case runs by."""
    return version_of(work, case.flow_version_id).definition
