"""Running cases that change their ground: to another version of their flow, or a post exchanged for another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from common.protocol.flows import Exchanged, ExchangePost, MoveCases, MoveTried, Unfit
from common.protocol.messages import LANGUAGES, Nothing
from common.text import N_, translate
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.events import listener
from server.engine.flows import binding
from server.engine.flows.access import EDIT, SUPERVISE
from server.engine.flows.designing import flow_of
from server.engine.flows.events import MoveGoesOn
from server.engine.flows.loaders import (
    ALL_FLOWS,
    CASE_FIRM,
    OPEN_FOR_POST,
    OPEN_STEPS,
    RUNNING_OTHERS,
    VERSION,
    VERSIONS,
)
from server.engine.flows.records import CaseStep, Flow, FlowCase
from server.engine.flows.running import Running, Version, version_of
from server.engine.ports import ports

NOT_PUBLISHED = refusal("flows.not_published", N_("Cases can move only to a version that was published."))
POST_EMPTY = refusal(
    "flows.post_empty", N_("Nobody who can act holds the post that is to take over. Appoint somebody first.")
)
SAME_POST = refusal("flows.same_post", N_("These are the same post. Choose another."), 422)

GONE = N_("It waits at “{node}”, which the new version does not have.")
OTHERS = N_("It would wait at {would}, not at {waits}.")
AT_ONCE = 20
"""Cases that one action moves: about forty milliseconds of the writer."""
MOST_TRIED = 5_000
MOST_SHOWN = 200
FIRST = UUID(int=0)


@dataclass(frozen=True)
class NoFit(Exception):
    """A case does not fit another version."""

    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


def _target(work: Work, request: MoveCases) -> tuple[Any, Version]:
    flow = flow_of(work, request.code)
    row = work.first(VERSION, in_flow=flow.id, in_number=request.to_version)
    if row is None or row.state == "draft":
        work.refuse("flows.not_published")
    return flow, version_of(work, row.id)


def moved(work: Work, case: Any, target: Version, nodes: dict[str, str]) -> tuple[Running, dict[str, str]]:
    """A running case as it would stand in another version, with the engine's new ids of what waits by node. What was done
    is done there too, without doing anything of it again; conditions go the way they went. Raises `NoFit`."""
    old = Running(work, case)
    waits = {node for _, node in old.machine.rest()}
    there = {nodes.get(node, node) for node in waits}
    for node in sorted(waits):
        new = target.definition.by_id.get(nodes.get(node, node))
        if new is None or new.kind != old.node(node).kind:
            raise NoFit(GONE, {"node": _called(old.node(node).name, node)})
    fresh = Running(work, case, target, fresh=True)
    fresh.silent = True
    took = {nodes.get(node, node): nodes.get(to, to) for node, to in old.machine.taken().items()}
    ways = {(edge.source, edge.target) for edge in target.definition.edges}
    # What was done and waits again (a loop) is replayed once; then it waits.
    fresh.machine.replay(
        {nodes.get(node, node) for node in old.machine.done()}, {n: to for n, to in took.items() if (n, to) in ways}
    )
    waiting = {node: task for task, node in fresh.machine.rest()}
    if set(waiting) != there:
        raise NoFit(OTHERS, {"would": ", ".join(sorted(waiting)) or "-", "waits": ", ".join(sorted(there))})
    fresh.silent = False
    fresh.decided.clear()
    return fresh, waiting


def _called(name: dict[str, str], node: str) -> str:
    return name.get("en") or next(iter(name.values()), node)


def move_case(work: Work, case: Any, target: Version, nodes: dict[str, str]) -> bool:
    """Move one case; one that does not fit stays where it is."""
    try:
        fresh, waiting = moved(work, case, target, nodes)
    except NoFit:
        return False
    for row in work.rows(OPEN_STEPS, in_case=case.id):
        node = nodes.get(row.node, row.node)
        where = target.definition.by_id[node]
        work.change(CaseStep, row, node=node, name=where.name, task=waiting[node], bulk=where.bulk)
    fresh.case = work.change(FlowCase, case, flow_version_id=target.id)
    fresh.save()
    return True


@reading("flows.try_move", needs=EDIT, input=MoveCases, output=MoveTried)
def try_move(work: Work, request: MoveCases) -> MoveTried:
    """What would become of the running cases in another version: how many fit, and which do not, and why. Changes nothing."""
    flow, target = _target(work, request)
    fit = 0
    unfit: list[Unfit] = []
    for (case_id,) in work.rows(RUNNING_OTHERS, in_flow=flow.id, in_version=target.id, after=FIRST, most=MOST_TRIED):
        case = work.get(FlowCase, case_id)
        try:
            moved(work, case, target, request.nodes)
            fit += 1
        except NoFit as no:
            if len(unfit) < MOST_SHOWN:
                said = {code: translate(no.sentence, code).format(**no.facts) for code in LANGUAGES}
                unfit.append(Unfit(case_id=case.id, number=case.number, said=said, facts=no.facts))
    return MoveTried(fit=fit, unfit=unfit)


@action("flows.move", needs=EDIT, input=MoveCases, output=Nothing, locks=lambda request: [("flow", request.code)])
def move(work: Work, request: MoveCases) -> Nothing:
    """Move the running cases of a flow to a version, a few at a time; those that do not fit stay as they are."""
    flow, target = _target(work, request)
    work.emit(MoveGoesOn(flow_id=flow.id, to_version=target.number, nodes=request.nodes))
    return Nothing()


@listener(MoveGoesOn)
def move_goes_on(work: Work, event: MoveGoesOn) -> None:
    """The next cases. Told twice, those that were moved are not met again."""
    row = work.first(VERSION, in_flow=event.flow_id, in_number=event.to_version)
    if row is None or row.state == "draft":
        return
    target = version_of(work, row.id)
    ids = work.rows(
        RUNNING_OTHERS, in_flow=event.flow_id, in_version=target.id, after=event.after or FIRST, most=AT_ONCE
    )
    for (case_id,) in ids:
        case = work.first(CASE_FIRM, in_case=case_id)
        if case.state == "running" and case.flow_version_id != target.id:
            move_case(work, case, target, event.nodes)
    if len(ids) == AT_ONCE:
        work.emit(event.model_copy(update={"after": ids[-1][0]}))
    else:
        work.notify("flows", "moved", flow=event.flow_id)


@action(
    "flows.exchange_post", needs=SUPERVISE, input=ExchangePost, output=Exchanged,
    locks=lambda request: [("flow_post", str(request.old_id))],
)  # fmt: skip
def exchange_post(work: Work, request: ExchangePost) -> Exchanged:
    """Let one post take the place of another in all flows, in running cases too: in what waits now and in what is still to
    come (ADM-020, SVD-044)."""
    if request.old_id == request.new_id:
        work.refuse("flows.same_post")
    if not ports.holding.on_post(work.connection, request.new_id, binding.today(work)):
        work.refuse("flows.post_empty")
    flows = 0
    for flow in work.rows(ALL_FLOWS):
        named = [row.number for row in work.rows(VERSIONS, in_flow=flow.id) if _names(row.definition, request.old_id)]
        named += [one["upto"] for one in flow.exchanged or () if one["new"] == str(request.old_id)]
        if named:
            exchange = {"old": str(request.old_id), "new": str(request.new_id), "upto": max(named)}
            work.change(Flow, flow, because=request.reason, exchanged=[*(flow.exchanged or ()), exchange])
            flows += 1
    steps = work.rows(OPEN_FOR_POST, in_post=request.old_id)
    for row in steps:
        changed = work.change(CaseStep, row, because=request.reason, post_id=request.new_id)
        work.notify("flows", "opened", case=changed.case_id, step=changed.id, post=request.new_id)
    return Exchanged(flows=flows, steps=len(steps))


def _names(definition: dict[str, Any], post: UUID) -> bool:
    for node in definition.get("nodes", ()):
        for holder in (*node.get("seats", ()), node.get("holder") or {}):
            if holder.get("post") == str(post):
                return True
    return False
