"""SpiffWorkflow, and all that is known of it here: where the tokens of a case stand. It decides nothing and does nothing.

Its own engine would execute Python that stands in a condition; ours has no `exec` and no `eval` anywhere in it, and asks
`common/rules` what an expression gives. People's steps, automatic steps and timers all wait until the house completes them:
Spiff's timers would ask the machine's clock. The state keeps no values, only tokens; and not the definition, which stands
once in its version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from lxml import etree  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser import BpmnParser  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser.util import full_tag  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.serializer.workflow import (  # type: ignore[import-untyped]
    VERSION,
    BpmnWorkflowSerializer,
)
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, ParallelGateway, UserTask  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-untyped]
from SpiffWorkflow.util.task import TaskState  # type: ignore[import-untyped]

from server.engine.flows import bpmn
from server.engine.flows.definition import WAITS, Definition

SERIALIZER = str(VERSION)
"""The form in which states are stored; an older one is migrated when it is read."""
STEPS_AT_ONCE = 2_000
"""Gates that one action passes at most: a flow that the checks let through never comes near."""

Decide = Callable[[str, str], bool]
"""Whether an expression holds that stands on a way out of a condition: the condition's node, the expression."""


class TooFar(RuntimeError):
    """A case did not come to rest."""


class _Waiting(TaskParser):  # type: ignore[misc]
    """Whatever the house completes, without the loops and timers that stand in the file for other programs."""

    def xpath(self, path: str) -> Any:
        return [] if "multiInstance" in path or "TimerEvent" in path else super().xpath(path)


class Meeting(ParallelGateway):  # type: ignore[misc]
    """A join that waits for the branches of its own split. Spiff's also counts those that came in an earlier round of a loop:
    it then goes on too early, and drops the steps that still wait."""

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        split = self._opened_by(my_task) if len(self.inputs) > 1 else None
        if split is None:
            return bool(super()._check_threshold_unstructured(my_task))
        arrived = {
            one.parent.task_spec.name
            for one in my_task.workflow.get_tasks(split, spec_name=self.name)
            if one.parent.state == TaskState.COMPLETED
        }
        return arrived >= {one.name for one in self.inputs}

    @staticmethod
    def _opened_by(task: Any) -> Any:
        """The split above a join: joins on the way up close parallel parts inside of this one."""
        depth, task = 0, task.parent
        while task is not None:
            if isinstance(task.task_spec, ParallelGateway):
                if len(task.task_spec.inputs) > 1:
                    depth += 1
                elif depth == 0:
                    return task
                else:
                    depth -= 1
            task = task.parent
        return None


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {
        full_tag(tag): (_Waiting, UserTask) for tag in ("userTask", "serviceTask", "intermediateCatchEvent")
    } | {full_tag("parallelGateway"): (GatewayParser, Meeting)}


class _Tokens(BpmnWorkflowConverter):  # type: ignore[misc]
    """A state without its definition."""

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        found = super(BpmnWorkflowConverter, self).to_dict(workflow)
        found["subprocesses"] = {}
        return dict(found)


_serializer = BpmnWorkflowSerializer(
    BpmnWorkflowSerializer.configure(
        {**DEFAULT_CONFIG, BpmnWorkflow: _Tokens, Meeting: DEFAULT_CONFIG[ParallelGateway]}
    )
)


class Rules:
    """What stands in the place of Spiff's script engine: it asks whether a condition's way holds, and executes nothing."""

    environment = None

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self.recorded: dict[str, str] = {}
        """While something is replayed: to which node each condition led."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        """Whether the expression of a way out of a condition holds; what is replayed goes the way it went."""
        spec = task.task_spec
        if spec.name in self.recorded:
            ways = [
                target for condition, target in spec.cond_task_specs if condition and condition.args[0] == expression
            ]
            return self.recorded[spec.name] in [_real(task.workflow.spec, target) for target in ways]
        return self._decide(spec.name, expression)

    def execute(self, task: Any, script: str, external_context: Any = None) -> None:
        """There is nothing to execute: scripts are refused."""
        raise TooFar("a flow executes nothing")

    def call_service(self, task: Any, **values: Any) -> None:
        """There is nothing to call: automatic steps are the house's."""
        raise TooFar("a flow calls nothing")


def compiled(definition: Definition, code: str) -> dict[str, Any]:
    """What the engine runs, out of a definition that passed its checks; JSON."""
    parser = _Parser()
    parser.add_bpmn_xml(etree.fromstring(bpmn.written(definition, code, {})))
    return dict(_serializer.to_dict(parser.get_spec(bpmn.PROCESS + code)))


def spec_of(made: dict[str, Any]) -> Any:
    """The engine's own object out of that; may be kept and shared by cases."""
    return _serializer.from_dict(made)


def _real(spec: Any, target: str) -> str:
    """The node to which a way leads, past the gates that only let ways meet."""
    while target.startswith(bpmn.MERGE):
        target = spec.task_specs[target].outputs[0].name
    return target


class Machine:
    """The tokens of one case."""

    def __init__(self, definition: Definition, spec: Any, decide: Decide, tokens: dict[str, Any] | None = None) -> None:
        self.definition = definition
        self._rules = Rules(decide)
        if tokens is None:
            self._flow = BpmnWorkflow(spec, script_engine=self._rules)
        else:
            stored = dict(tokens)
            _serializer.migrate(stored)
            self._flow = _serializer.from_dict({**stored, "spec": spec, "subprocess_specs": {}})
            self._flow.script_engine = self._rules

    def tokens(self) -> dict[str, Any]:
        """The state as it is stored, JSON."""
        return {**_serializer.to_dict(self._flow), _serializer.VERSION_KEY: SERIALIZER}

    def rest(self) -> list[tuple[str, str]]:
        """Go on until everything waits; gives what waits: the engine's id of it and its node."""
        for _ in range(STEPS_AT_ONCE):
            ready = [t for t in self._flow.get_tasks(state=TaskState.READY) if not self._waits(t)]
            if not ready:
                return [(str(t.id), t.task_spec.name) for t in self._ready()]
            ready[0].run()
        raise TooFar("a flow does not come to rest")

    def complete(self, task: str) -> None:
        """What waited there is done."""
        found = self._flow.get_task_from_id(UUID(task))
        if found.state != TaskState.READY:
            raise KeyError(task)
        found.run()

    @property
    def ended(self) -> str | None:
        """The end at which the case has arrived, or nothing while it is under way."""
        if any(True for _ in self._flow.get_tasks(state=TaskState.READY | TaskState.WAITING | TaskState.STARTED)):
            return None
        ends = [t for t in self._flow.get_tasks(state=TaskState.COMPLETED) if isinstance(t.task_spec, EndEvent)]
        return str(ends[-1].task_spec.name) if ends else None

    def done(self) -> Counter[str]:
        """The nodes that were completed, and how often."""
        return Counter(t.task_spec.name for t in self._flow.get_tasks(state=TaskState.COMPLETED) if self._waits(t))

    def earlier(self, task: str) -> dict[str, Any]:
        """The steps of people to which a case may go back from a step that waits, latest first, by node: those before it
        on its own way, and those of parallel parts that are over by now."""
        here = self._flow.get_task_from_id(UUID(task))
        own = {(region.split, number) for region, number in self.definition.around(here.task_spec.name)}
        found: dict[str, Any] = {}
        for one in sorted(
            self._flow.get_tasks(state=TaskState.COMPLETED), key=lambda t: t.last_state_change, reverse=True
        ):
            node = self.definition.by_id.get(one.task_spec.name)
            if node is None or node.kind not in ("start", "step", "countersign") or node.id in found:
                continue
            foreign = [pair for pair in self._around(node.id) if pair not in own]
            over = all(
                here.is_descendant_of(self._opened(one, split)) and not self._in(here, split) for split, _ in foreign
            )
            if over and (foreign or here.is_descendant_of(one)):
                found[node.id] = one
        return found

    def back(self, task: str, node: str) -> None:
        """Back from a step that waits to an earlier one: what came after it is undone, what lies in other branches of a
        parallel part that was over is kept as it was done. Raises KeyError."""
        target = self.earlier(task)[node]
        here = self._flow.get_task_from_id(UUID(task))
        own = {(region.split, number) for region, number in self.definition.around(here.task_spec.name)}
        foreign = [split for split, number in self._around(node) if (split, number) not in own]
        if not foreign:
            self._flow.reset_from_task_id(target.id)
            return
        # The outermost parallel part that is over: the split above all others is the one nearest to the root.
        split = min((self._opened(target, one) for one in foreign), key=lambda t: t.depth)
        kept = Counter(
            t.task_spec.name for t in self._flow.get_tasks(split, state=TaskState.COMPLETED) if self._waits(t)
        )
        region, took = self.definition.regions[split.task_spec.name], self.taken(split)
        self._flow.reset_from_task_id(split.id)
        self.replay({n for n in kept if n in region.inside and n != node}, took)

    def taken(self, above: Any = None) -> dict[str, str]:
        """To which node each condition led the last time."""
        found: dict[str, str] = {}
        passed = self._flow.get_tasks(above, state=TaskState.COMPLETED)
        for one in sorted(passed, key=lambda t: t.last_state_change):
            node = self.definition.by_id.get(one.task_spec.name)
            if node is not None and node.kind == "condition" and one.children:
                found[node.id] = _real(self._flow.spec, one.children[0].task_spec.name)
        return found

    def replay(self, done: Iterable[str], took: Mapping[str, str]) -> set[str]:
        """Complete what waits and was done before, each node once, without doing anything of it again, conditions as they
        went; gives what was not met."""
        self._rules.recorded = dict(took)
        try:
            return self._replayed(set(done))
        finally:
            self._rules.recorded = {}

    def _replayed(self, left: set[str]) -> set[str]:
        for _ in range(STEPS_AT_ONCE):
            again = next((task for task, node in self.rest() if node in left), None)
            if again is None:
                return left
            left.discard(self._flow.get_task_from_id(UUID(again)).task_spec.name)
            self.complete(again)
        raise TooFar("a flow does not come to rest")

    def _ready(self) -> Iterator[Any]:
        return (t for t in self._flow.get_tasks(state=TaskState.READY) if self._waits(t))

    def _waits(self, task: Any) -> bool:
        node = self.definition.by_id.get(task.task_spec.name)
        return node is not None and node.kind in WAITS

    def _around(self, node: str) -> list[tuple[str, int]]:
        return [(region.split, number) for region, number in self.definition.around(node)]

    def _in(self, task: Any, split: str) -> bool:
        return any(region.split == split for region, _ in self.definition.around(task.task_spec.name))

    @staticmethod
    def _opened(task: Any, split: str) -> Any:
        """The split above a step that opened its parallel part."""
        while task.task_spec.name != split:
            task = task.parent
        return task
