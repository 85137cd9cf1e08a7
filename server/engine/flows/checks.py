"""What is wrong with a definition as a drawing: ways, loops, parallel parts, expressions. Pure; `publishing.py` asks the hall
about posts, forms and calendars besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from common.rules.expressions import checked
from common.rules.problems import Problem
from common.rules.tables import checked_table
from common.text import N_
from server.engine.flows.bpmn import reserved
from server.engine.flows.definition import HUMAN, START, Definition, Edge, Node

SENTENCES = {
    "start": N_("A flow begins at exactly one start, called “start”. Draw one."),
    "no_end": N_("There is no end. Draw one and lead every way to it."),
    "same_id": N_("“{node}” stands here twice."),
    "no_name": N_("This has no name. Say in a word or two what is done here."),
    "edge_nowhere": N_("A way leads from or to something that is not drawn. Take it out."),
    "twice": N_("Two ways lead from here to the same place. Make one of them."),
    "into_start": N_("No way may lead back to the start; whoever returns a case does so by a button."),
    "dead_end": N_("No way leads on from here. Draw one to the next step or to an end."),
    "many_ways": N_("More than one way leads on from here. Put a condition or a parallel part in between."),
    "after_end": N_("A way leads on from an end. Take it out."),
    "unreachable": N_("No way leads here from the start."),
    "no_exit": N_("From here no end can be reached: a loop without exit. Add a way out."),
    "spins": N_("These steps would repeat for ever by themselves. Put a step of a person or a timer into the loop."),
    "otherwise": N_("A condition needs exactly one way for all other cases, and at least one with an expression."),
    "when_outside": N_("Only ways out of a condition have an expression."),
    "expression": N_("This expression cannot be used."),
    "table": N_("This decision table cannot be used."),
    "few_branches": N_("A parallel part needs at least two branches."),
    "no_join": N_("The branches that begin here do not meet again at one join."),
    "no_split": N_("No parallel part ends at this join."),
    "empty_branch": N_("A branch of this parallel part is empty. Put a step into it or take it out."),
    "leaves_branch": N_("A way leads out of a branch, or into one, past its beginning and its join."),
    "no_holder": N_("Nobody is named for this step. Choose a post or a role."),
    "no_seats": N_("Nobody signs here. Choose who does."),
    "need_too_many": N_("{need} have to approve, but only {seats} sign."),
    "chosen_by_nobody": N_(
        "Nobody acts right before this step who could choose its holder. Bind it to a post or role."
    ),
    "unknown_field": N_("There is no value called “{field}”."),
    "field_kind": N_("“{field}” is of a kind that no expression can compute with: {kind}."),
    "reserved": N_("The house itself uses the name “{field}”. Choose another."),
    "no_term": N_("A timer has to know how long it waits."),
    "unknown_automatic": N_("No part of the program can do “{does}”. Choose another automatic step."),
    "post_gone": N_("This post does not exist any more. Choose another."),
    "post_empty": N_("Nobody holds the post {name}. Appoint somebody, or choose another post."),
    "role_gone": N_("This role does not exist any more. Choose another."),
    "role_empty": N_("Nobody has the role {name}. Give it to somebody, or choose another."),
    "form_gone": N_("There is no form “{form}” in version {version}."),
    "no_calendar": N_("The working calendar has too little working time ahead for this term."),
}
"""By code; facts in braces."""

VALUE_KINDS = frozenset({"number", "text", "yes_no", "day", "moment", "time", "list", "any"})


@dataclass(frozen=True)
class Finding:
    """Something that keeps a flow from being published: where, what, and what to do."""

    code: str
    node: str = ""
    edge: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    """Of an expression or a table: what is wrong with it, and where in its text."""
    row: int | None = None
    column: str = ""


def found(definition: Definition) -> list[Finding]:
    """Everything that is wrong with the drawing; the later checks lean on the earlier ones."""
    rough = list(_pieces(definition))
    if rough:
        return rough
    ways = list(_ways(definition))
    said = [*_names(definition), *_expressions(definition), *_holders(definition)]
    if ways:
        return ways + said
    return [*_reach(definition), *_parallel(definition), *said]


def _pieces(definition: Definition) -> Iterator[Finding]:
    """The start, ids, ends of ways."""
    starts = [node for node in definition.nodes if node.kind == "start"]
    if len(starts) != 1 or starts[0].id != START:
        yield Finding("start")
    if not any(node.kind == "end" for node in definition.nodes):
        yield Finding("no_end")
    seen: set[str] = set()
    everything: list[Node | Edge] = [*definition.nodes, *definition.edges]
    for one in everything:
        if reserved(one.id):
            yield Finding("reserved", node=one.id, facts={"field": one.id})
        if one.id in seen:
            yield Finding("same_id", node=one.id, facts={"node": one.id})
        seen.add(one.id)
    pairs: set[tuple[str, str]] = set()
    for edge in definition.edges:
        if edge.source not in definition.by_id or edge.target not in definition.by_id:
            yield Finding("edge_nowhere", edge=edge.id)
        if (edge.source, edge.target) in pairs:
            yield Finding("twice", node=edge.source, edge=edge.id)
        pairs.add((edge.source, edge.target))


def _ways(definition: Definition) -> Iterator[Finding]:
    """How many ways leave each node."""
    for node in definition.nodes:
        out = definition.out[node.id]
        if node.kind == "start" and definition.into[node.id]:
            yield Finding("into_start", node=node.id)
        if node.kind == "end":
            if out:
                yield Finding("after_end", node=node.id)
        elif not out:
            yield Finding("dead_end", node=node.id)
        elif node.kind == "condition":
            others = [edge for edge in out if not edge.when.strip()]
            if len(others) != 1 or len(out) < 2:
                yield Finding("otherwise", node=node.id)
        elif node.kind == "split":
            if len(out) < 2:
                yield Finding("few_branches", node=node.id)
        elif len(out) > 1:
            yield Finding("many_ways", node=node.id)
        if node.kind != "condition":
            for edge in out:
                if edge.when.strip():
                    yield Finding("when_outside", node=node.id, edge=edge.id)


def _reach(definition: Definition) -> Iterator[Finding]:
    """What cannot be reached, what cannot be left, what would turn by itself."""
    reached = definition.reached(START)
    ends = {node.id for node in definition.nodes if node.kind == "end"}
    for node in definition.nodes:
        if node.id not in reached:
            yield Finding("unreachable", node=node.id)
        elif not definition.reached(node.id) & ends:
            yield Finding("no_exit", node=node.id)
    stops = {node.id for node in definition.nodes if node.kind in HUMAN or node.kind == "timer"}
    for node in definition.nodes:
        if node.id not in stops and _comes_back(definition, node.id, stops):
            yield Finding("spins", node=node.id)


def _comes_back(definition: Definition, node: str, stops: set[str]) -> bool:
    seen: set[str] = set()
    todo = [edge.target for edge in definition.out[node]]
    while todo:
        here = todo.pop()
        if here == node:
            return True
        if here not in seen and here not in stops:
            seen.add(here)
            todo.extend(edge.target for edge in definition.out[here])
    return False


def _parallel(definition: Definition) -> Iterator[Finding]:
    """Parallel parts: one join a split, and nothing leads in or out past them, else a case would wait for ever."""
    joins = set()
    for node in definition.nodes:
        if node.kind != "split":
            continue
        region = definition.regions.get(node.id)
        if region is None:
            yield Finding("no_join", node=node.id)
            continue
        joins.add(region.join)
        if any(not branch for branch in region.branches):
            yield Finding("empty_branch", node=node.id)
        sure: set[str] = set()
        for branch in region.branches:
            strange = branch & sure or node.id in branch or any(definition.by_id[n].kind == "end" for n in branch)
            sure |= branch
            for inner in sorted(branch):
                from_outside = any(e.source not in branch and e.source != node.id for e in definition.into[inner])
                if from_outside or strange:
                    yield Finding("leaves_branch", node=inner)
                    break
        for edge in definition.into[region.join]:
            if edge.source not in region.inside:
                yield Finding("leaves_branch", node=region.join, edge=edge.id)
    for node in definition.nodes:
        if node.kind == "join" and node.id not in joins:
            yield Finding("no_split", node=node.id)


def _names(definition: Definition) -> Iterator[Finding]:
    for node in definition.nodes:
        if node.kind in HUMAN | {"automatic", "timer"} and not any(node.name.values()):
            yield Finding("no_name", node=node.id)
        for name in node.fields:
            if name not in definition.fields:
                yield Finding("unknown_field", node=node.id, facts={"field": name})
        if node.kind == "timer" and node.term is None:
            yield Finding("no_term", node=node.id)
    for name, kind in definition.fields.items():
        if name.split(".")[0] in ("step", "result"):
            yield Finding("reserved", facts={"field": name})
        if kind not in VALUE_KINDS:
            yield Finding("field_kind", facts={"field": name, "kind": kind})


def _expressions(definition: Definition) -> Iterator[Finding]:
    for node in definition.nodes:
        if node.kind != "condition":
            continue
        if node.table is not None:
            for one in checked_table(node.table, definition.names):
                if not one.remark:
                    yield Finding("table", node=node.id, problem=one.problem, row=one.row, column=one.column)
        for edge in definition.out[node.id]:
            if edge.when.strip():
                for problem in checked(edge.when, definition.names_at(node), "yes_no"):
                    yield Finding("expression", node=node.id, edge=edge.id, problem=problem)


def _holders(definition: Definition) -> Iterator[Finding]:
    for node in definition.nodes:
        if node.kind == "step" and (node.holder is None or not _named(node)):
            yield Finding("no_holder", node=node.id)
        if node.kind == "countersign":
            if not node.seats or any(seat.by == "chosen" for seat in node.seats) or not _named(node):
                yield Finding("no_seats", node=node.id)
            elif isinstance(node.need, int) and node.need > len(node.seats) and not any(s.each for s in node.seats):
                yield Finding("need_too_many", node=node.id, facts={"need": node.need, "seats": len(node.seats)})
        if node.holder is not None and node.holder.by == "chosen" and not _chooser(definition, node.id):
            yield Finding("chosen_by_nobody", node=node.id)


def _named(node: Node) -> bool:
    for holder in node.seats if node.kind == "countersign" else [node.holder]:
        if holder is None or (holder.by == "post" and not holder.post) or (holder.by == "role" and not holder.role):
            return False
    return True


def _chooser(definition: Definition, node: str) -> bool:
    """Whether on every way somebody acts right before a node, with nothing but conditions and gates in between."""
    seen: set[str] = set()
    todo = [node]
    while todo:
        for edge in definition.into[todo.pop()]:
            kind = definition.by_id[edge.source].kind
            if kind in ("automatic", "timer"):
                return False
            if kind not in HUMAN and edge.source not in seen:
                seen.add(edge.source)
                todo.append(edge.source)
    return True
