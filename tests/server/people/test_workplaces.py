"""What the staff program shows to whom."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

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
