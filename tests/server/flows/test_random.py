"""Random flows, played to their end by random people, each action in a transaction of its own and the state read anew from the
database; actions that fail in their middle; versions that change on the way. `FLOWS=1000` plays so many."""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections import Counter
from typing import Any

import pytest

from server.engine.engine import Engine
from server.engine.flows import running
from server.engine.flows.checks import found
from server.engine.flows.definition import FlowTerm
from tests.server.flows.drawn import Drawer, flow, line, longer, node, step
from tests.server.flows.hall import Flows, a_turn

MANY = int(os.environ.get("FLOWS", "12"))
FIRST = int(os.environ.get("FLOWS_FROM", "0"))


class Killed(Exception):
    """Stands for a process that ends in the middle of an action."""


@pytest.fixture
def flows(hall: Any) -> Flows:
    return Flows(hall.engine).furnish()


def test_random_flows_come_to_their_end(flows: Flows, database_kind: str) -> None:
    """No case is stuck, doubled or lost, whatever people do, and whatever is cut off."""
    met: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + (MANY if database_kind == "sqlite" else max(2, MANY // 6))):
        met.update(play(flows, seed))
    assert met["ended"] == met["flows"]
    assert met["approve"] and met["killed"]
    if MANY >= 12 and database_kind == "sqlite":
        assert met["parallel"] and met["timer"] and met["return"] and met["moved"], met


def play(flows: Flows, seed: int) -> Counter[str]:
    """One flow from its drawing to the end of its case."""
    dice = random.Random(seed)
    kinds = ("parallel", "timers", "any")[seed % 3]
    drawer = Drawer(dice, flows.posts, kinds)
    definition = drawer.draw()
    assert found(definition) == [], (seed, found(definition))
    code = f"random{seed}"
    flows.publish(code, definition)
    case = flows.start(code, drawer.content(), who=dice.choice(flows.people))
    met: Counter[str] = Counter(flows=1, parallel=int("split" in drawer.used or "countersign" in drawer.used))
    move_at = dice.randint(1, 6) if seed % 2 else -1
    for turn in range(400):
        flows.sound(case.id)
        if flows.case(case.id).state != "running":
            break
        if turn == move_at:
            met.update(_move(flows, code, case.id, longer(definition, dice, flows.posts[0])))
            continue
        if turn % 4 == 1:
            met.update(_cut_off(flows, case.id))
        met[a_turn(flows, case.id, dice, calm=turn > 25)] += 1
    ended = flows.case(case.id)
    assert ended.state in ("approved", "rejected"), f"seed {seed}: {ended.state} after {turn} turns"
    met["ended"] += 1
    return met


def _move(flows: Flows, code: str, case_id: Any, definition: Any) -> Counter[str]:
    """A new version comes while the case runs; it moves when it fits, else it stays and goes on."""
    number = flows.publish(code, definition)
    before = {(row.node, row.kind, row.seat) for row in flows.open(case_id)}
    asked = {"code": code, "to_version": number}
    tried = flows.do("try_move", flows.people[0], may=("flows.edit",), **asked)
    flows.do("move", flows.people[0], may=("flows.edit",), **asked)
    flows.engine.jobs.run_due()
    case = flows.case(case_id)
    version = flows.engine.look(lambda work: running.version_of(work, case.flow_version_id).number)
    assert (version == number) == (tried.fit == 1), "the dry run said otherwise"
    assert {(row.node, row.kind, row.seat) for row in flows.open(case_id)} == before
    flows.sound(case_id)
    return Counter(moved=tried.fit, unfit=len(tried.unfit))


def _cut_off(flows: Flows, case_id: Any) -> Counter[str]:
    """An approval that is cut off before its end leaves nothing behind, and the versions are read anew."""
    rows = [row for row in flows.open(case_id) if row.kind in ("step", "countersign")]
    if not rows:
        return Counter()
    before = flows.case(case_id)

    def act(work: Any) -> None:
        from server.engine.actions.declare import ACTIONS

        declared = ACTIONS["flows.approve"]
        declared.function(work, declared.input(step_id=rows[0].id))
        raise Killed

    with pytest.raises(Killed):
        flows.as_(flows.holder(rows[0]), act)
    running._known.clear()
    after = flows.case(case_id)
    assert (after.version, after.tokens) == (before.version, before.tokens)
    assert [row.id for row in flows.open(case_id) if row.kind in ("step", "countersign")] == [row.id for row in rows]
    return Counter(killed=1)


def test_each_timer_fires_once_whoever_looks_for_it(
    flows: Flows, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two servers on one PostgreSQL look at once; every case goes on, and none twice."""
    wait = node("wait", "timer", term=FlowTerm(amount=2, unit="hours", working=False))
    flows.publish("timed", flow([wait, step("then", flows.posts[2])], line("start", "wait", "then", "end")))
    cases = [flows.start("timed") for _ in range(6)]
    clock: Any = flows.engine.clock
    clock.forward(hours=3)
    servers = [flows.engine]
    if database_kind == "postgresql":
        data = shutil.copytree(flows.engine.data, tmp_path_factory.mktemp("second"), dirs_exist_ok=True)
        servers.append(Engine(flows.engine.url, data, clock))
        servers[1].open(jobs=False)
    try:
        looking = [threading.Thread(target=one.jobs.run_due) for one in servers]
        for one in looking:
            one.start()
        for one in looking:
            one.join(60)
    finally:
        for other in servers[1:]:
            other.close()
    for case in cases:
        steps = flows.steps(case.id)
        assert [(one.node, one.state) for one in steps] == [("start", "approved"), ("wait", "passed"), ("then", "open")]
