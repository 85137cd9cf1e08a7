"""A case under way: its tokens, its open steps, and how it goes on after something was done. All of it in the transaction of
whoever acts; nothing of a case lives in memory between two actions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.rules.expressions import compiled as compiled_expression
from common.rules.expressions import value_of
from common.rules.problems import NotComputed, WrongRule
from common.rules.tables import decide as decide_table
from common.text import N_
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import binding, terms
from server.engine.flows.automatic import AUTOMATIC, Doing, plain
from server.engine.flows.binding import Held
from server.engine.flows.definition import START, Definition, Node
from server.engine.flows.events import CaseEnded, StepClosed, StepOpened, TimerDue
from server.engine.flows.loaders import CASE_FIRM, LAST_AT, OPEN_STEPS, SEATS, STEPS
from server.engine.flows.machine import SERIALIZER, Machine, spec_of
from server.engine.flows.records import CaseStep, Flow, FlowCase, FlowVersion

OVER = refusal("flows.case_over", N_("This case is over. Nothing of it can be changed any more."))
CLOSED = refusal(
    "flows.step_closed", N_("Somebody was quicker: this step is done already. Refresh the list and look at the case.")
)
CHOOSE = refusal("flows.choose_next", N_("Choose who does “{step}” next, somebody who can act now."), 422)
NO_AUTOMATIC = refusal(
    "flows.no_such_automatic", N_("No part of the program can do “{does}” any more. Tell whoever keeps the flows.")
)
KEPT = 200
"""Versions whose compiled form a process keeps; they never change."""
ROUNDS = 200
"""Automatic steps that one action does at most."""

_known: OrderedDict[UUID, Version] = OrderedDict()


@dataclass(frozen=True)
class Version:
    """A published version, ready to run."""

    id: UUID
    number: int
    definition: Definition
    spec: Any


def version_of(work: Work, version_id: UUID) -> Version:
    """A published version."""
    found = _known.get(version_id)
    if found is None:
        row = work.get(FlowVersion, version_id)
        found = Version(row.id, row.number, Definition.model_validate(row.definition), spec_of(row.spec))
        if row.state == "draft":
            return found
        _known[version_id] = found
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


class Running:
    """A case in the hands of one action."""

    def __init__(self, work: Work, case: Any, version: Version | None = None, *, fresh: bool = False) -> None:
        self.work = work
        self.case = case
        self.flow = work.get(Flow, case.flow_id)
        self.version = version or version_of(work, case.flow_version_id)
        self.definition = self.version.definition
        self.content: dict[str, Any] = dict(case.content)
        self.chosen: dict[str, UUID] = {}
        """By node, whom the one who acts chose for the next steps."""
        self.decided: dict[str, dict[str, Any]] = {}
        self.silent = False
        """What is replayed leaves no rows of conditions."""
        self.machine = Machine(self.definition, self.version.spec, self._holds, None if fresh else case.tokens)

    # what others may know

    def node(self, name: str) -> Node:
        """A node of the flow."""
        return self.definition.by_id[name]

    @property
    def exchanged(self) -> dict[UUID, UUID]:
        """Posts that stand in the place of others in this version."""
        rows = [row for row in self.flow.exchanged or () if row["upto"] >= self.version.number]
        found: dict[UUID, UUID] = {}
        for row in rows:
            old, new = UUID(row["old"]), UUID(row["new"])
            found = {one: new if other == old else other for one, other in found.items()} | {old: new}
        return found

    def open_steps(self) -> list[Any]:
        """The rows that wait, opinions too."""
        return self.work.rows(OPEN_STEPS, in_case=self.case.id)

    # conditions

    def _holds(self, node: str, expression: str) -> bool:
        """Whether a way out of a condition holds; what it was decided by stands in the case's path."""
        about = self.decided.setdefault(node, {"ways": [], "inputs": {}})
        where, names = self.node(node), self.definition.names_at(self.node(node))
        values: dict[str, Any] = dict(self.content)
        try:
            if where.table is not None:
                decision = decide_table(where.table, self.definition.names, values)
                about["table"] = decision.explained()
                values["result"] = decision.result
            rule = compiled_expression(expression, names, "yes_no")
            for name in sorted(rule.uses):
                about["inputs"][name] = plain_deep(value_of(values, name))
            met = rule.holds(values)
        except (WrongRule, NotComputed) as failure:
            # A case never stands still over a value that does not fit: the way is not taken, and its path says why.
            about["ways"].append({"when": expression, "holds": False, "failed": str(failure)[:200]})
            return False
        about["ways"].append({"when": expression, "holds": met})
        return met

    def _note_conditions(self) -> None:
        for node, about in self.decided.items():
            if not self.silent:
                self._passed(node, "condition", about)
        self.decided.clear()

    def _passed(self, node: str, kind: str, facts: dict[str, Any], state: str = "passed") -> Any:
        where = self.node(node)
        return self.work.insert(
            CaseStep, audited=False, case_id=self.case.id, flow_id=self.case.flow_id, node=node, name=where.name, kind=kind,
            state=state, opened_at=self.work.now, closed_at=self.work.now, closed_by=self.work.who.id, facts=facts,
        )  # fmt: skip

    # going on

    def go_on(self) -> None:
        """Go on until everything waits for somebody or for its time; opens what waits now, ends the case at an end."""
        standing = {row.task for row in self.open_steps() if row.kind != "opinion"}
        for _ in range(ROUNDS):
            waiting = self.machine.rest()
            self._note_conditions()
            ended = self.machine.ended
            if ended is not None:
                self.end(self.node(ended).result)
                return
            fresh = [(task, node) for task, node in waiting if task not in standing]
            if not fresh:
                self.save()
                return
            for task, node in fresh:
                standing.add(task)
                if self.node(node).kind == "automatic":
                    self._do(task, node)
                else:
                    self.open(task, node)
        raise RuntimeError(f"case {self.case.number} does not come to rest")

    def _do(self, task: str, node: str) -> None:
        where = self.node(node)
        declared = AUTOMATIC.get(where.does)
        if declared is None:
            self.work.refuse("flows.no_such_automatic", does=where.does)
        found = declared.function(
            self.work,
            Doing(
                self.case.id, self.flow.code, node, self.case.subject or "", self.case.subject_id, self.case.applicant_id,
                dict(self.content), where.settings, self.definition.names,
            ),
        ) or {}  # fmt: skip
        self.content.update(found)
        self._passed(node, "automatic", {"does": where.does, "values": {k: plain_deep(v) for k, v in found.items()}})
        self.machine.complete(task)

    def open(self, task: str, node: str) -> None:
        """A node waits from now on: a row for each who has to act, or a timer."""
        where = self.node(node)
        if where.kind == "timer":
            due = terms.instants(self.work, where.term, self.case)["due_at"]
            row = self._row(task, where, "timer", Held(), fires_at=due)
            self.work.emit_at(TimerDue(step_id=row.id), due or self.work.now)
            return
        chosen = self._chosen(where)
        kind = "countersign" if where.kind == "countersign" else "step"
        limits = terms.instants(self.work, where.term, self.case)
        for number, held in enumerate(binding.seats(self.work, where, self.case, self.exchanged, chosen)):
            self.opened(self._row(task, where, kind, held, seat=number, bulk=where.bulk, **limits))

    def opened(self, row: Any) -> None:
        """Tell the house and the screens of a step that waits."""
        self.work.emit(
            StepOpened(
                step_id=row.id, node=row.node, kind=row.kind, person_id=row.person_id, post_id=row.post_id,
                role_id=row.role_id, **self._about(),
            )
        )  # fmt: skip
        ids = {"person": row.person_id, "post": row.post_id, "role": row.role_id}
        self.work.notify("flows", "opened", case=self.case.id, step=row.id, **{k: v for k, v in ids.items() if v})

    def _row(self, task: str, where: Node, kind: str, held: Held, **more: Any) -> Any:
        return self.work.insert(
            CaseStep, case_id=self.case.id, flow_id=self.case.flow_id, node=where.id, name=where.name, kind=kind, task=task,
            opened_at=self.work.now, person_id=held.person, post_id=held.post, role_id=held.role,
            sender_id=self.work.who.id, facts={"held": held.why} if held.why else None, **more,
        )  # fmt: skip

    def _chosen(self, where: Node) -> UUID | None:
        if where.holder is None or where.holder.by != "chosen":
            return None
        found = self.chosen.get(where.id)
        if found is not None and binding.for_person(self.work, found).person == found:
            return found
        before = self.work.first(LAST_AT, in_case=self.case.id, in_node=where.id)
        if found is None and before is not None and before.person_id is not None:
            return before.person_id  # type: ignore[no-any-return]
        if self.work.who.kind != "house":
            self.work.refuse("flows.choose_next", step=where.name.get(self.work.language) or where.id, node=where.id)
        return None

    def passed_start(self, task: str) -> None:
        """The applicant has submitted: the first step is done."""
        where = self.node(START)
        self.work.insert(
            CaseStep, audited=False, case_id=self.case.id, flow_id=self.case.flow_id, node=START, name=where.name,
            kind="step", state="approved", task=task, opened_at=self.work.now, closed_at=self.work.now,
            person_id=self.case.applicant_id, closed_by=self.work.who.id,
        )  # fmt: skip
        self.content["step"] = {START: "approved"}
        self.machine.complete(task)

    # closing

    def close(self, row: Any, state: str, instead: UUID | None = None, facts: Any = None) -> Any:
        """Nobody has to act on a row any more."""
        more: dict[str, Any] = {"facts": {**(row.facts or {}), **facts}} if facts else {}
        row = self.work.change(
            CaseStep, row, state=state, closed_at=self.work.now, closed_by=self.work.who.id, closed_for=instead, **more
        )
        self.work.emit(StepClosed(step_id=row.id, node=row.node, kind=row.kind, state=state, **self._about()))
        self.work.notify("flows", "closed", case=self.case.id, step=row.id)
        return row

    def done(self, row: Any, approved: bool) -> None:
        """Somebody approved or refused at a row that is closed by now: the node is done, or others still have to sign."""
        where = self.node(row.node)
        outcome = self._tally(row, where) if where.kind == "countersign" else "approved" if approved else "refused"
        if outcome is None:
            self.save()
            return
        for other in self.open_steps():
            if other.task == row.task:
                self.close(other, "void")
        if outcome == "refused" and where.on_refused == "end":
            self.end("rejected")
            return
        self.content["step"] = {**(self.content.get("step") or {}), row.node: outcome}
        self.machine.complete(row.task)
        self.go_on()

    def _tally(self, row: Any, where: Node) -> str | None:
        """How a countersigning has ended, or nothing while it is open (COR-I08, OFF-031)."""
        seats = self.work.rows(SEATS, in_case=self.case.id, in_task=row.task)
        states = [seat.state for seat in seats]
        return tally(where.need, states.count("approved"), states.count("refused"), len(seats))

    def back(self, row: Any, node: str, instead: UUID | None) -> None:
        """Back from an open row to an earlier step; what waited beyond it waits no more. Raises KeyError."""
        self.silent = True
        self.machine.back(row.task, node)
        waiting = {task for task, _ in self.machine.rest()}
        self.silent = False
        self.decided.clear()
        self.close(row, "returned", instead)
        for other in self.open_steps():
            if other.task not in waiting or other.task == row.task:
                self.close(other, "void")
        self._forget_rounds(waiting)
        self.go_on()

    def _forget_rounds(self, waiting: set[str]) -> None:
        """A step that opens again keeps the engine's id: the seats of its earlier rounds count no more."""
        again = waiting - {row.task for row in self.open_steps() if row.kind != "opinion"}
        for row in self.work.rows(STEPS, in_case=self.case.id):
            if row.task in again:
                self.work.change(CaseStep, row, task=None)

    def end(self, state: str) -> None:
        """The case is over."""
        for row in self.open_steps():
            self.close(row, "void")
        self.save(state=state, ended_at=self.work.now)
        self.work.emit(CaseEnded(state=state, **self._about()))
        self.work.notify("flows", "ended", case=self.case.id)

    def save(self, **changes: Any) -> None:
        """Write where the case stands."""
        content = {name: plain_deep(value) for name, value in self.content.items()}
        # Listeners of what was opened and closed may have given it another due date meanwhile; nobody else can: it is held.
        case = self.work.get(FlowCase, self.case.id)
        self.case = self.work.change(
            FlowCase, case, tokens=self.machine.tokens(), serializer=SERIALIZER, content=content, **changes
        )

    def _about(self) -> dict[str, Any]:
        return {
            "case_id": self.case.id, "flow": self.flow.code, "subject": self.case.subject or "",
            "subject_id": self.case.subject_id,
        }  # fmt: skip


def tally(need: str | int, approved: int, refused: int, seats: int) -> str | None:
    """How a countersigning has ended: `approved`, `refused`, or nothing while both are possible."""
    wanted = seats if need == "all" else 1 if need == "any" else min(int(need), seats)
    if approved >= wanted:
        return "approved"
    return "refused" if seats - refused < wanted else None


def firm(work: Work, case_id: UUID) -> Running:
    """A running case, held until this action ends. Refuses one that is over."""
    case = work.first(CASE_FIRM, in_case=case_id)
    if case is None or case.deleted_at is not None:
        work.refuse("records.not_found", record="flow_case", id=str(case_id))
    if case.state != "running":
        work.refuse("flows.case_over")
    return Running(work, case)


def at_step(work: Work, step_id: UUID) -> tuple[Running, Any]:
    """A running case and its open step. Refuses a step that somebody else closed."""
    seen = work.get(CaseStep, step_id)
    case = work.first(CASE_FIRM, in_case=seen.case_id)
    row = work.get(CaseStep, step_id)  # as it stands after whoever was quicker
    if row.state != "open":
        work.refuse("flows.step_closed", state=row.state, by=str(row.closed_by or ""))
    if case.state != "running":
        work.refuse("flows.case_over")
    return Running(work, case), row


def plain_deep(value: Any) -> Any:
    """A value of any depth as JSON keeps it."""
    if isinstance(value, Mapping):
        return {str(k): plain_deep(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain_deep(one) for one in value]
    if isinstance(value, float):
        return value
    return plain(value) if not isinstance(value, UUID) else str(value)
