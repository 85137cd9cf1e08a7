"""The page of settings, with a real server behind it: found by typing, changed, refused in words, taken back."""

from __future__ import annotations

from pathlib import Path

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

WORDS = "undone for"


def test_a_setting_is_found_changed_refused_and_taken_back(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_settings")
        desk.press("go_settings")
        desk.wait(name="settings_table[0,0]")
        desk.key("F1")
        desk.wait("Save", name="keys_table[1,1]")
        desk.key("Escape")
        desk.wait(name="keys_table[1,1]", gone=True)
        desk.type("settings_search", WORDS)
        desk.wait("Finish and no-show can be undone for", name="settings_table[0,0]")
        desk.press("settings_table[0,0]")
        desk.wait("Built in: 60", name="setting_limits")
        desk.type("edit_value", "9999")
        desk.press("setting_save")
        desk.wait("600", name="setting_fault")
        desk.type("edit_value", "90")
        desk.key("Ctrl+S")
        desk.wait("90", name="settings_table[0,1]")
        desk.wait("The whole server", name="settings_table[0,2]")
        desk.wait("Olga Stern", name="setting_past")
        desk.press("setting_take_back")
        desk.wait("60", name="settings_table[0,1]")
        desk.wait("Built in", name="settings_table[0,2]")
