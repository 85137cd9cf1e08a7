"""Deadlines of cases and steps (SM-DUE): begun and ended with them, and copied into the rows that lists read.

A step whose deadline is stopped has no instants at which its light turns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from common.protocol.calendar import AtPlace
from server.engine.actions.work import Work
from server.engine.calendars import keeping
from server.engine.calendars.deadlines import Term, Warning
from server.engine.calendars.events import DeadlineMoved, DeadlineTurned
from server.engine.database.statements import Prepared
from server.engine.events import listener
from server.engine.flows import binding
from server.engine.flows.definition import FlowTerm
from server.engine.flows.events import CaseEnded, StepClosed, StepOpened
from server.engine.flows.records import CaseStep, FlowCase
from server.engine.flows.running import version_of
from server.engine.ports import ports

CASE, STEP = FlowCase.__tablename__, CaseStep.__tablename__
KEPT: dict[str, Any] = {CASE: FlowCase, STEP: CaseStep}
DONE = ("approved", "refused", "returned", "answered")
ESCALATED = "overdue"
"""In `CaseStep.facts`: the row that lies with the head because a step is overdue."""

_s = CaseStep.__table__
_asked = Prepared(
    select(_s.c.id, _s.c.facts).where(
        _s.c.case_id == bindparam("in_case", type_=_s.c.id.type), _s.c.state == "open", _s.c.kind == "opinion"
    )
)


@listener(StepOpened, when="inside")
def begin(work: Work, event: StepOpened) -> None:
    """A step waits: its deadline runs, and at the case's first step that of the whole."""
    if event.kind not in ("step", "countersign"):
        return
    case, step = work.get(FlowCase, event.case_id), work.get(CaseStep, event.step_id)
    definition = version_of(work, case.flow_version_id).definition
    whole = keeping.of(work, CASE, case.id)
    if whole is None and definition.term is not None and case.due_at is not None:
        whole = _start(work, CASE, case, case, definition.term, case.started_at)
    node = definition.by_id.get(step.node)
    if node is not None and node.term is not None and keeping.of(work, STEP, step.id) is None:
        _start(work, STEP, step, case, node.term, step.opened_at, whole)


def _start(work: Work, owner: str, row: Any, case: Any, term: FlowTerm, started: Any, whole: Any = None) -> Any:
    names = {code: f"{case.number} {text}" for code, text in case.name.items()}
    if owner == STEP:
        names = {code: f"{text} · {row.name.get(code) or row.node}" for code, text in names.items()}
    return keeping.start(
        work, owner, row.id, Term(term.amount, term.unit, term.working, term.free_end),
        name=names, warning=Warning(term.warn_share), started=started, whole=whole,
        at=AtPlace(department_id=case.department_id, hall_id=case.hall_id, outlet_id=case.outlet_id),
        person_id=row.person_id if owner == STEP else case.applicant_id,
    )  # fmt: skip


@listener(StepClosed, when="inside")
def end(work: Work, event: StepClosed) -> None:
    """A step is done or no longer needed, and so is its deadline; and what lay with the head because of it."""
    found = keeping.of(work, STEP, event.step_id)
    if found is not None:
        keeping.end(work, found, cancelled=event.state not in DONE)


@listener(CaseEnded, when="inside")
def end_whole(work: Work, event: CaseEnded) -> None:
    """The case is over."""
    found = keeping.of(work, CASE, event.case_id)
    if found is not None:
        keeping.end(work, found, cancelled=event.state in ("withdrawn", "cancelled"))


@listener(DeadlineMoved, when="inside")
def follow(work: Work, event: DeadlineMoved) -> None:
    """The rows that lists read follow their deadline."""
    record = KEPT.get(event.owner)
    if record is None or event.state not in ("running", "stopped"):
        return
    row = work.find(record, event.owner_id)
    if row is None:
        return
    turns = event.state == "running"
    changed = work.change(
        record, row, due_at=event.due_at, yellow_at=event.yellow_at if turns else None,
        red_at=event.red_at if turns else None,
    )  # fmt: skip
    if changed is not row:
        work.notify("flows", "due", case=row.id if event.owner == CASE else row.case_id)


@listener(DeadlineTurned)
def put_on_the_heads_list(work: Work, event: DeadlineTurned) -> None:
    """An overdue step lies on the list of the head of whoever should have done it as well (APV-012)."""
    if event.owner != STEP or event.light != "red":
        return
    step = work.find(CaseStep, event.owner_id)
    if step is None or step.state != "open":
        return
    if any((one.facts or {}).get(ESCALATED) == str(step.id) for one in work.rows(_asked, in_case=step.case_id)):
        return
    post = _head(work, step)
    if post is None:
        return
    row = work.insert(
        CaseStep, case_id=step.case_id, flow_id=step.flow_id, node=step.node, name=step.name, kind="opinion",
        task=step.task, opened_at=work.now, post_id=post, sender_id=work.who.id, due_at=step.due_at,
        yellow_at=step.yellow_at, red_at=step.red_at, facts={ESCALATED: str(step.id)},
    )  # fmt: skip
    work.notify("flows", "opened", case=step.case_id, step=row.id, post=post)


def _head(work: Work, step: Any) -> UUID | None:
    """The post of the head of whoever holds a step, other than the holder's own."""
    day = binding.today(work)
    for person in binding.people_of(work, step):
        unit = ports.holding.unit(work.connection, person, day)
        for post in ports.holding.head(work.connection, unit.department_id, day, person):
            if post != step.post_id:
                return post
    return None
