"""An announcement from the editor's form to everybody's notice board."""

from __future__ import annotations

from pathlib import Path

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def test_one_is_written_published_seen_at_once_and_confirmed(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "staff", house) as desk:
        signed_in(desk, "admin")
        desk.wait("", name="unread")
        desk.wait(name="go_records.announcement")
        desk.press("go_records.announcement")
        desk.wait(name="records_new")
        desk.press("records_new")
        desk.wait(name="edit_text")
        desk.type("edit_name", "Fire drill")
        desk.type("edit_text", "Leave by the east stairs.")
        desk.press("edit_text_zh")
        desk.type("edit_text", "请走东侧楼梯")
        desk.type("edit_held", "2020-01-01")
        desk.press("edit_confirm")
        desk.key("Ctrl+S")
        desk.wait("Fire drill", name="record_title")
        desk.wait("Publish", name="act_content.publish")
        desk.press("act_content.publish")
        # It is on the bell at once, and says so.
        desk.wait("1", name="unread")
        desk.press("unread")
        desk.wait("Fire drill", name="announcement_title")
        desk.wait("please confirm", name="announcements_table[0,1]")
        desk.wait("Leave by the east stairs.", name="announcement_text")
        desk.type("announcements_search", "nothing of the kind")
        desk.wait("Nothing is found", name="announcements_nothing")
        desk.type("announcements_search", "east")
        desk.wait("Fire drill", name="announcement_title")
        desk.press("announcement_confirm")
        desk.wait("You have read this", name="announcement_said")
        desk.wait("read", name="announcements_table[0,1]")
