"""Signs of the Alpha protocol on one line, as far as a hall uses them: each checks every frame, keeps its files, and answers.

Written from the published protocol alone, not from the code under test: it finds frames by itself and counts what it refuses.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.common.devices.pty_device import PtyDevice

FRAME = re.compile(
    rb"\x00{5,}\x01(?P<type>.)(?P<address>[0-9A-F?]{2})(?P<body>\x02[^\x03\x04]*\x03)(?P<sum>[0-9A-F]{4})\x04", re.S
)
COLOURS = {ord("1"): "red", ord("2"): "green", ord("3"): "amber"}


@dataclass
class Shown:
    """What stands on a sign."""

    rows: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    flashing: list[bool] = field(default_factory=list)
    dots: list[str] | None = None


@dataclass
class OneSign:
    """Its memory."""

    address: str
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    strings: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    running: str = "A"
    priority: bytes = b""
    errors: int = 0x40
    beeps: int = 0
    restarts: int = 0
    set_ups: int = 0
    off: bool = False
    knocks: list[bytes] = field(default_factory=list)
    """Commands that came for it while it was off."""
    dark_moments: int = 0

    def forget(self) -> None:
        """A long power cut."""
        self.files, self.texts, self.strings, self.pictures, self.running = {}, {}, {}, {}, "A"

    def obey(self, command: bytes) -> bytes | None:
        """Do it; gives the answer to a question."""
        code, rest = chr(command[0]), command[1:]
        if code == "E" and rest[:1] == b"$":
            self.forget()
            entries = [rest[1:][at : at + 11].decode() for at in range(0, len(rest) - 1, 11)]
            self.files = {entry[0]: (entry[1], entry[3:7]) for entry in entries if len(entry) == 11}
            self.set_ups += bool(entries)
        elif code == "E" and rest[:1] == b".":
            self.running = rest[3:].decode()
        elif code == "E" and rest[:1] == b"4":
            self.errors = 0x40
        elif code == "E" and rest[:1] == b"(":
            self.beeps += 1
        elif code == "E" and rest[:1] == b",":
            self.restarts += 1
        elif code == "E" and rest[:1] == b"!":
            pass
        elif code == "A" and rest[:1] == b"0":
            self.priority = rest[1:]
        elif code in "AGI":
            self._write(code, chr(rest[0]), rest[1:])
        elif code == "F" and rest == b"*":
            return b"E*" + bytes((self.errors,))
        else:
            self.errors |= 0x20
        return None

    def _write(self, code: str, label: str, data: bytes) -> None:
        kind = {"A": "A", "G": "B", "I": "D"}[code]
        if self.files.get(label, ("", ""))[0] != kind:
            self.errors |= 0x20
        elif code == "G":
            # As measured on a sign: a string that is too long is emptied.
            self.strings[label] = data if len(data) <= int(self.files[label][1], 16) else b""
        elif code == "A":
            assert data[:1] == b"\x1b", data
            self.texts[label] = data[3:]
            self.dark_moments += 1
        else:
            assert data[:4].decode() == self.files[label][1], "a picture of another size than its file"
            self.pictures[label] = data[4:].decode().split("\r")[:-1]

    @property
    def shown(self) -> Shown:
        """What a passer-by sees."""
        message = self.priority[3:] or self.texts.get(self.running[:1], b"")
        shown = Shown()
        if message[:1] == b"\x14":
            shown.dots = self.pictures.get(chr(message[1]), [])
            return shown
        colour, flash = "", False
        for call in message.removeprefix(b"\x1e1").split(b"\r"):
            data = self.strings.get(chr(call[1]), b"") if call[:1] == b"\x10" else call
            text, at = "", 0
            while at < len(data):
                if data[at] == 0x1C:
                    colour, at = COLOURS[data[at + 1]], at + 2
                elif data[at] == 0x07:
                    flash, at = data[at + 1] == ord("1"), at + 2
                elif data[at] == 0x08:
                    text += bytes((data[at + 1] + 0x60,)).decode("cp437")
                    at += 2
                else:
                    text, at = text + chr(data[at]), at + 1
            shown.rows.append(text)
            shown.colours.append(colour)
            shown.flashing.append(flash)
        return shown


class AlphaCounterpart(PtyDevice):
    """Signs on one line."""

    def __init__(self, folder: Path, *addresses: str, answers: bool = True, name: str = "sign") -> None:
        super().__init__(folder, name)
        self.signs = {address: OneSign(address) for address in addresses or ("00",)}
        self.answers = answers
        self.late = 0.0
        self.frames = 0
        self.broken = 0
        self.largest = 0
        self._buffer = b""
        self._answers: list[tuple[float, bytes]] = []

    def __getitem__(self, address: str) -> OneSign:
        return self.signs[address]

    def shown(self, address: str = "00") -> Shown:
        """What stands on one of them."""
        with self.lock:
            return self.signs[address].shown

    def take(self, data: bytes) -> None:
        """Find frames."""
        assert all(byte < 0x80 for byte in data), "a byte that a line of seven bits does not carry"
        self._buffer += data
        while (end := self._buffer.find(b"\x04")) >= 0:
            raw, self._buffer = self._buffer[: end + 1], self._buffer[end + 1 :]
            self._frame(raw)

    def turn(self) -> None:
        """Answer when it is time."""
        while self._answers and self._answers[0][0] <= time.monotonic():
            self.send(self._answers.pop(0)[1])

    def _frame(self, raw: bytes) -> None:
        match = FRAME.fullmatch(raw)
        if match is None:
            # No head was heard: the signs know of nothing.
            if b"\x01" in raw and b"\x02" in raw:
                self._note(raw, 0x10)
            self.broken += 1
            return
        if match["sum"] != b"%04X" % (sum(match["body"]) & 0xFFFF):
            self.broken += 1
            self._note(raw, 0x10)
            return
        self.frames += 1
        self.largest = max(self.largest, len(raw))
        for name, sign in self.signs.items():
            if sign.off and match["address"].decode() == name:
                sign.knocks.append(match["body"][1:-1])
        for sign in self._addressed(match["address"].decode()):
            answer = sign.obey(match["body"][1:-1])
            if answer is not None and self.answers:
                body = b"\x02" + answer + b"\x03"
                whole = bytes(5) + b"\x01000" + body + b"%04X" % sum(body) + b"\x04"
                self._answers.append((time.monotonic() + self.late, whole))

    def _note(self, raw: bytes, bit: int) -> None:
        address = raw[raw.index(b"\x01") + 2 :][:2].decode("ascii", "replace")
        for sign in self._addressed(address):
            sign.errors |= bit

    def _addressed(self, address: str) -> list[OneSign]:
        return [sign for name, sign in self.signs.items() if address in ("00", name) and not sign.off]
