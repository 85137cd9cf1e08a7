"""A pad with call keys and scanners at a staff PC: the real program, real server, pty lines that lose bytes and are unplugged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from client_staff.app.hardware import options
from common.qt.options import read_options
from tests.client_staff.test_workbench import at_window, signed_in
from tests.common.devices.pty_device import PtyDevice, until
from tests.common.devices.test_key_pad import PadsCounterpart
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")


@serial_only
def test_a_window_works_by_its_pad_and_finds_scanned_tickets(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    tickets = [house.ticket("A") for _ in range(3)]
    pads, scanner = PadsCounterpart(tmp_path), PtyDevice(tmp_path, "scanner")
    with pads, scanner:
        more = ("--key-pad", pads.address, "--scanner", scanner.address, "--keyboard-scanner")
        with Running("staff", tmp_path / "anna", house, *more) as desk:
            signed_in(desk, "anna")
            at_window(desk, 3)
            desk.wait("A001", name="waiting_table[0,1]")
            pads.press("01", "next", times=3)
            desk.wait("A001", name="strip_ticket")
            until(lambda: pads.pads["01"].shown == ("A001", "2"))
            pads.deaf_to_answers = 2
            pads.press("01", "start")
            desk.wait("In service", name="strip_above")
            pads.press("01", "very_satisfied")
            pads.lose(5)
            pads.press("01", "finish")
            desk.wait("Asks for the rating", name="strip_above")

            code = "https://hall.example/t/" + tickets[2]["token"]
            scanner.send(code.encode() + b"\r")
            desk.wait("A003 waits for Identity cards.", name="refused_text")
            desk.wait("A003", name="waiting_table[0,1]")
            scanner.send(b"https://hall.example/t/" + b"x" * 22 + b"\r")
            desk.wait("No ticket of this hall has this code.", name="refused_text")
            scanner.send(b"4006381333931\r")
            desk.wait("This code is not a ticket of ours.", name="refused_text")
            desk.type("waiting_search", code.replace(tickets[2]["token"], tickets[0]["token"]) + "\r")
            desk.wait("A001 was finished at window 3.", name="refused_text")
            assert "https" not in desk.text("waiting_search"), "what the scanner typed is gone from the field"

            pads.unplug()
            desk.wait("Button pad: The line to the device cannot be opened.", name="refused_text", seconds=10)
            pads.plug()
            desk.wait("Button pad: The", name="refused_text", seconds=10)


@pytest.mark.parametrize("wrong", [("--key-pad", "bluetooth:7"), ("--scanner", "serial"), ("--key-pad", "serial:")])
def test_another_form_of_address_is_refused_before_anything_starts(
    wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        read_options("staff", "Workbench", options, list(wrong))
    assert left.value.code == 2 and wrong[0] in capsys.readouterr().err
