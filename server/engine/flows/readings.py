"""A case as screens show it: its path, its drawing with where it stands, and what the reader may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from common.protocol.flows import (
    AskCase,
    CaseView,
    ChangeCard,
    EdgeCard,
    HeldBy,
    MyStep,
    NodeCard,
    OpinionCard,
    StepCard,
    UrgeCard,
)
from common.text import N_
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import binding
from server.engine.flows.definition import HUMAN, START, Definition
from server.engine.flows.layout import arranged
from server.engine.flows.loaders import CHANGES, OPEN_STEPS, OPINIONS, STEPS, URGED
from server.engine.flows.records import Flow, FlowCase
from server.engine.flows.running import Running, version_of
from server.engine.ports import ports
from server.engine.records.scope import visible

NOT_SHOWN = refusal("flows.not_shown", N_("This case is shown to those who take part in it, and to supervisors."), 403)


def concerned(work: Work, case_id: UUID) -> bool:
    """Whether whoever asks submitted a case, took part in it, holds a step of it, or may see all such cases."""
    case = work.get(FlowCase, case_id)
    me = work.who.id
    if me in (case.applicant_id, case.created_by) or _sees(work, case_id):
        return True
    mine = binding.hands(work)
    if any(binding.instead(mine, row)[0] for row in work.rows(OPEN_STEPS, in_case=case_id)):
        return True
    return any(me in (row.person_id, row.for_person_id) for row in work.rows(OPINIONS, in_case=case_id))


def _sees(work: Work, case_id: UUID) -> bool:
    table = FlowCase.__table__
    shown = select(table.c.id).where(table.c.id == case_id, visible(FlowCase, work.who))
    return work.connection.execute(shown).first() is not None


@reading("flows.case", needs=None, input=AskCase, output=CaseView)
def case(work: Work, request: AskCase) -> CaseView:
    """A case with its whole path: steps, opinions, changes, urging, and its drawing with where it stands (COR-041)."""
    row = work.get(FlowCase, request.case_id)
    if not concerned(work, row.id):
        work.refuse("flows.not_shown")
    version = version_of(work, row.flow_version_id)
    definition = version.definition
    steps = work.rows(STEPS, in_case=row.id)
    said = work.rows(OPINIONS, in_case=row.id)
    fields = _fields(work, row, definition, steps)
    name = _Names(work)
    flow = work.get(Flow, row.flow_id)
    return CaseView(
        id=row.id, number=row.number, name=row.name, flow=flow.name, flow_version=version.number, state=row.state,
        started_at=row.started_at, ended_at=row.ended_at, due_at=row.due_at, applicant=name(row.applicant_id),
        subject=row.subject or "", subject_id=row.subject_id,
        content={n: v for n, v in row.content.items() if n in fields},
        labels={n: v for n, v in definition.labels.items() if n in fields},
        kinds={n: v for n, v in definition.fields.items() if n in fields},
        steps=[_step(work, one, name) for one in steps],
        opinions=[
            OpinionCard(
                step_id=one.step_id, kind=one.kind, opinion=one.opinion or "", signed=one.signed or "",
                signature_file=one.signature_file, by=name(one.person_id), instead_of=name(one.for_person_id),
                to=name(one.to_person_id), at=one.created_at,
            )
            for one in said
        ],
        changes=[
            ChangeCard(
                step_id=one.step_id, field=one.field, label=definition.labels.get(one.field, {}), before=one.before,
                after=one.after, by=name(one.person_id), at=one.created_at,
            )
            for one in work.rows(CHANGES, in_case=row.id)
            if one.field in fields
        ],
        urged=[
            UrgeCard(
                step_id=one.step_id, kind=one.kind, message=one.message or "", by=name(one.person_id),
                people=[name(UUID(p)) for p in one.people or ()], at=one.created_at,
            )
            for one in work.rows(URGED, in_case=row.id)
        ],
        nodes=nodes(definition, steps, row.state),
        edges=edges(definition, steps),
        mine=_mine(work, row, steps),
    )  # fmt: skip


class _Names:
    """People's names, each looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[UUID, dict[str, str]] = {}

    def __call__(self, person: UUID | None) -> dict[str, str]:
        if person is None:
            return {}
        if person not in self._known:
            self._known[person] = ports.holding.person_name(self._work.connection, person)
        return self._known[person]


def _fields(work: Work, row: Any, definition: Definition, steps: list[Any]) -> set[str]:
    """The values that the reader may read: those of the steps that were or are in his hands (SVD-040); all of them for
    whoever may see all such cases."""
    if _sees(work, row.id) and row.applicant_id != work.who.id:
        return set(definition.fields)
    mine = binding.hands(work)
    held = {START} if work.who.id in (row.applicant_id, row.created_by) else set()
    for one in steps:
        if work.who.id in (one.closed_by, one.closed_for) or (one.state == "open" and binding.instead(mine, one)[0]):
            held.add(one.node)
    return {field for node in held if node in definition.by_id for field in definition.by_id[node].fields}


def _step(work: Work, one: Any, name: _Names) -> StepCard:
    held = HeldBy(
        person=name(one.person_id),
        post=(ports.holding.post_name(work.connection, one.post_id) or {}) if one.post_id else {},
        role=(ports.holding.role_name(work.connection, one.role_id) or {}) if one.role_id else {},
        people=[name(p) for p in binding.people_of(work, one)] if one.state == "open" else [],
    )
    return StepCard(
        id=one.id, node=one.node, name=one.name, kind=one.kind, state=one.state, opened_at=one.opened_at,
        closed_at=one.closed_at, due_at=one.due_at, yellow_at=one.yellow_at, red_at=one.red_at, held=held,
        by=name(one.closed_by), instead_of=name(one.closed_for), facts=one.facts,
    )  # fmt: skip


def nodes(definition: Definition, steps: list[Any], state: str) -> list[NodeCard]:
    """The nodes of a case's drawing, each with how the case stands to it."""
    open_now = {one.node for one in steps if one.state == "open"}
    done = {one.node for one in steps if one.state in ("approved", "refused", "passed", "answered")}
    found = []
    places = places_of(definition)
    for node in definition.nodes:
        standing = "open" if node.id in open_now else "done" if node.id in done else "ahead"
        if node.kind == "end" and state in ("approved", "rejected") and node.result == state:
            standing = "done"
        found.append(
            NodeCard(
                id=node.id, kind=node.kind, name=node.name, x=places[node.id][0], y=places[node.id][1], state=standing
            )
        )
    return found


def places_of(definition: Definition) -> dict[str, tuple[int, int]]:
    """Where the nodes stand: as they were drawn, or arranged where nobody drew."""
    drawn = {node.id: (node.x, node.y) for node in definition.nodes}
    if len(set(drawn.values())) > 1:
        return drawn
    return arranged(list(drawn), [(edge.source, edge.target) for edge in definition.edges], START)


def edges(definition: Definition, steps: list[Any]) -> list[EdgeCard]:
    """The ways of a case's drawing; those are taken that lead on from what was done to what was reached."""
    reached = {one.node for one in steps}
    chose: dict[str, set[str]] = {}
    for one in steps:
        if one.kind == "condition" and one.facts:
            held = next((way["when"] for way in one.facts.get("ways", ()) if way["holds"]), "")
            chose.setdefault(one.node, set()).add(held)
    return [
        EdgeCard(
            source=edge.source,
            target=edge.target,
            name=edge.name,
            taken=edge.source in reached and (edge.source not in chose or edge.when.strip() in chose[edge.source]),
        )
        for edge in definition.edges
    ]


def _mine(work: Work, row: Any, steps: list[Any]) -> list[MyStep]:
    """What the reader may do now."""
    if row.state != "running" or work.who.kind != "person":
        return []
    hands, found = binding.hands(work), []
    running = Running(work, row)
    for one in steps:
        if one.state != "open" or one.kind == "timer" or not binding.instead(hands, one)[0]:
            continue
        node = running.node(one.node)
        asked = one.kind == "opinion"
        found.append(
            MyStep(
                step_id=one.id, kind=one.kind, form=node.form, form_version=node.form_version,
                read=[f for f, may in node.fields.items() if may == "read" or asked],
                write=[f for f, may in node.fields.items() if may != "read" and not asked],
                required=[f for f, may in node.fields.items() if may == "required" and not asked],
                signature="" if asked else node.signature,
                may_return_to=[] if asked or not node.may_return or node.id == START else _earlier(running, one),
                may_refuse=not asked and node.may_refuse and node.id != START,
                may_transfer=not asked and node.may_transfer,
                choose=[] if asked else choosable(running.definition, node.id),
            )
        )  # fmt: skip
    return found


def _earlier(running: Running, one: Any) -> list[str]:
    return list(running.machine.earlier(one.task))


def choosable(definition: Definition, node: str) -> list[str]:
    """The steps right after a node whose holder is chosen by whoever acts there."""
    found: list[str] = []
    seen: set[str] = set()
    todo = [node]
    while todo:
        for edge in definition.out[todo.pop()]:
            target = definition.by_id[edge.target]
            if target.id in seen:
                continue
            seen.add(target.id)
            if target.kind in HUMAN:
                if target.holder is not None and target.holder.by == "chosen":
                    found.append(target.id)
            elif target.kind not in ("automatic", "timer", "end"):
                todo.append(target.id)
    return found
