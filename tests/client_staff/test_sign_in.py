"""Signing in at the workbench beyond name and password: another password first, a phone's codes, PIN and card."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from server.demo.hall import PASSWORD
from server.engine.access import totp
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.openid import CLIENT, SECRET, OpenIdProvider
from tests.ground.programs import Running


def account_of(house: DemoHouse, name: str) -> str:
    """The id of an account."""
    headers = {"Authorization": f"Bearer {house.token('admin')}"}
    query = {"conditions": [{"field": "sign_in_name", "value": name}]}
    found = house.http.post("/api/records/account/query", json=query, headers=headers).json()["items"]
    return str(found[0]["id"])


def code_now(house: DemoHouse, secret: str) -> str:
    """What a phone shows at the hall's time."""
    return totp.code_of(secret, totp.step_of(datetime.fromisoformat(house.http.get("/api/health").json()["now"])))


@pytest.mark.covers("COR-I06")
def test_after_a_reset_a_password_of_ones_own_is_chosen_first(house: DemoHouse, tmp_path: Path) -> None:
    house.post("people.reset_password", {"id": account_of(house, "anna"), "password": "given-by-admin"}, who="admin")
    with Running("staff", tmp_path / "anna", house) as desk:
        signed_in(desk, "anna")
        desk.wait("Name or password is wrong.", name="sign_in_refused_text")
        desk.type("password", "given-by-admin")
        desk.key("Return")
        desk.wait("Choose a password", name="sign_in_title")
        desk.type("new_password", "of-my-own-1")
        desk.key("Return")
        desk.type("again", "of-my-own-2")
        desk.key("Return")
        desk.wait("The two passwords differ.", name="sign_in_refused_text")
        desk.type("again", "short")
        desk.type("new_password", "short")
        desk.key("Return")
        desk.key("Return")
        desk.wait("8 characters", name="sign_in_refused_text")
        for field in ("new_password", "again"):
            desk.type(field, "of-my-own-1")
        desk.key("Return")
        desk.wait(name="choose_title")
    answer = house.http.post("/api/sign-in", json={"name": "anna", "password": "of-my-own-1"})
    assert answer.json()["must_change_password"] is False


@pytest.mark.covers("ADM-025")
def test_codes_of_a_phone_are_set_up_and_then_asked_for(house: DemoHouse, tmp_path: Path) -> None:
    house.post("settings.set", {"name": "people.second_factor", "value": "administrators"}, who="admin")
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait("Set up your phone", name="sign_in_title")
        secret = desk.text("phone_secret").replace(" ", "")
        assert f"secret={secret}" in desk.text("phone_picture")
        desk.type("phone_code", "000000")
        desk.key("Return")
        desk.wait("This code does not fit", name="sign_in_refused_text")
        desk.type("phone_code", code_now(house, secret))
        desk.key("Return")
        desk.wait("Keep these codes", name="sign_in_title")
        recovery = desk.text("recovery_4")
        desk.press("sign_in")
        desk.wait(name="choose_title")
    with Running("staff", tmp_path / "again", house) as desk:
        signed_in(desk, "admin")
        desk.wait("Confirm that it is you", name="sign_in_title")
        desk.type("code", "999999")
        desk.key("Return")
        desk.wait("This code does not fit", name="sign_in_refused_text")
        desk.press("sign_in_back")
        desk.wait(name="password")
        signed_in(desk, "admin")
        desk.wait(name="code")
        desk.type("code", recovery)
        desk.key("Return")
        desk.wait(name="choose_title")


def test_pin_and_card_are_offered_where_the_hall_allows_them(house: DemoHouse, tmp_path: Path) -> None:
    pc = house.device("staff_pc")
    house.post("people.set_pin", {"password": PASSWORD, "pin": "4711"}, who="anna")
    house.post("people.give_card", {"id": account_of(house, "anna"), "card": "04A23F91"}, who="admin")
    with Running("staff", tmp_path / "off", house, token=pc) as desk:
        desk.wait(name="sign_in")
        assert not [one for one in desk.tree() if one.get("name") in ("sign_in_by_pin", "sign_in_by_card")]
    house.post("settings.set", {"name": "people.short_sign_in", "value": "card_or_pin"}, who="admin")
    with Running("staff", tmp_path / "pin", house, token=pc) as desk:
        desk.wait(name="sign_in_by_pin")
        desk.press("sign_in_by_pin")
        desk.type("pin_name", "anna")
        desk.type("pin", "0000")
        desk.key("Return")
        desk.wait("Name or password is wrong.", name="sign_in_refused_text")
        desk.type("pin", "4711")
        desk.key("Return")
        desk.wait(name="choose_title")
    with Running("staff", tmp_path / "card", house, token=pc) as desk:
        desk.wait(name="sign_in_by_card")
        desk.press("sign_in_by_card")
        desk.type("card", "04:a2:3f:91")
        desk.key("Return")
        desk.wait(name="choose_title")


BROWSER = """#!{python}
import pathlib, sys, urllib.request
closed = pathlib.Path("{closed}")
if closed.exists():
    closed.open("a").write("x")
else:
    urllib.request.urlopen(sys.argv[1], timeout=20).read()
"""
"""Opens the address; while `closed` stands the person has closed the page at once, and a letter is left there."""


def page_closed(closed: Path, times: int) -> None:
    """Wait until the browser has come and gone so often."""
    end = time.monotonic() + 20
    while len(closed.read_text()) < times:
        assert time.monotonic() < end, "no browser was opened"
        time.sleep(0.05)


def test_a_provider_s_page_opens_in_the_browser_and_the_window_goes_on_by_itself(
    house: DemoHouse, tmp_path: Path
) -> None:
    def now() -> float:
        return datetime.fromisoformat(house.http.get("/api/health").json()["now"]).timestamp()

    closed, browser = tmp_path / "closed", tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable, closed=closed))
    browser.chmod(0o755)
    head = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": "provider"}
    clerk = {"conditions": [{"field": "name", "operator": "is", "value": "clerk"}]}
    role = house.http.post("/api/records/role/query", json=clerk, headers=head).json()["items"][0]["id"]
    with OpenIdProvider(now, {"s-nina": {"preferred_username": "nina", "name": "Nina Berg"}}) as provider:
        names = {"en": "National identity", "zh": "国家身份", "ru": "Госуслуги", "fa": "هویت ملی"}
        made = {"code": "nation", "name": names, "issuer": provider.issuer, "client_id": CLIENT, "symbol": "hall",
                "newcomers_id": role, "leaves_too": True}  # fmt: skip
        kept = house.http.post("/api/records/identity_provider", json=made, headers=head).json()["record"]["id"]
        house.post("people.set_provider_secret", {"id": kept, "secret": SECRET}, who="admin")
        provider.at_page = ""
        with Running("staff", tmp_path / "nina", house, environment={"BROWSER": str(browser)}) as desk:
            desk.wait("National identity", name="sign_in_at_nation")
            desk.press("sign_in_at_nation")
            desk.wait("You were not signed in at National identity", name="sign_in_refused_text")
            closed.touch()
            provider.at_page = "s-nina"
            desk.wait("National identity", name="sign_in_at_nation")
            desk.press("sign_in_at_nation")
            desk.wait("Sign in with your browser", name="sign_in_title")
            page_closed(closed, 1)
            desk.press("sign_in_back")
            desk.wait("National identity", name="sign_in_at_nation")
            desk.press("sign_in_at_nation")
            desk.wait("Sign in with your browser", name="sign_in_title")
            page_closed(closed, 2)
            closed.unlink()
            desk.press("sign_in")
            desk.wait(name="choose_title")
            desk.wait("Nina Berg", name="top_person")
            desk.press("sign_out")
            desk.wait("National identity", name="sign_in_at_nation")
            assert provider.left.wait(10), "signing out here signs out there as well"
            provider.stop()
            desk.press("sign_in_at_nation")
            desk.wait("National identity does not answer", name="sign_in_refused_text")
            signed_in(desk, "anna")
            desk.wait(name="choose_title")
            provider.start(provider.port)
