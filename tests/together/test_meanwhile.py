"""The server goes while every program runs: each says so, keeps what is honest to keep, and is true again by itself."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from server.demo.hall import PASSWORD
from tests.ground.demo_halls import DemoHall, DemoHalls
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

BACK_SECONDS = 3


def programs(house: DemoHouse, folder: Path, stack: ExitStack) -> dict[str, Running]:
    """One of each, at window 3 and in its zone; Anna works there."""
    place = {"kiosk": {"zone": 0}, "pad": {"window": 3}, "led": {"zone": 0}}
    made = {
        kind: Running(
            kind, folder / kind, house, *(("--old-after", "1") if kind == "led" else ()),
            token=house.device(kind, **where),
        )
        for kind, where in place.items()
    }  # fmt: skip
    made["staff"] = Running("staff", folder / "staff", house)
    for one in made.values():
        stack.enter_context(one)
    made["staff"].wait(name="sign_in")
    made["staff"].type("name", "anna")
    made["staff"].type("password", PASSWORD)
    made["staff"].key("Return")
    return made


def numbers_leased(demo_hall: DemoHall) -> None:
    """Wait until the kiosk holds numbers for a time without the server."""
    end = time.monotonic() + 20
    while not demo_hall.rows("SELECT 1 FROM number_block"):
        assert time.monotonic() < end, "no numbers were leased"
        time.sleep(0.05)


@pytest.mark.covers("EVA-904", "QUE-903", "QUE-910", "QUE-931")
def test_all_programs_without_their_server_and_with_it_again(demo_halls: DemoHalls, tmp_path: Path) -> None:
    with ExitStack() as stack:
        demo_hall = stack.enter_context(demo_halls.fresh("sqlite", tmp_path / "server"))
        # On a Sunday at three in the morning: whatever time a program says, it is not this machine's.
        house = stack.enter_context(demo_hall.serve(at="sunday"))
        place = house.open(3, "anna")
        for _ in range(3):
            house.ticket("A")
        all_four = programs(house, tmp_path, stack)
        kiosk, pad, led, staff = (all_four[kind] for kind in ("kiosk", "pad", "led", "staff"))
        staff.wait("3 waiting", name="strip_waiting", seconds=30)
        staff.key("F2")
        led.wait("A001", name="call")
        house.post("queue.start", place, who="anna")
        house.post("queue.finish", place, who="anna")
        pad.wait(name="rating_question")
        kiosk.wait("2 waiting", name="service_A")
        numbers_leased(demo_hall)

        house.kill()
        staff.wait("No server since 03:0", name="connection")
        pad.wait("No server since 03:0", name="connection_text")
        kiosk.wait("No connection: tickets are still given", name="strip_text")
        led.wait("Last call received", name="call")
        assert "A001" in led.text("call") and led.text("service_0").endswith("–")
        pad.press("grade_satisfied")
        pad.wait("Thank you", name="thanks_title")
        staff.key("F2")
        # Nobody is called; who comes all the same can be noted on paper.
        staff.wait("Who comes now?", name="paper_title")
        staff.key("Escape")
        staff.wait(name="paper_title", gone=True)
        kiosk.press("service_A")
        kiosk.press("take")
        given = kiosk.wait("A", name="ticket_number")["seen"]["text"]
        kiosk.press("done")
        kiosk.wait("wait not known just now", name="service_A")

        house.start()
        back = time.monotonic()
        house.ticket("A")
        seen: dict[str, dict[str, Any]] = {
            "staff": {"text": "Connected", "name": "connection"},
            "pad": {"name": "connection_text", "gone": True},
            "kiosk": {"name": "strip_text", "gone": True},
            "led": {"text": "Please go to the window", "name": "call"},
        }
        for kind, wanted in seen.items():
            all_four[kind].begin("wait", seconds=20, **wanted)
        late = {kind: round(all_four[kind].answer()["at"] - back, 1) for kind in seen}
        assert max(late.values()) < BACK_SECONDS, late

        # The truth: the rating came, so the window is free; two came meanwhile, one without the server; the way goes on.
        staff.wait("Open", name="strip_above")
        staff.wait("4 waiting", name="strip_waiting")
        kiosk.wait("4 waiting", name="service_A")
        led.wait("Identity cards 4", name="service_0")
        assert demo_hall.rows(f"SELECT state FROM ticket WHERE number = '{given}'") == [("waiting",)]
        pad.wait("Anna Petrova", name="staff_name")
        assert demo_hall.rows("SELECT grade FROM rating") == [("satisfied",)]
        staff.key("F2")
        for one, name in ((staff, "strip_ticket"), (pad, "called_number"), (led, "call")):
            one.wait("A002", name=name)

        # Once more: what was sent is not sent again.
        house.kill()
        pad.wait("No server since 03:0", name="connection_text")
        house.start()
        pad.wait(name="connection_text", gone=True)
        pad.wait("A002", name="called_number")
        assert demo_hall.rows("SELECT grade FROM rating") == [("satisfied",)]
        assert len(demo_hall.rows(f"SELECT id FROM ticket WHERE number = '{given}'")) == 1
