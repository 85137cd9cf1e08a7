"""Pages of people and rights and the working calendar with a real server behind them, by keys; one hall, one program."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.link.driving import NotSeen
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def opened(desk: Running, page: str) -> None:
    """A page of the navigation, by its name."""
    desk.wait(name=f"go_{page}")
    desk.press(f"go_{page}")


def rights_are_published_with_a_reason(desk: Running, house: DemoHouse) -> None:
    """A clerk's right is widened; nothing holds before it is published, and what would lock the house is refused."""
    opened(desk, "roles")
    desk.wait("All", name="roles_grid[1,0]")
    desk.type("roles_search", "figures")
    desk.wait("Only differences", name="roles_differing")
    desk.type("roles_search", "")
    desk.press("roles_grid[4,2]")
    desk.wait("Clerk", name="roles_side_title")
    desk.wait("Anna Petrova", name="roles_about")
    before = desk.text("roles_grid[4,2]")
    desk.key("H")
    desk.wait("Hall", name="roles_grid[4,2]")
    desk.wait("1 change, not published", name="roles_side_title")
    desk.wait("Anna Petrova", name="roles_about")
    desk.key("Ctrl+Z")
    desk.wait(before, name="roles_grid[4,2]")
    desk.key("O")
    # Without a reason it is not sent.
    desk.key("Ctrl+S")
    desk.wait("Say why", name="roles_said_text")
    desk.type("roles_reason", "Order 14")
    desk.key("Return")
    desk.wait("Published", name="roles_said_text")
    clerk = next(one for one in house.post("people.rights", who="admin")["roles"] if one["name"] == "clerk")
    assert "own" in clerk["levels"].values()
    # The last administrator's everything stays: the server refuses, what was typed stays.
    desk.press("roles_grid[1,0]")
    desk.key("Del")
    desk.type("roles_reason", "A slip")
    desk.key("Return")
    desk.wait("At least one administrator", name="roles_said_text")
    desk.press("roles_discard")
    desk.wait("All", name="roles_grid[1,0]")
    # Why somebody may do something.
    desk.key("Ctrl+Y")
    desk.wait(name="why_said")
    desk.type("edit_why_account", "anna")
    desk.wait("anna", name="found_why_account[0,0]")
    desk.key("Return")
    desk.wait("role Clerk", name="why_table[0,3]")
    desk.press("why_close")


def days_are_painted_and_published(desk: Running, house: DemoHouse) -> None:
    """A calendar is made, filled from a country, painted over a span by keys, and what it changes is told before."""
    opened(desk, "working_year")
    desk.wait(name="year_first")
    desk.press("year_first")
    desk.wait(name="ask_edit_name")
    desk.type("ask_edit_name", "Office")
    desk.press("ask_do")
    desk.wait("Office", name="year_calendar")
    desk.wait("working days", name="year_count")
    desk.press("year_seed")
    desk.wait(name="ask_edit_country")
    desk.ask("choose", name="ask_edit_country", text="Russia")
    desk.press("ask_do")
    desk.wait("days would be set", name="question_text")
    desk.press("question_yes")
    desk.wait("Filled", name="year_said_text")
    desk.press("year_after")
    desk.wait("2027", name="year_number")
    desk.wait("worked", name="day_2027-03-02")
    desk.press("day_2027-03-02")
    desk.key("Shift+Right")
    desk.key("Shift+Right")
    desk.key("H")
    desk.wait("holiday", name="day_2027-03-04")
    desk.wait("3 days, not published", name="year_moves")
    desk.wait("Working days between them: 3, then 0", name="year_moves")
    desk.key("Ctrl+Z")
    desk.wait("worked", name="day_2027-03-04")
    desk.press("day_2027-03-05")
    desk.key("S")
    desk.wait("short", name="day_2027-03-05")
    desk.type("year_hours", "08:00-11:00")
    desk.key("Return")
    desk.wait("Hours of work between them: 7, then 3", name="year_moves")
    desk.key("Ctrl+S")
    desk.wait("Published", name="year_said_text")
    calendar = house.http.get(
        "/api/records/working_calendar", {"Authorization": f"Bearer {house.token('admin')}"}
    ).json()["items"][0]
    shown = house.post("organisation.calendar_year", {"calendar_id": calendar["id"], "year": 2027}, who="admin")
    assert next(one for one in shown["days"] if one["day"] == "2027-03-05")["periods"] == [["08:00", "11:00"]]


def mandates_are_answered(desk: Running, house: DemoHouse) -> None:
    """What the manager offers is accepted, and given back."""
    roles = {one["name"]: one["id"] for one in house.post("people.rights", who="admin")["roles"]}
    house.post(
        "people.offer_mandate",
        {
            "taker_id": str(id_of("staff", "admin")), "roles": [roles["hall_manager"]],
            "starts_at": "2020-01-01T08:00:00Z", "ends_at": "2090-01-01T08:00:00Z",
        },
    )  # fmt: skip
    opened(desk, "mandates")
    desk.wait("1 waits for your answer", name="mandates_count")
    desk.wait("Hall manager", name="mandates_table[0,2]")
    desk.press("mandates_table[0,1]")
    desk.key("Ctrl+Return")
    desk.wait("Accepted", name="mandates_table[0,5]")
    desk.key("Ctrl+D")
    desk.wait("Declined", name="mandates_table[0,5]")


def sessions_are_seen_and_ended(desk: Running, house: DemoHouse) -> None:
    """The guide is signed in somewhere; the administrator ends that, and finds it in the log."""
    house.token("guide")
    opened(desk, "online_users")
    desk.wait("Lin Yue", name="online_table[0,0]")
    desk.type("online_search", "lin yue")
    desk.wait("127.0.0.1", name="online_table[0,2]")
    desk.press("online_table[0,0]")
    desk.key("Del")
    desk.wait(name="question_yes")
    desk.press("question_yes")
    desk.wait("The session has ended", name="online_said_text")
    assert house.send("people.own", who="guide").status_code == 401
    opened(desk, "sign_in_log")
    desk.type("sign_in_log_name", "guide")
    desk.wait("Signed in", name="sign_in_log_table[0,1]")
    with pytest.raises(NotSeen):
        desk.wait("admin", name="sign_in_log_table[0,2]", seconds=0.5)


def the_own_account_is_kept(desk: Running) -> None:
    """The own PIN and password; what does not fit is said in the dialog, which stays."""
    opened(desk, "me")
    desk.wait("None.", name="me_pin_state")
    desk.press("me_pin")
    desk.wait(name="secret_pin")
    desk.type("secret_password", "guess")
    desk.type("secret_pin", "7351")
    desk.press("secret_do")
    desk.wait("The present password is wrong", name="secret_said_text")
    desk.type("secret_password", PASSWORD)
    desk.press("secret_do")
    desk.wait("Set.", name="me_pin_state")
    desk.press("me_codes")
    desk.wait("otpauth://totp/", name="me_qr")
    desk.type("secret_code", "000000")
    desk.press("secret_do")
    desk.wait("This code does not fit", name="secret_said_text")
    desk.press("secret_cancel")
    desk.press("me_password")
    desk.wait(name="secret_present")
    desk.type("secret_present", PASSWORD)
    desk.type("secret_password", "another-1")
    desk.type("secret_again", "another-2")
    desk.press("secret_do")
    desk.wait("differ", name="secret_said_text")
    desk.type("secret_again", "another-1")
    desk.press("secret_do")
    desk.wait("The password is changed", name="me_said_text")


def test_an_administrators_morning_on_the_pages_of_people_and_calendar(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        rights_are_published_with_a_reason(desk, house)
        days_are_painted_and_published(desk, house)
        mandates_are_answered(desk, house)
        sessions_are_seen_and_ended(desk, house)
        the_own_account_is_kept(desk)
