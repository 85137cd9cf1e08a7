"""Where rights come from: roles of the account, of its groups, of posts, single permissions, mandates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.server.conftest import HandClock
from tests.server.people.conftest import People, staff


@pytest.mark.covers("ADM-003", "ADM-004", "COR-031", "COR-032", "COR-033", "COR-034")
def test_rights_come_by_role_by_group_and_alone_and_go_with_them(people: People) -> None:
    assert "devices.edit" not in people.may("anna")
    anna = people.account("anna")
    role = people.new_role("caretaker", "devices.see", "devices.edit")
    held = people.add("account_role", account_id=anna, role_id=role["id"])
    assert "devices.edit" in people.may("anna"), "at once, in the session that runs"
    inside = people.found("account_role", {"field": "role_id", "operator": "is", "value": role["id"]})
    assert [row["account_id"] for row in inside] == [anna]
    assert people.request("DELETE", f"account_role/{held['id']}").status_code == 200
    assert "devices.edit" not in people.may("anna")
    again = people.add("account_role", account_id=anna, role_id=role["id"])
    people.request("DELETE", f"account_role/{again['id']}")

    group = people.add("role_group", name={"en": "House"}, roles=[role["id"]])
    member = people.add("account_group", account_id=anna, role_group_id=group["id"])
    assert "devices.edit" in people.may("anna")
    more = people.new_role("press", "searches.share")
    assert people.request("PATCH", f"role_group/{group['id']}", {"roles": [more["id"]]}).status_code == 200
    assert {"searches.share"} == people.may("anna") & {"searches.share", "devices.edit"}
    assert people.request("DELETE", f"account_group/{member['id']}").status_code == 200
    assert "searches.share" not in people.may("anna")

    grant = people.add("account_grant", account_id=anna, permission="queue.day", level="outlet")
    assert "queue.day" in people.may("anna")
    people.refused(people.request("POST", "account_grant", {"account_id": anna, "permission": "no.such"}),
                   "people.unknown_permission")  # fmt: skip
    assert people.request("DELETE", f"account_grant/{grant['id']}").status_code == 200
    assert "queue.day" not in people.may("anna")


@pytest.mark.covers("ADM-007", "ADM-015")
def test_a_post_gives_its_rights_to_whoever_holds_it_today(people: People, clock: HandClock) -> None:
    role = people.new_role("caretaker", "devices.see", "devices.edit")
    post = people.add("post", name={"en": "Caretaker"}, department_id=id_of("department", 0), roles=[role["id"]])
    for held, holds in (("2026-03-01/2026-03-01", False), ("2026-03-03/", False), ("2026-03-02/2026-03-02", True)):
        people.add("post_holder", post_id=post["id"], staff_member_id=staff("anna"), held=held)
        assert ("devices.edit" in people.may("anna")) is holds, held
    new = {"name": "nina", "password": "first-secret", "full_name": {"en": "Nina"}, "roles": [], "post_id": post["id"]}
    people.hall.post("people.add_account", new, who="admin")
    people.enters("nina", "first-secret")
    people.hall.post("people.change_password", {"present": "first-secret", "password": "second-secret"}, who="nina")
    assert people.may("nina") == {"devices.see", "devices.edit"}
    assert people.request("PATCH", f"post/{post['id']}", {"roles": []}).status_code == 200
    assert people.may("nina") == set()


def test_nobody_gives_what_he_does_not_hold(people: People) -> None:
    role = people.new_role("keeper", "people.see", "people.edit", "organisation.see", "organisation.edit", "queue.see",
                           **{"queue.see": "outlet"})  # fmt: skip
    anna = people.account("anna")
    people.add("account_role", account_id=anna, role_id=role["id"])
    administrator = people.role("administrator")
    ask = people.request
    refusals = [
        ask("POST", "account_role", {"account_id": anna, "role_id": administrator["id"]}, who="anna"),
        ask("PATCH", f"role/{role['id']}", {"permissions": ["*"]}, who="anna"),
        ask("PATCH", f"role/{role['id']}", {"levels": {}}, who="anna"),
        ask("POST", "account_grant", {"account_id": anna, "permission": "devices.edit"}, who="anna"),
        ask("POST", "role_group", {"name": {"en": "All"}, "roles": [administrator["id"]]}, who="anna"),
        ask("POST", "post", {"name": {"en": "Boss"}, "department_id": str(id_of("department", 0)),
                             "roles": [administrator["id"]]}, who="anna"),
    ]  # fmt: skip
    for answer in refusals:
        people.refused(answer, "people.beyond_own")
    boss = people.add("post", name={"en": "Boss"}, department_id=id_of("department", 0), roles=[administrator["id"]])
    holder = {"post_id": boss["id"], "staff_member_id": staff("anna"), "held": "2026-03-01/"}
    people.refused(ask("POST", "post_holder", holder, who="anna"), "people.beyond_own")
    new = {"name": "nina", "password": "first-secret", "roles": ["administrator"]}
    assert people.hall.refused("people.add_account", new, who="anna") == "people.beyond_own"
    assert people.may("anna") < people.may("admin")


@pytest.mark.covers("ADM-022")
def test_a_mandate_must_be_taken_lends_what_its_giver_holds_and_lapses_by_itself(
    people: People, clock: HandClock
) -> None:
    hall = people.hall
    manager = people.role("hall_manager")
    offer: dict[str, Any] = {
        "taker_id": staff("anna"), "roles": [manager["id"]], "starts_at": clock.now() + timedelta(minutes=1),
        "ends_at": clock.now() + timedelta(hours=2),
    }  # fmt: skip
    assert hall.refused("people.offer_mandate", {**offer, "taker_id": staff("manager")}) == "people.mandate_to_oneself"
    assert hall.refused("people.offer_mandate", {**offer, "ends_at": clock.now()}) == "people.mandate_over"
    alien = {**offer, "roles": [people.role("administrator")["id"]]}
    assert hall.refused("people.offer_mandate", alien) == "people.not_your_role"
    mandate = {"id": hall.post("people.offer_mandate", offer)["id"]}
    clock.forward(minutes=5)
    assert "queue.supervise" not in people.may("anna"), "offered is not taken"
    assert hall.refused("people.accept_mandate", mandate, who="chen") == "people.not_your_mandate"
    assert hall.refused("people.accept_mandate", mandate) == "people.not_your_mandate"
    hall.post("people.accept_mandate", mandate, who="anna")
    assert "queue.supervise" in people.may("anna")
    assert [m["state"] for m in people.found("mandate", who="anna")] == ["accepted"]
    assert people.found("mandate", who="chen") == [], "it is others' business"

    # The giver loses a role: the mandate loses it.
    named = {"field": "account_id", "operator": "is", "value": people.account("manager")}
    (held,) = people.found("account_role", named)
    people.request("DELETE", f"account_role/{held['id']}")
    assert "queue.supervise" not in people.may("anna")
    people.add("account_role", account_id=people.account("manager"), role_id=manager["id"])
    assert "queue.supervise" in people.may("anna")

    clock.forward(hours=3)
    hall.engine.tokens.forget()  # a principal is held for three seconds of real time
    assert "queue.supervise" not in people.may("anna"), "lapsed"
    assert hall.refused("people.withdraw_mandate", mandate, who="anna") == "people.not_your_mandate"
    hall.post("people.withdraw_mandate", mandate)
    assert hall.refused("people.decline_mandate", mandate, who="anna") == "people.mandate_answered"


def test_whoever_takes_a_mandate_meets_the_rows_of_its_giver(people: People, clock: HandClock) -> None:
    """A giver of another department: the taker meets that department's rows by this right, and no more of others."""
    from server.engine.ports import ports

    people.add("account_grant", account_id=people.account("anna"), permission="queue.day", level="own")
    role = people.new_role("head", "queue.day", "alerts.see", **{"queue.day": "department", "alerts.see": "department"})
    people.add("account_role", account_id=people.account("chen"), role_id=role["id"])
    offer = {"taker_id": staff("anna"), "roles": [role["id"]], "starts_at": clock.now(),
             "ends_at": clock.now() + timedelta(hours=2)}  # fmt: skip
    mandate = people.hall.post("people.offer_mandate", offer, who="chen")
    people.hall.post("people.accept_mandate", {"id": mandate["id"]}, who="anna")
    with people.hall.engine.store.reading() as connection:
        anna = ports.people.person(connection, id_of("staff", "anna"), clock.now())
    assert anna is not None and anna.may("alerts.see")
    assert anna.level("queue.day") == "own", "her own right reaches no farther than before"
    (giver,) = anna.lent
    assert (giver.id, giver.level("queue.day")) == (id_of("staff", "chen"), "department")
    assert giver.places["department"] == (id_of("department", 1),)


@pytest.mark.covers("ADM-014")
def test_who_is_appraised_is_marked_and_found(people: People) -> None:
    assert people.request("PATCH", f"staff_member/{staff('anna')}", {"appraised": False}).status_code == 200
    marked = people.found("staff_member", {"field": "appraised", "operator": "is", "value": True})
    assert len(marked) == 19 and staff("anna") not in [one["id"] for one in marked]


def test_a_substitute_stands_in_for_a_period(people: People) -> None:
    from datetime import date

    from server.engine.ports import ports

    values = {"person_id": staff("anna"), "substitute_id": staff("chen"), "held": "2026-03-02/2026-03-06"}
    people.add("substitute", **values)
    people.refused(people.request("POST", "substitute", {**values, "substitute_id": staff("anna")}),
                   "people.substitute_of_oneself")  # fmt: skip
    with people.hall.engine.store.reading() as connection:
        stands_in = [
            ports.people.substitute(connection, id_of("staff", "anna"), date(2026, 3, d)) for d in (1, 2, 6, 7)
        ]
    assert stands_in == [None, id_of("staff", "chen"), id_of("staff", "chen"), None]
