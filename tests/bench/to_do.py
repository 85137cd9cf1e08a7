"""The to-do list over many open steps: cases by light, a person's pages, counts and search. In the server's own process, as JSON
leaves it; without the network."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.engine import make_url

from common.protocol.messages import Nothing
from common.protocol.to_do import AskCases, AskToDo
from server.demo.fill import fill
from server.engine.database.migrations import migrate
from server.engine.database.types import new_id
from server.engine.engine import Engine
from server.engine.flows import to_do
from server.engine.flows.records import CaseStep, Flow, FlowCase, FlowVersion
from server.engine.ports import ports

PEOPLE = 1000
"""Among whom the open steps lie; one of them is asked about."""
PIECE = 5000
TURNS = 20
MOST_CASES_MS, MOST_LIST_MS = 300, 100


def measure(url: str, folder: Path, steps: int) -> Iterator[str]:
    """A line for each question, over so many open steps of a tenth as many cases."""
    migrate(make_url(url))
    engine = Engine(make_url(url), folder)
    engine.open(jobs=False)
    try:
        engine.act("bench.fill", fill)
        with engine.store.reading() as connection:
            account: Any = ports.people.account(connection, "manager")
            who: Any = ports.people.person(connection, account.person_id)
            head: Any = ports.people.account(connection, "admin")
            admin: Any = ports.people.person(connection, head.person_id)
        began = time.perf_counter()
        cases = _seed(engine, steps, who.id)
        yield f"{steps} open steps of {cases} cases on {engine.store.kind}, written in {time.perf_counter() - began:.0f} s"
        for light in ("red", "yellow", "green"):
            asked = AskCases.model_validate({"light": light})
            yield _timed(engine, admin, f"cases, {light}", partial(_asked, to_do.cases, asked), MOST_CASES_MS)
        first = engine.look(lambda work: to_do.listed(work, AskToDo()), who)
        for what, mine in (
            ("list, first page", AskToDo()),
            ("list, second page", AskToDo(after=first.next)),
            ("list, red", AskToDo(light="red")),
            ("list, by words", AskToDo(search="case 7")),
        ):
            yield _timed(engine, who, what, partial(_asked, to_do.listed, mine), MOST_LIST_MS)
        yield _timed(engine, who, "counts", lambda work: to_do.counts(work, Nothing()), MOST_LIST_MS)
    finally:
        engine.close()


def _asked(ask: Callable[[Any, Any], Any], request: Any, work: Any) -> Any:
    return ask(work, request)


def _timed(engine: Engine, who: Any, what: str, ask: Callable[[Any], Any], most: int) -> str:
    took, found = [], 0
    for _ in range(TURNS):
        began = time.perf_counter()
        page = engine.look(ask, who)
        page.model_dump_json()
        took.append((time.perf_counter() - began) * 1000)
        found = len(getattr(page, "items", ())) or getattr(page, "todo", 0)
    took.sort()
    p95 = took[int(TURNS * 0.95) - 1]
    mark = "" if p95 <= most else f"   OVER {most} ms"
    return f"{what:24} p50 {took[TURNS // 2]:7.1f} ms  p95 {p95:7.1f} ms  {found:4d} rows  load {os.getloadavg()[0]:.1f}{mark}"


def _seed(engine: Engine, steps: int, me: UUID) -> int:
    """Rows by plain statements, past actions and audit."""

    def flow(work: Any) -> tuple[UUID, UUID]:
        made = work.insert(Flow, code="bench", name={"en": "Bench"}, current=1)
        version = work.insert(FlowVersion, flow_id=made.id, number=1, state="published", definition={})
        return made.id, version.id

    flow_id, version_id = engine.act("bench.flow", flow)
    now, people = engine.clock.now(), [me, *(new_id() for _ in range(PEOPLE - 1))]
    stamps = {"version": 1, "created_at": now, "created_by": me, "changed_at": now, "changed_by": me}
    cases = [new_id() for _ in range(max(1, steps // 10))]

    def instants(n: int) -> dict[str, Any]:
        due = now + timedelta(minutes=(n * 7919) % 60_000 - 10_000)
        return {"due_at": due, "yellow_at": due - timedelta(days=2), "red_at": due}

    def case_row(n: int) -> dict[str, Any]:
        return {
            **stamps, **instants(n), "id": cases[n], "number": f"F{n:07}", "name": {"en": f"Case {n}"}, "flow_id": flow_id,
            "flow_version_id": version_id, "state": "running", "started_at": now, "content": {}, "applicant_id": me,
            "search_shadow": f"f{n:07} case {n}",
        }  # fmt: skip

    def step_row(n: int) -> dict[str, Any]:
        return {
            **stamps, **instants(n), "id": new_id(), "case_id": cases[n % len(cases)], "flow_id": flow_id, "node": "check",
            "name": {"en": "Check"}, "kind": "step", "state": "open", "opened_at": now, "bulk": False, "seat": 0,
            "person_id": people[n * 31 % PEOPLE], "sender_id": me, "task": str(n), "search_shadow": "",
        }  # fmt: skip

    for record, row, many in ((FlowCase, case_row, len(cases)), (CaseStep, step_row, steps)):
        table: Any = record.__table__
        for begin in range(0, many, PIECE):
            with engine.store.write_engine.begin() as connection:
                connection.execute(insert(table), [row(n) for n in range(begin, min(begin + PIECE, many))])
    with engine.store.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return len(cases)
