"""Displays as the hall sees and hears them: the real program against a real server."""

from __future__ import annotations

import io
import json
import time
import uuid
from pathlib import Path

import pytest
from PIL import Image

from common.devices import wave_facts
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def picture() -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 20), "#167245").save(kept, "PNG")
    return kept.getvalue()


def waves(folder: Path, count: int, seconds: float = 20) -> list[Path]:
    """The announcements kept in a folder, once there are so many."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = sorted(folder.glob("*.wav")) if folder.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{len(found)} announcements, not {count}")


@pytest.mark.covers("QUE-027", "QUE-028", "QUE-029", "QUE-030", "QUE-915")
def test_two_calls_at_once_are_shown_and_spoken_one_after_the_other(house: DemoHouse, tmp_path: Path) -> None:
    first, second = house.open(1), house.open(2)
    kept = tmp_path / "wav"
    options = ("--keep-announcements", str(kept))
    with Running("led", tmp_path / "led", house, *options, token=house.device("led", zone=0)) as led:
        led.wait("Welcome", name="call")
        for prefix in "ABA":
            house.ticket(prefix)
        led.wait("Identity cards 2 A001", name="service_0")
        time.sleep(0.5)  # its first heartbeat has brought it the zone's voice
        one = house.post("queue.call_next", first)["ticket"]["number"]
        two = house.post("queue.call_next", second)["ticket"]["number"]
        led.wait(one, name="call")
        led.wait(two, name="call", seconds=8)
        led.wait(f"{one} 1", name="earlier")
        spoken = waves(kept, 2)
        assert [path.name.split("_")[1] for path in spoken] == [one, two]
        facts = [wave_facts.facts(path) for path in spoken]
        assert all(fact.loud for fact in facts)
        assert wave_facts.difference(*facts) > 0.004


@pytest.mark.covers("QUE-930", "QUE-931")
def test_a_display_without_its_server_says_that_it_is_old_and_comes_back(house: DemoHouse, tmp_path: Path) -> None:
    first = house.open(1)
    token = house.device("led", zone=0)
    with Running("led", tmp_path / "led", house, "--old-after", "1", token=token) as led:
        led.wait("Welcome", name="call")
        house.ticket("A")
        house.post("queue.call_next", first)
        led.wait("A001", name="call")
        house.kill()
        led.wait("Last call received", name="call")
        assert "no new calls" in led.text("old") and led.text("service_0").endswith("–")
        house.start()
        led.wait("Please go to the window", name="call", seconds=5)


@pytest.mark.covers("EVA-005", "EVA-915")
def test_a_strip_says_whose_turn_it_is(house: DemoHouse, tmp_path: Path) -> None:
    third = house.open(3)
    token = house.device("led", window=3)
    with Running("led", tmp_path / "led", house, token=token, language="fa", size=(1280, 320)) as strip:
        strip.wait("باز است", name="strip")
        house.ticket("A")
        house.post("queue.call_next", third)
        strip.wait("A001 بفرمایید", name="strip")
        house.post("queue.start", third)
        strip.wait("A001 در حال انجام", name="strip")
        house.post("queue.finish", {**third, "request_rating": False})
        house.post("queue.pause", {**third, "reason": "break"})
        strip.wait("خدمت متوقف است", name="strip")


def test_another_display_takes_the_voice_over(house: DemoHouse, tmp_path: Path) -> None:
    first = house.open(1)
    kept = {name: tmp_path / f"{name}.wav" for name in ("one", "two")}
    tokens = {name: house.device("led", zone=0) for name in kept}

    def display(name: str) -> Running:
        options = ("--keep-announcements", str(kept[name]))
        return Running("led", tmp_path / name, house, *options, token=tokens[name])

    one = display("one")
    one.wait("Welcome", name="call")
    time.sleep(0.5)
    with display("two") as two:
        two.wait("Welcome", name="call")
        for _ in range(2):
            house.ticket("A")
        house.post("queue.call_next", first)
        waves(kept["one"], 1)
        one.kill()
        time.sleep(10)
        house.post("queue.no_show", first)
        house.post("queue.call_next", first)
        (spoken,) = waves(kept["two"], 1)
        assert "A002" in spoken.name


@pytest.mark.covers("QUE-026", "QUE-927")
def test_a_display_looks_as_its_layout_says_and_greets_until_somebody_is_called(
    house: DemoHouse, tmp_path: Path
) -> None:
    first = house.open(1)

    def keep(**values: object) -> dict[str, object]:
        """Another layout of all displays."""
        head = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
        body = json.dumps({"name": {"en": "Hall"}, **values})
        path, method = ("", "POST") if not made else (f"/{made[0]['id']}", "PATCH")
        answer = house.http.request(method, f"/api/records/display_layout{path}", body, head)
        assert answer.status_code == 200, answer.text
        made[:] = [dict(answer.json()["record"])]
        return made[0]

    made: list[dict[str, object]] = []
    with Running("led", tmp_path / "led", house, "--mute", token=house.device("led", zone=0)) as led:
        led.wait("Welcome", name="call")
        led.wait(name="service_0")
        assert led.text("clock") and led.text("date") and led.text("ticker")
        keep(queues=False, ticker=False, second_date="lunar", welcome={"en": "Good morning", "zh": "早上好"})
        led.wait("Good morning", name="welcome")
        house.ticket("A")
        house.post("queue.call_next", first)
        led.wait("A001", name="call")
        shown = {one["name"] for one in led.tree()}
        assert "earlier" in shown and not {"service_0", "ticker", "welcome"} & shown
        assert "月" in led.text("date"), "the lunar day stands behind the date"
        keep(queues=True, ticker=True, earlier=False, second_date="none")
        led.wait(name="service_0")
        shown = {one["name"] for one in led.tree()}
        assert "ticker" in shown and "earlier" not in shown and "月" not in led.text("date")

        # Every part where the administrator placed it, with a picture and words; services on two panels, one after the other.
        head = {"Authorization": f"Bearer {house.token('admin')}", "Openhall-Name": "logo.png"}
        sent = house.http.request("POST", "/api/files?public=1", picture(), head)
        assert sent.status_code == 200, sent.text
        parts = [
            {"kind": "earlier", "x": 0, "y": 0, "width": 12, "height": 12},
            {"kind": "call", "x": 12, "y": 0, "width": 20, "height": 10},
            {"kind": "queues", "x": 12, "y": 10, "width": 12, "height": 4},
            {"kind": "queues", "x": 12, "y": 14, "width": 6, "height": 4},
            {"kind": "clock", "x": 24, "y": 10, "width": 8, "height": 4},
            {"kind": "text", "x": 0, "y": 12, "width": 12, "height": 3, "text": {"en": "Please wait here"}},
            {"kind": "picture", "x": 24, "y": 14, "width": 8, "height": 4, "file_id": sent.json()["id"]},
        ]
        keep(parts=parts)
        led.wait("Please wait here", name="text_part")
        led.wait("40 20", name="picture_part")
        led.wait("A001", name="call")
        at = {one["name"]: one["rect"] for one in led.tree()}
        assert {"earlier", "service_0", "service_1", "service_2", "clock_part_time"} <= set(at)
        assert not {"ticker", "hall_header", "service_3"} & set(at)
        assert at["call"][0] > at["earlier"][0] and at["service_2"][1] > at["service_1"][1]
        keep(parts=[])
        led.wait(name="ticker")
        led.wait(name="text_part", gone=True)
