"""Service items: what citizens ask about a matter, what it costs, and until when it is promised."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Hall
from tests.server.data import Data

WEEK = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


@pytest.mark.covers("GDE-026", "SMP-018")
def test_an_item_keeps_its_ten_fields(data: Data) -> None:
    authority = data.add("department", name={"en": "Tax Office"})
    types = {one["code"]: one["id"] for one in data.query("dictionary_entry")}
    ten: dict[str, Any] = {
        "type_id": types["permit"], "name": {"en": "Food licence", "zh": "食品许可"}, "content": {"en": "Who sells food."},
        "process": {"en": "Apply, inspection, licence."}, "amount_and_method": {"en": "One copy, in person"},
        "authority_id": authority["id"], "handled_at": {"en": "Window 3"}, "telephone": "+862112345678",
        "charge": {"en": "By the tariff of 2020"}, "promised_days": 5,
    }  # fmt: skip
    item = data.add("service_item", number="F-1", **ten)
    read = data.query("service_item", ("number", "is", "F-1"))[0]
    assert {name: read[name] for name in ten} == ten
    assert data.query("service_item", ("name", "contains", "食品"))[0]["id"] == item["id"]
    data.edit("service_item", item, promised_days=3)
    assert data.query("service_item", ("promised_days", "at_most", 3))[0]["id"] == item["id"]
    assert data.refused("POST", "service_item", {"name": {"en": "Other"}, "number": "F-1"}) == "records.taken"
    assert data.refused("POST", "service_item", {"name": {"en": "Other"}}, who="anna") == "access.denied"


def test_items_stand_in_a_tree_with_requirements_and_fees(data: Data) -> None:
    business = data.add("item_category", name={"en": "Starting a business"})
    food = data.add("item_category", name={"en": "Food"}, parent_id=business["id"])
    assert data.refused("PATCH", f"item_category/{business['id']}", {"parent_id": food["id"]}) == "records.cycle"
    item = data.add("service_item", name={"en": "Food licence"}, categories=[food["id"]])
    assert data.query("service_item", ("categories", "any_of", [food["id"]]))[0]["id"] == item["id"]
    data.add("item_requirement", item_id=item["id"], name={"en": "Lease"}, copies=2, original=True)
    data.add("item_fee", item_id=item["id"], name={"en": "Stamp duty"}, amount=1250, currency="CNY")
    data.add("item_fee", item_id=item["id"], name={"en": "Inspection"}, amount=20000, currency="CNY")
    fees = data.query("item_fee", ("item_id", "is", item["id"]))
    assert sum(one["amount"] for one in fees) == 21250
    assert data.refused("DELETE", f"service_item/{item['id']}") == "records.used"


def test_the_address_in_the_code_names_a_page(data: Data) -> None:
    for wrong in ("javascript:alert(1)", "hall.example", "https://", "http://a b"):
        body = {"name": {"en": "Item"}, "code_address": wrong}
        assert data.refused("POST", "service_item", body) == "services.address_wrong", wrong
    item = data.add("service_item", name={"en": "Item"}, code_address="https://hall.example.org/items/1?x=2")
    assert item["code_address"].endswith("x=2")


def test_a_promised_day_counts_in_working_days_of_whoever_handles_it(data: Data) -> None:
    made = data.add("working_calendar", name={"en": "Office"}, week=WEEK, main=True)
    own = data.add("working_calendar", name={"en": "Tuesdays"}, week={"tue": WEEK["tue"]})
    authority = data.add("department", name={"en": "Tax Office"})
    data.add("calendar_use", calendar_id=own["id"], department_id=authority["id"], held="2026-01-01/")
    days = {"calendar_id": made["id"], "first": "2026-03-04", "last": "2026-03-04", "kind": "holiday"}
    data.hall.post("organisation.set_days", days, who="admin")
    data.hall.settle()
    item = data.add("service_item", name={"en": "Item"}, promised_days=3, legal_days=10)
    theirs = data.add("service_item", name={"en": "Item"}, promised_days=3, authority_id=authority["id"])
    silent = data.add("service_item", name={"en": "Item"})

    def day(of: dict[str, Any], **more: Any) -> Any:
        return data.hall.post("services.promised_day", {"item_id": of["id"], **more})

    due = day(item)
    assert (due["day"], due["moment"]) == ("2026-03-06", "2026-03-06T17:00:00Z")
    assert [one["kind"] for one in due["ledger"]] == ["worked", "holiday", "worked", "worked"]
    assert day(item, legal=True)["day"] == "2026-03-17"
    assert day(theirs)["day"] == "2026-03-17"
    assert data.hall.refused("services.promised_day", {"item_id": silent["id"]}) == "services.no_term"
