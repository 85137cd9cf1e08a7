"""Flows for tests: small ones drawn by hand, and random ones that are sound by how they are made."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any
from uuid import UUID

from server.engine.flows.definition import Definition, Edge, FlowTerm, Holder, Node


def node(name: str, kind: str, **more: Any) -> Node:
    """A node that is called as its id."""
    return Node(id=name, kind=kind, name={"en": name}, **more)  # type: ignore[arg-type]


def step(name: str, post: UUID | None = None, **more: Any) -> Node:
    """A step, held by a post unless told."""
    more.setdefault("holder", Holder(by="post", post=post))
    return node(name, "step", **more)


def edge(source: str, target: str, when: str = "") -> Edge:
    """A way."""
    return Edge(id=f"{source}__{target}", source=source, target=target, when=when)


def line(*names: str) -> list[Edge]:
    """Ways from each to the next."""
    return [edge(a, b) for a, b in pairwise(names)]


def flow(nodes: list[Node], edges: list[Edge], **more: Any) -> Definition:
    """A flow with its start and its end."""
    more.setdefault("fields", {"x": "number", "n": "number"})
    fields = {"x": "write"}
    return Definition(nodes=[node("start", "start", fields=fields), *nodes, node("end", "end")], edges=edges, **more)


class Drawer:
    """Draws a random flow out of blocks that each have one way in and one way out."""

    def __init__(self, dice: random.Random, posts: list[UUID], kinds: str = "any") -> None:
        self.dice, self.posts, self.kinds = dice, posts, kinds
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.fields = {"x": "number"}
        self.used: set[str] = set()
        self._loops = 0

    def draw(self) -> Definition:
        """A whole flow."""
        loose = [("start", "")]
        wanted = {"parallel": "pc", "timers": "t"}.get(self.kinds, "")
        for kind in [*wanted, *self.dice.choices("sscp?lta", k=self.dice.randint(2, 4))]:
            loose = self._block(loose, kind, 2)
        self._lead(loose, "end")
        return flow(self.nodes, self.edges, fields=self.fields)

    def _new(self, kind: str, **more: Any) -> str:
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(node(name, kind, **more))
        self.used.add(kind)
        return name

    def _lead(self, loose: list[tuple[str, str]], target: str) -> None:
        self.edges += [edge(source, target, when) for source, when in loose]

    def _holder(self) -> Holder:
        return Holder(by="post", post=self.dice.choice(self.posts))

    def _step(self, loose: list[tuple[str, str]]) -> str:
        name = self._new(
            "step", holder=self._holder(), fields={"x": "write"}, on_refused=self.dice.choice(["end", "go_on"])
        )
        self._lead(loose, name)
        return name

    def _block(self, loose: list[tuple[str, str]], kind: str, depth: int) -> list[tuple[str, str]]:
        if kind in "p?l" and depth == 0:
            kind = "s"
        match kind:
            case "c":
                seats = [self._holder() for _ in range(self.dice.randint(2, 4))]
                need = self.dice.choice(["all", "any", self.dice.randint(1, len(seats))])
                name = self._new(
                    "countersign",
                    seats=seats,
                    need=need,
                    on_refused=self.dice.choice(["end", "go_on"]),
                    fields={"x": "write"},
                )
            case "t":
                name = self._new("timer", term=FlowTerm(amount=self.dice.randint(1, 3), unit="hours", working=False))
            case "a":
                self.fields.setdefault("made", "number")
                name = self._new("automatic", does="flows.compute", settings={"values": {"made": "x + 1"}})
            case "p":
                return self._parallel(loose, depth)
            case "?":
                return self._condition(loose, depth)
            case "l":
                return self._loop(loose, depth)
            case _:
                return [(self._step(loose), "")]
        self._lead(loose, name)
        return [(name, "")]

    def _parallel(self, loose: list[tuple[str, str]], depth: int) -> list[tuple[str, str]]:
        split = self._new("split")
        self._lead(loose, split)
        ends: list[tuple[str, str]] = []
        for _ in range(self.dice.randint(2, 3)):
            branch = [(split, "")]
            for kind in self.dice.choices("ssc?tal", k=self.dice.randint(1, 2)):
                branch = self._block(branch, kind, depth - 1)
            ends += branch
        join = self._new("join")
        self._lead(ends, join)
        return [(join, "")]

    def _condition(self, loose: list[tuple[str, str]], depth: int) -> list[tuple[str, str]]:
        condition = self._new("condition")
        self._lead(loose, condition)
        first = self._block([(condition, f"x > {self.dice.randint(0, 9)}")], "s", depth - 1)
        if self.dice.random() < 0.5:
            return [*first, (condition, "")]
        return [*first, *self._block([(condition, "")], self.dice.choice("sp"), depth - 1)]

    def _loop(self, loose: list[tuple[str, str]], depth: int) -> list[tuple[str, str]]:
        """A step, then a count, then perhaps back to the step."""
        self._loops += 1
        count = f"n{self._loops}"
        self.fields[count] = "number"
        again = self._step(loose)
        inner = self._block([(again, "")], self.dice.choice("sp"), depth - 1)
        counted = self._new("automatic", does="flows.compute", settings={"values": {count: f"{count} + 1"}})
        self._lead(inner, counted)
        condition = self._new("condition")
        self._lead([(counted, "")], condition)
        self.edges.append(edge(condition, again, f"{count} < {self.dice.randint(1, 3)}"))
        return [(condition, "")]

    def content(self) -> dict[str, Any]:
        """What a case carries at its start."""
        return {name: self.dice.randint(0, 9) if name == "x" else 0 for name in self.fields}


def longer(definition: Definition, dice: random.Random, post: UUID) -> Definition:
    """The same flow with one more step somewhere on a way that is no condition's."""
    ways = [
        e for e in definition.edges if definition.by_id[e.source].kind not in ("condition",) and e.source != "start"
    ]
    if not ways:
        ways = [e for e in definition.edges if e.target == "end"][:1]
    at = dice.choice(ways)
    more = step("more", post, fields={"x": "write"})
    rest = [e for e in definition.edges if e.id != at.id]
    return definition.model_copy(
        update={
            "nodes": [*definition.nodes, more],
            "edges": [*rest, edge(at.source, "more", at.when), edge("more", at.target)],
        }
    )
