"""The organisation chart with a real server behind it: made, given, moved and taken back by keys, refused, logged, saved."""

from __future__ import annotations

from pathlib import Path

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def test_the_chart_is_built_moved_taken_back_and_saved_by_keys(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_org_chart")
        desk.press("go_org_chart")
        desk.wait("Treasury", name="chart_unit")
        # A department below another one.
        desk.press(text="Treasury")
        desk.wait("Treasury", name="chart_side_title")
        desk.key("Ctrl+N")
        desk.wait(name="ask_dialog")
        desk.type("ask_edit_name", "Archive")
        desk.press("ask_do")
        desk.wait("Archive", name="chart_side_title")
        desk.wait("Treasury", name="chart_fact")
        # A post in it, empty at first, then given to somebody who is found by name.
        desk.key("Ctrl+Shift+N")
        desk.wait(name="ask_dialog")
        desk.type("ask_edit_name", "Archivist")
        desk.press("ask_do")
        desk.wait("Archivist | nobody", name="chart_post")
        desk.wait("Archivist", name="chart_side_title")
        desk.key("Ctrl+G")
        desk.wait(name="ask_dialog")
        desk.type("ask_edit_staff_member_id", "Chen")
        desk.wait("Chen Wei", name="found_staff_member_id[0,0]")
        desk.key("Return")
        desk.press("ask_do")
        desk.wait("Archivist | Chen Wei", name="chart_post")
        # Nobody deletes a post that somebody holds.
        desk.key("Del")
        desk.wait(name="question_yes")
        desk.press("question_yes")
        desk.wait("Chen Wei still holds this post", name="chart_said_text")
        # Found by the name of whoever holds it; moved to another department, which says what goes with it, and back.
        desk.type("chart_search", "chen")
        desk.wait("Archivist", name="chart_side_title")
        desk.key("Down")
        desk.key("Ctrl+X")
        desk.wait("Archivist is taken up", name="chart_carried")
        desk.press(text="Civil registry")
        desk.key("Ctrl+V")
        desk.wait("It is held by", name="question_text")
        desk.press("question_yes")
        desk.wait("Saved.", name="chart_said_text")
        desk.press(text="Archivist")
        desk.wait("Civil registry", name="chart_fact")
        desk.key("Ctrl+Z")
        desk.wait("Taken back", name="chart_said_text")
        desk.wait("Archive", name="chart_fact")
        # Under itself it goes nowhere, and nothing is asked.
        desk.press(text="Treasury")
        desk.key("Ctrl+X")
        desk.press(text="Archive")
        desk.key("Ctrl+V")
        desk.wait("lie under itself", name="chart_said_text")
        # Its own log, latest first.
        desk.press("chart_as_log")
        desk.wait("Archivist", name="chart_log[0,3]")
        desk.wait("Olga Stern", name="chart_log[0,1]")
        assert "Civil registry" in desk.text("chart_log[0,5]") and "Archive" in desk.text("chart_log[0,5]")
        desk.press("chart_as_log")
        # On paper.
        desk.wait("Archivist", name="chart_post")
        desk.key("Ctrl+E")
        desk.wait(name="save_path")
        target = tmp_path / "chart.pdf"
        desk.type("fileNameEdit", str(target))
        desk.key("Return")
        desk.wait("Saved as chart.pdf", name="chart_said_text")
        assert target.read_bytes().startswith(b"%PDF")
