"""The one to-do list: what waits, by light and sender; what one took part in; submitting; stopped clocks; long lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from server.engine.database.statements import Prepared
from server.engine.database.types import new_id
from server.engine.flows import to_do
from server.engine.flows.definition import Definition
from server.engine.flows.machine import SERIALIZER, compiled
from server.engine.flows.records import CaseStep, Flow, FlowCase, FlowVersion
from server.engine.ports import ports
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

WEEK = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LEAVE = {
    "nodes": [
        {"id": "start", "kind": "start", "name": {"en": "Submit"}, "fields": {"days": "required"}},
        {
            "id": "check", "kind": "step", "name": {"en": "Approve"}, "holder": {"by": "chosen"}, "bulk": True,
            "term": {"amount": 2, "unit": "days", "warn_share": 50}, "fields": {"days": "read"},
        },
        {"id": "end", "kind": "end", "name": {"en": "Done"}},
    ],
    "edges": [
        {"id": "a", "source": "start", "target": "check"},
        {"id": "b", "source": "check", "target": "end"},
    ],
    "fields": {"days": "number"},
    "labels": {"days": {"en": "Days"}},
    "term": {"amount": 5, "unit": "days"},
}  # fmt: skip


def at(day: int, clock: str = "00:00") -> datetime:
    """A moment of March 2026; the second is a Monday, on which these tests begin at 10:24."""
    hour, minute = clock.split(":")
    return datetime(2026, 3, day, int(hour), int(minute), tzinfo=UTC)


@pytest.fixture
def data(hall: Hall) -> Data:
    """The demo hall with office hours and a published flow."""
    made = Data(hall)
    made.add("working_calendar", name={"en": "Office"}, week=WEEK, main=True)
    hall.settle()

    def publish(work: Any) -> None:
        flow = work.insert(Flow, code="leave", name={"en": "Leave"}, current=1)
        definition = Definition.model_validate(LEAVE)
        work.insert(
            FlowVersion, flow_id=flow.id, number=1, state="published", definition=LEAVE, published_at=work.now,
            spec=compiled(definition, "leave"), serializer=SERIALIZER,
        )  # fmt: skip

    hall.engine.act("test.publish", publish)
    return made


def person(hall: Hall, name: str) -> UUID:
    """Whose account this is."""
    with hall.engine.store.reading() as connection:
        account = ports.people.account(connection, name)
    assert account is not None
    return account.person_id


def submit(hall: Hall, subject: str = "Leave of Anna", **more: Any) -> dict[str, Any]:
    body = {"code": "leave", "subject": subject, "values": {"days": 6}, "chosen": {"check": person(hall, "manager")}}
    return dict(hall.post("to_do.submit", {**body, **more}, who="anna"))


def items(hall: Hall, who: str = "manager", **asked: Any) -> list[dict[str, Any]]:
    return list(hall.post("to_do.list", asked, who=who)["items"])


def test_what_waits_is_listed_with_its_light_and_goes_on_to_those_who_took_part(
    data: Data, hall: Hall, clock: HandClock
) -> None:
    # What may be submitted stands in one place, with what it asks for.
    offered = hall.post("to_do.startable", who="anna")["items"]
    assert [(one["code"], [f["name"] for f in one["fields"]]) for one in offered] == [("leave", ["days"])]
    assert hall.refused("to_do.submit", {"code": "none", "subject": "x"}, who="anna") == "flows.no_flow"
    lacking = {"code": "leave", "subject": "x", "chosen": {"check": person(hall, "manager")}}
    assert hall.refused("to_do.submit", lacking, who="anna") == "flows.value_missing"
    case = submit(hall)
    clock.forward(minutes=1)
    submit(hall, "Leave of Boris")
    first, _second = items(hall)
    assert (first["number"], first["name"]["en"], first["step"]["en"]) == (case["number"], "Leave of Anna", "Approve")
    assert first["light"] == "green" and first["bulk"] and first["sender"] and not first["instead_of"]
    assert (first["due_at"], first["yellow_at"]) == ("2026-03-04T17:00:00Z", "2026-03-04T08:00:00Z")
    # By words, flow, sender, light and date.
    assert [one["name"]["en"] for one in items(hall, search="BORIS")] == ["Leave of Boris"]
    counts = hall.post("to_do.counts", who="manager")
    assert (counts["todo"], counts["green"], counts["flows"][0]["count"]) == (2, 2, 2)
    assert counts["next_due_at"] == first["due_at"] and counts["turns_at"] == first["yellow_at"]
    assert len(items(hall, sender_id=counts["senders"][0]["id"], flow_id=counts["flows"][0]["id"])) == 2
    assert items(hall, sender_id=str(new_id())) == [] and items(hall, light="red") == []
    assert items(hall, due_before="2026-03-04T00:00:00Z") == []
    assert items(hall, who="anna") == []
    (mine, _) = items(hall, who="anna", kind="participated")[::-1]
    assert (mine["number"], mine["step"]["en"], mine["state"]) == (case["number"], "Approve", "running")
    # A step whose clock is stopped shows it, and goes on with what was left.
    ledger = hall.post("to_do.ledger", {"case_id": case["case_id"], "step_id": first["step_id"]})
    assert [line["counted"] for line in ledger["lines"]] == [0, 1, 1] and ledger["deadline"]["light"] == "green"
    stranger = {"case_id": case["case_id"]}
    assert hall.refused("to_do.ledger", stranger, who="chen") == "flows.not_shown"
    stopped = {"id": ledger["deadline"]["id"], "reason": "Waits for a paper"}
    hall.post("deadlines.stop", stopped, who="admin")
    assert [one["light"] for one in items(hall, light="stopped")] == ["stopped"]
    hall.post("deadlines.resume", stopped, who="admin")
    assert items(hall, light="stopped") == [] and items(hall)[0]["due_at"] == first["due_at"]
    # Lights turn by the clock alone.
    clock.moment = at(4, "08:00")
    assert {one["light"] for one in items(hall)} == {"yellow"} and len(items(hall, light="yellow")) == 2
    clock.moment = at(4, "17:00")
    assert len(items(hall, light="red")) == 2 and hall.post("to_do.counts", who="manager")["red"] == 2
    clock.moment = at(5, "09:00")
    hall.engine.jobs.run_due()
    ledger = hall.post("to_do.ledger", {"case_id": case["case_id"], "step_id": first["step_id"]})
    assert [one["what"] for one in ledger["events"]] == ["started", "stopped", "resumed", "red"]
    # Urged, and done.
    hall.post("flows.urge", {"case_id": case["case_id"], "message": "Please"}, who="anna")
    assert [one["light"] for one in hall.post("to_do.cases", {"light": "green"}, who="admin")["items"]] == ["green"] * 2
    hall.post("flows.approve", {"step_id": first["step_id"]})
    assert first["step_id"] not in [one["step_id"] for one in items(hall)]
    for who in ("anna", "manager"):
        assert [one["number"] for one in items(hall, who=who, kind="done")] == [case["number"]]
    states = {one["name"]["en"]: one["state"] for one in data.query("deadline")}
    assert sorted(states.values()) == ["late", "met", "running", "running"]


def test_a_long_list_is_read_page_by_page_along_its_index(data: Data, hall: Hall, clock: HandClock) -> None:
    me = person(hall, "manager")

    def fill(work: Any) -> None:
        flow = data_flow(work)
        case = work.insert(
            FlowCase, name={"en": "Much"}, flow_id=flow[0], flow_version_id=flow[1], started_at=work.now, content={}
        )
        for n in range(130):
            due = work.now + timedelta(hours=n % 40 - 10) if n % 5 else None
            work.insert(
                CaseStep, audited=False, case_id=case.id, flow_id=flow[0], node="check", name={"en": str(n)},
                opened_at=work.now, person_id=me, due_at=due, yellow_at=due, red_at=due, task=str(n),
            )  # fmt: skip
        others = [
            {
                "id": new_id(), "case_id": case.id, "flow_id": flow[0], "node": "check", "name": {"en": "x"}, "kind": "step",
                "state": "open", "opened_at": work.now, "person_id": new_id(), "due_at": work.now, "bulk": False, "seat": 0,
                "version": 1, "created_at": work.now, "created_by": me, "changed_at": work.now, "changed_by": me,
                "search_shadow": "", "task": f"o{n}",
            }
            for n in range(3000)
        ]  # fmt: skip
        work.connection.execute(insert(CaseStep), others)

    def data_flow(work: Any) -> tuple[UUID, UUID]:
        row = work.connection.execute(FlowVersion.__table__.select()).first()
        return row.flow_id, row.id

    hall.engine.act("test.fill", fill)
    seen: list[dict[str, Any]] = []
    mark = ""
    while True:
        page = hall.post("to_do.list", {"limit": 40, "after": mark})
        seen += page["items"]
        mark = page["next"]
        if not mark:
            break
    assert len(seen) == len({one["step_id"] for one in seen}) == 130
    dues = [one["due_at"] for one in seen]
    assert dues == sorted(d for d in dues if d) + [None] * 26
    assert hall.refused("to_do.list", {"after": "nonsense"}) == "to_do.page_lost"
    counts = hall.post("to_do.counts", who="manager")
    assert (counts["todo"], counts["none"]) == (130, 26)
    hall.engine.act("test.analyse", lambda work: work.connection.exec_driver_sql("ANALYZE"))
    with hall.engine.store.reading() as connection:
        for statement in to_do.ordered([CaseStep.__table__.c.person_id == me], (clock.now(), new_id()), 50):
            assert "ix_case_step_of_person" in plan(connection, statement)
        where = [FlowCase.__table__.c.state == "running"]
        assert "ix_flow_case_due" in plan(connection, next(to_do._cases_ordered(where, None, 50)), sorted_by_index=True)


def plan(connection: Any, statement: Any, *, sorted_by_index: bool = False) -> str:
    """How the database goes about a statement; PostgreSQL would read so few rows whole."""
    cursor = connection.connection.cursor()
    word = "EXPLAIN QUERY PLAN "
    if connection.dialect.name == "postgresql":
        word = "EXPLAIN "
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL enable_sort = {'off' if sorted_by_index else 'on'}")
    bound = Prepared(statement).on(connection.dialect)
    cursor.execute(word + bound.sql, bound.parameters({}))
    return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.covers("APV-012")
def test_an_overdue_step_lies_on_the_list_of_the_head_as_well(data: Data, hall: Hall, clock: HandClock) -> None:
    anna = str(person(hall, "anna"))
    clerk = next(one for one in data.query("staff_member") if one["id"] == anna)
    post = data.add("post", name={"en": "Head"}, department_id=clerk["department_id"], head=True)
    data.add("post_holder", post_id=post["id"], staff_member_id=str(person(hall, "manager")), held="2026-01-01/")
    hall.settle()
    body = {"code": "leave", "subject": "A matter", "values": {"days": 1}, "chosen": {"check": anna}}
    hall.post("to_do.submit", body, who="chen")

    def at_once(moment: datetime) -> list[str]:
        clock.moment = moment
        hall.engine.jobs.run_due()
        return [one["light"] for one in items(hall, "anna")]

    assert at_once(at(3, "17:00")) == ["green"] and items(hall) == []
    assert at_once(at(4, "08:00")) == ["yellow"] and items(hall) == []
    assert at_once(at(5, "08:00")) == ["red"]
    (seen,) = items(hall)
    assert (seen["kind"], seen["light"], seen["name"]["en"]) == ("opinion", "red", "A matter")
    assert at_once(at(5, "12:00")) == ["red"] and len(items(hall)) == 1
    # Done, it lies nowhere any more.
    hall.post("flows.approve", {"step_id": items(hall, "anna")[0]["step_id"]}, who="anna")
    assert items(hall, "anna") == items(hall) == []
