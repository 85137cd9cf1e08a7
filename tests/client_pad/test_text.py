"""Every page of the pad can be read in the four languages, as drawn and on a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running, unreadable


@pytest.mark.parametrize("size", [(1280, 800), (800, 480)], ids=["drawn", "smallest"])
def test_every_page_can_be_read(house: DemoHouse, tmp_path: Path, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    place = house.open(3, "anna")
    token = house.device("pad", window=3)
    with Running("pad", tmp_path / "new", house, size=size, inspected=True) as pad:
        pad.wait(name="digits")
        found["joining"] = pad.inspect()
    with Running("pad", tmp_path / "pad", house, token=token, size=size, inspected=True) as pad:
        pad.wait("Anna Petrova", name="staff_name")
        found["card"] = pad.inspect()
        house.ticket("A")
        house.post("queue.call_next", place, who="anna")
        pad.wait("A001", name="called_number")
        found["called"] = pad.inspect()
        house.post("queue.finish", place, who="anna")
        pad.wait(name="rating_question")
        found["rating"] = pad.inspect(two=("grade_",))
        house.post("queue.pause", {**place, "reason": "break"}, who="anna")
        pad.wait(name="rest_title")
        found["paused"] = pad.inspect()
        house.post("queue.resume", place, who="anna")
        house.post("queue.pause", {**place, "reason": "back_office"}, who="anna")
        pad.wait("Your papers", name="rest_title")
        found["back office"] = pad.inspect()
        house.post("queue.close_window", place, who="anna")
        pad.wait("Nobody is at window 3", name="rest_title")
        found["nobody"] = pad.inspect()
        house.kill()
        pad.wait(name="connection_text")
        found["without the server"] = pad.inspect()
    assert not unreadable(found), unreadable(found)
