"""Who is signed in, how a session is ended or ends by itself, and what the log of sign-ins and deletions tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.demo.hall import PASSWORD
from server.engine.access.sessions import sessions
from tests.server.conftest import HandClock
from tests.server.people.conftest import People


@pytest.mark.covers("ADM-029")
def test_online_users_are_listed_and_a_session_is_ended(people: People, clock: HandClock) -> None:
    hall = people.hall
    hall.sign_in("admin")
    since = clock.now()
    pc = hall._tokens[hall.device("staff_pc")]
    clock.forward(minutes=3)
    headers = {"Authorization": f"Bearer {pc}"}
    answer = hall.http.post("/api/sign-in", json={"name": "anna", "password": PASSWORD}, headers=headers)
    hall._tokens["anna"] = answer.json()["token"]
    clock.forward(minutes=2)
    people.may("anna")
    online = {one["account"]: one for one in hall.post("people.online", who="admin")["items"]}
    assert set(online) == {"admin", "anna"}
    anna = online["anna"]
    assert anna["name"]["en"] == "Anna Petrova" and anna["device"] == "staff_pc" and anna["address"]
    assert (online["admin"]["own"], anna["own"]) == (True, False)
    assert online["admin"]["since"] == since.isoformat().replace("+00:00", "Z")
    assert anna["last_seen"] == clock.now().isoformat().replace("+00:00", "Z"), "her last request"
    assert not [one for one in online.values() if hall._tokens["anna"] in str(one)], "no token leaves"
    assert hall.refused("people.online", who="chen") == "access.denied"
    hall.post("people.end_session", {"session": anna["session"]}, who="admin")
    assert hall.send("people.online", who="anna").status_code == 401
    assert hall.refused("people.end_session", {"session": anna["session"]}, who="admin") == "people.session_gone"
    assert [one["account"] for one in hall.post("people.online", who="admin")["items"]] == ["chen", "admin"]


@pytest.mark.covers("ADM-I04")
def test_a_session_that_nobody_uses_ends_by_itself(people: People, clock: HandClock) -> None:
    hall = people.hall
    for name in ("admin", "anna", "chen"):
        hall.sign_in(name)
    for _ in range(5):
        clock.forward(minutes=59)
        people.may("anna")
        sessions(hall.engine)
    assert hall.send("people.online", who="chen").status_code == 401
    assert "queue.call" in people.may("anna"), "who works stays"
    people.setting("access.idle_minutes", 0)
    clock.forward(hours=6)
    sessions(hall.engine)
    assert "queue.call" in people.may("anna"), "the hall wants no such end"
    people.setting("access.idle_minutes", 15)
    clock.forward(minutes=18)
    sessions(hall.engine)
    assert hall.send("people.online", who="anna").status_code == 401
    with hall.engine.store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM access_token WHERE ended_at IS NULL").scalar_one()
    assert kept == 0


@pytest.mark.covers("ADM-027", "ADM-021")
def test_the_log_tells_sign_ins_failures_and_deletions(people: People, clock: HandClock) -> None:
    hall = people.hall
    hall.sign_in("admin")
    hall.sign_in("anna")
    people.enter("anna", "guess")
    people.enter("нина", "guess")
    clock.forward(minutes=10)
    later = clock.now()
    role = people.new_role("short", "people.see")
    people.request("DELETE", f"role/{role['id']}")

    def told(**asked: object) -> list[tuple[str, str]]:
        items = hall.post("people.sign_in_log", asked, who="admin")["items"]
        assert [one["at"] for one in items] == sorted((one["at"] for one in items), reverse=True)
        return [(one["kind"], one["name"]) for one in items]

    assert told()[:3] == [("deleted", "admin"), ("failed", "нина"), ("failed", "anna")]
    assert told(name="НИНА") == [("failed", "нина")]
    assert told(name="петрова") == [("failed", "anna"), ("signed_in", "anna")], "by the person's name in any language"
    assert told(kind="deleted") == [("deleted", "admin")]
    assert told(since=str(later)) == [("deleted", "admin")]
    assert ("signed_in", "admin") in told(until=str(later), kind="signed_in")
    assert told(until=str(later - timedelta(days=1))) == []
    assert told(address="203.0.113.9") == []
    gone = hall.post("people.sign_in_log", {"kind": "deleted"}, who="auditor")["items"][0]
    assert (gone["record_type"], gone["record_id"]) == ("role", role["id"])
    assert hall.refused("people.sign_in_log", {}, who="manager") == "access.denied"
