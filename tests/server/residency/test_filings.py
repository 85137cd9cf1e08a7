"""Filings of stationed departments and people: submitted, decided with an opinion, taking effect on their day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.demo.hall import PASSWORD
from server.modules.residency.jobs import due, take_effect_today
from tests.server.conftest import Hall, HandClock


def filed(hall: Hall, kind: str, /, **values: Any) -> str:
    """A new draft; gives its id."""
    return str(hall.post("records.create", {"type": kind, "values": values}, who="admin")["record"]["id"])


def seen(hall: Hall, kind: str, record_id: str) -> dict[str, Any]:
    """A filing as it stands."""
    answer = hall.http.get(
        f"/api/records/{kind}/{record_id}", headers={"Authorization": f"Bearer {hall.sign_in('admin')}"}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return dict(found.get("record", found))


def through(hall: Hall, kind: str, record_id: str, outcome: str = "approve", **more: Any) -> None:
    """Submitted and decided."""
    hall.post(f"residency.submit_{kind}", {"id": record_id}, who="admin")
    hall.post(f"residency.{outcome}_{kind}", {"id": record_id, "opinion": "as agreed", **more}, who="admin")


def sign_in(hall: Hall, name: str, password: str = PASSWORD) -> int:
    """The status of a sign-in."""
    return int(hall.http.post("/api/sign-in", json={"name": name, "password": password}).status_code)


HEADS = {
    "leader": "Li", "leader_phone": "+86 10 8000 0001", "window_head": "Wang", "window_head_phone": "+86 10 8000 0002",
    "site_head": "Zhao", "site_head_phone": "+86 10 8000 0003",
}  # fmt: skip


@pytest.mark.covers("COR-002", "COR-003", "COR-004", "COR-005", "COR-006", "COR-007")
def test_a_department_is_filed_with_its_services_reviewed_with_an_opinion_and_then_found_among_departments(
    hall: Hall,
) -> None:
    unit = filed(
        hall, "unit_entry", name={"en": "Water office", "zh": "水务局"}, short_name={"en": "Water"}, number="W-17",
        window_name={"en": "Water"}, windows=2, staff=5, **HEADS,
    )  # fmt: skip
    service = filed(
        hall, "unit_entry_service", filing_id=unit, name={"en": "New connection"}, kind="grant", target="households",
        limit_days=5, fee="free of charge",
    )  # fmt: skip
    assert service
    assert hall.refused("residency.approve_unit_entry", {"id": unit}, who="admin") == "residency.not_submitted"
    hall.post("residency.submit_unit_entry", {"id": unit}, who="admin")
    late = {"type": "unit_entry", "id": unit, "version": 2, "values": {"staff": 6}}
    assert hall.refused("records.edit", late, who="admin") == "records.read_only"
    hall.post("residency.return_unit_entry", {"id": unit, "opinion": "six people"}, who="admin")
    back = seen(hall, "unit_entry", unit)
    assert (back["state"], back["opinion"]) == ("draft", "six people")
    late["version"] = back["version"]
    hall.post("records.edit", late, who="admin")
    through(hall, "unit_entry", unit)
    kept = seen(hall, "unit_entry", unit)
    assert (kept["state"], kept["opinion"], kept["staff"]) == ("approved", "as agreed", 6) and kept["decided_by"]
    assert "8000" not in str(kept["leader_phone"])  # masked
    for field, value in (("number", "W-17"), ("short_name", "water")):
        query = {"conditions": [{"field": field, "operator": "contains", "value": value}]}
        answer = hall.http.post(
            "/api/records/department/query", json=query, headers={"Authorization": f"Bearer {hall.sign_in('admin')}"}
        )
        assert [one["id"] for one in answer.json()["items"]] == [kept["department_id"]], answer.text

    leaving = filed(hall, "unit_withdrawal", department_id=kept["department_id"], withdrawn_on="2026-03-01")
    through(hall, "unit_withdrawal", leaving)
    assert seen(hall, "department", kept["department_id"])["state"] == "withdrawn"
    left = seen(hall, "unit_withdrawal", leaving)
    assert left["done"] and (left["opinion"], left["withdrawn_on"]) == ("as agreed", "2026-03-01")
    assert [one["name"]["en"] for one in listed(hall, "unit_entry_service", "filing_id", unit)] == ["New connection"]


def listed(hall: Hall, kind: str, field: str, value: str) -> list[dict[str, Any]]:
    """Rows of a list, as an administrator asks for them."""
    query = {"conditions": [{"field": field, "operator": "is", "value": value}]}
    head = {"Authorization": f"Bearer {hall.sign_in('admin')}"}
    answer = hall.http.post(f"/api/records/{kind}/query", json=query, headers=head)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def edited(hall: Hall, kind: str, record_id: str, **values: Any) -> None:
    """Changed by an administrator."""
    hall.post("records.edit", {"type": kind, "id": record_id, "values": values}, who="admin")


@pytest.mark.covers("COR-I01")
def test_a_withdrawal_takes_windows_and_people_out_on_its_day_when_the_last_citizen_is_served(
    hall: Hall, clock: HandClock
) -> None:
    unit = filed(hall, "department", name={"en": "Water office"})
    below = filed(hall, "department", name={"en": "Meters"}, parent_id=unit)
    window = listed(hall, "window", "label_text", "1")[0]
    edited(hall, "window", window["id"], department_id=below)
    people = hall.post("logs.choices", who="admin")["people"]
    anna = next(key for key, name in people.items() if name.startswith("Anna"))
    edited(hall, "staff_member", anna, department_id=unit)
    hall.post("queue.open_window", {"window_id": window["id"]}, who="anna")
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    leaving = filed(hall, "unit_withdrawal", department_id=unit, withdrawn_on=tomorrow)
    through(hall, "unit_withdrawal", leaving)

    def a_turn() -> None:
        filings = hall.engine.look(due)
        hall.engine.act("residency.due", lambda work: take_effect_today(work, filings))

    a_turn()
    assert seen(hall, "department", unit)["state"] == "present", "not before its day"
    clock.forward(days=1)
    a_turn()
    assert not seen(hall, "unit_withdrawal", leaving)["done"], "Anna still sits at the window"
    hall.post("queue.close_window", {"window_id": window["id"]}, who="anna")
    a_turn()
    assert seen(hall, "unit_withdrawal", leaving)["done"]
    assert [seen(hall, "department", one)["state"] for one in (unit, below)] == ["withdrawn", "withdrawn"]
    assert seen(hall, "staff_member", anna)["state"] == "cancelled" and sign_in(hall, "anna") == 403
    there = {"window_id": window["id"]}
    assert hall.refused("queue.open_window", there, who="admin") == "queue.window_out_of_service"
    head = {"Authorization": f"Bearer {hall.sign_in('admin')}"}
    for kind, record_id in (("department", unit), ("window", window["id"]), ("staff_member", anna)):
        history = hall.http.get(f"/api/records/{kind}/{record_id}/history", headers=head).json()["items"]
        assert any({"state", "in_service"} & set(line["changes"]) for line in history), kind


@pytest.mark.covers(
    "COR-001", "COR-008", "COR-009", "COR-010", "COR-I03", "COR-011", "COR-014", "COR-015", "COR-016", "COR-017", "COR-I02",
)  # fmt: skip
def test_a_worker_enters_with_an_account_is_cancelled_and_comes_back(hall: Hall, clock: HandClock) -> None:
    departments = hall.http.post(
        "/api/records/department/query", json={}, headers={"Authorization": f"Bearer {hall.sign_in('admin')}"}
    ).json()["items"]
    unit = departments[0]["id"] if departments else filed(hall, "department", name={"en": "Water office"})
    person = filed(
        hall, "person_entry", name={"en": "Mei Chen", "zh": "陈梅"}, sex="female", born_on="1990-05-06", mobile="+86 138 0013 8000",
        mail="mei@example.org", department_id=unit, floor="2", category="front", staff_number="W-501", work_permit="P-1",
        post={"en": "Clerk"}, entered_on="2026-03-02", business_scope="New connections, and changes of name",
        shuttle=True, meals=False, sign_in_name="mei", dispatching_unit="Water company", dispatched_post="Clerk",
        leader="Sun", leader_phone="+86 10 8000 0009", head="Qian", head_phone="+86 10 8000 0010",
    )  # fmt: skip
    hall.post("residency.submit_person_entry", {"id": person}, who="admin")
    decision = {"id": person, "opinion": "welcome"}
    assert hall.refused("residency.approve_person_entry", decision, who="admin") == "residency.no_password"
    assert seen(hall, "person_entry", person)["state"] == "submitted"
    hall.post("residency.approve_person_entry", {**decision, "password": "first-Password-7"}, who="admin")
    filing = seen(hall, "person_entry", person)
    assert filing["opinion"] == "welcome" and filing["business_scope"].startswith("New connections")
    staff = seen(hall, "staff_member", filing["staff_member_id"])
    assert (staff["staff_number"], staff["state"], staff["category"]) == ("W-501", "normal", "front")
    assert sign_in(hall, "mei", "first-Password-7") == 200

    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    back: dict[str, Any] = {
        "department_id": unit, "staff_member_id": staff["id"], "reinstated_on": tomorrow, "remarks": "came back",
    }  # fmt: skip
    early = {"type": "person_reinstatement", "values": back}
    assert hall.refused("records.create", early, who="admin") == "residency.not_cancelled"
    leaving = filed(
        hall, "person_cancellation", department_id=unit, staff_member_id=staff["id"], cancelled_on=tomorrow,
        remarks="to another hall",
    )  # fmt: skip
    through(hall, "person_cancellation", leaving)
    gone = seen(hall, "person_cancellation", leaving)
    assert (gone["state"], gone["opinion"], gone["remarks"]) == ("approved", "as agreed", "to another hall")
    assert sign_in(hall, "mei", "first-Password-7") == 200  # not yet
    clock.forward(days=1)
    hall._tokens.clear()
    found = hall.engine.look(due)
    assert len(found) == 1
    for _ in range(2):  # a second turn has no second effect
        hall.engine.act("residency.due", lambda work: take_effect_today(work, found))
    assert hall.engine.look(due) == []
    assert sign_in(hall, "mei", "first-Password-7") == 403
    assert seen(hall, "staff_member", staff["id"])["state"] == "cancelled"
    history = hall.post("logs.find", {"record_id": staff["id"]}, who="admin")["lines"]
    assert {"state"} <= {name for line in history for name in line["changes"]}

    assert [one["id"] for one in listed(hall, "staff_member", "staff_number", "W-501")] == [staff["id"]]
    again = filed(hall, "person_reinstatement", **{**back, "reinstated_on": clock.now().date().isoformat()})
    through(hall, "person_reinstatement", again)
    assert seen(hall, "person_reinstatement", again)["remarks"] == "came back"
    assert sign_in(hall, "mei", "first-Password-7") == 200
    assert seen(hall, "staff_member", staff["id"])["state"] == "normal"


@pytest.mark.covers("COR-012")
def test_scans_of_the_signed_papers_come_into_the_persons_file_and_open_for_those_alone_who_may_see_it(
    hall: Hall,
) -> None:
    def sent(content: bytes, name: str) -> str:
        head = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Openhall-Name": name}
        return str(hall.http.request("POST", "/api/files", content, head).json()["id"])

    notice, undertaking = sent(b"%PDF-1.4 notice", "1.pdf"), sent(b"%PDF-1.4 letter", "2.pdf")
    other = sent(b"%PDF-1.4 diploma", "diploma.pdf")
    person = filed(
        hall, "person_entry", name={"en": "Mei Chen"}, department_id=filed(hall, "department", name={"en": "Water"}),
        staff_number="W-502", entered_on="2026-03-02", dispatching_unit="Water company", notice=[notice],
        undertaking=[undertaking],
    )  # fmt: skip
    named = {"type": "person_entry", "id": person, "file_id": other, "name": "diploma.pdf"}
    hall.post("records.attach", named, who="admin")
    through(hall, "person_entry", person)
    staff = seen(hall, "person_entry", person)["staff_member_id"]
    whose = {"type": "staff_member", "id": staff}
    papers = hall.post("records.files", whose, who="admin")["files"]
    assert {one["name"]: one["file_id"] for one in papers} == {
        "Notice, scanned 1": notice, "Letter of undertaking, scanned 1": undertaking, "diploma.pdf": other,
    }  # fmt: skip
    assert hall.post("records.files", whose, who="anna")["files"] == []
    opened = {
        who: hall.http.get(f"/api/files/{notice}", headers={"Authorization": f"Bearer {hall.sign_in(who)}"}).status_code
        for who in ("anna", "admin")
    }
    assert opened == {"anna": 404, "admin": 200}
    more = {**whose, "file_id": sent(b"%PDF-1.4 more", "3.pdf"), "name": "3.pdf"}
    assert len(hall.post("records.attach", more, who="admin")["files"]) == 4
    assert hall.refused("records.detach", {"id": papers[0]["id"]}, who="anna") == "access.denied"


def test_a_session_ends_with_a_cancellation_and_only_heads_decide(hall: Hall) -> None:
    assert hall.sign_in("anna")
    people = hall.post("logs.choices", who="admin")["people"]
    person = next(key for key, name in people.items() if name.startswith("Anna"))
    unit = filed(hall, "department", name={"en": "Water office"})
    leaving = filed(hall, "person_cancellation", department_id=unit, staff_member_id=person, cancelled_on="2026-03-01")
    assert hall.refused("residency.submit_person_cancellation", {"id": leaving}, who="anna") == "access.denied"
    hall.post("residency.submit_person_cancellation", {"id": leaving}, who="admin")
    assert hall.refused("residency.reject_person_cancellation", {"id": leaving}, who="admin") != "access.denied"
    hall.post("residency.approve_person_cancellation", {"id": leaving}, who="admin")
    hall.settle()
    assert hall.send("people.mine", who="anna").status_code == 401
    assert sign_in(hall, "anna") == 403
