"""Services in levels, and one name everywhere: from the administrator's form to kiosk, paper, displays and statistics."""

from __future__ import annotations

import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall
from tests.server.data import Data

ZONE = {"zone_id": id_of("zone", 0)}


@pytest.fixture
def data(hall: Hall) -> Data:
    return Data(hall)


def report(hall: Hall) -> list[dict[str, object]]:
    head = {"Authorization": f"Bearer {hall.sign_in('manager')}"}
    answer = hall.http.post("/api/reports/queue.day_tickets", json={"format": "json"}, headers=head)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["rows"])


@pytest.mark.covers("QUE-036")
def test_a_services_name_is_the_same_everywhere_and_as_long_as_the_administrator_allows(hall: Hall, data: Data) -> None:
    service = str(id_of("service", "A"))
    hall.post("settings.set", {"name": "services.name_length", "level": "system", "value": 24}, who="admin")
    hall.settle()
    long = {"en": "Passports and identity cards", "zh": "身份证与护照"}
    answer = data.send("PATCH", f"service/{service}", {"name": long})
    assert (answer.status_code, answer.json()["code"]) == (422, "services.name_long")
    assert answer.json()["facts"] == {"field": "name", "name": long["en"], "count": 28, "most": 24}
    # A Chinese character is as wide as two letters.
    wide = {"en": "Passports", "zh": "身份证与护照以及其他所有证件"}
    assert data.refused("PATCH", f"service/{service}", {"name": wide}) == "services.name_long"
    name = {"en": "Passports and identity", "zh": "身份证与护照"}
    data.edit("service", service, name=name)
    hall.settle()

    window = hall.open(1)
    ticket = hall.ticket("A")
    offered = [tile for section in hall.post("queue.offer", ZONE)["sections"] for tile in section["services"]]
    assert [tile["name"] for tile in offered if tile["id"] == service] == [name]
    assert hall.post("queue.paper", {"ticket_id": ticket["id"]})["service"] == name
    hall.post("queue.call_next", window)
    assert hall.post("queue.window", window)["service"] == name
    board = hall.post("queue.board", ZONE)
    assert [one["name"] for one in board["services"] if one["service_id"] == service] == [name]
    assert [call["service"] for call in board["calls"]] == [name]
    assert [one["name"] for one in hall.post("queue.day")["services"] if one["issued"]] == [name]
    assert [row["service"] for row in report(hall)] == [name]


@pytest.mark.covers("QUE-037")
def test_tickets_and_queues_are_the_leafs_statistics_the_major_classs(hall: Hall, data: Data) -> None:
    """Three levels: papers > passports > the services A and B (notes N1 and N2)."""
    a, b = str(id_of("service", "A")), str(id_of("service", "B"))
    papers = data.add("service", name={"en": "Papers"}, prefix="PAP")["id"]
    passports = data.add("service", name={"en": "Passports"}, prefix="PAS", parent_id=papers)["id"]
    for leaf in (a, b):
        data.edit("service", leaf, parent_id=passports)
    hall.settle()
    window = hall.open(1)
    hall.open(6, "chen")
    offer = hall.post("queue.offer", ZONE)
    offered = {tile["id"] for section in offer["sections"] for tile in section["services"]}
    assert {a, b} <= offered and not {papers, passports} & offered
    assert {papers, passports} <= {group["id"] for group in offer["groups"]}
    for inner in (papers, passports):
        asked = {"service_id": inner, **ZONE, "channel": "staff"}
        assert hall.refused("queue.issue_ticket", asked) == "queue.service_unknown"

    for prefix in "AABD":
        hall.ticket(prefix)
    queues = {q["service_id"]: q["waiting"] for q in hall.post("queue.plan")["queues"] if q["waiting"]}
    assert queues == {a: 2, b: 1, str(id_of("service", "D")): 1}
    hall.post("queue.call_next", window)
    hall.post("queue.start", window)
    hall.post("queue.finish", {**window, "request_rating": False})

    day = hall.post("queue.day")
    leaves = {one["service_id"]: (one["issued"], one["finished"]) for one in day["services"] if one["issued"]}
    assert leaves == {a: (2, 1), b: (1, 0), str(id_of("service", "D")): (1, 0)}
    classes = {one["name"]["en"]: (one["issued"], one["finished"], one["waiting"]) for one in day["classes"]}
    assert classes["Papers"] == (3, 1, 2) and classes["Business licences"] == (1, 0, 1)
    assert "Passports" not in classes
    assert sum(one["issued"] for one in day["classes"]) == day["issued"] == 4
    assert [row["class"]["en"] for row in report(hall)] == ["Papers", "Papers", "Papers", "Business licences"]  # type: ignore[index]
