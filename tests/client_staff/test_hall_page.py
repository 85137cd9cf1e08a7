"""The hall manager's page with a real server: the plan, warnings, and what is ordered from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.link.driving import NotSeen
from server.demo.fill import id_of
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


@pytest.mark.covers("QUE-925")
def test_the_hall_is_seen_and_ordered_from_one_page(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1, "anna")
    one = {"window_id": str(id_of("window", 1))}
    house.open(6, "chen")
    house.post("settings.set", {"name": "queue.warn_hold", "level": "system", "value": 0}, who="admin")
    for prefix in "AABD":
        house.ticket(prefix)
    house.post("queue.call_next", one, who="anna")
    with Running("staff", tmp_path / "m", house) as desk:
        signed_in(desk, "manager")
        desk.wait(name="go_hall", seconds=15)
        desk.press("go_hall")
        # Who, what, in which state; a closed window says so in words.
        desk.wait("Calling\nAnna Petrova\nA001", name="tile_1")
        desk.wait("Closed\nNobody signed in", name="tile_2")
        desk.wait("1", name="queues_table[0,2]")
        house.post("queue.pause", {"window_id": str(id_of("window", 6)), "reason": "meal"}, who="chen")
        desk.wait("Paused\nChen Wei\nMeal", name="tile_6")

        # A forgotten sign-in ends with a reason; its ticket stays with the window until it is given back.
        desk.press("tile_1")
        desk.press("hall_log_out")
        desk.wait("Sign Anna Petrova out?", name="reason_title")
        desk.press("reason_yes")
        desk.wait("Write a few words first", name="reason_hint")
        desk.type("reason_line", "went home")
        desk.press("reason_yes")
        desk.wait("Ticket kept", name="tile_1")
        desk.press("hall_release")
        desk.wait("Closed", name="tile_1")
        desk.wait("2", name="queues_table[0,2]")

        # Nobody serves A any more: its tickets move in a batch to what is open.
        desk.wait("People wait, no window is open", name="queues_table[0,6]")
        desk.wait("Identity cards", name="alert_0_about", seconds=20)
        desk.press("queues_table[0,1]")
        desk.press("hall_move")
        desk.wait("Where do 2 tickets of Identity cards go?", name="move_title")
        desk.wait("Business licences", name="move_targets[0,1]")
        desk.type("move_reason", "nobody is left")
        desk.press("move_take")
        desk.wait("2 tickets moved to Business licences", name="hall_said_text")
        desk.wait("3", name="queues_table[3,2]")

        # A service off the kiosks and back, a zone silent and loud.
        desk.press("queues_table[3,1]")
        desk.press("hall_switch")
        desk.wait(name="reason_line")
        desk.type("reason_line", "no forms")
        desk.press("reason_yes")
        desk.wait("Taken off the kiosks", name="queues_table[3,6]")
        desk.press("hall_switch")
        desk.wait("On the kiosks", name="queues_table[3,6]")
        desk.press("zone_0_silent")
        desk.wait("Calls are silent", name="zone_0_silent")

        # The hall's state asks once; the stop asks for a word, and Enter alone stops nothing.
        desk.press("hall_last_tickets")
        desk.wait("Everybody who waits is still served", name="hall_question_text")
        desk.type("hall_sentence_en", "No more tickets today")
        desk.press("hall_question_yes")
        desk.wait("Now: Last tickets", name="hall_state")
        desk.wait("No more tickets today", name="hall_sentence")
        desk.press("hall_stopped")
        desk.wait("Stop the whole hall?", name="hall_question_title")
        desk.press("hall_question_yes")
        desk.wait(name="stop_title")
        with pytest.raises(NotSeen, match="disabled"):
            desk.press("stop_yes")
        desk.key("Return")
        desk.wait(name="stop_title", gone=True)
        assert house.post("queue.hall")["state"] == "last_tickets"
        desk.press("hall_stopped")
        desk.wait(name="hall_question_title")
        desk.press("hall_question_yes")
        desk.wait(name="stop_title")
        desk.type("stop_line", "stop")
        desk.press("stop_yes")
        desk.wait("Now: Stopped", name="hall_state")
        desk.press("hall_auto")
        desk.wait(name="hall_question_title")
        desk.press("hall_question_yes")
        desk.wait("Now: Open", name="hall_state")

        # Warnings that ended are looked up by words and taken along; who gets no ticket is one press away.
        desk.wait("Identity cards", name="alert_0_about", gone=True, seconds=20)
        desk.press("alerts_earlier")
        desk.wait("Identity cards", name="warnings_table[0,1]")
        desk.wait("2", name="warnings_table[0,4]")
        desk.type("warnings_search", "nothing like that")
        desk.wait("No warning ended", name="warnings_none")
        desk.type("warnings_search", "identity")
        desk.wait("People wait and no window is open", name="warnings_table[0,0]")
        desk.press("warnings_export")
        desk.wait(name="fileNameEdit")
        desk.type("fileNameEdit", str(tmp_path / "warnings.xlsx"))
        desk.key("Return")
        desk.wait("Saved as", name="warnings_said_text")
        desk.press("go_hall")
        desk.wait(name="hall_restrictions")

        # Who may supervise holds a second window, and the F-keys belong to the one in front.
        desk.press("go_counter")
        for number in (1, 2):
            desk.wait(name="windows_table[1,0]")
            desk.press(f"windows_table[{number - 1},0]")
            desk.press("open_window")
            desk.wait(f"Window {number}", name="top_window")
            if number == 1:
                desk.press("another_window")
        desk.wait("Window 2", name="held_windows.1")
        desk.press("held_windows.0")
        desk.wait("Window 1", name="top_window")
        desk.key("F9")
        desk.wait(name="pause_break")
        desk.press("pause_break")
        desk.wait("Paused", name="strip_above")
        states = {w["label"]: w["state"] for w in house.post("queue.windows")["windows"]}
        assert (states["1"], states["2"]) == ("paused", "free")
        desk.press("leave_window")
        desk.wait("Window 2", name="top_window")

        # Without the server the plan is old and says so; nothing can be ordered.
        desk.press("go_hall")
        desk.wait("Now: Open", name="hall_state")
        house.kill()
        desk.wait("this is the hall as of", name="hall_old")
        with pytest.raises(NotSeen, match="disabled"):
            desk.press("hall_closed")
