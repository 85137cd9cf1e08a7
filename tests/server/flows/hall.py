"""A hall for flows: posts with their holders, and people who act."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from server.demo.fill import id_of
from server.engine.actions.declare import ACTIONS
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.flows import public
from server.engine.flows.definition import Definition
from server.engine.flows.loaders import OPEN_STEPS, STEPS
from server.engine.flows.records import FlowCase
from server.engine.flows.running import Running
from server.engine.principal import Principal
from server.engine.records.record import RECORDS

T = TypeVar("T")
PEOPLE = ("anna", "wei", "omid", "sara", "boris", "manager")


def person(name: str) -> UUID:
    """A demo account's person."""
    return id_of("staff", name)


@dataclass
class Flows:
    """Flows in a demo hall, driven below HTTP: fast, for the many."""

    engine: Engine
    posts: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)

    def furnish(self) -> Flows:
        """A department with posts, each held by one of the demo's people."""

        def make(work: Work) -> None:
            staff = RECORDS["staff_member"].__table__
            self.people = [
                row.id for row in work.connection.execute(select(staff.c.id).order_by(staff.c.staff_number))
            ][:6]
            unit = work.insert(RECORDS["department"], name={"en": "Permits"})
            above: UUID | None = None
            for number, one in enumerate(self.people):
                post = work.insert(
                    RECORDS["post"],
                    name={"en": f"Post {number}"},
                    department_id=unit.id,
                    parent_id=above,
                    head=number == 0,
                )
                work.insert(RECORDS["post_holder"], post_id=post.id, staff_member_id=one, held="2020-01-01/")
                above = above or post.id
                self.posts.append(post.id)

        self.engine.act("test.furnish", make)
        return self

    def as_(self, who: UUID, act: Callable[[Work], T], permissions: tuple[str, ...] = ()) -> T:
        """One action of a person."""
        return self.engine.act("test.flows", act, Principal(id=who, kind="person", permissions=frozenset(permissions)))

    def do(self, verb: str, who: UUID, *, may: tuple[str, ...] = (), **values: Any) -> Any:
        """A verb of a person."""
        declared = ACTIONS[f"flows.{verb}"]
        return self.as_(who, lambda work: declared.function(work, declared.input(**values)), may)

    def publish(self, code: str, definition: Definition) -> int:
        """A flow's next version, in use."""
        may, who = ("flows.edit",), self.people[0]
        drawn = definition.model_dump(mode="json", exclude_defaults=True)
        self.do("save_draft", who, may=may, code=code, name={"en": code}, definition=drawn)
        return int(self.do("publish", who, may=may, code=code).number)

    def start(self, code: str, content: dict[str, Any] | None = None, who: UUID | None = None, **more: Any) -> Any:
        """A new case."""
        return self.as_(
            who or self.people[0],
            lambda work: public.start(work, flow=code, name={"en": "A case"}, content=content or {}, **more),
        )

    def open(self, case_id: UUID) -> list[Any]:
        """The open steps of a case."""
        return self.engine.look(lambda work: work.rows(OPEN_STEPS, in_case=case_id))

    def steps(self, case_id: UUID) -> list[Any]:
        """Every step of a case."""
        return self.engine.look(lambda work: work.rows(STEPS, in_case=case_id))

    def case(self, case_id: UUID) -> Any:
        """A case's row."""
        return self.engine.look(lambda work: work.get(FlowCase, case_id))

    def holder(self, row: Any) -> UUID:
        """Who holds an open step."""
        return row.person_id or self.people[self.posts.index(row.post_id)]

    def sound(self, case_id: UUID) -> None:
        """What waits in the engine and what waits in the lists are the same."""

        def look(work: Work) -> None:
            case = work.get(FlowCase, case_id)
            rows = [row for row in work.rows(OPEN_STEPS, in_case=case_id) if row.kind != "opinion"]
            if case.state != "running":
                assert not rows, f"{case.number} is {case.state} with open steps"
                return
            running = Running(work, case)
            waiting = dict(running.machine.rest())
            assert {row.task: row.node for row in rows} == waiting, f"{case.number}: lists and tokens differ"
            assert waiting, f"{case.number} is stuck"

        self.engine.look(look)


def a_turn(flows: Flows, case_id: UUID, dice: random.Random, *, calm: bool) -> str:
    """Somebody does something with a case that is under way; `calm` people only approve. Gives what was done."""
    rows = flows.open(case_id)
    row = dice.choice(rows)
    if row.kind == "timer":
        clock: Any = flows.engine.clock
        clock.moment = max(clock.moment, row.fires_at)
        flows.engine.jobs.run_due()
        return "timer"
    who = flows.holder(row)
    if row.kind == "opinion":
        flows.do("give_opinion", who, step_id=row.id, opinion="Good.")
        return "give"
    roll = 1.0 if calm else dice.random()
    if roll < 0.15 and row.node != "start":
        flows.do("return_", who, step_id=row.id, opinion="Once more.", node=dice.choice(earlier(flows, row)))
        return "return"
    if roll < 0.22 and row.node != "start":
        flows.do("reject", who, step_id=row.id, opinion="No.")
        return "reject"
    if roll < 0.3 and row.node != "start":
        flows.do("transfer", who, step_id=row.id, person_id=dice.choice(flows.people))
        return "transfer"
    if roll < 0.35:
        flows.do("ask_opinion", who, step_id=row.id, opinion="What do you say?", people=[dice.choice(flows.people)])
        return "ask"
    values = {"x": dice.randint(0, 9)} if dice.random() < 0.5 else {}
    flows.do("approve", who, step_id=row.id, values=values)
    return "approve"


def earlier(flows: Flows, row: Any) -> list[str]:
    """The steps to which a case may go back."""

    def look(work: Work) -> list[str]:
        return list(Running(work, work.get(FlowCase, row.case_id)).machine.earlier(row.task))

    return flows.engine.look(look)
