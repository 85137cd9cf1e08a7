"""What is wrong with a drawing is found, with its place; and nothing of Python or the host is ever computed."""

from __future__ import annotations

from typing import Any

import pytest

from server.engine.flows import bpmn
from server.engine.flows.checks import SENTENCES, found
from server.engine.flows.definition import Definition, Holder, Node
from server.engine.flows.machine import Machine, TooFar, compiled, spec_of
from tests.server.flows.drawn import edge, flow, line, node, step

POST = "01234567-89ab-7def-8123-456789abcdef"


def one(name: str) -> Node:
    return step(name, POST)  # type: ignore[arg-type]


def codes(definition: Definition) -> set[tuple[str, str]]:
    """What was found, and where."""
    return {(finding.code, finding.node) for finding in found(definition)}


def fork(*more: Any, ways: list[Any]) -> Definition:
    """A parallel part with two branches, and whatever else."""
    return flow([node("fork", "split"), one("a"), one("b"), node("meet", "join"), *more], ways)


USUAL = [*line("start", "fork", "a", "meet"), *line("fork", "b", "meet"), edge("meet", "end")]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (flow([one("a")], line("start", "a", "end")), set()),
        (fork(ways=USUAL), set()),
        (flow([one("a"), one("b")], line("start", "a", "end")), {("dead_end", "b")}),
        (flow([one("a"), one("b")], [*line("start", "a", "end"), edge("b", "end")]), {("unreachable", "b")}),
        (flow([one("a"), one("b")], line("start", "a", "b", "a")), {("unreachable", "end"), ("no_exit", "start"),
         ("no_exit", "a"), ("no_exit", "b")}),
        (flow([node("c", "condition"), node("d", "automatic", does="x")], [*line("start", "c"), edge("c", "d", "x > 1"),
         edge("d", "c"), edge("c", "end")]), {("spins", "c"), ("spins", "d")}),
        (flow([node("c", "condition"), one("a")], [*line("start", "c", "a", "end"), edge("c", "end")]), {("otherwise", "c")}),
        (flow([node("c", "condition"), one("a")], [edge("start", "c"), edge("c", "a", "y + 1"), *line("a", "end"),
         edge("c", "end")]), {("expression", "c")}),
        (flow([node("c", "condition"), one("a")], [edge("start", "c"), edge("c", "a", "__import__('os')"), *line("a", "end"),
         edge("c", "end")]), {("expression", "c")}),
        (fork(ways=[*USUAL[:2], edge("a", "end"), *USUAL[3:]]), {("leaves_branch", "a")}),
        (fork(one("z"), ways=[*line("start", "fork", "a", "meet", "z", "end"), *line("fork", "meet")]),
         {("unreachable", "b"), ("empty_branch", "fork")}),
        (flow([one("a"), one("a")], line("start", "a", "end")), {("same_id", "a")}),
        (flow([step("a", None)], line("start", "a", "end")), {("no_holder", "a")}),
        (flow([step("a", holder=Holder(by="chosen"))], line("start", "a", "end")), set()),
        (flow([node("t", "automatic", does="x"), step("a", holder=Holder(by="chosen"))], line("start", "t", "a", "end")),
         {("chosen_by_nobody", "a")}),
        (flow([node("s", "countersign", seats=[Holder(by="head")], need=2)], line("start", "s", "end")),
         {("need_too_many", "s")}),
        (flow([one("a")], line("start", "a", "end"), fields={"x": "number", "step.a": "text"}), {("reserved", "")}),
        (flow([node("w", "timer")], line("start", "w", "end")), {("no_term", "w")}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(definition: Definition, expected: set[tuple[str, str]]) -> None:
    if ("unreachable", "b") in expected and ("empty_branch", "fork") in expected:
        definition = definition.model_copy(update={"edges": [*definition.edges, edge("b", "meet")]})
    got = codes(definition)
    assert expected <= got if expected else got == set()
    assert all(code in SENTENCES for code, _ in got)


def test_the_flow_executes_nothing() -> None:
    """Neither a condition with Python in it nor a script of a foreign file is ever executed."""
    cond = node("c", "condition")
    definition = flow(
        [cond, one("a")], [edge("start", "c"), edge("c", "a", "1 / 0"), *line("a", "end"), edge("c", "end")]
    )
    asked: list[str] = []

    def decide(where: str, expression: str) -> bool:
        asked.append(expression)
        return False

    machine = Machine(definition, spec_of(compiled(definition, "evil")), decide)
    machine.complete(machine.rest()[0][0])
    assert machine.rest() == [] and machine.ended == "end" and asked == ["1 / 0"]
    for call in (machine._rules.execute, machine._rules.call_service):
        with pytest.raises(TooFar):
            call(None, *(("import os",) if call == machine._rules.execute else ()))
    script = (
        bpmn.written(definition, "evil", {}).replace(b"serviceTask", b"scriptTask").replace(b"userTask", b"scriptTask")
    )
    with pytest.raises(Exception, match=r"bad_bpmn|scriptTask"):
        bpmn.read(script.replace(b"openhall:node", b"openhall:other"))


FOREIGN = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
 <process id="p">
  <startEvent id="s-1"/><sequenceFlow id="f1" sourceRef="s-1" targetRef="t.1"/>
  <userTask id="t.1" name="Look"/><sequenceFlow id="f2" sourceRef="t.1" targetRef="g"/>
  <exclusiveGateway id="g" default="f4"/>
  <sequenceFlow id="f3" sourceRef="g" targetRef="t2"><conditionExpression>x > 3</conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="g" targetRef="m"/>
  <manualTask id="t2" name="Sign"/><sequenceFlow id="f5" sourceRef="t2" targetRef="m"/>
  <exclusiveGateway id="m"/><sequenceFlow id="f6" sourceRef="m" targetRef="e"/>
  <endEvent id="e"/>
 </process>
</definitions>"""


def test_a_drawing_of_another_program_is_read() -> None:
    """As far as BPMN has words for it; who holds what is left to be said here."""
    read = bpmn.read(FOREIGN.encode())
    assert {(n.id, n.kind) for n in read.nodes} == {
        ("start", "start"), ("t_1", "step"), ("g", "condition"), ("t2", "step"), ("e", "end"),
    }  # fmt: skip
    assert {(e.source, e.target, e.when) for e in read.edges} == {
        ("start", "t_1", ""), ("t_1", "g", ""), ("g", "t2", "x > 3"), ("g", "e", ""), ("t2", "e", ""),
    }  # fmt: skip
    assert {code for code, _ in codes(read)} == {"no_holder", "expression", "no_name"} - {"no_name"}
