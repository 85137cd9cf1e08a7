"""Everything that the hall's displays show can be read in the four languages, as drawn and on small screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running, unreadable


@pytest.mark.covers("QUE-936")
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["drawn", "smallest"])
def test_the_central_display_can_be_read(house: DemoHouse, tmp_path: Path, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    windows = [house.open(number) for number in (1, 3, 4, 2, 5)]
    token = house.device("led", zone=0)
    with Running(
        "led", tmp_path / "led", house, "--mute", "--old-after", "1", token=token, size=size, inspected=True
    ) as led:
        led.wait("Welcome", name="call")
        found["welcome"] = led.inspect()
        for number, place in enumerate(windows):
            house.ticket("AAABC"[number])
            house.post("queue.call_next", place)
        house.ticket("A")
        led.wait("Please go to the window", name="call")
        led.wait("A004", name="service_0")
        found["calls"] = led.inspect()
        house.kill()
        led.wait("Last call received", name="call")
        found["old"] = led.inspect()
    assert not unreadable(found), unreadable(found)


@pytest.mark.parametrize("size", [(1280, 320), (640, 128)], ids=["drawn", "smallest"])
def test_a_strip_can_be_read(house: DemoHouse, tmp_path: Path, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    token = house.device("led", window=3)
    with Running("led", tmp_path / "led", house, "--old-after", "1", token=token, size=size, inspected=True) as strip:
        strip.wait(name="strip")
        found["closed"] = strip.inspect()
        place = house.open(3)
        house.ticket("A")
        strip.wait("Open", name="strip")
        found["open"] = strip.inspect()
        for verb, words in (("call_next", "A001"), ("start", "A001"), ("finish", "Open")):
            house.post(f"queue.{verb}", place)
            strip.wait(words, name="strip")
            found[verb] = strip.inspect()
        house.post("queue.pause", {**place, "reason": "break"})
        strip.wait(name="strip")
        found["paused"] = strip.inspect()
        house.kill()
        found["old"] = strip.inspect()
    assert not unreadable(found), unreadable(found)
