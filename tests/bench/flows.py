"""Running cases moved to a new version of their flow: the dry run, then the move as the server's jobs do it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from common.protocol.flows import MoveCases, PublishFlow, SaveDraft
from server.demo.fill import fill
from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.flows import designing, moving, public
from server.engine.flows.definition import Definition, Edge, Holder, Node
from server.engine.flows.loaders import COUNT_RUNNING, FLOW_BY_CODE
from server.engine.ports import ports

MOST_MOVE_S = 30
"""For a thousand cases."""
PIECE = 50


def measure(url: str, folder: Path, many: int) -> Iterator[str]:
    """A line for beginning, trying and moving so many cases."""
    migrate(make_url(url))
    engine = Engine(make_url(url), folder)
    engine.open(jobs=False)
    try:
        engine.act("bench.fill", fill)
        with engine.store.reading() as connection:
            account: Any = ports.people.account(connection, "admin")
            who: Any = ports.people.person(connection, account.person_id)
        _publish(engine, who, _drawn(more=False))
        began = time.perf_counter()
        for at in range(0, many, PIECE):
            engine.act("bench.start", partial(_start, many=min(PIECE, many - at)), who)
        yield f"{many} cases begun on {engine.store.kind}: {1000 * (time.perf_counter() - began) / many:.1f} ms each"
        _publish(engine, who, _drawn(more=True))
        asked = MoveCases(code="bench", to_version=2)
        began = time.perf_counter()
        tried = engine.look(lambda work: moving.try_move(work, asked), who)
        yield f"  dry run: {tried.fit} fit, {len(tried.unfit)} do not, {time.perf_counter() - began:.1f} s"
        began = time.perf_counter()
        engine.act("flows.move", lambda work: moving.move(work, asked), who)
        engine.jobs.run_due()
        took = time.perf_counter() - began
        flow = engine.look(lambda work: work.first(FLOW_BY_CODE, in_code="bench"))
        counted = engine.look(lambda work: [row.n for row in work.rows(COUNT_RUNNING, in_flow=flow.id)])
        most = MOST_MOVE_S * many / 1000
        yield f"  moved: {took:.1f} s of at most {most:.0f}; {counted} on each version; {'kept' if took <= most else 'MISSED'}"
    finally:
        engine.close()


def _drawn(*, more: bool) -> Definition:
    """Two in parallel, one of them under a condition, then a head; the new version has one step more at its end."""

    def node(name: str, kind: str, **about: Any) -> Node:
        return Node(id=name, kind=kind, name={"en": name}, **about)  # type: ignore[arg-type]

    def step(name: str) -> Node:
        return node(name, "step", holder=Holder(by="applicant"))

    ways = [
        ("start", "fork"),
        ("fork", "a"),
        ("fork", "b"),
        ("a", "meet"),
        ("b", "meet"),
        ("meet", "ask"),
        ("long", "end"),
    ]
    ways += [("ask", "end"), *([("head", "more"), ("more", "long")] if more else [("head", "long")])]
    edges = [Edge(id=f"{a}__{b}", source=a, target=b) for a, b in ways]
    edges.append(Edge(id="ask__head", source="ask", target="head", when="days > 3"))
    nodes = [
        node("start", "start"), node("fork", "split"), step("a"), step("b"), node("meet", "join"), node("ask", "condition"),
        step("head"), *([step("more")] if more else []), step("long"), node("end", "end"),
    ]  # fmt: skip
    return Definition(nodes=nodes, edges=edges, fields={"days": "number"})


def _publish(engine: Engine, who: Any, definition: Definition) -> None:
    drawn = definition.model_dump(mode="json", exclude_defaults=True)
    draft = SaveDraft(code="bench", name={"en": "Bench"}, definition=drawn)
    engine.act("flows.save_draft", lambda work: designing.save_draft(work, draft), who)
    engine.act("flows.publish", lambda work: designing.publish(work, PublishFlow(code="bench")), who)


def _start(work: Any, many: int) -> None:
    for _ in range(many):
        public.start(work, flow="bench", name={"en": "A case"}, content={"days": 5})
