"""What every action promises: one effect a key, refusals before changes, checks in their order, audit and notices."""

from __future__ import annotations

import json
import threading
import uuid

from sqlalchemy import text

from server.demo.fill import id_of
from server.engine.audit.verify import verify_chain
from server.engine.notices.stream import notices_after
from tests.server.conftest import Hall

TICKET = {"service_id": str(id_of("service", "A")), "zone_id": str(id_of("zone", 0)), "channel": "staff"}


def test_the_same_key_has_one_effect_and_one_answer(hall: Hall) -> None:
    hall.open(3)
    first = hall.send("queue.issue_ticket", TICKET, who="manager", key="one")
    again = hall.send("queue.issue_ticket", TICKET, who="manager", key="one")
    assert first.body == again.body
    assert hall.count("ticket") == 1


def test_the_same_key_with_another_body_is_refused(hall: Hall) -> None:
    hall.open(3)
    hall.post("queue.issue_ticket", TICKET, key="one")
    other = {**TICKET, "service_id": str(id_of("service", "B"))}
    assert hall.refused("queue.issue_ticket", other, key="one") == "actions.key_reused"
    assert hall.count("ticket") == 1


def test_a_key_belongs_to_its_caller(hall: Hall) -> None:
    hall.open(3)
    hall.post("queue.issue_ticket", TICKET, key="one")
    hall.post("queue.issue_ticket", TICKET, key="one", who="guide")
    assert hall.count("ticket") == 2


def test_repeats_at_once_wait_for_the_first(hall: Hall) -> None:
    hall.open(3)
    answers: list[bytes] = []

    def send() -> None:
        answers.append(hall.send("queue.issue_ticket", TICKET, who="manager", key="double-tap").body)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(answers)) == 1
    assert hall.count("ticket") == 1


def test_an_action_without_a_key_is_refused(hall: Hall) -> None:
    token = hall.sign_in("manager")
    answer = hall.http.post("/api/queue/issue_ticket", json=TICKET, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "actions.key_needed")


def test_token_right_body_state_are_checked_in_this_order(hall: Hall) -> None:
    nobody = hall.http.post("/api/queue/call_next", content=b"{broken")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "access.sign_in")
    no_right = hall.send("queue.call_next", b"{broken", who="auditor")
    assert (no_right.status_code, no_right.json()["code"]) == (403, "access.denied")
    malformed = hall.send("queue.call_next", b"{broken", who="anna")
    assert (malformed.status_code, malformed.json()["code"]) == (422, "request.malformed")
    missing = hall.send("queue.call_next", {}, who="anna")
    assert (missing.status_code, missing.json()["code"]) == (422, "request.invalid")
    state = hall.send("queue.call_next", hall.window(3), who="anna")
    assert (state.status_code, state.json()["code"]) == (409, "queue.window_closed")


def test_an_unknown_verb_service_or_token_is_refused(hall: Hall) -> None:
    assert hall.refused("queue.no_such_verb") == "request.unknown"
    hall.open(3)
    unknown = {**TICKET, "service_id": str(uuid.uuid4())}
    assert hall.refused("queue.issue_ticket", unknown) == "queue.service_unknown"
    answer = hall.http.post("/api/queue/offer", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_refusal_speaks_the_readers_language(hall: Hall) -> None:
    sentences = {
        language: hall.send("queue.call_next", hall.window(3), who="anna", language=language).json()["detail"]
        for language in ("en", "zh", "ru", "fa")
    }
    assert len(set(sentences.values())) == 4


def test_every_change_leaves_its_audit_row_and_the_chain_stands(hall: Hall) -> None:
    hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.call_next", hall.window(3))
    hall.settle()
    rows = hall.http.get(
        f"/api/records/ticket/{ticket['id']}/history", headers={"Authorization": f"Bearer {hall.sign_in('manager')}"}
    ).json()["items"]
    assert [r["action"] for r in rows] == ["queue.call_next", "queue.issue_ticket"]
    assert rows[0]["changes"]["state"] == ["waiting", "called"]
    assert "token" not in rows[1]["changes"]
    with hall.engine.store.reading() as connection:
        assert verify_chain(connection, hall.engine.clock.now()) == []


def test_an_altered_audit_row_is_named(hall: Hall) -> None:
    hall.settle()
    with hall.engine.store.write_engine.begin() as connection:
        connection.execute(text("UPDATE audit SET changes = '{}' WHERE number = 7"))
    with hall.engine.store.reading() as connection:
        assert any("Audit row 7 " in str(f) for f in verify_chain(connection, hall.engine.clock.now()))


def test_a_missing_audit_row_is_named(hall: Hall) -> None:
    hall.settle()
    with hall.engine.store.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE number = 7"))
    with hall.engine.store.reading() as connection:
        assert any("Audit row 7 is missing" in str(f) for f in verify_chain(connection, hall.engine.clock.now()))


def test_notices_are_numbered_without_gaps_and_carry_ids_only(hall: Hall) -> None:
    hall.open(3)
    for _ in range(3):
        hall.ticket("A")
    hall.settle()
    with hall.engine.store.reading() as connection:
        rows = notices_after(connection, 0)
    numbers = [r["number"] for r in rows]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    issued = [r for r in rows if r["kind"] == "issued"]
    assert len(issued) == 3
    assert set(issued[0]["ids"]) == {"ticket"}


def test_no_token_or_password_stands_in_the_database(hall: Hall) -> None:
    token = hall.sign_in("anna")
    hall.open(3)
    hall.settle()
    with hall.engine.store.reading() as connection:
        for table in ("access_token", "audit", "action_key", "notice", "account"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            flat = json.dumps([[v.hex() if isinstance(v, bytes) else str(v) for v in r] for r in rows])
            assert token not in flat, table
            assert "openhall-demo" not in flat, table
