"""Accounts: made, found, locked, renamed, given new passwords, taken away; somebody who can administer always remains."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from server.demo.fill import id_of
from server.engine.actions.declare import ACTIONS
from server.engine.actions.perform import act_of
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.ports import ports
from tests.server.conftest import Hall
from tests.server.people.conftest import People, staff

NEW = {
    "name": "nina",
    "password": "first-secret",
    "full_name": {"en": "Nina Berg"},
    "staff_number": "N1",
    "roles": ["clerk"],
}


@pytest.mark.covers("ADM-005", "ADM-006", "ADM-008", "COR-030", "COR-I06")
def test_an_account_is_made_and_its_first_password_serves_for_choosing_another_only(people: People) -> None:
    hall = people.hall
    full = {**NEW, "mobile": "+86 138 0013 8000", "work_phone": "12-34", "department_id": id_of("department", 1)}
    assert hall.refused("people.add_account", {**full, "password": "12345"}, who="admin") == "request.invalid"
    assert hall.refused("people.add_account", {**full, "password": "1234567"}, who="admin") == "people.password_short"
    assert hall.refused("people.add_account", {**full, "name": "ANNA"}, who="admin") == "people.name_taken"
    assert hall.refused("people.add_account", {**full, "roles": ["king"]}, who="admin") == "people.unknown_role"
    made = hall.post("people.add_account", full, who="admin")
    (shown,) = people.found("account", search="berg")
    assert (shown["sign_in_name"], shown["person_name"], shown["id"]) == (
        "nina",
        {"en": "Nina Berg"},
        made["account_id"],
    )
    assert not {"password_hash", "second_factor", "pin_hash", "recovery", "folded_name"} & shown.keys()
    (person,) = people.found("staff_member", search="berg")
    assert (person["work_phone"], person["department_id"]) == ("12-34", str(id_of("department", 1)))
    assert person["mobile"] == "••••8000", "masked"

    assert people.enters("nina", "first-secret")["must_change_password"] is True
    assert people.may("nina") == set(), "nothing else before"
    assert hall.refused("queue.board", {"zone_id": id_of("zone", 0)}, who="nina") == "access.denied"
    change = {"present": "first-secret", "password": "first-secret"}
    assert hall.refused("people.change_password", change, who="nina") == "people.password_same"
    assert hall.refused("people.change_password", {**change, "password": "NINA"}, who="nina") == "people.password_short"
    hall.post("people.change_password", {**change, "password": "second-secret"}, who="nina")
    assert "queue.call" in people.may("nina"), "the session goes on with its rights"
    assert people.enter("nina", "first-secret").status_code == 401
    assert people.enters("nina", "second-secret")["must_change_password"] is False


@pytest.mark.covers("ADM-006", "ADM-I03")
def test_a_hall_may_ask_for_more_than_six_characters_never_for_less(people: People) -> None:
    from server.modules.people.settings import PASSWORD_LENGTH

    with pytest.raises(Refused, match=r"settings\.limits"):
        PASSWORD_LENGTH.checked(5)
    people.setting("people.password_length", 6)
    people.hall.post("people.add_account", {**NEW, "password": "123456"}, who="admin")
    people.setting("people.password_mixed", True)
    plain = {**NEW, "name": "nora", "staff_number": "N2", "password": "abcdefgh"}
    assert people.hall.refused("people.add_account", plain, who="admin") == "people.password_plain"
    with people.hall.engine.store.reading() as connection:
        hashes = [row[0] for row in connection.exec_driver_sql("SELECT password_hash FROM account")]
    assert len(hashes) == 21 and all(one.startswith("$argon2id$") for one in hashes)


@pytest.mark.covers("ADM-009", "ADM-010", "ADM-011", "ADM-I01", "ADM-023")
def test_locked_users_leave_the_list_until_the_filter_asks_and_come_back(people: People) -> None:
    hall = people.hall
    anna = people.account("anna")
    hall.sign_in("anna")
    names = [row["sign_in_name"] for row in people.found("account")]
    hall.post("people.lock", {"id": anna}, who="admin")
    assert hall.refused("people.lock", {"id": anna}, who="admin") == "people.locked_already"
    assert hall.send("queue.board", {}, who="anna").status_code == 401, "a blocked user is logged out"
    people.refused(people.enter("anna"), "access.locked")
    assert [row["sign_in_name"] for row in people.found("account")] == [n for n in names if n != "anna"]
    assert people.found("account", search="Petrova") == []
    locked = people.found("account", {"field": "locked", "operator": "is", "value": True})
    assert [row["sign_in_name"] for row in locked] == ["anna"]
    assert people.found("account", {"field": "locked", "value": True}, search="петрова")[0]["id"] == anna
    people.refused(people.request("PATCH", f"account/{anna}", {"locked": False}), "records.read_only")
    hall.post("people.unlock", {"id": anna}, who="admin")
    assert people.enter("anna").status_code == 200
    told = people.request("GET", f"account/{anna}/history").json()["items"]
    assert [one["action"] for one in told][:2] == ["people.unlock", "people.lock"]

    hall.post("people.delete_account", {"id": anna}, who="admin")
    assert people.enter("anna").status_code == 401
    assert hall.count("account WHERE deleted_at IS NOT NULL") == 1, "nobody leaves the table"
    people.refused(people.request("DELETE", f"account/{anna}"), "records.read_only")
    hall.post("people.add_account", {**NEW, "name": "anna", "person_id": staff("anna")}, who="admin")
    assert people.account("anna") == anna, "the same row, with its history"


@pytest.mark.covers("ADM-012", "ADM-I03")
def test_a_forced_reset_needs_no_old_password_and_makes_choose_another(people: People) -> None:
    hall = people.hall
    anna = people.account("anna")
    hall.sign_in("anna")
    hall.post("people.reset_password", {"id": anna, "password": "given-by-admin"}, who="admin")
    assert hall.send("queue.board", {}, who="anna").status_code == 401
    assert people.enter("anna").status_code == 401
    assert people.enters("anna", "given-by-admin")["must_change_password"] is True
    hall.post("people.rename", {"id": anna, "name": "a.petrova"}, who="admin")
    assert hall.refused("people.rename", {"id": anna, "name": "Chen"}, who="admin") == "people.name_taken"
    assert people.enter("anna", "given-by-admin").status_code == 401
    assert people.enter("A.PETROVA", "given-by-admin").status_code == 200


def test_a_hall_manager_resets_in_the_own_hall_and_nobody_who_may_do_more(people: People) -> None:
    hall = people.hall
    reset = {"id": people.account("anna"), "password": "given-by-hall"}
    hall.post("people.reset_password", reset)
    for place, names in enumerate((("manager", "anna"), ("chen",))):
        made = people.add("hall", name={"en": f"Hall {place}"}, outlet_id=id_of("outlet"))
        for name in names:
            people.request("PATCH", f"staff_member/{staff(name)}", {"hall_id": made["id"]})
    hall.post("people.reset_password", reset)
    elsewhere = {**reset, "id": people.account("chen")}
    assert hall.refused("people.reset_password", elsewhere) == "people.not_your_hall"
    assert hall.refused("people.reset_password", {**reset, "id": people.account("sara")}) == "people.not_your_hall"
    people.request("PATCH", f"staff_member/{staff('admin')}", {"hall_id": made["id"]})
    people.request("PATCH", f"staff_member/{staff('manager')}", {"hall_id": made["id"]})
    assert hall.refused("people.reset_password", {**reset, "id": people.account("admin")}) == "people.beyond_own"
    assert hall.refused("people.reset_password", reset, who="chen") == "access.denied"


@pytest.mark.covers("ADM-013")
def test_users_are_listed_by_jurisdiction(people: People) -> None:
    about: dict[str, Any] = {
        "organisation": {"en": "City"},
        "hours": {"mon": [["09:00", "17:00"]]},
        "languages": ["en"],
        "voice_languages": ["en"],
        "ticker": [{"en": "Welcome"}],
    }
    other = people.add("outlet", name={"en": "Branch"}, who="admin", **about)
    assert people.request("PATCH", f"account/{people.account('anna')}", {"outlet_id": other["id"]}).status_code == 200
    here = {"field": "outlet_id", "operator": "is", "value": str(id_of("outlet"))}
    there = {**here, "value": other["id"]}
    assert [a["sign_in_name"] for a in people.found("account", there)] == ["anna"]
    assert len(people.found("account", here)) == 19


def ways_out(people: People) -> list[tuple[str, Any]]:
    """Everything by which the only administrator could be locked out."""
    admin, role = people.account("admin"), people.role("administrator")
    (held,) = people.found("account_role", {"field": "account_id", "operator": "is", "value": admin})
    ask, hall = people.request, people.hall
    return [
        ("locked", lambda: hall.send("people.lock", {"id": admin}, who="admin")),
        ("deleted", lambda: hall.send("people.delete_account", {"id": admin}, who="admin")),
        ("role taken", lambda: ask("DELETE", f"account_role/{held['id']}")),
        ("role emptied", lambda: ask("PATCH", f"role/{role['id']}", {"permissions": ["people.see"]})),
        ("sent to the directory", lambda: ask("PATCH", f"account/{admin}", {"directory": True})),
    ]


def test_no_way_locks_the_last_administrator_out(people: People) -> None:
    for name, attempt in ways_out(people):
        answer = attempt()
        assert answer.json().get("code") == "people.last_administrator", f"{name}: {answer.text}"
    # A second one by a group: then the first may go, and the group may not be emptied.
    group = people.add("role_group", name={"en": "Heads"}, roles=[people.role("administrator")["id"]])
    member = people.add("account_group", account_id=people.account("chen"), role_group_id=group["id"])
    people.hall.post("people.lock", {"id": people.account("admin")}, who="chen")
    for answer in (
        people.request("DELETE", f"account_group/{member['id']}", who="chen"),
        people.request(
            "PATCH", f"role_group/{group['id']}", {"roles": [people.role("clerk", who="chen")["id"]]}, who="chen"
        ),
        people.hall.send("people.lock", {"id": member["account_id"]}, who="chen"),
    ):
        people.refused(answer, "people.last_administrator")
    assert people.may("chen") >= {"people.edit"}


def test_two_administrators_who_take_each_other_s_rights_at_once_leave_one(
    hall: Hall, engine: Engine, tmp_path: Any
) -> None:
    """Two processes on PostgreSQL, two requests on SQLite's one writer: many times, and each time somebody remains."""
    people = People(hall)
    second = people.new_role("second", "*")
    people.add("account_role", account_id=people.account("chen"), role_id=second["id"])
    (first_held,) = people.found("account_role", {"field": "account_id", "value": people.account("admin")})
    hall.settle()
    if engine.store.kind == "postgresql":
        (tmp_path / "other").mkdir()
        other = Engine(engine.url, tmp_path / "other", engine.clock)
        other.open(jobs=False)
    else:
        other = engine
    try:
        outcomes: list[str] = []
        gate = threading.Barrier(2)

        def take(where: Engine, name: str, verb: str, body: dict[str, Any]) -> None:
            with where.store.reading() as connection:
                who = ports.people.person(connection, id_of("staff", name))
            assert who is not None
            action = ACTIONS[verb]
            request = action.input.model_validate(body)
            gate.wait(30)
            try:
                where.store.submit(act_of(where, action, who, request, b"{}", f"{name}{verb}")).result(30)
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.code)

        threads = [
            threading.Thread(target=take, args=(engine, "admin", "people.lock", {"id": people.account("chen")})),
            threading.Thread(
                target=take,
                args=(other, "chen", "records.delete", {"type": "account_role", "id": first_held["id"]}),
            ),
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        assert sorted(outcomes) == ["done", "people.last_administrator"]
    finally:
        if other is not engine:
            other.close()
