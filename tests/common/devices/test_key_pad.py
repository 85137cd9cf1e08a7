"""Button pads: each press once, whatever line and finger do; pads that fall silent, restart, and come back."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.devices import key_frames, key_pad
from common.devices.key_frames import Decoder, Sentence
from common.devices.key_pad import FRAMING, LinePads, Press, open_key_pads
from common.devices.serial_port import port_at
from tests.common.devices.pty_device import PtyDevice, until

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")


def said(*words: str) -> bytes:
    """A sentence, written here anew."""
    body = ",".join(words).encode()
    return b"$" + body + b"*" + b"%02X" % reduce(lambda a, b: a ^ b, body, 0) + b"\r\n"


@dataclass
class OnePad:
    """A pad's own memory."""

    run: str = "4F2A"
    count: int = 0
    telling: list[tuple[str, int, float]] = field(default_factory=list)
    shown: tuple[str, str] | None = None
    off: bool = False
    state: str = "ok"


class PadsCounterpart(PtyDevice):
    """Pads on one line: each tells a press every 30 ms (ten times as fast as a real one) until it is heard."""

    def __init__(self, folder: Path, *names: str) -> None:
        super().__init__(folder, "pads")
        self.pads = {name: OnePad() for name in names or ("01",)}
        self.heard: list[str] = []
        self.unchecked = 0
        self.deaf_to_answers = 0
        self._buffer = b""

    def press(self, name: str, key: str, *, times: int = 1) -> None:
        """A finger; `times` over one for a contact that bounces."""
        with self.lock:
            pad = self.pads[name]
            for _turn in range(times):
                pad.count += 1
                pad.telling.append((key, pad.count, 0.0))

    def restart(self, name: str, run: str) -> None:
        """A power cut of one pad."""
        with self.lock:
            self.pads[name] = OnePad(run)

    def turn(self) -> None:
        """Say what was not heard yet."""
        now = time.monotonic()
        for name, pad in self.pads.items():
            for place, (key, count, at) in enumerate(pad.telling):
                if now - at >= 0.03 and not pad.off:
                    self.send(said(name, "K", key, pad.run, str(count)))
                    pad.telling[place] = (key, count, now)

    def take(self, data: bytes) -> None:
        """Check every sentence and answer."""
        self._buffer += data
        while b"\n" in self._buffer:
            line, self._buffer = self._buffer.split(b"\n", 1)
            words = line.strip()[1:].partition(b"*")[0].decode("ascii", "replace").split(",")
            if said(*words) != line + b"\n":
                self.unchecked += 1
                continue
            self.heard.append(",".join(words))
            pad = self.pads.get(words[0])
            if pad is None or pad.off:
                continue
            if words[1] == "Q":
                self.send(said(words[0], "S", pad.run, "1.3", pad.state))
            elif words[1] == "D":
                pad.shown = (words[2], words[3])
            elif words[1] == "A":
                if self.deaf_to_answers:
                    self.deaf_to_answers -= 1
                    continue
                pad.telling = [one for one in pad.telling if (pad.run, str(one[1])) != (words[2], words[3])]


Open = Callable[..., tuple[LinePads, list[Press]]]


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[LinePads] = []

    def make(other: PadsCounterpart, **how: object) -> tuple[LinePads, list[Press]]:
        presses: list[Press] = []
        how = {"ask_every": 0.05, "answer_limit": 0.15, "again_after": 0.05, **how}
        made.append(LinePads(port_at(other.address, FRAMING), list(other.pads), presses.append, **how))  # type: ignore[arg-type]
        return made[-1], presses

    yield make
    for pads in made:
        pads.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "key pads"]


def test_sentences_to_the_byte() -> None:
    assert key_frames.sentence("07", "K", "next", "4F2A", "12") == said("07", "K", "next", "4F2A", "12")
    assert key_frames.sentence("07", "Q") == b"$07,Q*7A\r\n"
    for wrong in ("A,B", "A*", "A\n", "窗口", "x" * 25):
        with pytest.raises(ValueError, match="not a field"):
            key_frames.sentence("07", "D", wrong)


@given(st.data())
def test_only_whole_sentences_come_out_however_the_line_cuts_and_spoils(data: st.DataObject) -> None:
    whole = said("07", "K", "next", "4F2A", "12")
    spoilt = bytearray(whole)
    spoilt[data.draw(st.integers(0, len(whole) - 3))] ^= data.draw(st.integers(1, 127))
    stream = data.draw(st.binary(max_size=10).filter(lambda noise: b"$" not in noise)) + b"\n" + bytes(spoilt) + whole
    decoder, found = Decoder(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += decoder.feed(stream[:size])
        stream = stream[size:]
    # A hexadecimal digit in small letters is the same digit: then both are whole.
    assert set(found) == {Sentence("07", "K", ("next", "4F2A", "12"))}


@serial_only
def test_a_press_counts_once_although_the_pad_says_it_until_it_is_heard(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_pad, "BOUNCE", 0.0)
    with PadsCounterpart(tmp_path) as other:
        pads, presses = opened(other)
        until(lambda: pads.pads["01"].state == "ok")
        other.deaf_to_answers = 3
        other.press("01", "next")
        until(lambda: not other.pads["01"].telling)
        other.press("01", "recall")
        until(lambda: not other.pads["01"].telling)
        assert [one.key for one in presses] == ["next", "recall"]
        assert other.heard.count("01,A,4F2A,1") == 4 and other.unchecked == 0
        assert pads.version("01") == "1.3"


@serial_only
def test_a_contact_that_bounces_is_one_press_and_a_later_one_is_another(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_pad, "BOUNCE", 0.3)
    with PadsCounterpart(tmp_path) as other:
        _pads, presses = opened(other)
        other.press("01", "satisfied", times=3)
        until(lambda: not other.pads["01"].telling)
        assert [one.key for one in presses] == ["satisfied"]
        end = presses[0].at + 0.7
        until(lambda: time.monotonic() > end)
        other.press("01", "satisfied")
        until(lambda: len(presses) == 2)


@serial_only
def test_lost_bytes_lose_no_press(opened: Open, tmp_path: Path) -> None:
    """The word that it was heard loses a byte: the pad says it again, and it still counts once."""
    with PadsCounterpart(tmp_path) as other:
        pads, presses = opened(other, ask_every=60)
        until(lambda: pads.health.state == "ok")
        other.lose(3, 30)
        other.press("01", "next")
        until(lambda: not other.pads["01"].telling)
        assert [one.key for one in presses] == ["next"] and other.unchecked >= 1


@serial_only
def test_after_a_pads_restart_its_first_press_counts_although_it_counts_from_one_again(
    opened: Open, tmp_path: Path
) -> None:
    with PadsCounterpart(tmp_path) as other:
        pads, presses = opened(other)
        pads.show("01", "A012", 7)
        until(lambda: other.pads["01"].shown == ("A012", "7"))
        other.press("01", "next")
        until(lambda: len(presses) == 1)
        other.restart("01", "99B1")
        other.press("01", "finish")
        until(lambda: len(presses) == 2)
        until(lambda: other.pads["01"].shown == ("A012", "7"), what="its display stayed dark")


@serial_only
def test_two_pads_of_one_line_are_told_apart_and_one_may_fail(opened: Open, tmp_path: Path) -> None:
    with PadsCounterpart(tmp_path, "01", "02") as other:
        pads, presses = opened(other)
        until(lambda: all(one.state == "ok" for one in pads.pads.values()))
        other.pads["02"].off = True
        until(lambda: pads.pads["02"].state == "silent")
        other.press("01", "next")
        until(lambda: [(one.pad, one.key) for one in presses] == [("01", "next")])
        assert pads.pads["01"].state == "ok"
        other.pads["02"].off = False
        other.pads["02"].state = "key stuck"
        until(lambda: pads.pads["02"].state == "trouble" and pads.pads["02"].detail == "key stuck")


@serial_only
def test_unplugged_a_press_is_told_when_the_line_is_back(opened: Open, tmp_path: Path) -> None:
    with PadsCounterpart(tmp_path) as other:
        pads, presses = opened(other)
        until(lambda: pads.pads["01"].state == "ok")
        other.unplug()
        until(lambda: pads.pads["01"].state == "unplugged")
        other.press("01", "next")
        other.plug()
        until(lambda: [one.key for one in presses] == ["next"])
        until(lambda: pads.pads["01"].state == "ok")


@serial_only
def test_a_key_that_nobody_knows_is_heard_and_does_nothing(opened: Open, tmp_path: Path) -> None:
    with PadsCounterpart(tmp_path) as other:
        _pads, presses = opened(other)
        other.press("01", "launch")
        until(lambda: not other.pads["01"].telling)
        assert presses == []


def test_addresses_of_pads() -> None:
    pads = open_key_pads("serial:/dev/does-not-exist:01+02+07", lambda press: None)
    until(lambda: pads.health.state == "unplugged")
    assert list(pads.pads) == ["01", "02", "07"]
    pads.close()
    with pytest.raises(ValueError, match="not a serial line"):
        open_key_pads("usb:1", lambda press: None)
