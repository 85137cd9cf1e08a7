"""Cases through HTTP on both databases: who may act, what is kept, and what is refused."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from server.demo.fill import id_of
from server.engine.flows.definition import Definition, FlowTerm, Holder
from server.engine.records.record import RECORDS
from tests.server.conftest import Hall
from tests.server.flows.drawn import edge, flow, line, node, step
from tests.server.flows.hall import Flows

ADMIN, MANAGER, GUIDE, AUDITOR, ANNA, CHEN = range(6)
NAMES = ("admin", "manager", "guide", "auditor", "anna", "chen")


@pytest.fixture
def flows(hall: Hall) -> Flows:
    return Flows(hall.engine).furnish()


def publish(hall: Hall, code: str, definition: Definition) -> None:
    """Through HTTP, as an administrator does."""
    drawn = definition.model_dump(mode="json", exclude_defaults=True)
    hall.post("flows.save_draft", {"code": code, "name": {"en": code}, "definition": drawn}, who="admin")
    hall.post("flows.publish", {"code": code}, who="admin")


def straight(flows: Flows, **more: Any) -> Definition:
    """The guide looks at it, from three on the manager does too."""
    first = step("first", flows.posts[GUIDE], fields={"x": "write", "note": "required"}, **more)
    return flow(
        [first, node("long", "condition"), step("second", flows.posts[MANAGER])],
        [*line("start", "first", "long", "second", "end"), edge("long", "end")],
        fields={"x": "number", "note": "text"},
    ).model_copy(
        update={
            "edges": [
                *line("start", "first", "long"), edge("long", "second", "x > 3"), edge("long", "end"), edge("second", "end"),
            ]
        }
    )  # fmt: skip


def case_of(hall: Hall, case: Any, who: str) -> Any:
    return hall.post("flows.case", {"case_id": case.id}, who=who)


def test_a_case_from_hand_to_hand(hall: Hall, flows: Flows) -> None:
    """A case runs through its steps; whoever has no part in it sees and does nothing."""
    publish(hall, "leave", straight(flows))
    case = flows.start("leave", {"x": 2}, who=flows.people[ANNA])
    (row,) = flows.open(case.id)
    assert (row.node, row.post_id, row.sender_id) == ("first", flows.posts[GUIDE], flows.people[ANNA])
    assert hall.refused("flows.approve", {"step_id": row.id}, who="chen") == "flows.not_yours"
    assert hall.refused("flows.case", {"case_id": case.id}, who="chen") == "flows.not_shown"
    assert hall.refused("flows.urge", {"case_id": case.id}, who="chen") == "flows.not_concerned"

    mine = case_of(hall, case, "guide")["mine"]
    assert [(one["write"], one["required"], one["may_return_to"]) for one in mine] == [
        (["x", "note"], ["note"], ["start"])
    ]
    assert hall.refused("flows.approve", {"step_id": row.id}, who="guide") == "flows.value_missing"
    for wrong, code in (({"x": "many"}, "flows.value_wrong"), ({"other": 1}, "flows.not_writable")):
        assert hall.refused("flows.approve", {"step_id": row.id, "values": wrong}, who="guide") == code

    hall.post("flows.urge", {"case_id": case.id, "message": "Please."}, who="anna")
    body = {"step_id": str(row.id), "opinion": "Fine.", "values": {"x": 5, "note": "seen"}}
    first = hall.post("flows.approve", body, who="guide", key="once")
    assert hall.post("flows.approve", body, who="guide", key="once") == first
    assert hall.refused("flows.approve", body, who="guide") == "flows.step_closed"

    (row,) = flows.open(case.id)
    assert row.node == "second"
    returned = {"step_id": row.id, "opinion": "How long?", "node": "start"}
    hall.post("flows.return_", returned, who="manager")
    (row,) = flows.open(case.id)
    assert (row.node, row.person_id) == ("start", flows.people[ANNA])
    hall.post("flows.approve", {"step_id": row.id, "values": {"x": 1}}, who="anna")
    (row,) = flows.open(case.id)
    ended = hall.post("flows.approve", {"step_id": row.id}, who="guide")
    assert (ended["state"], ended["open"]) == ("approved", [])

    seen = case_of(hall, case, "guide")
    assert [one["kind"] for one in seen["opinions"]] == ["start", "approve", "return", "start", "approve"]
    changes = [(one["field"], one["before"], one["after"]) for one in seen["changes"]]
    assert changes == [("x", 2, 5), ("note", None, "seen"), ("x", 5, 1)]
    assert seen["urged"][0]["by"]["en"] == "Anna Petrova" and seen["urged"][0]["people"][0]["en"] == "Lin Yue"
    decided = [one["facts"] for one in seen["steps"] if one["kind"] == "condition"]
    assert [(one["inputs"], one["ways"][0]["holds"]) for one in decided] == [({"x": 5}, True), ({"x": 1}, False)]
    assert {one["id"]: one["state"] for one in seen["nodes"]}["end"] == "done"
    # Anna sees of the values what her own step shows: the note is none of it (SVD-040).
    assert set(case_of(hall, case, "anna")["content"]) == {"x"}
    assert hall.refused("flows.withdraw", {"case_id": case.id}, who="anna") == "flows.case_over"


def test_of_two_who_approve_at_once_one_is_refused(hall: Hall, flows: Flows) -> None:
    publish(hall, "leave", straight(flows).model_copy(update={"fields": {"x": "number", "note": "text"}}))
    case = flows.start("leave", {"x": 2, "note": "n"}, who=flows.people[ANNA])

    def share(work: Any) -> None:
        holder = RECORDS["post_holder"]
        work.insert(holder, post_id=flows.posts[GUIDE], staff_member_id=flows.people[CHEN], held="2020-01-01/")

    flows.engine.act("test.share", share)
    (row,) = flows.open(case.id)
    gate, answers = threading.Barrier(2), []

    def act(who: int) -> None:
        gate.wait()
        try:
            flows.do("approve", flows.people[who], step_id=row.id)
            answers.append("done")
        except Exception as no:
            answers.append(getattr(no, "code", repr(no)))

    both = [threading.Thread(target=act, args=(who,)) for who in (GUIDE, CHEN)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(answers) == ["done", "flows.step_closed"]
    assert flows.case(case.id).state == "approved"


@pytest.mark.covers("COR-I08")
@pytest.mark.covers("OFF-031")
@pytest.mark.parametrize(
    ("need", "acts", "state"),
    [
        ("all", "aaa", "approved"), ("all", "ar", "rejected"), ("any", "ra", "approved"), ("any", "rrr", "rejected"),
        (2, "ara", "approved"), (2, "rr", "rejected"),
    ],
)  # fmt: skip
def test_countersigning(flows: Flows, need: Any, acts: str, state: str, database_kind: str) -> None:
    """All, any, or n of m have to approve; the rest waits no more once it is decided."""
    seats = [Holder(by="post", post=flows.posts[n]) for n in (MANAGER, GUIDE, AUDITOR)]
    flows.publish("sign", flow([node("sign", "countersign", seats=seats, need=need)], line("start", "sign", "end")))
    case = flows.start("sign", who=flows.people[ANNA])
    rows = flows.open(case.id)
    assert len({row.post_id for row in rows}) == 3
    for row, does in zip(rows, acts, strict=False):
        assert flows.case(case.id).state == "running"
        flows.do("approve" if does == "a" else "reject", flows.holder(row), step_id=row.id, opinion="So.")
    assert flows.case(case.id).state == state
    assert flows.open(case.id) == []


@pytest.mark.covers("COR-I07")
def test_nobody_left_does_not_strand_a_case(hall: Hall, flows: Flows) -> None:
    """A case is approved, returned, rejected, withdrawn, handed on; with an approver on leave or gone it goes to whoever is
    there; a running one keeps its version."""
    chosen = flow(
        [
            step("first", flows.posts[GUIDE]),
            step("second", holder=Holder(by="chosen")),
            step("third", flows.posts[AUDITOR]),
        ],
        line("start", "first", "second", "third", "end"),
    )
    publish(hall, "chosen", chosen)
    case = flows.start("chosen", who=flows.people[ANNA])
    (row,) = flows.open(case.id)
    assert hall.refused("flows.approve", {"step_id": row.id}, who="guide") == "flows.choose_next"
    body = {"step_id": row.id, "chosen": {"second": str(flows.people[CHEN])}}
    hall.post("flows.approve", body, who="guide")
    (row,) = flows.open(case.id)
    assert row.person_id == flows.people[CHEN]

    def head_and_lock(work: Any) -> UUID:
        chen = work.get(RECORDS["staff_member"], flows.people[CHEN])
        post = work.insert(RECORDS["post"], name={"en": "Head"}, department_id=chen.department_id, head=True)
        work.insert(RECORDS["post_holder"], post_id=post.id, staff_member_id=flows.people[MANAGER], held="2020-01-01/")
        work.change(RECORDS["staff_member"], chen, state="leave")
        return UUID(str(post.id))

    head = flows.engine.act("test.leave", head_and_lock)
    flows.engine.jobs.run_due()
    (row,) = flows.open(case.id)
    assert (row.person_id, row.post_id) == (None, head)
    hall.post("flows.approve", {"step_id": row.id}, who="manager")

    # A post whose only holder is gone: the post above it has the step.
    def empty(work: Any) -> None:
        auditor = work.get(RECORDS["staff_member"], flows.people[AUDITOR])
        work.change(RECORDS["staff_member"], auditor, state="cancelled")

    flows.engine.act("test.empty", empty)
    clock: Any = flows.engine.clock
    clock.forward(minutes=5)
    flows.engine.jobs.run_due()
    (row,) = flows.open(case.id)
    assert row.post_id == flows.posts[ADMIN]
    hall.post("flows.return_", {"step_id": row.id, "opinion": "Look again.", "node": "first"}, who="admin")
    publish(hall, "chosen", flow([step("only", flows.posts[MANAGER])], line("start", "only", "end")))
    (row,) = flows.open(case.id)
    assert (row.node, flows.case(case.id).flow_version_id) == ("first", case.flow_version_id)
    hall.post("flows.transfer", {"step_id": row.id, "person_id": flows.people[ANNA]}, who="guide")
    hall.post("flows.approve", {"step_id": row.id, "chosen": {"second": str(flows.people[GUIDE])}}, who="anna")
    (row,) = flows.open(case.id)
    hall.post("flows.approve", {"step_id": row.id}, who="guide")
    (row,) = flows.open(case.id)
    assert hall.post("flows.approve", {"step_id": row.id}, who="admin")["state"] == "approved"

    (row,) = flows.open(flows.start("chosen", who=flows.people[ANNA]).id)
    assert row.node == "only"
    assert hall.post("flows.reject", {"step_id": row.id, "opinion": "No."}, who="manager")["state"] == "rejected"
    other = flows.start("chosen", who=flows.people[ANNA])
    assert hall.post("flows.withdraw", {"case_id": other.id}, who="anna")["state"] == "withdrawn"


@pytest.mark.covers("OFF-032")
def test_branches_are_handled_side_by_side_and_brought_together(flows: Flows) -> None:
    """Neither waits for the other; what both said decides after them; a return opens one of them again."""
    nodes = [
        node("fork", "split"), step("a", flows.posts[GUIDE], on_refused="go_on"), step("b", flows.posts[CHEN]),
        node("meet", "join"), node("ask", "condition"), step("last", flows.posts[MANAGER]), node("no", "end", result="rejected"),
    ]  # fmt: skip
    ways = [*line("start", "fork", "a", "meet", "ask", "last", "end"), *line("fork", "b", "meet")]
    ways = [e for e in ways if (e.source, e.target) != ("ask", "last")]
    ways += [edge("ask", "last", 'step.a == "approved"'), edge("ask", "no")]
    flows.publish("both", flow(nodes, ways))
    case = flows.start("both", who=flows.people[ANNA])
    for name in ("b", "a", "last"):
        rows = {row.node: row for row in flows.open(case.id)}
        assert len(rows) == (2 if name == "b" else 1)
        if name != "last":
            flows.do("approve", flows.holder(rows[name]), step_id=rows[name].id)
    flows.do("return_", flows.people[MANAGER], step_id=rows["last"].id, opinion="Is it so?", node="a")
    (row,) = flows.open(case.id)
    assert row.node == "a"
    flows.do("reject", flows.people[GUIDE], step_id=row.id, opinion="No, it is not.")
    assert flows.case(case.id).state == "rejected"


@pytest.mark.covers("SVD-039")
def test_a_step_belongs_to_its_post(hall: Hall, flows: Flows) -> None:
    """Whoever holds the post today has the step; a named person cannot be drawn."""
    publish(hall, "leave", straight(flows))
    case = flows.start("leave", {"x": 1, "note": "n"}, who=flows.people[ANNA])
    (row,) = flows.open(case.id)

    def change_hands(work: Any) -> None:
        held = RECORDS["post_holder"]
        rows = work.connection.execute(
            held.__table__.select().where(held.__table__.c.post_id == flows.posts[GUIDE])
        ).all()
        work.change(held, work.get(held, rows[0].id), held="2020-01-01/2026-03-01")
        work.insert(held, post_id=flows.posts[GUIDE], staff_member_id=flows.people[CHEN], held="2026-03-02/")

    flows.engine.act("test.hands", change_hands)
    assert hall.refused("flows.approve", {"step_id": row.id}, who="guide") == "flows.not_yours"
    assert hall.post("flows.approve", {"step_id": row.id}, who="chen")["state"] == "approved"
    drawn = straight(flows).model_dump(mode="json", exclude_defaults=True)
    drawn["nodes"][1]["holder"] = {"by": "person", "person": str(flows.people[CHEN])}
    assert hall.refused("flows.check", {"definition": drawn}, who="admin") == "flows.unreadable"


@pytest.mark.covers("ADM-020")
@pytest.mark.covers("SVD-044")
def test_a_post_takes_the_place_of_another_in_running_cases(hall: Hall, flows: Flows) -> None:
    publish(hall, "leave", straight(flows))
    waits = flows.start("leave", {"x": 9, "note": "n"}, who=flows.people[ANNA])
    for old, new in ((GUIDE, CHEN), (MANAGER, CHEN)):
        body = {"old_id": flows.posts[old], "new_id": flows.posts[new], "reason": "A new order of the house"}
        assert hall.post("flows.exchange_post", body, who="admin")["flows"] == 1
    for node_name in ("first", "second"):
        (row,) = flows.open(waits.id)
        assert (row.node, row.post_id) == (node_name, flows.posts[CHEN])
        hall.post("flows.approve", {"step_id": row.id}, who="chen")
    assert flows.case(waits.id).state == "approved"


@pytest.mark.covers("SVD-041")
def test_a_step_wants_a_signature(hall: Hall, flows: Flows) -> None:
    publish(hall, "signed", flow([step("sign", flows.posts[GUIDE], signature="pin")], line("start", "sign", "end")))
    case = flows.start("signed", who=flows.people[ANNA])
    (row,) = flows.open(case.id)
    assert hall.refused("flows.approve", {"step_id": row.id}, who="guide") == "flows.sign_needed"
    assert hall.refused("flows.sign", {"step_id": row.id, "pin": "1234"}, who="guide") == "flows.no_pin"

    def give_pin(work: Any) -> None:
        from server.modules.people.loaders_rights import OF_PERSON
        from server.modules.people.records import Account

        hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("4711")
        work.change(Account, work.first(OF_PERSON, key_person=flows.people[GUIDE]), pin_hash=hashed)

    flows.engine.act("test.pin", give_pin)
    assert hall.refused("flows.sign", {"step_id": row.id, "pin": "1234"}, who="guide") == "flows.wrong_pin"
    assert hall.post("flows.sign", {"step_id": row.id, "pin": "4711"}, who="guide")["state"] == "approved"
    assert case_of(hall, case, "guide")["opinions"][-1]["signed"] == "pin"


def test_a_timer_fires_once_and_opinions_do_not_hold_up(hall: Hall, flows: Flows) -> None:
    wait = node("wait", "timer", term=FlowTerm(amount=2, unit="hours", working=False))
    publish(hall, "timed", flow([wait, step("then", flows.posts[GUIDE])], line("start", "wait", "then", "end")))
    case = flows.start("timed", who=flows.people[ANNA])
    clock: Any = flows.engine.clock
    flows.engine.jobs.run_due()
    assert [row.kind for row in flows.open(case.id)] == ["timer"]
    clock.forward(hours=49)  # the server was down for two days
    flows.engine.jobs.run_due()
    flows.engine.jobs.run_due()
    (row,) = flows.open(case.id)
    assert row.node == "then"

    hall.post(
        "flows.ask_opinion", {"step_id": row.id, "people": [flows.people[CHEN]], "opinion": "And you?"}, who="guide"
    )
    asked = next(one for one in flows.open(case.id) if one.kind == "opinion")
    assert hall.refused("flows.approve", {"step_id": asked.id}, who="chen") == "flows.not_here"
    hall.post("flows.give_opinion", {"step_id": asked.id, "opinion": "Let it pass."}, who="chen")
    hall.post("flows.transfer", {"step_id": row.id, "person_id": flows.people[CHEN]}, who="guide")
    assert hall.refused("flows.approve", {"step_id": row.id}, who="guide") == "flows.not_yours"
    hall.post("flows.approve", {"step_id": row.id}, who="chen")
    assert [one["kind"] for one in case_of(hall, case, "chen")["opinions"]] == [
        "start",
        "ask",
        "give",
        "transfer",
        "approve",
    ]

    other = flows.start("timed", who=flows.people[ANNA])
    assert hall.refused("flows.withdraw", {"case_id": other.id}, who="chen") == "flows.not_applicant"
    assert hall.post("flows.withdraw", {"case_id": other.id}, who="anna")["state"] == "withdrawn"
    clock.forward(hours=3)
    flows.engine.jobs.run_due()
    assert flows.case(other.id).state == "withdrawn"


def test_drawing_checking_trying_out_and_publishing(hall: Hall, flows: Flows) -> None:
    """What is unsound is not published, and says where; a sound one can be played first and carried as BPMN."""
    sound = straight(flows)
    gone = sound.model_copy(update={"edges": [e for e in sound.edges if e.source != "second"]})
    drawn = gone.model_dump(mode="json", exclude_defaults=True)
    found = hall.post("flows.check", {"definition": drawn}, who="admin")["findings"]
    assert [(one["code"], one["node"]) for one in found] == [("dead_end", "second")]
    assert len({found[0]["said"][code] for code in ("en", "zh", "ru", "fa")}) == 4
    hall.post("flows.save_draft", {"code": "leave", "name": {"en": "Leave"}, "definition": drawn}, who="admin")
    assert hall.refused("flows.publish", {"code": "leave"}, who="admin") == "flows.unsound"
    assert hall.refused("flows.publish", {"code": "leave"}, who="anna") == "access.denied"
    assert hall.refused("flows.drawing", {"code": "nothing"}, who="admin") == "flows.unknown"
    assert hall.refused("flows.publish", {"code": "nothing"}, who="admin") == "flows.unknown"
    nobody = sound.model_copy(
        update={"nodes": [*sound.nodes[:-2], step("second", id_of("post", "none")), sound.nodes[-1]]}
    )
    asked = {"definition": nobody.model_dump(mode="json", exclude_defaults=True)}
    found = hall.post("flows.check", asked, who="admin")["findings"]
    assert [(one["code"], one["node"]) for one in found] == [("post_gone", "second")]

    definition = sound.model_dump(mode="json", exclude_defaults=True)
    plays = [{"node": "start", "does": "approve"}, {"node": "first", "does": "approve", "values": {"x": 7}}]
    before = hall.count("flow_case")
    played = hall.post("flows.try_out", {"definition": definition, "content": {"x": 1}, "plays": plays}, who="admin")
    assert [one["node"] for one in played["open"]] == ["second"] and played["open"][0]["may_return_to"] == [
        "first",
        "start",
    ]
    plays.append({"node": "second", "does": "refuse"})
    played = hall.post("flows.try_out", {"definition": definition, "content": {"x": 1}, "plays": plays}, who="admin")
    assert played["state"] == "rejected" and hall.count("flow_case") == before

    hall.post("flows.save_draft", {"code": "leave", "name": {"en": "Leave"}, "definition": definition}, who="admin")
    hall.post("flows.publish", {"code": "leave"}, who="admin")
    text = hall.post("flows.bpmn", {"code": "leave"}, who="admin")["bpmn"]
    back = hall.post("flows.read_bpmn", {"bpmn": text}, who="admin")
    read = Definition.model_validate(back["definition"])
    unplaced = [n.model_copy(update={"x": 0, "y": 0}) for n in read.nodes]
    assert back["findings"] == [] and read.model_copy(update={"nodes": unplaced}) == sound
    assert len({(n.x, n.y) for n in read.nodes}) == len(sound.nodes)
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for bad in ("", "nonsense", evil, text.replace("userTask", "callActivity")):
        assert hall.refused("flows.read_bpmn", {"bpmn": bad}, who="admin") == "flows.bad_bpmn"
