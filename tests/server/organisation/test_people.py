"""The lists of stationed departments and people: every condition that the catalogue names, their export, and what stays when
somebody goes."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall
from tests.server.data import Data


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def exported(data: Data, kind: str, *where: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The rows of a list as a spreadsheet, with its head."""
    conditions = [dict(zip(("field", "operator", "value"), one, strict=False)) for one in where]
    body = {"type": kind, "form": "xlsx", "query": {"conditions": conditions}, "language": "en"}
    asked = data.hall.post("exports.start", body, who="admin")
    assert data.hall.engine.exports.run_next()
    state = data.hall.post("exports.state", {"id": asked["id"]}, who="admin")
    assert state["state"] == "done", state
    head = {"Authorization": f"Bearer {data.hall.sign_in('admin')}"}
    answer = data.hall.http.get(f"/api/exports/{asked['id']}", head)
    return list(openpyxl.load_workbook(io.BytesIO(answer.body)).active.iter_rows(values_only=True))


def names(rows: list[dict[str, Any]]) -> list[str]:
    """The English names of rows, sorted."""
    return sorted(row["name"]["en"] for row in rows)


@pytest.mark.covers("COR-007", "COR-023", "COR-024")
def test_departments_are_found_by_number_and_short_name(data: Data) -> None:
    section = data.add("section", name={"en": "Land"}, colour="#0a52a0")
    tax = data.add(
        "department", name={"en": "Tax Office of the City", "zh": "市税务局"}, short_name={"en": "Tax", "zh": "税务"},
        number="D-07", section_id=section["id"],
    )  # fmt: skip
    data.add("department", name={"en": "Land Registry"}, short_name={"en": "Land"}, number="D-08")
    assert names(data.query("department", ("number", "is", "D-07"))) == ["Tax Office of the City"]
    assert names(data.query("department", ("number", "starts_with", "D-0"))) == [
        "Land Registry",
        "Tax Office of the City",
    ]
    assert names(data.query("department", ("short_name", "contains", "tax"))) == ["Tax Office of the City"]
    assert names(data.query("department", ("short_name", "contains", "税务"))) == ["Tax Office of the City"]
    assert data.refused("POST", "department", {"name": {"en": "Third"}, "number": "D-08"}) == "records.taken"
    data.edit("department", tax, short_name={"en": "Taxes"})
    assert names(data.query("department", ("section_id", "is", section["id"]))) == ["Tax Office of the City"]
    assert data.refused("DELETE", f"section/{section['id']}") == "records.used"
    data.delete("department", tax)
    assert names(data.query("department", ("number", "starts_with", "D-0"))) == ["Land Registry"]


@pytest.mark.covers("COR-018", "COR-019")
def test_people_are_found_by_every_named_condition_and_exported(data: Data) -> None:
    hall = data.add("hall", name={"en": "Upstairs"}, outlet_id=id_of("outlet"))
    department = data.add("department", name={"en": "Tax Office"})
    entries = {one["code"]: one["id"] for one in data.query("dictionary_entry")}
    about = {
        "name": {"en": "Mei Zhang", "zh": "张梅"}, "staff_number": "W-0815", "department_id": department["id"],
        "hall_id": hall["id"], "window_id": str(id_of("window", 3)), "sex": "female", "mobile": "+8613912345678",
        "category": "front", "post": {"en": "Registrar"}, "duty_id": entries["window_head"],
        "dispatch_id": entries["dispatched"], "entered_on": "2025-09-01", "born_on": "1990-01-01",
    }  # fmt: skip
    data.add("staff_member", **about)
    other = data.add(
        "staff_member", name={"en": "Somebody Else"}, staff_number="W-0816", sex="male", entered_on="2026-01-01"
    )
    for condition in (
        ("department_id", "is", department["id"]), ("name", "contains", "zhang"), ("name", "contains", "张"),
        ("sex", "is", "female"), ("mobile", "is", "+86 139 1234 5678"), ("mobile", "ends_with", "5678"),
        ("hall_id", "is", hall["id"]), ("window_id", "is", str(id_of("window", 3))), ("category", "is", "front"),
        ("post", "contains", "registrar"), ("duty_id", "is", entries["window_head"]),
        ("dispatch_id", "is", entries["dispatched"]), ("entered_on", "between", ["2025-08-01", "2025-09-30"]),
        ("staff_number", "is", "W-0815"), ("state", "is", "normal"),
    ):  # fmt: skip
        found = names(data.query("staff_member", condition, ("staff_number", "starts_with", "W-08")))
        wanted = ["Mei Zhang"] if condition[0] != "state" else ["Mei Zhang", "Somebody Else"]
        assert found == wanted, condition
    rows = exported(data, "staff_member", ("staff_number", "is", "W-0815"))
    assert any("Mei Zhang" in row and "W-0815" in row for row in rows)
    assert not any("Somebody Else" in row for row in rows)
    assert not any("13912345678" in str(value) for row in rows for value in row), "a protected number leaves masked"
    data.edit("staff_member", other, name={"en": "Another Name"})
    data.delete("staff_member", other)
    assert data.query("staff_member", ("staff_number", "is", "W-0816")) == []
    # Whoever may not see personal files does not find people by them either.
    answer = data.send("POST", "staff_member/query", {"conditions": [{"field": "sex", "value": "female"}]}, who="anna")
    assert answer.status_code == 422, answer.text


@pytest.mark.covers("COR-I12")
def test_work_number_account_and_mobile_are_each_one_active_person_s(data: Data) -> None:
    mobile = "+8613912345678"
    first = data.add("staff_member", name={"en": "First"}, staff_number="W-1", mobile=mobile)
    second: dict[str, Any] = {"name": {"en": "Second"}, "staff_number": "W-2"}
    assert data.refused("POST", "staff_member", {**second, "staff_number": "W-1"}) == "records.taken"
    answer = data.send("POST", "staff_member", {**second, "mobile": "+86 139 1234 5678"})
    assert (answer.json()["code"], answer.json()["facts"]["holder"]) == ("organisation.mobile_taken", "First")
    two = data.add("staff_member", **second)
    path = f"staff_member/{two['id']}"
    assert data.refused("PATCH", path, {"mobile": mobile}) == "organisation.mobile_taken"
    # A cancelled person's number is free; it cannot come back with the person while another has it.
    data.edit("staff_member", first, state="cancelled")
    data.edit("staff_member", two, mobile=mobile)
    assert data.refused("PATCH", f"staff_member/{first['id']}", {"state": "normal"}) == "organisation.mobile_taken"
    data.edit("staff_member", two, mobile="+8613900000000")
    data.edit("staff_member", first, state="normal")
    taken = {"name": "ANNA", "full_name": {"en": "Other Anna"}, "role": "clerk", "password": "a long password"}
    assert data.hall.refused("people.add_account", taken, who="admin") == "people.name_taken"


@pytest.mark.covers("COR-I04")
def test_what_is_used_is_not_deleted_and_says_by_what(data: Data) -> None:
    answer = data.send("DELETE", f"zone/{id_of('zone', 0)}")
    assert answer.json()["code"] == "records.used"
    assert answer.json()["facts"]["kind"] in ("window", "device") and answer.json()["facts"]["count"] > 0
    same = {"outlet_id": str(id_of("outlet")), "zone_id": str(id_of("zone", 0)), "label_text": "1"}
    assert data.refused("POST", "window", same) == "records.taken"


@pytest.mark.covers("COR-021", "COR-022", "COR-025", "COR-037")
def test_halls_locations_windows_offices_and_regions_are_kept(data: Data) -> None:
    outlet = str(id_of("outlet"))
    region = data.add("region", name={"en": "North"}, code="N")
    hall = data.add("hall", name={"en": "Branch"}, outlet_id=outlet)
    location = data.add("location", name={"en": "Entrance"}, hall_id=hall["id"])
    window = data.add("window", outlet_id=outlet, zone_id=str(id_of("zone", 0)), label_text="99", hall_id=hall["id"])
    office = data.add("office", outlet_id=outlet, number="201", hall_id=hall["id"])
    kept: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "region": (region, {"name": {"en": "South"}}), "location": (location, {"floor": "2"}),
        "window": (window, {"label_text": "98"}), "office": (office, {"number": "202"}), "hall": (hall, {"floor": "3"}),
    }  # fmt: skip
    for kind, (record, change) in kept.items():
        changed = data.edit(kind, record, **change)
        assert {name: changed[name] for name in change} == change
    for kind, (record, _) in kept.items():
        data.delete(kind, record)
        assert record["id"] not in {one["id"] for one in data.query(kind)}
        assert data.refused("POST", kind, {"name": {"en": "No"}}, who="anna") == "access.denied"
