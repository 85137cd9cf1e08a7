"""The designer of displays: parts are placed by keys and numbers, seen as the displays draw them, saved with the layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from client_staff.screens.display_layout_draft import Arrangement
from common.protocol.queue_display import ACROSS, DOWN, LEAST, arrangements, usual_parts
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

ALL = {"earlier": True, "queues": True, "ticker": True}


def test_a_drag_is_one_step_back_and_the_usual_arrangement_is_none_of_its_own() -> None:
    one = Arrangement([], ALL)
    assert one.values() == [] and not one.dirty and not one.can_undo
    one.choose(2)
    for _ in range(3):
        one.move(0, 1)
    one.rest()
    one.grow(-2, 0)
    assert one.part is not None and (one.part.kind, one.part.y, one.part.width) == ("earlier", 5, 10)
    assert ("overlap", 3) in one.faults
    one.undo()
    one.undo()
    assert not one.dirty and not one.can_undo and one.can_redo
    one.redo()
    assert one.dirty and len(one.values()) == 5
    one.reset()
    assert not one.dirty and one.can_undo


def test_parts_are_added_where_there_is_room_and_some_only_once() -> None:
    one = Arrangement(arrangements()["call_alone"], ALL)
    assert not one.may_add("call") and not one.may_add("ticker") and one.may_add("picture")
    one.choose(1)
    one.change("width", width=20)
    one.add("clock")
    assert one.part is not None and one.part.kind == "clock" and one.faults == []
    one.add("earlier")
    assert one.faults == [] and not one.may_add("earlier")
    one.choose(1)
    one.remove()
    assert ("no_call", 0) in one.faults
    one.use(usual_parts())
    assert one.values() == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "grow"]), st.integers(-40, 40), st.integers(-40, 40)), max_size=12
)  # fmt: skip


@given(STEPS, st.integers(0, 4))
def test_whatever_is_dragged_stays_on_the_screen_and_large_enough(
    steps: list[tuple[str, int, int]], chosen: int
) -> None:
    one = Arrangement([], ALL)
    one.choose(chosen)
    for what, across, down in steps:
        getattr(one, what)(across, down)
    part = one.part
    assert part is not None
    assert part.width >= LEAST[part.kind][0] and part.height >= LEAST[part.kind][1]
    assert part.x + part.width <= ACROSS and part.y + part.height <= DOWN
    assert not {code for code, _place in one.faults} & {"outside", "small"}
    while one.can_undo:
        one.undo()
    assert not one.dirty


def layouts(house: DemoHouse) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {house.token('admin')}"}
    return list(house.http.get("/api/records/display_layout?limit=50", headers=headers).json()["items"])


def test_an_arrangement_is_made_by_keys_and_saved_with_its_layout(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_records.display_layout")
        desk.press("go_records.display_layout")
        desk.wait(name="records_new")
        desk.press("records_new")
        desk.wait(name="edit_name")
        desk.type("edit_name", "Two lists")
        desk.wait(name="display_arrange")
        desk.press("display_arrange")
        desk.wait("> header 0 0 32 2", name="display_canvas")
        desk.ask("choose", name="designer_begin", text="List of calls large")
        desk.wait("earlier 0 2 14 15", name="display_canvas")
        desk.key("Tab")
        desk.wait("> earlier 0 2 14 15", name="display_canvas")
        # One cell to the end: it lies over the call then, says so, and cannot be taken over.
        desk.key("Right")
        desk.wait("> earlier 1 2 14 15", name="display_canvas")
        desk.wait("The call lies over another part.", name="designer_wrong")
        desk.key("Shift+Left")
        desk.wait("> earlier 1 2 13 15", name="display_canvas")
        desk.key("Ctrl+Z")
        desk.key("Ctrl+Z")
        desk.wait("> earlier 0 2 14 15", name="display_canvas")
        desk.key("Ctrl+Y")
        desk.key("Ctrl+Y")
        desk.wait("> earlier 1 2 13 15", name="display_canvas")
        desk.press("designer_remove")
        desk.press("designer_add")
        desk.wait(name="part_kind_text")
        desk.press("part_kind_text")
        desk.wait("> text 0 2 12 3", name="display_canvas")
        desk.type("designer_height", "8")
        desk.key("Return")
        desk.wait("> text 0 2 12 8", name="display_canvas")
        desk.press("designer_take")
        desk.wait(name="display_canvas", gone=True)
        desk.press("form_save")
        desk.wait("Two lists", name="record_title")
        (kept,) = layouts(house)
        assert [(one["kind"], one.get("x", 0), one["width"]) for one in kept["parts"]] == [
            ("header", 0, 32), ("call", 14, 18), ("queues", 14, 18), ("ticker", 0, 32), ("text", 0, 12),
        ]  # fmt: skip
        assert not kept["parts"][-1]["text"]["zh"].isascii(), "a greeting in the hall's languages to begin with"
        desk.wait(name="display_usual")
        desk.press("display_usual")
        desk.wait(name="display_usual", gone=True)
        desk.press("form_save")
        desk.wait(name="form_save", gone=True)
        assert layouts(house)[0]["parts"] in (None, [])
