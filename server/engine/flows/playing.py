"""Try mode: a case played with made-up people. Pure: everything is played anew from the start at each look, nothing is stored,
no automatic step does anything."""

from __future__ import annotations

from collections import Counter
from typing import Any

from common.protocol.flows import Play, Played, PlayedStep
from common.rules.expressions import compiled as compiled_expression
from common.rules.problems import NotComputed, WrongRule
from common.rules.tables import decide
from common.text import N_
from server.engine.errors import Refused, refusal
from server.engine.flows.definition import HUMAN, START, Definition
from server.engine.flows.machine import Machine, compiled, spec_of
from server.engine.flows.running import plain_deep, tally

NOT_OPEN = refusal("flows.not_open", N_("“{node}” does not wait at this point. Play the steps in their order."), 422)
NOT_BACK = refusal(
    "flows.no_way_back", N_("The case cannot go back to “{node}” from here. Choose an earlier step."), 422
)


class _Played:
    def __init__(self, definition: Definition, content: dict[str, Any]) -> None:
        self.definition = definition
        self.content = dict(content)
        self.path: list[dict[str, Any]] = []
        self.signed: dict[str, Counter[str]] = {}
        self.state = "running"
        self.machine = Machine(definition, spec_of(compiled(definition, "played")), self._holds)

    def _holds(self, node: str, expression: str) -> bool:
        where, values = self.definition.by_id[node], dict(self.content)
        facts: dict[str, Any] = {"when": expression}
        try:
            if where.table is not None:
                decision = decide(where.table, self.definition.names, values)
                facts["table"] = decision.explained()
                values["result"] = decision.result
            met = compiled_expression(expression, self.definition.names_at(where), "yes_no").holds(values)
        except (WrongRule, NotComputed) as failure:
            met, facts["failed"] = False, str(failure)[:200]
        self.path.append({"node": node, "what": "condition", "holds": met, **facts})
        return met

    def rest(self) -> list[tuple[str, str]]:
        """Go on past what needs nobody; gives what waits."""
        while True:
            waiting = self.machine.rest()
            ended = self.machine.ended
            if ended is not None:
                self.state = self.definition.by_id[ended].result
                return []
            by_itself = next((w for w in waiting if self.definition.by_id[w[1]].kind == "automatic"), None)
            if by_itself is None:
                return waiting
            self.path.append({"node": by_itself[1], "what": "automatic"})
            self.machine.complete(by_itself[0])

    def play(self, one: Play) -> None:
        """One act."""
        task = next((task for task, node in self.rest() if node == one.node), None)
        if task is None or self.state != "running":
            raise Refused("flows.not_open", node=one.node)
        where = self.definition.by_id[one.node]
        self.path.append({"node": one.node, "what": one.does, **({"to": one.to} if one.to else {})})
        self.content.update(one.values)
        if one.does == "return":
            if one.to not in self.machine.earlier(task):
                raise Refused("flows.no_way_back", node=one.to)
            self.signed.pop(task, None)
            self.machine.back(task, one.to)
            return
        if (one.does == "time_passes") != (where.kind == "timer"):
            raise Refused("flows.not_open", node=one.node)
        if where.kind in HUMAN and not self._decided(task, one):
            return
        self.machine.complete(task)

    def _decided(self, task: str, one: Play) -> bool:
        where = self.definition.by_id[one.node]
        said = self.signed.setdefault(task, Counter())
        said[one.does] += 1
        seats = max(1, len(where.seats)) if where.kind == "countersign" else 1
        outcome = tally(where.need if where.kind == "countersign" else "all", said["approve"], said["refuse"], seats)
        if outcome is None:
            return False
        if outcome == "refused" and where.on_refused == "end":
            self.state = "rejected"
            return False
        self.content["step"] = {**(self.content.get("step") or {}), one.node: outcome}
        return True


def played(definition: Definition, content: dict[str, Any], plays: list[Play]) -> Played:
    """Where a case stands after these acts, the first of them its submission."""
    game = _Played(definition, content)
    for one in plays or [Play(node=START, does="approve")]:
        game.play(one)
    waiting = game.rest() if game.state == "running" else []
    return Played(
        open=[
            PlayedStep(
                node=node, kind=game.definition.by_id[node].kind, seats=max(1, len(game.definition.by_id[node].seats)),
                signed=sum(game.signed.get(task, Counter()).values()),
                may_return_to=list(game.machine.earlier(task)) if game.definition.by_id[node].kind in HUMAN else [],
            )
            for task, node in waiting
        ],
        ended=game.machine.ended if game.state == "running" or not waiting else None,
        state=game.state, path=plain_deep(game.path), content=plain_deep(game.content),
    )  # fmt: skip
