"""An announcement from the editor's form to everybody's notice board, to a kiosk and out of sight again."""

from __future__ import annotations

import uuid
from pathlib import Path

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def test_one_is_written_published_seen_at_once_confirmed_and_taken_back(house: DemoHouse, tmp_path: Path) -> None:
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
        # Whoever wrote it sees who has read it.
        desk.press("go_records.announcement")
        desk.wait("Read by", name="record_tab.4")
        desk.press("record_tab.4")
        desk.wait("1 has read it", name="readers_said")
        made = house.http.post(
            "/api/records/announcement/query", json={"limit": 1}, headers={"Authorization": f"Bearer {house.token('admin')}"}
        ).json()["items"][0]  # fmt: skip
        assert made["text"] == {"en": "<p>Leave by the east stairs.</p>", "zh": "<p>请走东侧楼梯</p>"}

        with Running("kiosk", tmp_path / "kiosk", house, token=house.device("kiosk", zone=0)) as kiosk:
            kiosk.wait(name="question")
            assert not [one for one in kiosk.tree() if one["name"] == "news"], "an internal one is not for visitors"
            public = {"name": {"en": "The west entrance is closed"}, "text": {"en": "<p>Until noon.</p>"}, "on_kiosks": True,
                      "held": "2020-01-01/"}  # fmt: skip
            head = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
            made = house.http.post("/api/records/announcement", json=public, headers=head).json()["record"]
            house.post("content.publish", {"id": made["id"]}, who="admin")
            kiosk.wait("The west entrance is closed · Until noon.", name="news")
            house.post("content.withdraw", {"id": made["id"]}, who="admin")
            kiosk.wait(name="news", gone=True)
