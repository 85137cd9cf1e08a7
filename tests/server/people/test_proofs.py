"""What proves somebody beside the password: a phone's codes, recovery codes, PIN and card at the hall's own PCs."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from server.demo.hall import PASSWORD
from server.engine.access import totp
from tests.ground.serving import Answer
from tests.server.conftest import HandClock
from tests.server.people.conftest import People


def with_codes(people: People, name: str) -> tuple[str, list[str]]:
    """Somebody has set the codes up; gives the key and the recovery codes."""
    hall = people.hall
    begun = hall.post("people.begin_second_factor", who=name)
    secret = parse_qs(urlparse(begun["uri"]).query)["secret"][0]
    assert secret == begun["secret"]
    confirm = {"secret": secret, "code": totp.code_of(secret, totp.step_of(hall.engine.clock.now()))}
    return secret, hall.post("people.confirm_second_factor", confirm, who=name)["codes"]


def code(people: People, secret: str) -> str:
    """What the phone shows."""
    return totp.code_of(secret, totp.step_of(people.hall.engine.clock.now()))


@pytest.mark.covers("ADM-025")
def test_a_sign_in_asks_for_the_code_and_each_code_serves_once(people: People, clock: HandClock) -> None:
    hall = people.hall
    wrong = {"secret": totp.new_secret(), "code": "000000"}
    assert hall.refused("people.confirm_second_factor", wrong, who="admin") == "people.code_wrong"
    assert (
        hall.refused("people.confirm_second_factor", {**wrong, "secret": "0" * 20}, who="admin") == "people.code_wrong"
    )
    secret, recovery = with_codes(people, "admin")
    people.refused(people.enter("admin"), "access.code_needed")
    people.refused(people.enter("admin", "guess", code=code(people, secret)), "access.wrong_credentials")
    used = code(people, secret)
    people.refused(people.enter("admin", code=used), "access.code_wrong")
    clock.forward(seconds=30)
    fresh = code(people, secret)
    people.enters("admin", code=f"{fresh[:3]} {fresh[3:]}")
    people.refused(people.enter("admin", code=fresh), "access.code_wrong")
    clock.forward(minutes=2)
    people.enters("admin", code=recovery[3].upper())
    people.refused(people.enter("admin", code=recovery[3]), "access.code_wrong")
    with hall.engine.store.reading() as connection:
        for table in ("account", "audit", "notice", "action_key"):
            kept = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert secret not in kept and recovery[0] not in kept, table
    # The phone and the list are lost: somebody else takes the codes away.
    people.add("account_role", account_id=people.account("chen"), role_id=people.role("administrator")["id"])
    hall.post("people.take_codes_away", {"id": people.account("admin")}, who="chen")
    assert people.enter("admin").status_code == 200


def test_guesses_at_codes_are_slowed_down(people: People) -> None:
    with_codes(people, "admin")
    for _ in range(4):
        people.refused(people.enter("admin", code="000000"), "access.code_wrong")
    people.refused(people.enter("admin", code="000000"), "access.slow_down")


def test_who_must_give_codes_sets_them_up_first(people: People, clock: HandClock) -> None:
    people.may("admin")
    clock.forward(minutes=1)
    people.setting("people.second_factor", "administrators")
    assert "people.edit" in people.may("admin"), "the session that runs goes on"
    assert people.enters("anna")["must_set_second_factor"] is False
    assert people.enters("admin")["must_set_second_factor"] is True
    assert people.may("admin") == set()
    assert people.hall.refused("people.online", who="admin") == "access.denied"
    secret, _ = with_codes(people, "admin")
    assert "people.edit" in people.may("admin")
    clock.forward(minutes=1)
    assert people.enters("admin", code=code(people, secret))["must_set_second_factor"] is False
    people.setting("people.second_factor", "everybody")
    assert people.enters("chen")["must_set_second_factor"] is True


def short(people: People, device: str | None, **given: Any) -> Answer:
    """A short sign-in, at a device or from anywhere."""
    headers = {"Authorization": f"Bearer {people.hall._tokens[device]}"} if device else {}
    return people.hall.http.post("/api/sign-in/short", json=given, headers=headers)


def test_card_and_pin_serve_at_the_hall_s_pcs_where_it_allows_them_after_the_password_of_the_day(
    people: People, clock: HandClock
) -> None:
    hall = people.hall
    pc = hall.device("staff_pc")
    pin = {"name": "anna", "pin": "4711"}

    def ways(device: str | None) -> dict[str, bool]:
        headers = {"Authorization": f"Bearer {hall._tokens[device]}"} if device else {}
        return dict(hall.http.get("/api/sign-in/ways", headers=headers).json())

    hall.sign_in("anna")
    assert hall.refused("people.set_pin", {"password": "guess", "pin": "4711"}, who="anna") == "people.password_wrong"
    assert hall.refused("people.set_pin", {"password": PASSWORD, "pin": "1111"}, who="anna") == "people.pin_plain"
    assert hall.refused("people.set_pin", {"password": PASSWORD, "pin": "47a1"}, who="anna") == "request.invalid"
    hall.post("people.set_pin", {"password": PASSWORD, "pin": "4711"}, who="anna")
    hall.post("people.give_card", {"id": people.account("anna"), "card": "04:A2:3f:91"}, who="admin")
    taken = {"id": people.account("chen"), "card": "04A23F91"}
    assert hall.refused("people.give_card", taken, who="admin") == "people.card_taken"

    people.refused(short(people, pc, **pin), "access.short_off")
    assert ways(pc) == {"card": False, "pin": False, "providers": []}
    people.setting("people.short_sign_in", "card_or_pin")
    assert ways(pc) == {"card": True, "pin": True, "providers": []}
    assert ways(None) == {"card": False, "pin": False, "providers": []}
    people.refused(short(people, None, **pin), "access.short_elsewhere")
    people.refused(
        short(people, hall.device("pad", window_id=hall.window(1)["window_id"]), **pin), "access.short_elsewhere"
    )
    assert short(people, pc, **pin).json()["person"]["account"] == "anna"
    assert short(people, pc, card="04a23f91").json()["person"]["account"] == "anna"
    people.refused(short(people, pc, **{**pin, "pin": "4712"}), "access.wrong_credentials")
    people.refused(short(people, pc, name="chen", pin="4711"), "access.wrong_credentials")
    people.refused(short(people, pc, card="unknown"), "access.wrong_credentials")

    clock.forward(days=1)
    people.refused(short(people, pc, **pin), "access.password_first")
    people.enters("anna")
    assert short(people, pc, **pin).status_code == 200
    people.setting("people.short_sign_in", "card")
    people.refused(short(people, pc, **pin), "access.short_off")
    with hall.engine.store.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM account").all())
    assert "04A23F91" not in kept and "4711" not in kept
