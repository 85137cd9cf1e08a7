"""From an empty server to a hall that serves: every step said twice, said wrongly, and said too late."""

from __future__ import annotations

from typing import Any

from tests.server.setup.conftest import CODE, HALL, PASSWORD, Founding

ZONE = {"name": {"en": "Ground floor"}, "windows": ["1", "2"]}
HOURS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
HALL_PLAN: dict[str, Any] = {"zones": [ZONE], "hours": HOURS}


def service(prefix: str, *windows: str, **more: Any) -> dict[str, Any]:
    return {"prefix": prefix, "name": {"en": f"Service {prefix}"}, "windows": list(windows), **more}


def test_the_code_works_once_and_guesses_are_slowed_down(empty: Founding) -> None:
    assert empty.health()["claimed"] is False and empty.health()["founded"] is False
    for _ in range(4):
        assert empty.claim("0000-0000").json()["code"] == "access.claim_wrong"
    waiting = empty.claim(CODE)
    assert waiting.json()["code"] == "access.slow_down" and waiting.status_code == 429
    empty.engine.clock.forward(minutes=2)  # type: ignore[attr-defined]
    assert empty.claim(CODE).status_code == 200
    assert empty.health()["claimed"] is True and empty.health()["founded"] is False
    assert empty.claim(CODE, name="mallory").json()["code"] == "access.claim_wrong"
    empty.sign_in("olga")
    assert empty.setup()["stage"] == "empty"


def test_founding_is_one_hall_however_often_it_is_said(empty: Founding) -> None:
    empty.claim()
    assert empty.refused("organisation.set_up_zones", HALL_PLAN)["code"] == "organisation.not_founded"
    assert empty.refused("organisation.open_hall")["code"] == "organisation.not_founded"
    wrong = empty.refused("organisation.found", {**HALL, "time_zone": "Mars/Base"})
    assert wrong["code"] == "organisation.time_zone_wrong" and "Mars/Base" in wrong["detail"]
    assert empty.refused("organisation.found", {**HALL, "name": {"en": "  "}})["code"] == "organisation.name_needed"
    assert empty.refused("organisation.found", {**HALL, "languages": []})["code"] == "request.invalid"
    assert empty.count("outlet") == 0
    empty.post("organisation.found", HALL, key="one")
    empty.post("organisation.found", HALL, key="one")
    empty.post("organisation.found", {**HALL, "name": {"en": " River Hall South "}})
    assert empty.count("outlet") == 1
    told = empty.health()
    assert (
        told["founded"] and not told["opened"] and told["name"] == "River Hall South" and told["zone"] == "Asia/Tehran"
    )
    assert empty.setup()["stage"] == "in_setup" and empty.setup()["passed"] == ["place"]
    assert empty.count("audit WHERE action = 'organisation.found'") > 0


def test_zones_and_windows_become_what_is_named(founded: Founding) -> None:
    first = founded.post("organisation.set_up_zones", {**HALL_PLAN, "template": "district"})
    assert [zone["windows"] for zone in first["zones"]] == [["1", "2"]] and first["template"] == "district"
    again = founded.post("organisation.set_up_zones", HALL_PLAN)
    assert again["zones"] == first["zones"], "the same zone under its id"
    kept = first["zones"][0]["id"]
    above = {"name": {"en": "Above"}, "windows": ["2", "3"]}
    two = {**HALL_PLAN, "zones": [{"id": kept, "name": {"en": "Below"}, "windows": ["1"]}, above]}
    moved = founded.post("organisation.set_up_zones", two)["zones"]
    assert [(zone["name"]["en"], zone["windows"]) for zone in moved] == [("Below", ["1"]), ("Above", ["2", "3"])]
    assert moved[0]["id"] == kept and founded.count('"window"') == 3
    founded.post("organisation.set_up_zones", {**HALL_PLAN, "zones": [moved[0]]})
    back = founded.post("organisation.set_up_zones", two)["zones"]
    assert back[1]["windows"] == ["2", "3"] and founded.count('"window"') == 3, "a number comes back as the same window"
    for labels in (["1", "1"], [""], [" 1"], ["123456789"]):
        body = {**HALL_PLAN, "zones": [{"name": {"en": "Z"}, "windows": labels}]}
        assert founded.refused("organisation.set_up_zones", body)["code"] == "organisation.label_wrong"
    body = {**HALL_PLAN, "zones": [{"name": {"en": ""}, "windows": []}]}
    assert founded.refused("organisation.set_up_zones", body)["code"] == "organisation.name_needed"
    wrong_hours = {**HALL_PLAN, "hours": {"mon": [["17:00", "08:00"]]}}
    assert founded.refused("organisation.set_up_zones", wrong_hours)["code"] == "organisation.hours_wrong"
    assert founded.setup()["hall"]["zones"] == back, "what was refused changed nothing"


def test_a_zone_where_a_device_stands_does_not_go(founded: Founding) -> None:
    zone = founded.post("organisation.set_up_zones", HALL_PLAN)["zones"][0]
    founded.post("devices.add", {"kind": "kiosk", "label": "At the door", "zone_id": zone["id"]})
    gone = founded.refused("organisation.set_up_zones", {**HALL_PLAN, "zones": []})
    assert gone["code"] == "organisation.place_in_use" and "At the door" in gone["detail"]
    assert founded.setup()["hall"]["zones"][0]["windows"] == ["1", "2"]


def test_services_become_what_is_named(founded: Founding) -> None:
    founded.post("organisation.set_up_zones", HALL_PLAN)
    offer = {
        "sections": [{"name": {"en": "Registry"}, "colour": "#167245"}],
        "services": [service("A", "1", "2", section=0, description={"en": "What it is"}), service("B", minutes=25)],
    }
    made = founded.post("services.set_up", offer)
    assert [one["windows"] for one in made["services"]] == [["1", "2"], []]
    assert made["services"][0]["section"] == 0 and made["services"][1]["minutes"] == 25
    assert "service_without_window" in founded.problems()
    assert founded.post("services.set_up", made) == made, "said again nothing changes"
    swapped = [{**made["services"][0], "prefix": "B"}, {**made["services"][1], "prefix": "A"}]
    assert len(founded.post("services.set_up", {**made, "services": swapped})["services"]) == 2
    less = founded.post("services.set_up", {"sections": [], "services": [service("A", "2")]})
    assert [one["prefix"] for one in less["services"]] == ["A"] and less["sections"] == []
    assert less["services"][0]["windows"] == ["2"]
    assert founded.count("service") == 2, "a prefix that comes back is the same service"
    for wrong, code in (
        ({"services": [service("A"), service("A")]}, "services.prefix_twice"),
        ({"services": [service("a")]}, "services.prefix_wrong"),
        ({"services": [service("A", "9")]}, "services.window_unknown"),
        ({"services": [service("A", section=3)]}, "services.section_unknown"),
        ({"services": [service("A", name={"en": " "})]}, "services.name_needed"),
        ({"services": [service("A", minutes=0)]}, "request.invalid"),
    ):
        assert founded.refused("services.set_up", wrong)["code"] == code
    assert founded.post("services.setup") == less


def test_every_template_makes_a_hall_without_anything_in_its_way(founded: Founding) -> None:
    templates = founded.post("services.templates")["items"]
    assert [len(one["offer"]["services"]) for one in templates] == [6, 12, 24]
    for one in templates:
        zones = founded.post("organisation.set_up_zones", one["hall"])["zones"]
        assert [zone["name"] for zone in zones] == [zone["name"] for zone in one["hall"]["zones"]]
        offer = founded.post("services.set_up", one["offer"])
        for made, wished in zip(offer["services"], one["offer"]["services"], strict=True):
            assert {**made, "id": None} == wished
            for words in (made["name"], made["description"]):
                assert all(words.get(code) for code in ("en", "zh", "ru", "fa")), words
        assert not [p for p in founded.setup()["problems"] if p["blocks"]]


def test_the_hall_serves_nobody_before_it_is_opened(founded: Founding) -> None:
    zone = founded.post("organisation.set_up_zones", HALL_PLAN)["zones"][0]
    not_ready = founded.refused("organisation.open_hall")
    assert not_ready["code"] == "organisation.not_ready"
    assert {one["code"] for one in not_ready["facts"]["problems"]} == {"no_services"}
    assert founded.setup()["stage"] == "in_setup"
    made = founded.post("services.set_up", {"sections": [], "services": [service("A", "1"), service("B")]})
    assert founded.refused("organisation.open_hall")["facts"]["problems"][0]["code"] == "service_without_window"
    offer = founded.post("services.set_up", {"sections": [], "services": made["services"][:1]})
    body = {"service_id": offer["services"][0]["id"], "zone_id": zone["id"], "channel": "staff"}
    founded.settle()
    windows = founded.post("queue.windows", {"zone_id": zone["id"]})["windows"]
    founded.post("queue.open_window", {"window_id": windows[0]["window_id"]})
    early = founded.refused("queue.issue_ticket", body)
    assert early["code"] == "queue.service_hidden" and early["facts"]["reason"] == "hall_hours"
    offer_now = founded.post("queue.offer", {"zone_id": zone["id"]})
    assert offer_now["state"] == "opening" and offer_now["sections"] == [] and offer_now["hours"] == []
    assert founded.count("ticket") == 0
    founded.post("organisation.open_hall", key="open")
    founded.post("organisation.open_hall", key="open")
    assert founded.health()["opened"] is True and founded.setup()["stage"] == "open"
    founded.settle()
    assert founded.post("queue.issue_ticket", body)["ticket"]["number"] == "A001"
    assert founded.refused("organisation.open_hall")["code"] == "organisation.opened_already"
    for verb, late in (
        ("organisation.found", HALL),
        ("organisation.set_up_zones", HALL_PLAN),
        ("organisation.set_up_data", {}),
        ("organisation.pass_step", {"step": "people"}),
        ("services.set_up", offer),
    ):
        assert founded.refused(verb, late)["code"] == "organisation.opened_already"


def test_warnings_go_as_they_are_mended(founded: Founding) -> None:
    assert {"nobody_keeps_copies", "only_the_administrator", "no_kiosk", "no_display", "no_zones"} <= founded.problems()
    data = founded.setup()["data"]
    assert data["folder"] == str(founded.engine.data) and data["database"] == founded.engine.store.kind
    founded.post("organisation.set_up_data", {"keeper": "IT of the city", "copies": "safe, room 12"})
    zone = founded.post("organisation.set_up_zones", HALL_PLAN)["zones"][0]
    for kind in ("kiosk", "led"):
        founded.post("devices.add", {"kind": kind, "zone_id": zone["id"]})
    person = {
        "name": "anna",
        "password": PASSWORD,
        "full_name": {"en": "Anna"},
        "staff_number": "7",
        "roles": ["clerk"],
    }
    founded.post("people.add_account", person)
    assert founded.problems() == {"no_services"}
    assert founded.setup()["data"]["keeper"] == "IT of the city"
    people = founded.post("people.accounts")
    assert [(one["account"], one["roles"]) for one in people["items"]] == [
        ("olga", ["administrator"]),
        ("anna", ["clerk"]),
    ]
    assert people["roles"]["clerk"]["fa"]
    founded.post("organisation.pass_step", {"step": "people"})
    assert founded.refused("organisation.pass_step", {"step": "lunch"})["code"] == "organisation.unknown_step"
    assert founded.setup()["passed"] == ["place", "data", "hall", "people"]


def test_only_who_may_change_the_hall_sets_it_up(founded: Founding) -> None:
    person = {
        "name": "anna",
        "password": PASSWORD,
        "full_name": {"en": "Anna"},
        "staff_number": "7",
        "roles": ["clerk"],
    }
    founded.post("people.add_account", person)
    founded.sign_in("anna")
    for verb in (
        "organisation.setup", "organisation.found", "organisation.open_hall", "organisation.set_up_zones",
        "organisation.set_up_data", "organisation.pass_step", "services.set_up", "services.import_sheet",
        "services.templates", "services.check_sheet", "services.sheet_template", "people.accounts",
    ):  # fmt: skip
        assert founded.refused(verb, {}, who="anna")["code"] == "access.denied"
    assert founded.setup()["stage"] == "in_setup"


def test_nobody_opens_a_hall_by_editing_its_record(founded: Founding) -> None:
    outlet = founded.http.get(
        "/api/records/outlet", headers={"Authorization": f"Bearer {founded.tokens['olga']}"}
    ).json()["items"][0]
    answer = founded.http.patch(
        f"/api/records/outlet/{outlet['id']}",
        json={"stage": "open"},
        headers={"Authorization": f"Bearer {founded.tokens['olga']}", "Idempotency-Key": "x"},
    )
    assert answer.status_code >= 400 and founded.setup()["stage"] == "in_setup"
