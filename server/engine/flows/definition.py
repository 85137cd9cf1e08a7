"""The definition of a flow as administrators draw it: nodes, ways between them, terms, holders. Plain data with versions.

It knows nothing of BPMN: `bpmn.py` writes it as BPMN and reads it back, `checks.py` proves that it can be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from common.rules.tables import Table
from server.engine.calendars.deadlines import DAYS, NEXT

MOST_NODES = 200
NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,49}$"
START = "start"
"""The node where every case begins, and to which it is returned for correction."""

HUMAN = frozenset({"start", "step", "countersign"})
"""Kinds of node at which somebody acts; a case may be returned to these."""
WAITS = HUMAN | {"automatic", "timer"}
"""Kinds of node that the house or somebody has to finish; the others only lead on."""


class Strict(BaseModel):
    """What is not known is refused: a misspelt part would be lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FlowTerm(Strict):
    """How long something may take."""

    amount: int = Field(ge=1, le=2000)
    unit: Literal["days", "hours", "minutes"] = DAYS  # type: ignore[assignment]
    working: bool = True
    free_end: Literal["next", "before", "stays"] = NEXT  # type: ignore[assignment]
    warn_share: int = Field(default=75, ge=1, le=100)
    """Hundredths of the term after which the light turns yellow."""


class Holder(Strict):
    """Who holds a step: a post or role of the organisation, never a named person (SVD-039)."""

    by: Literal["post", "role", "head", "chosen", "applicant"]
    """`head`: of the applicant's unit; `chosen`: by whoever acts before."""
    post: UUID | None = None
    role: UUID | None = None
    each: bool = False
    """Of countersigning: everybody who holds the post or role, or heads the unit, has a seat of his own (COR-I08)."""


class Node(Strict):
    """Something in the drawing."""

    id: str = Field(pattern=NAME)
    kind: Literal["start", "step", "countersign", "condition", "split", "join", "automatic", "timer", "end"]
    name: dict[str, str] = {}
    x: int = 0
    y: int = 0
    holder: Holder | None = None
    seats: list[Holder] = []
    """Of countersigning: who signs."""
    need: Literal["all", "any"] | Annotated[int, Field(ge=1, le=100)] = "all"
    """Of countersigning: how many have to approve."""
    on_refused: Literal["end", "go_on"] = "end"
    """What a refusal does: it ends the case, or conditions after it look at `step.NODE`."""
    fields: dict[str, Literal["read", "write", "required"]] = {}
    """What whoever acts here may read and write of the values; what stands not here is not shown (SVD-040)."""
    form: str = ""
    form_version: int | None = None
    signature: Literal["", "pin", "drawn"] = ""
    bulk: bool = False
    may_return: bool = True
    may_refuse: bool = True
    may_transfer: bool = True
    term: FlowTerm | None = None
    """Of a step how long it may take; of a timer how long it waits."""
    table: Table | None = None
    """Of a condition: a decision table, whose results the conditions of its ways know as `result.NAME`."""
    does: str = ""
    """Of an automatic step: the name under which a module declared it."""
    settings: dict[str, Any] = {}
    """Of an automatic step: what it needs to know."""
    result: Literal["approved", "rejected"] = "approved"
    """Of an end: how the case ends there."""


class Edge(Strict):
    """A way from one node to the next."""

    id: str = Field(pattern=NAME)
    source: str
    target: str
    when: str = ""
    """Of a way out of a condition: the expression that must hold; without one it is the way for all other cases."""
    name: dict[str, str] = {}


class Definition(Strict):
    """A whole flow."""

    nodes: list[Node] = Field(max_length=MOST_NODES)
    edges: list[Edge] = Field(max_length=2 * MOST_NODES)
    fields: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.]{0,119}$")], str] = {}
    """The values that a case carries, with their kinds: what expressions may name and steps may fill in."""
    labels: dict[str, dict[str, str]] = {}
    """What the values are called."""
    term: FlowTerm | None = None
    """For the whole."""

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def out(self) -> dict[str, list[Edge]]:
        """The ways that leave each node, in their order."""
        found: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return found

    @cached_property
    def into(self) -> dict[str, list[Edge]]:
        """The ways that lead to each node."""
        found: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found.setdefault(edge.target, []).append(edge)
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """What every expression may name, with its kind: the values, and how each step ended."""
        steps = {f"step.{node.id}": "text" for node in self.nodes if node.kind in HUMAN}
        return {**self.fields, **steps}

    def names_at(self, node: Node) -> dict[str, str]:
        """What the ways out of a condition may name: the results of its table as well."""
        results = {f"result.{one.name}": "any" for one in node.table.outputs} if node.table is not None else {}
        return {**self.names, **results}

    def reached(self, source: str, *, without: str | None = None) -> set[str]:
        """The nodes to which ways lead from a node, itself among them; none through `without`."""
        found, todo = {source}, [source]
        while todo:
            for edge in self.out.get(todo.pop(), ()):
                if edge.target not in found and edge.target != without:
                    found.add(edge.target)
                    todo.append(edge.target)
        return found

    @cached_property
    def regions(self) -> dict[str, Region]:
        """The parallel parts by the split that opens them; those without a proper join are left out."""
        found = {}
        for node in self.nodes:
            if node.kind == "split":
                join = self._join_of(node.id)
                if join is not None:
                    branches = tuple(
                        frozenset(self.reached(edge.target, without=join) if edge.target != join else ())
                        for edge in self.out[node.id]
                    )
                    found[node.id] = Region(node.id, join, branches)
        return found

    def _join_of(self, split: str) -> str | None:
        """The join at which the ways of a split meet: counting splits up and joins down along any way, where it is nought."""
        seen: set[tuple[str, int]] = set()
        todo = [(edge.target, 1) for edge in self.out.get(split, ())]
        joins = set()
        while todo:
            here, depth = todo.pop()
            if (here, depth) in seen or here not in self.by_id or depth > MOST_NODES:
                continue
            seen.add((here, depth))
            kind = self.by_id[here].kind
            depth += (kind == "split") - (kind == "join")
            if depth == 0:
                joins.add(here)
                continue
            todo.extend((edge.target, depth) for edge in self.out[here])
        return joins.pop() if len(joins) == 1 else None

    def around(self, node: str) -> Iterator[tuple[Region, int]]:
        """The parallel parts in which a node lies, each with the number of its branch."""
        for region in self.regions.values():
            for number, branch in enumerate(region.branches):
                if node in branch:
                    yield region, number


@dataclass(frozen=True)
class Region:
    """A parallel part: from its split to its join."""

    split: str
    join: str
    branches: tuple[frozenset[str], ...]

    @property
    def inside(self) -> frozenset[str]:
        """The nodes of all branches."""
        return frozenset().union(*self.branches)
