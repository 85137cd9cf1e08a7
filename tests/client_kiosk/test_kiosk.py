"""A kiosk as a citizen meets it: the real program against a real server. One hall for the file; each test has services of
its own."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from server.demo.fill import id_of
from tests.client_kiosk.at_kiosk import edit, kiosk, lessees, put, touched, until, waiting
from tests.ground.demo_house import DemoHouse


@pytest.mark.covers("QUE-001", "QUE-002", "QUE-007", "QUE-012", "QUE-908")
def test_two_touches_give_a_number_on_screen_and_on_paper(house: DemoHouse, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        house.open(number)
    for _ in range(3):
        house.ticket("B")
    kept = tmp_path / "tickets"
    options = ("--printer", f"file:{tmp_path / 'paper.bin'}", "--keep-tickets", str(kept), "--idle", "5")
    with kiosk(house, tmp_path, *options) as screen:
        screen.wait("Passports New passport or renewal 3 waiting", name="service_B")
        touched(screen, "service_B", "take")
        touched(screen, "take", "ticket_number")
        screen.wait("B004", name="ticket_number")
        assert screen.text("ahead_figure") == "3" and screen.text("ticket_windows_figure") == "1, 2, 3"
        screen.wait("Take your ticket", name="paper_title")
        assert (tmp_path / "paper.bin").stat().st_size > 10_000
        (ticket,) = [one for one in waiting(house, "B") if one["number"] == "B004"]
        (code,) = zxingcpp.read_barcodes(Image.open(next(kept.glob("*.png"))).convert("L"))
        assert code.text == screen.text("ticket_code") == f"{house.url}/t/{ticket['token']}"
        assert ticket["id"] not in code.text and len(ticket["token"]) == 22
        touched(screen, "done", "question")
        # A double touch is one ticket.
        touched(screen, "service_C", "take")
        time.sleep(0.5)  # a key that was touched a moment ago takes no second touch
        screen.ask("press", name="take", twice=True)
        screen.wait("C001", name="ticket_number")
        touched(screen, "done", "question")
        assert [one["number"] for one in waiting(house, "C")] == ["C001"]
        # Large print, a search and a language are forgotten with whoever wanted them.
        screen.press("large")
        screen.wait("Normal print", name="large")
        for code_, words in (("zh", "请问您要办理什么"), ("ru", "За какой услугой"), ("fa", "برای چه کاری")):
            screen.press(f"language_{code_}")
            screen.wait(words, name="question")
        screen.press("search")
        screen.press("key_ک")
        screen.wait("ک", name="search_text")
        screen.wait(name="question_no", seconds=12)
        screen.press("question_no")
        screen.wait("What have you come for?", name="question")
        screen.wait("Large print", name="large")
        screen.press("search")
        screen.wait("Type a part of the name", name="search_text")


@pytest.mark.covers("QUE-017", "QUE-018", "QUE-924")
def test_the_green_channel_is_asked_about_and_goes_first(house: DemoHouse, tmp_path: Path) -> None:
    house.open(5)
    house.ticket("D")
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="green_channel")
        screen.press("green_channel")
        screen.wait("Staff may ask you about it", name="question_text")
        screen.press("question_no")
        screen.wait(name="question_no", gone=True)
        screen.press("service_D")
        screen.press("green_switch")
        screen.wait(name="question_yes")
        screen.press("question_yes")
        screen.wait(name="question_yes", gone=True)
        screen.press("take")
        screen.wait("D002", name="ticket_number")
        assert screen.text("ticket_mark") == "Green channel" and screen.text("ahead_figure") == "nobody"
    first, _second = waiting(house, "D")
    assert (first["number"], first["priority"], first["reason"]) == ("D002", True, "green_channel")


@pytest.mark.covers("QUE-046", "QUE-047")
def test_services_are_found_by_search_and_by_department_and_follow_their_item(house: DemoHouse, tmp_path: Path) -> None:
    house.open(3)
    edit(house, "B", department_id=str(id_of("department", 0)))
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="service_B")
        for language, letters, shown in (
            ("en", "pass", "B"),
            ("zh", "sfz", "A"),
            ("ru", "пасп", "B"),
            ("fa", "گذر", "B"),
        ):
            screen.press(f"language_{language}")
            touched(screen, "search", "search_text")
            for letter in letters:
                screen.press(f"key_{letter}")
            screen.wait(name=f"service_{shown}")
            screen.wait(name="service_C", gone=True)
            screen.press("key_empty")
            touched(screen, "back", "by")
        screen.press("language_en")
        screen.press("by")
        screen.wait("Civil registry")
        screen.wait(name="service_A", gone=True)
        assert screen.text("service_B").startswith("Passports")
        edit(house, "B", name={"en": "Passports and visas"})
        screen.wait("Passports and visas", name="service_B")
    edit(house, "B", department_id=None)


@pytest.mark.covers("QUE-003", "QUE-911", "QUE-912", "QUE-927")
def test_a_service_that_is_hidden_meanwhile_is_refused_with_its_reason(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(14)  # accepts K and L on the first floor
    with kiosk(house, tmp_path, zone=1) as screen:
        screen.wait("nobody waiting", name="service_L")
        house.ticket("L", zone=1)
        screen.wait("1 waiting", name="service_L")
        touched(screen, "service_K", "take")
        house.post("queue.close_window", place)
        screen.press("take")
        screen.wait("No window is open for this service", name="state_sentence")
        assert screen.text("state_title") == "No ticket was taken"
        screen.press("notice_home")
        screen.wait("No tickets just now", name="state_title")
        house.open(14)
        screen.wait(name="service_K")
        house.open(10)
        screen.wait(name="service_F")
    assert waiting(house, "K", 1) == []


def test_a_phone_takes_the_ticket_over_from_the_screen(house: DemoHouse, tmp_path: Path) -> None:
    house.open(6)
    paper = tmp_path / "paper.bin"
    with kiosk(house, tmp_path, "--printer", f"file:{paper}", "--auxiliary") as screen:
        screen.wait(name="service_G")
        screen.press("service_G")
        screen.press("take_on_screen")
        number = screen.wait("G0", name="ticket_number")["seen"]["text"]
        (ticket,) = [one for one in waiting(house, "G") if one["number"] == number]
        assert screen.text("ticket_code").endswith(ticket["token"])
        screen.press("scanned")
        screen.wait(name="question")
        until(lambda: waiting(house, "G")[0]["delivery"] == "scanned")
    assert paper.stat().st_size == 0 and waiting(house, "G")[0]["channel"] == "aux"


@pytest.mark.covers("QUE-903", "QUE-908", "QUE-910")
def test_without_the_server_own_numbers_are_given_and_entered_once(house: DemoHouse, tmp_path: Path) -> None:
    for number in (3, 5, 6):
        house.open(number)
    edit(house, "D", daily_limit=500)
    kept, token = tmp_path / "tickets", house.device("kiosk", zone=0)
    options = ("--printer", f"file:{tmp_path / 'paper.bin'}", "--keep-tickets", str(kept))
    before = {one["number"] for one in waiting(house, "A") + waiting(house, "G")}
    others = lessees(house)
    screen = kiosk(house, tmp_path, *options, token=token)
    try:
        screen.wait(name="service_A")
        until(lambda: lessees(house) > others)
        # The connection goes while somebody reads a service's page.
        touched(screen, "service_G", "take")
        house.kill()
        screen.wait("No connection: tickets are still given", name="strip_text")
        screen.press("take")
        lost = screen.wait(name="ticket_number", seconds=12)["seen"]["text"]
        assert lost.startswith("G") and lost not in before
        touched(screen, "done", "question")
        screen.wait("at the desk only", name="service_D")
        screen.wait("wait not known just now", name="service_A")
        touched(screen, "service_A", "take")
        touched(screen, "take", "ticket_number")
        first = screen.wait("A", name="ticket_number")["seen"]["text"]
        assert "Taken without connection" in screen.text("ticket_mark")
        screen.wait("Take your ticket", name="paper_title")
        assert len(list(kept.glob("*.png"))) == 2
    finally:
        screen.kill()  # between printing and entering
    house.start()
    with kiosk(house, tmp_path, *options, token=token) as screen:
        until(lambda: first in {one["number"] for one in waiting(house, "A")})
        screen.wait("waiting", name="service_A")
        house.kill()
        screen.wait("wait not known just now", name="service_A")
        touched(screen, "service_A", "take")
        touched(screen, "take", "ticket_number")
        second = screen.wait("A", name="ticket_number")["seen"]["text"]
        house.start()
        until(lambda: second in {one["number"] for one in waiting(house, "A")}, 20)
        touched(screen, "done", "question")
        screen.wait(name="strip_text", gone=True)
    numbers = [one["number"] for one in waiting(house, "A") + waiting(house, "G")]
    assert sorted(numbers) == sorted(before | {lost, first, second})
    assert {one["channel"] for one in waiting(house, "A") if one["number"] in (first, second)} == {"block"}


@pytest.mark.covers("QUE-908", "QUE-910")
def test_a_lost_answer_asked_again_is_the_same_ticket(house: DemoHouse, tmp_path: Path) -> None:
    house.open(6)
    put(house, "queue.block_size", 0)
    with kiosk(house, tmp_path) as screen:
        screen.wait(name="service_G")
        before = len(waiting(house, "G"))
        touched(screen, "service_G", "take")
        assert house.process is not None
        house.process.send_signal(signal.SIGSTOP)
        screen.press("take")
        screen.wait("The connection was lost", name="state_title", seconds=15)
        house.process.send_signal(signal.SIGCONT)
        until(lambda: house.post("queue.hall", {}))
        screen.press("try_again")
        number = screen.wait("G", name="ticket_number")["seen"]["text"]
        assert [one["number"] for one in waiting(house, "G")][before:] == [number]
        touched(screen, "done", "question")
        house.kill()
        screen.wait("No tickets at this machine", name="state_title")
        house.start()
        screen.wait(name="question")
    put(house, "queue.block_size", None)
