"""The grid of rights: what roles give and who holds them, several published at once, and why somebody may do something."""

from __future__ import annotations

from typing import Any

import pytest

from server.demo.hall import PASSWORD
from tests.server.people.conftest import People, staff


def grid(people: People) -> dict[str, Any]:
    """All rights, roles and kinds of record."""
    return dict(people.hall.post("people.rights", {}, who="admin"))


def change(role: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A role as it is to be published."""
    kept = {n: role[n] for n in ("id", "version", "permissions", "levels", "hidden_fields")}
    return {**kept, **values}


def publish(people: People, *roles: dict[str, Any], reason: str = "Order 14", who: str = "admin") -> Any:
    """The raw answer."""
    return people.hall.send("people.publish_roles", {"roles": list(roles), "reason": reason}, who=who)


@pytest.mark.covers("ADM-003", "ADM-004")
def test_the_grid_says_what_roles_give_who_holds_them_and_what_opens_which_records(people: People) -> None:
    shown = grid(people)
    roles = {one["name"]: one for one in shown["roles"]}
    assert {"clerk", "hall_manager", "administrator"} <= roles.keys()
    assert roles["clerk"]["levels"]["queue.see"] == "outlet" and len(roles["clerk"]["holders"]) == 16
    kinds = {one["name"]: one for one in shown["kinds"]}
    assert kinds["department"]["operations"]["edit"] == "organisation.edit"
    assert kinds["ticket"]["scoped"] and "number" in kinds["ticket"]["fields"]
    assert "password_hash" not in kinds["account"]["fields"]
    rights = {one["name"]: one for one in shown["rights"]}
    assert "department.edit" in rights["organisation.edit"]["governs"] and rights["queue.call"]["module"] == "queue"
    # A post brings its holder the role, and is named as the way.
    home = people.add("department", name={"en": "Archive"})
    post = people.add("post", name={"en": "Archivist"}, department_id=home["id"], roles=[roles["auditor"]["id"]])
    people.add("post_holder", post_id=post["id"], staff_member_id=staff("anna"), held="2026-01-01/")
    auditors = next(one for one in grid(people)["roles"] if one["name"] == "auditor")["holders"]
    assert ("post", "Archivist") in [(one["by"], one["through"].get("en")) for one in auditors]
    assert people.hall.send("people.rights", {}, who="anna").status_code == 200, "the auditor's rights came by the post"
    assert people.hall.send("people.rights", {}, who="chen").status_code == 403


def test_several_roles_are_published_at_once_or_none(people: People) -> None:
    roles = {one["name"]: one for one in grid(people)["roles"]}
    clerk, guide = roles["clerk"], roles["guide"]
    more = change(
        clerk, permissions=[*clerk["permissions"], "queue.day"], levels={**clerk["levels"], "queue.day": "own"}
    )
    hidden = change(guide, hidden_fields=["staff_member.mobile"])
    # The second of two is wrong: the first has not changed either.
    people.refused(publish(people, more, change(guide, hidden_fields=["staff_member.soul"])), "people.unknown_field")
    people.refused(publish(people, more, change(guide, permissions=["no.such"])), "people.unknown_permission")
    people.refused(publish(people, more, reason=" "), "people.why_these_rights")
    assert "queue.day" not in people.may("anna")
    assert publish(people, more, hidden).status_code == 200
    assert "queue.day" in people.may("anna")
    now = {one["name"]: one for one in grid(people)["roles"]}
    assert now["clerk"]["levels"]["queue.day"] == "own" and now["guide"]["hidden_fields"] == ["staff_member.mobile"]
    past = people.request("GET", f"role/{clerk['id']}/history").json()["items"]
    assert past[0]["reason"] == "Order 14"
    # Somebody was quicker.
    people.refused(publish(people, more), "records.changed_meanwhile")


def test_nobody_gives_what_he_has_not_and_the_last_administrator_stays(people: People) -> None:
    roles = {one["name"]: one for one in grid(people)["roles"]}
    people.refused(
        publish(people, change(roles["administrator"], permissions=["people.see"])), "people.last_administrator"
    )
    keeper = people.new_role("keeper", "people.see", "people.edit")
    people.add("account_role", account_id=people.account("anna"), role_id=keeper["id"])
    mine = next(one for one in grid(people)["roles"] if one["name"] == "keeper")
    wider = change(mine, permissions=[*mine["permissions"], "queue.hall"])
    people.refused(publish(people, wider, who="anna"), "people.beyond_own")


def test_what_may_somebody_do_and_why(people: People) -> None:
    account = people.account("anna")
    people.add("account_grant", account_id=account, permission="queue.day", level="own")
    group = people.add("role_group", name={"en": "Front"}, roles=[people.role("guide")["id"]])
    people.add("account_group", account_id=account, role_group_id=group["id"])
    told = people.hall.post("people.what_may", {"account_id": account}, who="admin")
    held = {one["permission"]: one for one in told["held"]}
    assert held.keys() == people.may("anna")
    assert [(way["by"], way["level"]) for way in held["queue.day"]["ways"]] == [("grant", "own")]
    assert {(way["by"], way["through"].get("en")) for way in held["queue.issue"]["ways"]} == {
        ("role", None), ("group", "Front"),
    }  # fmt: skip
    assert held["queue.see"]["level"] == "outlet"
    assert people.hall.send("people.what_may", {"account_id": account}, who="anna").status_code == 403


@pytest.mark.covers("COR-013")
def test_the_own_account_is_seen_and_kept_by_oneself(people: People) -> None:
    people.enters("anna")
    first = people.hall._tokens["anna"]
    people.enters("anna")
    own = people.hall.post("people.own", {}, who="anna")
    assert own["account"] == "anna" and len(own["sessions"]) == 2 and not own["card"] and not own["pin"]
    here, there = sorted(own["sessions"], key=lambda one: not one["own"])
    assert here["own"] and not there["own"]
    for verb, given in (("set_card", {"card": "04 A1 B2"}), ("set_pin", {"pin": "8351"})):
        people.refused(
            people.hall.send(f"people.{verb}", {"password": "guess", **given}, who="anna"), "people.password_wrong"
        )
        people.hall.post(f"people.{verb}", {"password": PASSWORD, **given}, who="anna")
    people.refused(
        people.hall.send("people.set_card", {"password": PASSWORD, "card": "04A1B2"}, who="chen"), "people.card_taken"
    )
    people.hall.post("people.prefer", {"language": "fa"}, who="anna")
    own = people.hall.post("people.own", {}, who="anna")
    assert own["card"] and own["pin"] and own["language"] == "fa"
    # Another's session is not one's own to end; one's own other one is.
    others = people.hall.post("people.own", {}, who="chen")["sessions"][0]["session"]
    people.refused(people.hall.send("people.end_own_session", {"session": others}, who="anna"), "people.session_gone")
    people.hall.post("people.end_own_session", {"session": there["session"]}, who="anna")
    answer = people.hall.http.post("/api/access/me", json={}, headers={"Authorization": f"Bearer {first}"})
    assert answer.status_code == 401
    people.hall.post("people.change_password", {"present": PASSWORD, "password": "another-1"}, who="anna")
    people.enters("anna", "another-1")
