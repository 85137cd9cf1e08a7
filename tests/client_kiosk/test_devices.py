"""What hangs on a kiosk: its printer, the reader of cards, and staff who stand before it. One hall for the file."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from common.devices.escpos_reader import tickets
from common.qt.widgets.big_key import TWICE_SECONDS
from server.demo.hall import PASSWORD
from tests.client_kiosk.at_kiosk import edit, kiosk, put, touched, until, waiting
from tests.common.devices.counterpart import PtyCounterpart
from tests.common.devices.sam_counterpart import SamCounterpart, number_with_check, resident
from tests.ground.demo_house import DemoHouse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")

TROUBLES = (
    ("paper_low", {4: 0x1E}, "nearly at its end"),
    ("paper_out", {4: 0x72}, "out of paper"),
    ("cover_open", {2: 0x16}, "cover of the printer is open"),
    ("jam", {3: 0x1A}, "jammed"),
)
WELL = {2: 0x12, 3: 0x12, 4: 0x12}


def told(house: DemoHouse, state: str) -> bool:
    """Whether the console is told this of a kiosk's printer."""
    devices: list[dict[str, Any]] = house.post("devices.list", who="admin")["items"]
    return any(one["state"] == state for one in devices if one["kind"] == "kiosk")


@pytest.mark.covers("QUE-045", "QUE-070", "QUE-909", "QUE-934")
def test_paper_that_fails_costs_no_number_and_comes_later(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    house.post("people.set_pin", {"password": PASSWORD, "pin": "4711"}, who="guide")
    put(house, "people.short_sign_in", "pin")
    with PtyCounterpart() as printer, kiosk(house, tmp_path, "--printer", f"serial:{printer.port}") as screen:
        screen.wait(name="service_B")
        touched(screen, "service_B", "take")
        touched(screen, "take", "ticket_number")
        screen.wait("B001", name="ticket_number")
        screen.wait("Take your ticket", name="paper_title")
        assert len(list(tickets(bytes(printer.received)))) == 1
        touched(screen, "done", "question")
        for state, answers, words in TROUBLES:
            printer.answers.update(WELL | answers)
            screen.wait(words, name="strip_text")
            until(partial(told, house, state))
        # The number is good without paper; the citizen has it on the screen, and on paper as soon as there is some.
        screen.press("service_B")
        screen.wait("Take my number", name="take")
        screen.press("take")
        screen.wait("No paper just now", name="paper_title")
        assert "B002" in screen.text("paper_words") and screen.text("ticket_number") == "B002"
        assert screen.text("ticket_code").endswith(waiting(house, "B")[1]["token"])
        until(lambda: waiting(house, "B")[1]["delivery"] == "failed")
        printer.answers.update(WELL)
        screen.wait(name="print_ticket")
        screen.press("print_ticket")
        screen.wait("Take your ticket", name="paper_title")
        assert len(list(tickets(bytes(printer.received)))) == 2
        until(lambda: waiting(house, "B")[1]["delivery"] == "paper")
        assert [one["number"] for one in waiting(house, "B")] == ["B001", "B002"]
        touched(screen, "done", "question")
        printer.silent = True
        screen.wait("does not answer", name="strip_text")
        until(lambda: told(house, "offline"))
        printer.silent = False
        screen.wait(name="strip_text", gone=True)
        reprinted_by_staff(house, screen)
        assert len(list(tickets(bytes(printer.received)))) == 4


def typed(screen: Any, field: str, text: str) -> None:
    """Touch a field and keys, as slowly as fingers do: a key that was touched a moment ago takes no second touch."""
    time.sleep(TWICE_SECONDS)
    screen.press(field)
    for before, letter in zip(" " + text, text, strict=False):
        if letter == before:
            time.sleep(TWICE_SECONDS)
        screen.press(f"key_{letter}")


def reprinted_by_staff(house: DemoHouse, screen: Any) -> None:
    """A guide takes a ticket for a citizen, and prints a lost one again."""
    screen.press("staff")
    screen.wait(name="staff_name")
    typed(screen, "staff_name", "guide")
    typed(screen, "staff_pin", "4712")
    screen.press("staff_go")
    until(lambda: screen.text("staff_said"))
    typed(screen, "staff_name", "guide")
    typed(screen, "staff_pin", "4711")
    screen.press("staff_go")
    screen.wait("Lin Yue", name="staff_title")
    screen.press("staff_assist")
    screen.wait("Lin Yue takes tickets for citizens", name="strip_text")
    touched(screen, "service_B", "take")
    touched(screen, "take", "ticket_number")
    screen.wait("B003", name="ticket_number")
    screen.wait("Take your ticket", name="paper_title")
    screen.press("done")
    story = house.post("queue.ticket", {"number": "B003"})
    assert (story["ticket"]["channel"], story["taken_by"]["en"]) == ("assisted", "Lin Yue")
    screen.press("staff")
    screen.wait(name="staff_reprint")
    screen.press("staff_reprint")
    for sign in "b001":
        screen.press(f"key_{sign}")
    screen.press("reprint_lost")
    screen.wait("Ticket B001 was printed again.", name="staff_said")
    moment = house.post("queue.ticket", {"number": "B001"})["moments"][-1]
    assert (moment["kind"], moment["facts"]["reason"]) == ("reprinted", "The ticket was lost")
    screen.press("staff_end")
    screen.wait("What have you come for?", name="question")


def test_an_identity_is_asked_for_where_the_service_wants_it(house: DemoHouse, tmp_path: Path) -> None:
    house.open(3)
    edit(house, "A", identity="required")
    number = number_with_check("11010519491231002")
    with (
        SamCounterpart(tmp_path) as reader,
        kiosk(house, tmp_path, "--card-reader", f"serial:{reader.port},115200,8N1") as screen,
    ):
        screen.wait(name="service_A")
        reader.lay(resident("张三", number))
        touched(screen, "service_A", "take")
        touched(screen, "take", "ticket_number")
        # A card is read only now that it was asked for.
        screen.wait("A001", name="ticket_number")
        touched(screen, "done", "question")
        reader.take_away()
        screen.wait(name="service_A")
        touched(screen, "service_A", "take")
        touched(screen, "take", "identity_title")
        screen.press("kind_cn")
        for sign in "110105194912310021":
            screen.press(f"key_{sign}")
        assert screen.text("identity_text") == "•" * 14 + "0021"
        screen.press("identity_go")
        screen.wait("cannot be right", name="identity_fault")
        assert len(waiting(house, "A")) == 1
        screen.press("kind_passport")
        screen.press("key_empty")
        for sign in "ab1234567":
            screen.press(f"key_{sign}")
        touched(screen, "identity_go", "ticket_number")
        screen.wait("A002", name="ticket_number")
    assert [one["number"] for one in waiting(house, "A")] == ["A001", "A002"]
    edit(house, "A", identity="none")
