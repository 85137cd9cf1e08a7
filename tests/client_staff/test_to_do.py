"""The one to-do list with a real server behind it, by keys; one hall, one program."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from server.demo.fill import id_of
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def words(en: str, zh: str, ru: str, fa: str) -> dict[str, str]:
    return {"en": en, "zh": zh, "ru": ru, "fa": fa}


LEAVE = {
    "nodes": [
        {
            "id": "start", "kind": "start", "name": words("Submit", "提交", "Подача", "ارسال"), "x": 0,
            "fields": {"days": "required"},
        },
        {
            "id": "check", "kind": "step", "name": words("Approve", "审批", "Согласовать", "تأیید"), "x": 200, "bulk": True,
            "holder": {"by": "chosen"}, "term": {"amount": 2, "unit": "days"}, "fields": {"days": "write"},
        },
        {"id": "end", "kind": "end", "name": words("Done", "完成", "Готово", "پایان"), "x": 400},
    ],
    "edges": [
        {"id": "a", "source": "start", "target": "check"},
        {"id": "b", "source": "check", "target": "end"},
    ],
    "fields": {"days": "number"},
    "labels": {"days": words("Days of leave", "请假天数", "Дней отпуска", "روزهای مرخصی")},
    "term": {"amount": 5, "unit": "days"},
}  # fmt: skip


def a_flow_is_published(house: DemoHouse) -> None:
    """A calendar that is always worked, and a flow with one step."""
    head = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    made = house.http.post(
        "/api/records/working_calendar", json={"name": {"en": "Always"}, "week": ALWAYS, "main": True}, headers=head
    )
    assert made.status_code == 200, made.text
    name = words("Leave", "请假", "Отпуск", "مرخصی")
    house.post("flows.save_draft", {"code": "leave", "name": name, "definition": LEAVE}, who="admin")
    house.post("flows.publish", {"code": "leave"}, who="admin")


def submitted(house: DemoHouse, subject: str) -> dict[str, Any]:
    """Anna submits something to the manager."""
    body = {
        "code": "leave", "subject": subject, "values": {"days": 6}, "chosen": {"check": str(id_of("staff", "manager"))},
    }  # fmt: skip
    return dict(house.post("to_do.submit", body, who="anna"))


def deadlines_that_move_are_listed(desk: Running, house: DemoHouse) -> None:
    """While the year is open a day in between becomes free: which deadlines that moves is said and listed."""
    desk.press("go_working_year")
    desk.wait("Always", name="year_calendar")
    desk.wait("working days", name="year_count")
    due = datetime.fromisoformat(house.post("to_do.list")["items"][0]["due_at"])
    body = {
        "calendar_id": calendar_of(house), "reason": "Decree 14",
        "days": [{"day": str((due - timedelta(hours=12)).date()), "kind": "holiday"}],
    }  # fmt: skip
    house.post("organisation.put_days", body, who="admin")
    desk.wait("6 deadlines moved", name="year_said_text")
    desk.press("year_moved")
    desk.wait("6 deadlines moved", name="moved_about")
    desk.wait("Leave 2", name="moved_table[0,0]")
    desk.press("moved_close")


def calendar_of(house: DemoHouse) -> str:
    head = {"Authorization": f"Bearer {house.token('admin')}"}
    return str(house.http.get("/api/records/working_calendar", head).json()["items"][0]["id"])


def test_a_managers_list_by_keys(house: DemoHouse, tmp_path: Path) -> None:
    a_flow_is_published(house)
    case = submitted(house, "Leave of Anna")
    with Running("staff", tmp_path / "manager", house) as desk:
        signed_in(desk, "manager")
        desk.wait("(1)", name="go_to_do")
        desk.press("go_to_do")
        desk.wait("Leave of Anna", name="to_do_table[0,1]")
        desk.wait("Leave of Anna", name="to_do_case")
        desk.wait("1 for you", name="to_do_count")
        assert "Approve" in desk.text("to_do_table[0,2]") and "Anna" in desk.text("to_do_table[0,5]")
        desk.wait("Approve: stands here", name="to_do_path")
        desk.wait("Submitted", name="to_do_opinion_0")
        # Why it is due then, day by day.
        desk.key("Alt+L")
        desk.wait("Begun", name="to_do_event_0")
        # What comes meanwhile appears by itself, and the place stays.
        for number in (2, 3, 4):
            submitted(house, f"Leave {number}")
        desk.wait("Leave 4", name="to_do_table[3,1]")
        desk.wait("(4)", name="go_to_do")
        assert "Leave of Anna" in desk.text("to_do_case")
        # Returned without words it is not.
        desk.key("Alt+R")
        desk.wait("Say why it goes back", name="to_do_case_said_text")
        desk.type("to_do_words", "Agreed, enjoy it")
        desk.press("to_do_table[0,1]")
        desk.key("Alt+A")
        desk.wait(name="ask_edit_value_days")
        desk.type("ask_edit_value_days", "5")
        desk.press("ask_do")
        desk.wait("Completed", name="to_do_said_text")
        desk.wait("Leave 2", name="to_do_table[0,1]")
        desk.wait("3 for you", name="to_do_count")
        # By words; then everything again.
        desk.type("to_do_search", "leave 3")
        desk.wait("Leave 3", name="to_do_table[0,1]")
        desk.type("to_do_search", "nothing of that kind")
        desk.wait("Nothing found", name="state_title")
        desk.press("to_do_clear")
        desk.wait("Leave 4", name="to_do_table[2,1]")
        # What is done stands in its list, with the opinion, and prints as one document.
        desk.press("to_do_table[0,1]")
        desk.key("Ctrl+PgUp")
        desk.wait("Leave of Anna", name="to_do_table[0,1]")
        desk.wait("Approved: ", name="to_do_opinion_1")
        desk.wait("Days of leave: 6 → 5", name="to_do_change_0")
        desk.key("Ctrl+P")
        desk.wait(name="save_path")
        target = tmp_path / "case.pdf"
        desk.type("fileNameEdit", str(target))
        desk.key("Return")
        desk.wait("Saved as case.pdf", name="to_do_said_text")
        assert target.read_bytes().startswith(b"%PDF")
        deadlines_that_move_are_listed(desk, house)
    done = house.post("to_do.list", {"kind": "done"}, who="anna")["items"]
    assert [one["number"] for one in done] == [case["number"]]
    view = house.post("flows.case", {"case_id": case["case_id"]}, who="anna")
    assert view["opinions"][-1]["opinion"] == "Agreed, enjoy it"
