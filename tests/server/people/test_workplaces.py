"""What the staff program shows to whom, and what somebody has in view."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from server.demo.hall import PASSWORD
from tests.server.people.conftest import People


def test_a_workplace_is_checked_kept_and_taken_by_those_whose_it_is(people: People) -> None:
    hall, clerk = people.hall, people.role("clerk")["id"]
    assert hall.post("people.workplace", {}, who="anna")["id"] is None, "the program's own menu"
    line = {"kind": "page", "page": "records.ticket", "words": {"en": "Today's tickets", "zh": "今日取号"}}
    search = {"kind": "search", "page": "records.ticket", "target": str(uuid4()), "words": {"en": "Late ones"}}
    menu: dict[str, Any] = {"groups": [{"name": "mine", "words": {"en": "My work"}, "entries": [line, search]}],
                            "hidden": ["records.window"], "rest": False}  # fmt: skip
    kept = {
        "name": {"en": "Counter"},
        "roles": [clerk],
        "menu": menu,
        "start": "day",
        "hidden_buttons": ["people.lock"],
    }

    def wrong(code: str, **change: Any) -> None:
        assert hall.refused("people.keep_workplace", {"workplace": {**kept, **change}}, who="admin") == code

    wrong("people.workplace_unnamed", name={})
    wrong("people.unknown_role", roles=[str(uuid4())])
    wrong("people.workplace_button", hidden_buttons=["people.nothing"])
    wrong("people.workplace_line", searches={"records.ticket": "no id"})
    group = menu["groups"][0]
    for code, change in (
        ("people.workplace_line", {"groups": [{**group, "entries": [{**search, "words": {}}]}]}),
        ("people.workplace_line", {"groups": [{**group, "entries": [{**line, "words": {"xx": "?"}}]}]}),
        ("people.workplace_twice", {"groups": [{**group, "entries": [line, line]}]}),
        ("people.workplace_group", {"groups": [group, {**group, "entries": []}]}),
        ("people.unknown_permission", {"groups": [{**group, "entries": [{**line, "needs": "no.such"}]}]}),
    ):
        wrong(code, menu={**menu, **change})
    assert hall.refused("people.keep_workplace", {"workplace": kept}, who="anna") == "access.denied"

    first = hall.post("people.keep_workplace", {"workplace": kept}, who="admin")
    own = hall.post("people.workplace", {}, who="anna")
    assert (own["start"], own["menu"]["groups"][0]["entries"][0]["words"]["zh"]) == ("day", "今日取号")
    assert hall.post("people.workplace", {}, who="admin")["id"] is None, "not hers"
    everybody = hall.post("people.keep_workplace", {"workplace": {"name": {"en": "All"}, "place": 5}}, who="admin")
    assert hall.post("people.workplace", {}, who="admin")["id"] == everybody["id"]
    assert hall.post("people.workplace", {}, who="anna")["id"] == first["id"], "the first one that fits"
    again = {**first, "start": "counter"}
    assert hall.post("people.keep_workplace", {"workplace": again}, who="admin")["version"] == 2
    assert hall.refused("people.keep_workplace", {"workplace": again}, who="admin") == "people.workplace_changed"
    # Taken away: what everybody has comes back.
    assert people.request("DELETE", f"workplace/{first['id']}").status_code == 200
    hall.settle()
    assert hall.post("people.workplace", {}, who="anna")["id"] == everybody["id"]
    assert people.request("GET", f"workplace/{everybody['id']}/history").status_code == 200


@pytest.mark.covers("COR-038", "COR-039")
def test_an_outlet_or_department_in_view_narrows_lists_and_goes_with_the_person(people: People) -> None:
    hall = people.hall
    outlet = people.found("outlet")[0]
    values = {n: outlet[n] for n in ("languages", "hours", "voice_languages") if n in outlet}
    name = {"en": "Harbour branch"}
    other = people.add("outlet", name=name, organisation=name, time_zone="Europe/Paris", **values)
    far = people.add("hall", name={"en": "Harbour hall"}, outlet_id=other["id"])
    above = people.add("department", name={"en": "Harbour office"})
    inside = people.add("department", name={"en": "Boats"}, parent_id=above["id"])
    strays = [
        people.add("staff_member", name={"en": number}, staff_number=number, department_id=department)
        for number, department in (("B1", above["id"]), ("B2", inside["id"]))
    ]

    for kind, one in (("outlet", other), ("department", above)):
        assert people.request("PATCH", f"{kind}/{one['id']}", {"name": {"en": "Renamed"}}).status_code == 200
        named = {"field": "name", "operator": "contains", "value": "Renamed"}
        assert [row["id"] for row in people.found(kind, named)] == [one["id"]], "changed and queried"
    hall.settle()
    told = hall.post("people.in_view", {}, who="admin")
    assert {o["id"] for o in told["outlets"]} >= {outlet["id"], other["id"]} and told["outlet_id"] is None
    halls = len(people.found("hall"))
    seen = hall.post("people.switch_view", {"outlet_id": other["id"]}, who="admin")
    assert seen["outlet_id"] == other["id"]
    assert [h["id"] for h in people.found("hall")] == [far["id"]]
    assert people.found("ticket") == [] and len(people.found("outlet")) >= 2
    assert people.found("window") == []
    elsewhere = people.found("window", {"field": "outlet_id", "value": outlet["id"]})
    assert elsewhere, "who asks for another one sees it"
    assert people.request("GET", f"window/{elsewhere[0]['id']}").status_code == 200
    people.enters("admin")  # another session, the same view
    me = hall.http.post("/api/access/me", json={}, headers={"Authorization": f"Bearer {hall.sign_in('admin')}"}).json()
    assert me["outlet_id"] == other["id"]
    hall.post("people.switch_view", {"department_id": above["id"]}, who="admin")
    assert {s["staff_number"] for s in people.found("staff_member")} == {"B1", "B2"}
    assert people.found("zone"), "a kind without departments stays whole"
    # What was in view and is gone narrows nothing any more.
    hall.post("people.switch_view", {"outlet_id": other["id"]}, who="admin")
    assert people.request("DELETE", f"hall/{far['id']}").status_code == 200
    assert people.request("DELETE", f"outlet/{other['id']}").status_code == 200
    hall.settle()
    assert hall.post("people.in_view", {}, who="admin")["outlet_id"] is None
    assert len(people.found("hall")) == halls - 1

    # By right: whoever reaches the own department only may look at no other one.
    people.new_role("inside", "organisation.see", **{"organisation.see": "department"})
    new = {
        "name": "boat",
        "password": PASSWORD,
        "roles": ["inside"],
        "staff_number": "B3",
        "department_id": above["id"],
    }
    hall.post("people.add_account", new, who="admin")
    people.enters("boat")
    hall.post("people.change_password", {"present": PASSWORD, "password": "of-my-own-1"}, who="boat")
    people.enters("boat", "of-my-own-1")
    told = hall.post("people.in_view", {}, who="boat")
    assert {d["id"] for d in told["departments"]} == {above["id"], inside["id"]}
    assert hall.post("people.switch_view", {"department_id": inside["id"]}, who="boat")["department_id"] == inside["id"]
    strange = next(d["id"] for d in people.found("department") if d["id"] not in (above["id"], inside["id"]))
    assert hall.refused("people.switch_view", {"department_id": strange}, who="boat") == "people.view_beyond"
    assert hall.refused("people.switch_view", {"outlet_id": str(uuid4())}, who="boat") == "people.view_beyond"
    assert hall.post("people.switch_view", {}, who="boat")["department_id"] is None
    assert people.request("DELETE", f"staff_member/{strays[1]['id']}").status_code == 200
    assert people.request("DELETE", f"department/{inside['id']}").status_code == 200
