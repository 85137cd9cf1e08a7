"""Printing over a serial line, the network and into a file; troubles come back as words, never as a crash."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from common.devices.escpos_reader import tickets, tickets_in
from common.devices.printer import Printed, PrinterTrouble, TicketPrinter, open_printer
from common.devices.ticket_image import draw
from common.text import in_language
from tests.common.devices.counterpart import PtyCounterpart, SocketCounterpart
from tests.common.devices.test_ticket_image import ADDRESS, paper

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


@pytest.fixture(scope="module")
def ticket() -> Image.Image:
    return draw(paper("fa"))


@pytest.fixture
def opened() -> object:
    made: list[TicketPrinter] = []

    def make(address: str, keep: Path | None = None) -> TicketPrinter:
        made.append(open_printer(address, keep))
        return made[-1]

    yield make
    for printer in made:
        printer.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("printer")]


Opened = Callable[..., TicketPrinter]


@serial_only
def test_serial_ticket_arrives_dot_by_dot(ticket: Image.Image, opened: Opened) -> None:
    with PtyCounterpart() as other:
        printer = opened(f"serial:{other.port}")
        outcome = printer.print(ticket).result(20)
        assert isinstance(outcome, Printed), outcome
        assert outcome.status.told and outcome.status.state == "ready"
        arrived = list(tickets(bytes(other.received)))
        assert len(arrived) == 1 and same(arrived[0], ticket)
        assert [code.text for code in zxingcpp.read_barcodes(arrived[0].convert("L"))] == [ADDRESS]


def test_network_tickets_arrive_one_after_the_other(ticket: Image.Image, opened: Opened, tmp_path: Path) -> None:
    with SocketCounterpart() as other:
        printer = opened(f"network:127.0.0.1:{other.port}", tmp_path)
        second = draw(paper("en"))
        outcomes = [printer.print(ticket), printer.print(second)]
        assert all(isinstance(outcome.result(20), Printed) for outcome in outcomes)
        arrived = list(tickets(bytes(other.received)))
        assert len(arrived) == 2 and same(arrived[0], ticket) and same(arrived[1], second)
    assert same(Image.open(tmp_path / "ticket_0002.png"), second)


def test_file_gathers_tickets_over_restarts(ticket: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "paper.bin"
    for _turn in range(2):
        printer = open_printer(f"file:{path}")
        outcome = printer.print(ticket).result(20)
        assert isinstance(outcome, Printed) and not outcome.status.told
        printer.close()
    arrived = tickets_in(path)
    assert len(arrived) == 2 and all(same(picture, ticket) for picture in arrived)


@pytest.mark.parametrize(
    ("answers", "kind", "said"),
    [
        ({4: 0x72}, "paper_out", "打印机缺纸。"),
        ({2: 0x16}, "cover_open", "打印机上盖未关。"),
        ({3: 0x1A}, "jam", "打印机切刀卡住。"),
    ],
)
def test_a_printer_in_trouble_prints_nothing(
    ticket: Image.Image, opened: Opened, answers: dict[int, int], kind: str, said: str
) -> None:
    with SocketCounterpart() as other:
        other.answers |= answers
        printer = opened(f"network:127.0.0.1:{other.port}")
        outcome = printer.print(ticket).result(20)
        assert isinstance(outcome, PrinterTrouble)
        assert (outcome.kind, outcome.begun) == (kind, False)
        with in_language("zh"):
            assert outcome.sentence == said
        assert list(tickets(bytes(other.received))) == []
        other.answers |= {2: 0x12, 3: 0x12, 4: 0x12}
        assert isinstance(printer.print(ticket).result(20), Printed)


def test_paper_nearly_out_still_prints(ticket: Image.Image, opened: Opened) -> None:
    with SocketCounterpart() as other:
        other.answers[4] = 0x1E
        printer = opened(f"network:127.0.0.1:{other.port}")
        outcome = printer.print(ticket).result(20)
        assert isinstance(outcome, Printed) and outcome.status.state == "paper_low"
        assert printer.status.can_print


@serial_only
def test_serial_counterpart_lost_while_printing(ticket: Image.Image, opened: Opened) -> None:
    with PtyCounterpart(dies_after=20_000) as other:
        printer = opened(f"serial:{other.port}")
        outcome = printer.print(ticket).result(30)
        assert isinstance(outcome, PrinterTrouble)
        assert (outcome.kind, outcome.begun) == ("offline", True)
        assert printer.status.state == "offline" and not printer.status.can_print


def test_network_counterpart_lost_while_printing(ticket: Image.Image, opened: Opened) -> None:
    with SocketCounterpart(dies_after=20_000) as other:
        printer = opened(f"network:127.0.0.1:{other.port}")
        outcome = printer.print(ticket).result(30)
        assert isinstance(outcome, PrinterTrouble) and outcome.kind == "offline"
        again = printer.print(ticket).result(30)
        assert isinstance(again, PrinterTrouble) and again.kind == "no_device"


def test_a_silent_network_printer_prints_without_status(ticket: Image.Image, opened: Opened) -> None:
    with SocketCounterpart(silent=True) as other:
        printer = opened(f"network:127.0.0.1:{other.port}")
        outcome = printer.print(ticket).result(30)
        assert isinstance(outcome, Printed) and not outcome.status.told


def test_one_that_answered_and_falls_silent_is_offline(ticket: Image.Image, opened: Opened) -> None:
    with SocketCounterpart() as other:
        printer = opened(f"network:127.0.0.1:{other.port}")
        assert printer.ask_status().result(20).state == "ready"
        other.silent = True
        outcome = printer.print(ticket).result(20)
        assert isinstance(outcome, PrinterTrouble) and outcome.kind == "offline"


@pytest.mark.parametrize("address", ["serial:/dev/does-not-exist", "file:/does/not/exist/paper.bin"])
def test_no_such_device(ticket: Image.Image, opened: Opened, address: str) -> None:
    outcome = opened(address).print(ticket).result(20)
    assert isinstance(outcome, PrinterTrouble) and (outcome.kind, outcome.begun) == ("no_device", False)


def test_screen_stands_in_for_a_printer(ticket: Image.Image) -> None:
    printer = open_printer("screen")
    assert printer.on_screen and isinstance(printer.print(ticket).result(0), Printed)


@pytest.mark.parametrize("address", ["usb", "serial:", "printer:x", "file"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ValueError, match="not a printer"):
        open_printer(address)
