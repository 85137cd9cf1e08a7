"""A kiosk as a citizen meets it: the real program against a real server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from server.demo.fill import id_of
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def kiosk(house: DemoHouse, folder: Path, *options: str, **more: Any) -> Running:
    """A kiosk on the ground floor."""
    return Running("kiosk", folder / "kiosk", house, *options, token=house.device("kiosk", zone=0), **more)


def waiting(house: DemoHouse, prefix: str = "B") -> list[dict[str, Any]]:
    """The tickets that wait on the ground floor."""
    rows = house.post("queue.waiting", {"zone_id": str(id_of("zone", 0)), "limit": 500})["items"]
    return [row["ticket"] for row in rows if row["ticket"]["number"].startswith(prefix)]


@pytest.mark.covers("QUE-001", "QUE-002", "QUE-007", "QUE-012")
def test_two_touches_give_a_number_on_screen_and_on_paper(house: DemoHouse, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        house.open(number)
    for _ in range(3):
        house.ticket("B")
    kept = tmp_path / "tickets"
    options = ("--printer", f"file:{tmp_path / 'paper.bin'}", "--keep-tickets", str(kept))
    with kiosk(house, tmp_path, *options) as screen:
        screen.wait("Passports New passport or renewal 3 waiting", name="service_B")
        screen.press("service_B")
        screen.press("take")
        screen.wait("B004", name="ticket_number")
        assert screen.text("ahead_figure") == "3" and screen.text("ticket_windows_figure") == "1, 2, 3"
        screen.wait("Take your ticket", name="paper_title")
        assert (tmp_path / "paper.bin").stat().st_size > 10_000
        (ticket,) = [one for one in waiting(house) if one["number"] == "B004"]
        (code,) = zxingcpp.read_barcodes(Image.open(next(kept.glob("*.png"))).convert("L"))
        assert code.text == screen.text("ticket_code") == f"{house.url}/t/{ticket['token']}"
        assert ticket["id"] not in code.text and len(ticket["token"]) == 22
        screen.press("done")
        screen.wait("What have you come for?", name="question")


@pytest.mark.covers("QUE-908")
def test_a_double_touch_is_one_ticket(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="service_B")
        screen.press("service_B")
        screen.ask("press", name="take", twice=True)
        screen.wait("B001", name="ticket_number")
        assert [one["number"] for one in waiting(house)] == ["B001"]


@pytest.mark.covers("QUE-017", "QUE-018", "QUE-924")
def test_the_green_channel_is_asked_about_and_goes_first(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    house.ticket("B")
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="green_channel")
        screen.press("green_channel")
        screen.wait("Staff may ask you about it", name="question_text")
        screen.press("question_no")
        screen.wait(name="question_no", gone=True)
        screen.press("service_B")
        screen.press("green_switch")
        screen.wait(name="question_yes")
        screen.press("question_yes")
        screen.wait(name="question_yes", gone=True)
        screen.press("take")
        screen.wait("B002", name="ticket_number")
        assert screen.text("ticket_mark") == "Green channel" and screen.text("ahead_figure") == "nobody"
    first, _second = waiting(house)
    assert (first["number"], first["priority"], first["reason"]) == ("B002", True, "green_channel")


@pytest.mark.covers("QUE-909")
def test_a_printer_that_fails_costs_no_number(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    with kiosk(house, tmp_path, "--printer", f"file:{tmp_path / 'no such folder' / 'paper'}") as screen:
        screen.wait(name="service_B")
        screen.press("service_B")
        screen.press("take")
        screen.wait("No paper just now", name="paper_title")
        assert "B001" in screen.text("paper_words") and screen.text("ticket_number") == "B001"
        screen.wait("6", name="closes")  # it stays for a minute, so that the number can be written down


@pytest.mark.covers("QUE-903", "QUE-908", "QUE-910")
def test_a_lost_answer_asked_again_is_the_same_ticket(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="service_B")
        screen.press("service_B")
        house.kill()
        screen.press("take")
        screen.wait("The connection was lost", name="state_title", seconds=12)
        house.start()
        time.sleep(1.5)
        screen.press("try_again")
        screen.wait("B001", name="ticket_number")
        screen.press("done")
        screen.wait(name="question")
        house.kill()
        screen.wait("No tickets at this machine", name="state_title")
        house.start()
        screen.wait(name="question", seconds=5)
    assert [one["number"] for one in waiting(house)] == ["B001"]


@pytest.mark.covers("QUE-003", "QUE-911", "QUE-912")
def test_a_service_that_is_hidden_meanwhile_is_refused_with_its_reason(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(1)
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="service_B")
        screen.press("service_B")
        screen.wait(name="take")
        house.post("queue.close_window", place)
        screen.press("take")
        screen.wait("No window is open for this service", name="state_sentence")
        assert screen.text("state_title") == "No ticket was taken"
        screen.press("notice_home")
        screen.wait("No tickets just now", name="state_title")
        house.open(1)
        screen.wait(name="question")
    assert waiting(house) == []


@pytest.mark.covers("QUE-908")
def test_it_goes_home_and_forgets_the_language(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    with kiosk(house, tmp_path, "--idle", "1") as screen:
        screen.wait(name="service_B")
        for code, words in (("zh", "请问您要办理什么"), ("ru", "За какой услугой"), ("fa", "برای چه کاری")):
            screen.press(f"language_{code}")
            screen.wait(words, name="question")
        screen.wait("What have you come for?", name="question")
        assert screen.text("service_B").startswith("Passports")


@pytest.mark.covers("QUE-927")
def test_counts_change_in_place_and_a_new_window_brings_its_services(house: DemoHouse, tmp_path: Path) -> None:
    house.open(9)  # accepts C and E on the first floor
    first = house.device("kiosk", zone=1)
    with Running("kiosk", tmp_path / "first", house, token=first) as screen:
        screen.wait("nobody waiting", name="service_C")
        house.ticket("C", zone=1)
        screen.wait("1 waiting", name="service_C")
        house.open(10)
        screen.wait(name="service_F")
