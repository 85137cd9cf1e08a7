"""Customers' pagers over TAP: taken once, refused, disturbed, late, silent, unplugged and back."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common.devices import tap_frames as tap
from common.devices.pager import FRAMING, Paged, PageTrouble, TapPager, open_pager
from common.devices.serial_port import port_at
from common.text import in_language
from tests.common.devices.pty_device import PtyDevice, until

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")


class Transmitter(PtyDevice):
    """Follows the session to the letter: whatever comes out of turn ends it."""

    def __init__(self, folder: Path, known: tuple[str, ...] = ("12", "13")) -> None:
        super().__init__(folder, "pagers")
        self.known = known
        self.paged: list[tuple[str, str]] = []
        self.naks = 0
        self.out_of_turn = 0
        self.silent = False
        self.late = 0.0
        self.loses_acks = 0
        self._state = "asleep"
        self._buffer = ""
        self._answers: list[tuple[float, bytes]] = []

    def turn(self) -> None:
        """Answer when it is time."""
        while self._answers and self._answers[0][0] <= time.monotonic():
            self.send(self._answers.pop(0)[1])

    def say(self, text: str) -> None:
        """Later, if it is late."""
        if not self.silent:
            self._answers.append((time.monotonic() + self.late, text.encode()))

    def take(self, data: bytes) -> None:
        """Line by line; a block has three of them."""
        self._buffer += data.decode("ascii")
        while "\r" in self._buffer:
            if self._buffer.startswith("\x02"):
                if self._buffer.count("\r") < 3:
                    return
                first, second, third, self._buffer = self._buffer.split("\r", 3)
                self._block(first, second, third)
                continue
            line, self._buffer = self._buffer.split("\r", 1)
            self._line(line)

    def _line(self, line: str) -> None:
        if line == "":
            self._state = "asked"
            self.say("ID=")
        elif line == "\x1bPG1" and self._state == "asked":
            self._state = "in"
            self.say("110 1.8\r\n\x06\r\x1b[p\r")
        elif line == "\x04" and self._state == "in":
            self._state = "asleep"
            self.say("115 Thank you\r\x1b\x04\r")
        else:
            self.out_of_turn += 1
            self._state = "asleep"
            self.say("\x1b\x04\r")

    def _block(self, first: str, text: str, third: str) -> None:
        body = f"{first}\r{text}\r\x03"
        total = sum(map(ord, body))
        signs = "".join(chr(0x30 + (total >> shift) % 16) for shift in (8, 4, 0))
        if self._state != "in":
            self.out_of_turn += 1
        elif not first.startswith("\x02") or third != "\x03" + signs:
            self.naks += 1
            self.say("511 Checksum error\r\x15\r")
        elif first[1:] not in self.known:
            self.say("512 Invalid pager\r\x1e\r")
        else:
            self.paged.append((first[1:], text))
            if self.loses_acks:
                self.loses_acks -= 1
            else:
                self.say("211 Page accepted\r\x06\r")


Open = Callable[..., TapPager]


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[TapPager] = []

    def make(other: Transmitter, **how: object) -> TapPager:
        # A pty knows no bytes of seven bits and refuses to be opened a second time with them.
        made.append(TapPager(port_at(f"{other.address},9600,8N1", FRAMING), **{"answer_limit": 0.25, **how}))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for pager in made:
        pager.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("pager")]


def test_a_block_is_what_the_protocol_says() -> None:
    """The example of the published protocol: pager 123, message ABC has the checksum 17;."""
    assert tap.block("123", "ABC") == b"\x02123\rABC\r\x0317;\r"
    assert tap.block("1", "a\tb") == b"\x021\ra\x1aIb\r\x03" + tap.checksum("\x021\ra\x1aIb\r\x03").encode() + b"\r"
    for pager, text in (("12a", "x"), ("", "x"), ("1", ""), ("1", "窗口"), ("1", "x" * 231)):
        with pytest.raises(ValueError, match="pager"):
            tap.block(pager, text)


def test_words_are_found_between_remarks_and_over_pieces() -> None:
    stream = b"\r\nHELLO ID=110 1.8\r\x06\r\x1b[p\r211 ok\r\x15\r\x1e\r\x1b\x04\r"
    for size in (1, 2, 3, 100):
        decoder = tap.Decoder()
        words = [word for at in range(0, len(stream), size) for word in decoder.feed(stream[at : at + size])]
        assert words == ["prompt", "ack", "go_ahead", "nak", "refused", "end"]


@serial_only
def test_a_page_is_taken_once_and_the_next_one_too(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        outcomes = [pager.page("12", "A012 WINDOW 3"), pager.page("13", "A013 WINDOW 4")]
        assert [type(one.result(10)) for one in outcomes] == [Paged, Paged]
        assert other.paged == [("12", "A012 WINDOW 3"), ("13", "A013 WINDOW 4")]
        assert (other.out_of_turn, other.naks, pager.health.state) == (0, 0, "ok")


@serial_only
def test_an_unknown_pager_is_refused_and_one_that_cannot_be_is_not_sent(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        refused = pager.page("99", "A012").result(10)
        assert isinstance(refused, PageTrouble) and refused.kind == "refused"
        with in_language("ru"):
            assert refused.sentence == "Передатчик не знает этого пейджера. Сверьте номер на его обороте."
        impossible = pager.page("12", "窗口三").result(10)
        assert isinstance(impossible, PageTrouble) and impossible.kind == "impossible"
        assert other.paged == []


@serial_only
@pytest.mark.parametrize("place", [0, 4, 8, 15])
def test_a_lost_byte_is_sent_again(opened: Open, tmp_path: Path, place: int) -> None:
    """In the waking CR, in the sign-in, in the block."""
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        other.lose(place)
        assert isinstance(pager.page("12", "A012 WINDOW 3").result(10), Paged)
        assert other.paged == [("12", "A012 WINDOW 3")]


@serial_only
def test_a_lost_acknowledgement_pages_twice_rather_than_never(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        other.loses_acks = 1
        outcome = pager.page("12", "A012").result(10)
        assert isinstance(outcome, Paged) and outcome.tries == 2
        assert other.paged == [("12", "A012")] * 2


@serial_only
def test_late_silent_and_back(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        other.late = 0.1
        assert isinstance(pager.page("12", "A012").result(10), Paged)
        other.silent = True
        outcome = pager.page("12", "A013").result(20)
        assert isinstance(outcome, PageTrouble) and outcome.kind == "no_answer"
        assert not pager.health.good
        other.silent, other.late = False, 0.0
        assert isinstance(pager.page("12", "A014").result(10), Paged) and pager.health.good


@serial_only
def test_unplugged_and_back(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other)
        assert isinstance(pager.page("12", "A012").result(10), Paged)
        other.unplug()
        outcome = pager.page("12", "A013").result(10)
        assert isinstance(outcome, PageTrouble) and outcome.kind == "no_line" and pager.health.state == "unplugged"
        other.plug()
        until(lambda: other.port.exists())
        assert isinstance(pager.page("13", "A013").result(10), Paged)
        assert other.paged[-1] == ("13", "A013")


@serial_only
def test_a_page_whose_moment_has_passed_is_not_sent(opened: Open, tmp_path: Path) -> None:
    with Transmitter(tmp_path) as other:
        pager = opened(other, lapse=0.2)
        other.late = 0.15
        first, second = pager.page("12", "A012"), pager.page("13", "A013")
        assert isinstance(first.result(10), Paged)
        lapsed = second.result(10)
        assert isinstance(lapsed, PageTrouble) and lapsed.kind == "lapsed"
        assert other.paged == [("12", "A012")]


def test_no_transmitter() -> None:
    pager = open_pager("serial:/dev/does-not-exist")
    outcome = pager.page("12", "A012").result(10)
    pager.close()
    assert isinstance(outcome, PageTrouble) and outcome.kind == "no_line"
    with pytest.raises(ValueError, match="not a serial line"):
        open_pager("radio")
