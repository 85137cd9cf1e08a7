"""Dictionaries: kept by the administrator, sorted by hand, and readable where a value was chosen before it was deleted."""

from __future__ import annotations

from typing import Any

import pytest

from server.demo.fill import id_of
from server.engine.records.dictionaries import DECLARED
from tests.server.conftest import Hall
from tests.server.data import Data


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def entries(data: Data, code: str) -> list[dict[str, Any]]:
    """The entries of a dictionary in their order."""
    (found,) = data.query("dictionary", ("code", "is", code))
    return data.query("dictionary_entry", ("dictionary_id", "is", found["id"]), sort=["place"])


@pytest.mark.covers("ADM-030", "COR-027", "COR-028")
def test_every_dictionary_of_the_system_is_kept_here_and_more_may_be_added(data: Data) -> None:
    there = {one["code"]: one for one in data.query("dictionary")}
    assert set(DECLARED) <= set(there) and len(DECLARED) >= 3
    made = data.add("dictionary", code="colour", name={"en": "Colours", "zh": "颜色"})
    renamed = data.edit("dictionary", made, name={"en": "Colours of files", "zh": "颜色"})
    assert renamed["name"]["en"] == "Colours of files"
    red = data.add("dictionary_entry", dictionary_id=made["id"], code="red", name={"en": "Red"})
    data.edit("dictionary_entry", red, name={"en": "Dark red"})
    assert [one["name"]["en"] for one in entries(data, "colour")] == ["Dark red"]
    assert data.refused(
        "POST", "dictionary_entry", {"dictionary_id": made["id"], "code": "red", "name": {"en": "x"}}
    ) == ("records.taken")
    data.delete("dictionary_entry", red)
    assert entries(data, "colour") == []
    data.delete("dictionary", made)
    assert "colour" not in {one["code"] for one in data.query("dictionary")}
    assert data.refused("DELETE", f"dictionary/{there['duty']['id']}") == "dictionaries.built_in"
    assert data.refused("POST", "dictionary", {"code": "mine", "name": {"en": "x"}}, who="anna") == "access.denied"


@pytest.mark.covers("ADM-031")
def test_event_handling_categories_are_listed_added_changed_deleted_viewed_and_sorted_by_hand(data: Data) -> None:
    before = entries(data, "matter_category")
    assert [one["code"] for one in before] == ["application", "consultation", "complaint", "suggestion", "other"]
    others = {one["id"]: one["version"] for one in data.query("dictionary_entry") if one["id"] not in str(before)}
    kind = before[0]["dictionary_id"]
    praise = data.add("dictionary_entry", dictionary_id=kind, code="praise", name={"en": "Praise"}, place=9)
    data.hall.post(
        "records.move", {"type": "dictionary_entry", "id": praise["id"], "before_id": before[1]["id"]}, who="admin"
    )
    assert [one["code"] for one in entries(data, "matter_category")][:3] == ["application", "praise", "consultation"]
    after = {one["id"]: one["version"] for one in data.query("dictionary_entry") if one["id"] in others}
    assert after == others, "sorting one dictionary touches no other"
    data.edit("dictionary_entry", praise, name={"en": "Thanks"})
    shown = data.send("GET", f"dictionary_entry/{praise['id']}").json()
    assert shown["name"] == {"en": "Thanks"}
    data.delete("dictionary_entry", before[4])
    assert "other" not in [one["code"] for one in entries(data, "matter_category")]
    elsewhere = entries(data, "duty")[0]
    under = {"type": "dictionary_entry", "id": praise["id"], "parent_id": elsewhere["id"]}
    assert data.hall.refused("records.move", under, who="admin") == "dictionaries.other"


@pytest.mark.covers("ADM-I06")
def test_a_deleted_value_stays_readable_on_old_cards_and_cannot_be_chosen_anew(data: Data) -> None:
    duty = entries(data, "duty")[0]
    card = data.edit("staff_member", id_of("staff", "anna"), duty_id=duty["id"])
    data.delete("dictionary_entry", duty)
    answer = data.send("GET", f"staff_member/{card['id']}").json()
    assert answer["duty_id"] == duty["id"]
    assert answer["_labels"][duty["id"]] == duty["name"]["en"]
    listed = data.send("POST", "staff_member/query", {"conditions": [], "limit": 500}).json()
    assert listed["labels"][duty["id"]] == duty["name"]["en"]
    data.edit("staff_member", id_of("staff", "anna"), staff_number="Z-1")  # the old card can still be changed
    assert data.refused("PATCH", f"staff_member/{id_of('staff', 'chen')}", {"duty_id": duty["id"]}) == "records.linked"
