"""A pad as a citizen and a clerk meet it: the real program against a real server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from common.link.driving import NotSeen
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def served(house: DemoHouse, place: dict[str, str]) -> str:
    """A ticket is called and finished at the window; gives its number."""
    house.ticket("A")
    number = str(house.post("queue.call_next", place, who="anna")["ticket"]["number"])
    house.post("queue.start", place, who="anna")
    house.post("queue.finish", place, who="anna")
    return number


def ratings(house: DemoHouse) -> list[str]:
    """The grades of all ratings, as the manager lists them."""
    headers = {"Authorization": f"Bearer {house.token('manager')}"}
    return [row["grade"] for row in house.http.get("/api/records/rating", headers=headers).json()["items"]]


@pytest.mark.covers("EVA-007", "EVA-017", "EVA-021", "EVA-901", "EVA-902")
def test_the_card_the_number_four_keys_thanks_and_the_card_again(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(3, "anna")
    with Running("pad", tmp_path / "pad", house, token=house.device("pad", window=3)) as pad:
        pad.wait("Anna Petrova", name="staff_name")
        assert "104" in pad.text("staff_post") and pad.text("window_number") == "3"
        with pytest.raises(NotSeen):
            pad.press("grade_satisfied")
        house.ticket("A")
        house.post("queue.call_next", place, who="anna")
        pad.wait("A001", name="called_number")
        assert pad.text("called_to") == "Please come to window 3"
        house.post("queue.start", place, who="anna")
        pad.wait(name="staff_name")
        house.post("queue.finish", place, who="anna")
        pad.wait(name="rating_question")
        assert "A001" in pad.text("rating_about")
        began = time.monotonic()
        pad.press("grade_satisfied")
        pad.press("grade_dissatisfied")  # a second touch, on another key, in the moment the first is being seen
        pad.wait("Thank you", name="thanks_title")
        pad.wait("Anna Petrova", name="staff_name")
        assert 2.5 < time.monotonic() - began < 6
        assert ratings(house) == ["satisfied"]


@pytest.mark.covers("EVA-904", "QUE-903")
def test_a_rating_without_the_server_is_kept_over_a_power_cut_and_sent_once(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(3, "anna")
    token = house.device("pad", window=3)
    pad = Running("pad", tmp_path / "pad", house, token=token)
    served(house, place)
    pad.wait(name="rating_question")
    house.kill()
    pad.press("grade_very_satisfied")
    pad.wait("Thank you", name="thanks_title")
    pad.kill()
    house.start()
    assert ratings(house) == []
    with Running("pad", tmp_path / "pad", house, token=token) as again:
        again.wait("Anna Petrova", name="staff_name")
        end = time.monotonic() + 10
        while not ratings(house) and time.monotonic() < end:
            time.sleep(0.05)
        assert ratings(house) == ["very_satisfied"]


@pytest.mark.covers("EVA-005", "EVA-006", "EVA-915", "EVA-919")
def test_pause_back_office_and_nobody_there_are_said_in_words(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(3, "anna")
    with Running("pad", tmp_path / "pad", house, token=house.device("pad", window=3), language="zh") as pad:
        pad.wait("安娜", name="staff_name")
        house.post("queue.pause", {**place, "reason": "break"}, who="anna")
        pad.wait("暂停服务", name="rest_title")
        house.kill()
        house.start()
        pad.wait("暂停服务", name="rest_title")
        house.post("queue.resume", place, who="anna")
        pad.wait("安娜", name="staff_name")
        house.post("queue.pause", {**place, "reason": "back_office"}, who="anna")
        pad.wait("后台处理中", name="rest_title")
        house.post("queue.close_window", place, who="anna")
        pad.wait("无人值守", name="rest_title")
        assert pad.text("hall_name") == "椴树街政务大厅"


def test_a_pad_that_nobody_knows_shows_six_digits_and_joins(house: DemoHouse, tmp_path: Path) -> None:
    house.open(3, "anna")
    with Running("pad", tmp_path / "pad", house) as pad:
        pad.wait(name="digits")
        digits = pad.text("digits")
        (asks,) = house.post("devices.pending", who="admin")["items"]
        assert asks["digits"] == digits
        place = {"window_id": house.open(3, "anna")["window_id"]}
        house.post("devices.accept", {"request_id": asks["request_id"], "digits": digits, **place}, who="admin")
        pad.wait("Anna Petrova", name="staff_name")
