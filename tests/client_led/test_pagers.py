"""A display with a pager's transmitter on its line, told to start anew by the console: real program, server and line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.common.devices.pty_device import until
from tests.common.devices.test_pager import Transmitter
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")


@serial_only
def test_whoever_got_a_pager_is_paged_also_after_the_program_was_restarted(house: DemoHouse, tmp_path: Path) -> None:
    first, second = house.open(1), house.open(2)
    one, two = house.ticket("A"), house.ticket("B")
    house.post("queue.give_pager", {"ticket_id": one["id"], "pager": "12"})
    taken = house.send("queue.give_pager", {"ticket_id": two["id"], "pager": "12"})
    assert (taken.status_code, taken.json()["code"]) == (409, "queue.pager_out")
    house.post("queue.give_pager", {"ticket_id": two["id"], "pager": "13"})

    def card() -> dict[str, Any]:
        items = house.post("devices.list", who="admin")["items"]
        return next(one for one in items if one["label"] == "led of the test")

    with Transmitter(tmp_path) as other:
        options = ("--pagers", f"{other.address},9600,8N1", "--mute")
        with Running("led", tmp_path / "led", house, *options, token=house.device("led", zone=0)) as led:
            # What was called before a display's first board is shown, not called again.
            led.wait("Identity cards 1", name="service_0")
            house.post("queue.call_next", first)
            until(lambda: other.paged == [("12", "A001 WINDOW 1")])
            until(lambda: card()["facts"].get("pagers", {}).get("state") == "ok")

            house.post("devices.restart", {"device_id": card()["id"]}, who="admin")
            assert card()["restarting"]
            until(lambda: card()["online"] and not card()["restarting"], 30, "it came back")
            assert led.process.poll() is None, "the same process, so that whoever watches over it sees no end"
            # A pty opened with other bits than before refuses; a real line does not.
            until(lambda: house.post("queue.call_next", second)["ticket"]["number"] == "B001")
            until(lambda: other.paged[1:] == [("13", "B001 WINDOW 2")], 15)
            assert other.out_of_turn == 0
