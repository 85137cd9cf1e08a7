"""Printing over a serial line, the network and into a file; troubles come back as words, never as a crash."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from common.devices import printer as printers
from common.devices import printer_health
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
        ({2: 0x52, 3: 0x32}, "broken", "打印机自身报告故障。请关机后重新开机；若仍如此，请联系维修。"),
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
        assert (outcome.kind, outcome.extent) == (kind, "none")
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
        assert (outcome.kind, outcome.extent) == ("offline", "partly")
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


# whether a ticket came out whole: what the number needs (QUE-909)


def test_the_printer_says_behind_the_cut_that_the_ticket_is_out(ticket: Image.Image, opened: Opened) -> None:
    with SocketCounterpart() as other:
        outcome = opened(f"network:127.0.0.1:{other.port}").print(ticket).result(20)
        assert isinstance(outcome, Printed) and outcome.confirmed
        stream = bytes(other.received)
        assert stream.rindex(b"\x1dr\x01") > stream.rindex(b"\x1dV"), "asked before the cut it would prove nothing"


@serial_only
def test_paper_that_ends_within_the_ticket_leaves_it_unknown(ticket: Image.Image, opened: Opened) -> None:
    with PtyCounterpart() as other:
        line = opened(f"serial:{other.port}")
        other.says_done, other.at_cut = False, {4: 0x72}
        outcome = line.print(ticket).result(20)
        assert isinstance(outcome, PrinterTrouble)
        assert (outcome.kind, outcome.extent, outcome.begun) == ("paper_out", "unknown", True)
        with in_language("zh"):
            assert outcome.extent_sentence == "无法得知号票是否完整打印。"
        assert line.status.state == "paper_out" and line.status.told
        other.answers |= {4: 0x12}
        other.says_done, other.at_cut = True, {}
        again = line.print(ticket).result(20)
        assert isinstance(again, Printed) and again.confirmed


def test_paper_that_ends_right_behind_a_whole_ticket_is_told_and_the_ticket_counts(
    ticket: Image.Image, opened: Opened
) -> None:
    with SocketCounterpart() as other:
        other.at_cut = {4: 0x7E}
        line = opened(f"network:127.0.0.1:{other.port}")
        outcome = line.print(ticket).result(20)
        assert isinstance(outcome, Printed) and outcome.confirmed and outcome.status.state == "paper_out"
        refused = line.print(ticket).result(20)
        assert isinstance(refused, PrinterTrouble) and (refused.kind, refused.extent) == ("paper_out", "none")


def test_a_printer_that_does_not_know_the_question_is_asked_once(
    ticket: Image.Image, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "DONE_LIMIT", 0.6)
    with SocketCounterpart() as other:
        other.says_done = False
        line = opened(f"network:127.0.0.1:{other.port}")
        for _turn in range(2):
            outcome = line.print(ticket).result(20)
            assert isinstance(outcome, Printed) and not outcome.confirmed
        assert bytes(other.received).count(b"\x1dr\x01") == 1
        assert len(list(tickets(bytes(other.received)))) == 2


def test_one_that_confirmed_before_and_does_not_now_is_no_printed_ticket(
    ticket: Image.Image, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "DONE_LIMIT", 0.6)
    with SocketCounterpart() as other:
        line = opened(f"network:127.0.0.1:{other.port}")
        assert isinstance(line.print(ticket).result(20), Printed)
        other.says_done = False
        outcome = line.print(ticket).result(20)
        assert isinstance(outcome, PrinterTrouble) and outcome.extent == "unknown"


def test_several_troubles_at_once_are_all_told_and_the_worst_leads() -> None:
    health = printer_health.read({2: 0x16 | 0x20, 3: 0x12, 4: 0x1E})
    assert health.troubles == {"cover_open", "paper_out"} and health.state == "cover_open"
    assert health.facts() == {
        "state": "cover_open", "troubles": ["cover_open", "paper_out"], "told": True, "detail": ""
    }  # fmt: skip
    low = printer_health.read({2: 0x12, 3: 0x12, 4: 0x1E})
    assert (low.state, low.can_print) == ("paper_low", True)
    assert printer_health.read({2: None, 3: None, 4: 0x12}).state == "ready"
    assert printer_health.read({2: 0x12 | 0x40, 3: 0x12 | 0x08, 4: 0x12}).troubles == {"jam"}


def test_a_printer_plugged_in_again_is_found_by_asking(opened: Opened) -> None:
    with SocketCounterpart() as other:
        line = opened(f"network:127.0.0.1:{other.port}")
        assert line.ask_status().result(20).state == "ready"
        port = other.port
    assert line.ask_status().result(20).state == "offline"
    assert line.ask_status().result(20).detail
    with SocketCounterpart(port=port) as back:
        assert line.ask_status().result(20).state == "ready" and back.received
