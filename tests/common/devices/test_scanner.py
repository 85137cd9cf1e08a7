"""Codes over a serial line and from scanners that pretend to be keyboards: each once, none mistaken for typing."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.devices.keyboard_wedge import LEAST, PACE, Event, Scanned, Typed, WedgeDecoder
from common.devices.scanner import FRAMING, CodeDecoder, SerialScanner, open_scanner, ticket_token
from common.devices.serial_port import port_at
from tests.common.devices.pty_device import PtyDevice, until

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")
TICKET = "https://hall.example/t/AbCdEfGhIjKlMnOpQrStU_"


def test_only_a_tickets_code_is_a_ticket() -> None:
    assert ticket_token(TICKET) == "AbCdEfGhIjKlMnOpQrStU_"
    for other in ("", "A012", TICKET[:-1], TICKET + "x", "AbCdEfGhIjKlMnOpQrStU_", "ftp://x/t/AbCdEfGhIjKlMnOpQrStU_"):
        assert ticket_token(other) is None


@given(st.lists(st.text("abcXYZ0189-/:窗口", min_size=1, max_size=30), max_size=5), st.data())
def test_codes_come_out_whole_however_the_line_cuts_them(codes: list[str], data: st.DataObject) -> None:
    stream = b"".join(code.encode() + data.draw(st.sampled_from([b"\r", b"\n", b"\r\n", b"\t"])) for code in codes)
    decoder, found, now = CodeDecoder(), [], 0.0
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += decoder.feed(stream[:size], now)
        stream, now = stream[size:], now + 0.01
    # The same code twice in a row counts once: it is still held before the scanner.
    assert found == [code for place, code in enumerate(codes) if place == 0 or code != codes[place - 1]]


def test_a_pause_ends_a_code_and_a_code_comes_again_later() -> None:
    decoder = CodeDecoder()
    assert decoder.feed(b"]Q1A012", 0.0) == [] and decoder.feed(b"", 0.1) == []
    assert decoder.feed(b"", 0.3) == ["A012"]
    assert decoder.feed(b"A012\r", 1.0) == [] and decoder.feed(b"A012\r", 3.0) == ["A012"]
    assert decoder.feed("三号窗口\r".encode("gb18030"), 5.0) == ["三号窗口"]
    assert decoder.feed(b"x" * 5000, 9.0) == [] and decoder.broken == 1


@serial_only
def test_a_scanner_on_a_line_unplugged_and_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with PtyDevice(tmp_path) as other:
        codes: list[str] = []
        scanner = SerialScanner(port_at(other.address, FRAMING), codes.append, again_after=0.05)
        try:
            until(lambda: scanner.health.state == "listening")
            other.send(TICKET[:20].encode())
            other.send(TICKET[20:].encode() + b"\r\n")
            until(lambda: codes == [TICKET])
            assert scanner.health.state == "ok" and scanner.health.facts()["silent_seconds"] == 0
            other.send(b"half a co")
            other.unplug()
            until(lambda: scanner.health.state == "unplugged")
            other.plug()
            until(lambda: scanner.health.state == "listening")
            other.send(b"A012")
            until(lambda: codes == [TICKET, "A012"], what="the half code of before stuck to the next one")
        finally:
            scanner.close()
    assert "AbCdEf" not in caplog.text
    assert not [thread.name for thread in threading.enumerate() if thread.name == "scanner"]


def test_no_scanner() -> None:
    scanner = open_scanner("serial:/dev/does-not-exist", lambda code: None)
    until(lambda: scanner.health.state == "unplugged")
    scanner.close()
    with pytest.raises(ValueError, match="not a serial line"):
        open_scanner("camera", lambda code: None)


# scanners that pretend to be keyboards


def typed(text: str, gap: float, begin: float = 0.0) -> list[tuple[str, float]]:
    """A text with the same gap between any two signs."""
    return [(sign, begin + place * gap) for place, sign in enumerate(text)]


def heard(keys: list[tuple[str, float]], decoder: WedgeDecoder | None = None) -> list[Event]:
    """What comes out, with a timer that flushes when it is due."""
    decoder = decoder or WedgeDecoder()
    events: list[Event] = []
    for sign, at in keys:
        if decoder.due is not None and at > decoder.due:
            events += decoder.flush(decoder.due + 0.001)
        events += decoder.key(sign, at)
    return events + (decoder.flush(decoder.due + 0.001) if decoder.due is not None else [])


@given(st.text("abc0189X-", min_size=LEAST, max_size=60), st.floats(0, PACE * 0.9), st.sampled_from("\r\n\t"))
def test_what_comes_in_a_scanners_pace_with_an_end_is_a_scan(text: str, gap: float, end: str) -> None:
    assert heard(typed(text + end, gap)) == [Scanned(text)]


@given(st.text("abc0189\r\t", min_size=1, max_size=60), st.lists(st.floats(PACE * 1.1, 2), min_size=60, max_size=60))
def test_what_comes_in_a_persons_pace_is_typing_whatever_it_is(text: str, gaps: list[float]) -> None:
    moments = [sum(gaps[:place]) for place in range(len(text))]
    events = heard(list(zip(text, moments, strict=True)))
    assert all(isinstance(event, Typed) for event in events)
    assert "".join(event.text for event in events) == text


@given(st.lists(st.tuples(st.sampled_from("ab1\r\t"), st.floats(0, 0.2)), max_size=80))
def test_nothing_is_lost_and_nothing_changes_its_place(steps: list[tuple[str, float]]) -> None:
    at, keys = 0.0, []
    for sign, gap in steps:
        at += gap
        keys.append((sign, at))
    text = "".join(sign for sign, _at in keys)
    out, place = "", 0
    for event in heard(keys):
        out += event.text
        place += len(event.text)
        if isinstance(event, Scanned):
            assert len(event.text) >= LEAST and text[place] in "\r\n\t"
            out += text[place]
            place += 1
    assert out == text


def test_a_quick_pair_of_keys_before_enter_is_no_scan() -> None:
    assert heard(typed("A012\r", 0.03)) == [Typed("A012\r")]


def test_a_scan_into_the_middle_of_typing_stands_by_itself() -> None:
    keys = typed("ab", 0.2) + typed("110101199003071234\r", 0.005, begin=0.5) + typed("c", 0.2, begin=1.0)
    events = heard(keys)
    assert events == [Typed("a"), Typed("b"), Scanned("110101199003071234"), Typed("c")]
    assert "110101" not in repr(events)
