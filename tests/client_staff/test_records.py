"""Lists and forms of records as a clerk meets them: a kind that is declared in one file of the tests, the real program
against a real server."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

KIND = "fault_report"
THINGS = ("Ticket printer", "Scanner", "Window display", "Air conditioner", "Card reader", "Ceiling lamp")


class RepairsHouse(DemoHouse):
    """A demo hall whose server knows fault reports."""

    PROGRAM = "tests.client_staff.hall_with_repairs"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request of the administrator's that must succeed."""
        headers = {"Authorization": f"Bearer {self.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
        answer = self.http.request(method, path, None if body is None else json.dumps(body), headers)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def rows(self) -> list[dict[str, Any]]:
        """All fault reports, the last one first."""
        return list(self.ask("GET", f"/api/records/{KIND}?limit=500")["items"])

    def report(self, equipment: str, **more: Any) -> dict[str, Any]:
        """Make a fault report."""
        made = self.ask("POST", f"/api/records/{KIND}", {"equipment": equipment, "urgency": "normal", **more})
        return dict(made["record"])

    def change(self, record: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Change one behind the back of whoever looks at it."""
        return dict(self.ask("PATCH", f"/api/records/{KIND}/{record['id']}", changes)["record"])


@pytest.fixture(scope="module")
def hall(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RepairsHouse]:
    """One server for all of these."""
    folder = tmp_path_factory.mktemp("repairs") / "server"
    shutil.copytree(demo_data, folder)
    with RepairsHouse(folder) as made:
        yield made


@pytest.fixture
def house(hall: RepairsHouse) -> RepairsHouse:
    """The hall with six fault reports, the last one first in the list."""
    for row in hall.rows():
        hall.ask("DELETE", f"/api/records/{KIND}/{row['id']}?reason=over")
    for number, thing in enumerate(THINGS, 1):
        hall.report(thing, cost=number * 1000, window_id=str(id_of("window", number)))
    return hall


def at_list(house: RepairsHouse, folder: Path, name: str = "admin", **more: Any) -> Running:
    """Somebody in front of the list of fault reports."""
    desk = Running("staff", folder / name, house, **more)
    signed_in(desk, name)
    desk.wait(name=f"go_records.{KIND}")
    desk.press(f"go_records.{KIND}")
    desk.wait("F-0", name="records_table[0,1]")
    return desk


def test_found_sorted_changed_refused_saved_and_seen_in_its_history(house: RepairsHouse, tmp_path: Path) -> None:
    with at_list(house, tmp_path) as desk:
        desk.wait("6 entries", name="list_count")
        desk.wait("Cost: 210.00", name="list_sums")
        desk.type("records_search", "printer")
        desk.wait("1 entry", name="list_count")
        desk.wait("Ticket printer", name="record_title")
        # The amount in another country's way of writing: said beside the field, nothing is lost.
        desk.type("edit_cost", "12,50")
        desk.key("Tab")
        desk.wait("Write it as 12.50.", name="wrong_cost")
        desk.key("Ctrl+S")
        desk.wait("Cost: Write it as 12.50.", name="form_errors")
        desk.type("edit_cost", "12.50")
        desk.wait("1 unsaved", name="form_unsaved")
        # What only the server knows to be wrong comes back to its field.
        desk.type("edit_equipment", "Moon")
        desk.wait("2 unsaved", name="form_unsaved")
        desk.key("Ctrl+S")
        desk.wait("Money is never paid for Moon", name="wrong_equipment")
        desk.type("edit_equipment", "Ticket printer, kiosk 2")
        desk.key("Ctrl+S")
        desk.wait("Saved.", name="form_said_text")
        desk.wait("12.50", name="records_table[0,6]")
        desk.press("record_tab.1")
        desk.wait("Ticket printer | Ticket printer, kiosk 2", name="history_all")
        assert "Cost | 10.00 | 12.50" in desk.text("history_all")
        assert "Olga Stern · changed" in desk.text("history_all")


def test_sorted_filtered_grouped_and_kept_as_a_search(house: RepairsHouse, tmp_path: Path) -> None:
    house.report("Door", urgency="urgent", why_urgent="It is open", cost=99_900)
    with at_list(house, tmp_path) as desk:
        desk.press("records_table[0,6]")
        desk.key("Alt+Up")
        desk.wait("Ticket printer", name="records_table[0,2]")
        desk.press("condition_add")
        desk.wait(name="condition_field")
        desk.ask("choose", name="condition_field", text="Cost")
        desk.ask("choose", name="condition_operator", text="up to")
        desk.type("edit_cost_asked", "30")
        desk.press("condition_apply")
        desk.wait("3 entries", name="list_count")
        desk.wait("Cost", name="condition_0")
        desk.press("search_save")
        desk.wait(name="search_name")
        desk.type("search_name", "Cheap")
        desk.press("search_take")
        desk.wait("Cheap", name="searches.1")
        desk.press("searches.0")
        desk.wait("7 entries", name="list_count")
        desk.press("searches.1")
        desk.wait("3 entries", name="list_count")
        desk.press("condition_0_drop")
        desk.wait("7 entries", name="list_count")
        desk.press("records_table[0,3]")
        desk.key("Shift+F10")
        desk.wait(name="column_group")
        desk.press("column_group")
        desk.wait("Normal", name="groups_table[0,0]")
        assert desk.text("groups_table[0,1]") == "6" and desk.text("groups_table[1,2]") == "999.00"
        desk.ask("press", name="groups_table[1,0]", twice=True)
        desk.wait("1 entry", name="list_count")
        desk.wait("Door", name="records_table[0,2]")


def test_whoever_saves_second_sees_both_values(house: RepairsHouse, tmp_path: Path) -> None:
    with at_list(house, tmp_path) as desk:
        record = house.rows()[0]
        desk.wait("Ceiling lamp", name="record_title")
        desk.type("edit_equipment", "Lamp of hall 1")
        desk.wait("1 unsaved", name="form_unsaved")
        house.change(record, equipment="Lamp of hall 2", cost=100)
        desk.wait("Theirs, Olga Stern", name="theirs_equipment")
        assert "Lamp of hall 2" in desk.text("theirs_equipment")
        desk.key("Ctrl+S")
        desk.wait("Choose yours or theirs.", name="wrong_equipment")
        # What only the other side changed is here already; mine is still mine.
        assert desk.text("edit_equipment") == "Lamp of hall 1" and desk.text("edit_cost") == "1.00"
        desk.press("keep_equipment")
        desk.wait(name="theirs_equipment", gone=True)
        desk.key("Ctrl+S")
        desk.wait("Saved.", name="form_said_text")
        now = house.ask("GET", f"/api/records/{KIND}/{record['id']}")
        assert (now["equipment"], now["cost"]) == ("Lamp of hall 1", 100)


def test_a_draft_survives_a_crash_and_a_lost_server(house: RepairsHouse, tmp_path: Path) -> None:
    desk = at_list(house, tmp_path)
    desk.wait("Ceiling lamp", name="record_title")
    desk.type("edit_equipment", "Lamp over window 6")
    desk.type("edit_caller", "+49 30 1234567")
    desk.wait("2 unsaved", name="form_unsaved")
    end = time.monotonic() + 5
    while not list((tmp_path / "admin").rglob("fault_report~*.json")) and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.4)
    kept = "".join(path.read_text() for path in (tmp_path / "admin").rglob("fault_report~*.json"))
    assert "Lamp over window 6" in kept and "1234567" not in kept  # protected values never lie on the disk
    desk.kill()
    with at_list(house, tmp_path) as again:
        again.wait("What you had not saved is here again.", name="form_said_text")
        assert again.text("edit_equipment") == "Lamp over window 6"
        house.kill()
        again.wait("No server since", name="connection")
        again.press("form_save")
        again.wait("kept on this PC", name="form_said_text", seconds=15)
        house.start()
        again.wait("Connected", name="connection")
        again.press("form_save")
        again.wait("Saved.", name="form_said_text")
        again.wait("Lamp over window 6", name="records_table[0,2]")


def test_deleted_with_a_reason_and_restored(house: RepairsHouse, tmp_path: Path) -> None:
    with at_list(house, tmp_path) as desk:
        desk.wait("Ceiling lamp", name="record_title")
        desk.press("records_table[0,1]")
        desk.key("Delete")
        desk.wait(name="reason_dialog")
        desk.type("reason", "Double")
        desk.press("reason_do")
        desk.wait("5 entries", name="list_count")
        desk.press("records_more")
        desk.wait(name="records_deleted")
        desk.press("records_deleted")
        desk.wait("Ceiling lamp", name="records_table[0,2]")
        desk.wait("deleted", name="record_kind")
        desk.press("record_tab.1")
        desk.wait("“Double”", name="history_all")
        desk.press("record_menu")
        desk.wait(name="record_restore")
        desk.press("record_restore")
        desk.wait(name="reason_dialog")
        desk.type("reason", "No double at all")
        desk.press("reason_do")
        desk.wait(name="record_restore", gone=True)
        desk.press("condition_more_0_drop")
        desk.wait("6 entries", name="list_count")


def test_buttons_ask_what_the_action_wants_and_say_what_it_refuses(house: RepairsHouse, tmp_path: Path) -> None:
    with at_list(house, tmp_path) as desk:
        desk.wait("Ceiling lamp", name="record_title")
        assert not desk.ask("wait", name="act_repairs.mend", seconds=5)["seen"]["enabled"]
        desk.press("act_repairs.accept")
        desk.wait(name="ask_dialog")
        desk.press("ask_do")
        desk.wait("This is needed.", name="ask_wrong_by")
        desk.type("ask_edit_by", "nobody")
        desk.press("ask_do")
        desk.wait("Name somebody.", name="ask_wrong_by")
        desk.type("ask_edit_by", "Ivan")
        desk.press("ask_do")
        desk.wait("Accept: done.", name="form_said_text")
        desk.wait("Accepted", name="records_table[0,4]")
        desk.press("act_repairs.mend")
        desk.wait("Is it really mended?", name="ask_question")
        desk.press("ask_do")
        desk.wait("Mended", name="records_table[0,4]")
        # Several at once: each is an action of its own, those in another state are not touched.
        desk.press("records_table[0,0]")
        desk.press("records_table[1,0]")
        desk.press("records_table[2,0]")
        desk.wait("3 ticked", name="bulk_count")
        desk.wait("of 3 ticked: 150.00", name="list_sums")
        desk.press("bulk_repairs.accept")
        desk.wait(name="ask_dialog")
        desk.type("ask_edit_by", "Olga")
        desk.press("ask_do")
        desk.wait("2 of 3 accepted", name="list_said_text")
        desk.wait("1 ticked", name="bulk_count")
        desk.press("records_table[1,0]")
        desk.press("bulk_change")
        desk.wait(name="change_dialog")
        desk.ask("choose", name="change_field", text="Urgency")
        desk.ask("choose", name="change_edit_urgency", text="Low")
        desk.press("change_take")
        desk.wait("2 entries are changed.", name="list_said_text")
        desk.wait("Low", name="records_table[1,3]")


def test_changes_of_others_are_seen_and_the_place_is_kept(house: RepairsHouse, tmp_path: Path) -> None:
    with at_list(house, tmp_path) as desk:
        rows = house.rows()
        desk.press("records_table[2,1]")
        desk.wait("Air conditioner", name="record_title")
        house.change(rows[0], equipment="Lamp, broken")
        desk.wait("Lamp, broken", name="records_table[0,2]")
        house.report("Chair")
        desk.wait("1 new", name="list_fresh")
        assert desk.text("records_table[0,2]") == "Lamp, broken"
        assert "Air conditioner" in desk.text("record_title")
        desk.press("list_fresh")
        desk.wait("Chair", name="records_table[0,2]")
        assert "Air conditioner" in desk.text("record_title")


def test_who_may_only_see_gets_no_keys_to_change(house: RepairsHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "m", house) as desk:
        signed_in(desk, "manager")
        desk.wait(name="go_records.window")
        assert not [one for one in desk.tree() if one["name"] == f"go_records.{KIND}"]
        desk.type("navigation_search", "staff memb")
        desk.key("Return")
        desk.wait("Staff members", name="records_title")
        desk.wait(name="read_staff_number")
        names = {one["name"] for one in desk.tree()}
        assert "records_new" not in names and "edit_staff_number" not in names


def test_by_keyboard_alone(house: RepairsHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "k", house) as desk:

        def write(text: str) -> None:
            for letter in text:
                desk.key("Space" if letter == " " else letter)

        signed_in(desk, "admin")
        desk.wait(name=f"go_records.{KIND}")
        desk.key("Ctrl+K")
        desk.wait(name="palette_line")
        write("new fault report")
        desk.wait("New: Fault report", name="palette_list[1,0]")
        desk.key("Return")
        desk.wait("New: Fault report", name="record_title")
        desk.key("Ctrl+S")
        desk.wait("Equipment: This is needed.", name="form_errors")
        write("fan heater")  # the first wrong field has the focus
        desk.key("Tab")
        desk.key("End")  # the last choice: urgent
        desk.wait(name="edit_why_urgent")
        desk.key("Tab")
        write("hot")
        desk.key("Ctrl+S")
        desk.wait("Saved.", name="form_said_text")
        desk.wait("fan heater", name="records_table[0,2]")
        desk.key("Ctrl+1")
        desk.key("Down")
        desk.wait("Ceiling lamp", name="record_title")
        desk.key("Return")
        desk.key("Ctrl+Tab")
        desk.wait("Olga Stern · made", name="history_all")
        desk.key("Ctrl+1")
        desk.key("/")
        desk.wait(name="condition_dialog")
        desk.key("Escape")
        desk.wait(name="condition_dialog", gone=True)
        desk.key("Ctrl+1")  # without a desktop nobody gives the window back its activity before its next key
        desk.key("Ctrl+F")
        write("scanner")
        desk.key("Return")
        desk.wait("1 entry", name="list_count")
        desk.wait("Scanner", name="record_title")
        desk.key("F1")
        desk.wait("find in the list", name="keys_table[0,1]")
        desk.key("Escape")
        desk.wait(name="keys_table", gone=True)
        desk.key("Ctrl+1")
        desk.key("Ctrl+K")
        desk.wait(name="palette_line")
        write("#anna petrova")
        desk.wait("Anna Petrova", name="palette_list[1,0]")
        desk.key("Return")
        desk.wait("Staff members", name="records_title")
        desk.wait("Anna Petrova", name="record_title")
