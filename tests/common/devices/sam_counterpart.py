"""A reader of Chinese identity cards at the other end of a line: checks every frame and knows one card at a time."""

from __future__ import annotations

import time
from pathlib import Path

from tests.common.devices.pty_device import PtyDevice

HEAD = b"\xaa\xaa\xaa\x96\x69"


def _xor(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
    return value


def number_with_check(first: str) -> str:
    """A resident number of seventeen digits with the check sign that makes 1 of the sum modulo 11 (ISO 7064)."""
    for sign in "0123456789X":
        digits = [10 if letter == "X" else int(letter) for letter in first + sign]
        if sum(digit * pow(2, 17 - place, 11) for place, digit in enumerate(digits)) % 11 == 1:
            return first + sign
    raise ValueError(first)


def _places(**fields: tuple[int, int, str]) -> bytes:
    text = bytearray(" ".encode("utf-16-le") * 128)
    for begin, size, value in fields.values():
        data = value.encode("utf-16-le")
        assert len(data) <= size
        text[begin : begin + len(data)] = data
    return bytes(text)


def resident(name: str, number: str, begin: str = "20200102", end: str = "20400102", mark: str = " ") -> bytes:
    """The text of a resident's card."""
    return _places(
        name=(0, 30, name), sex=(30, 2, "1"), nation=(32, 4, "01"), birth=(36, 16, number[6:14]),
        address=(52, 70, "某市某路1号"), number=(122, 36, number), issuer=(158, 30, "某市公安局"),
        begin=(188, 16, begin), end=(204, 16, end), mark=(248, 2, mark),
    )  # fmt: skip


def foreign(english: str, chinese: str, number: str) -> bytes:
    """The text of a foreigner's card."""
    return _places(
        english=(0, 120, english), sex=(120, 2, "2"), number=(122, 30, number), nation=(152, 6, "RUS"),
        chinese=(158, 30, chinese), begin=(188, 16, "20230501"), end=(204, 16, "20280430"),
        birth=(220, 16, "19900101"), version=(236, 4, "01"), authority=(240, 8, "1500"), mark=(248, 2, "I"),
    )  # fmt: skip


class SamCounterpart(PtyDevice):
    """The reader. `lay` puts a card on it, `take_away` takes it off."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "reader")
        self.commands: list[tuple[int, int]] = []
        self.refused = 0
        self.moves_at: tuple[int, int] | None = None
        """The card is taken away while this command is done."""
        self.answers_with: dict[tuple[int, int], int] = {}
        """States given instead of the usual ones."""
        self.mishears: tuple[int, int] | None = None
        """This command arrives broken once."""
        self.late = 0.0
        self.silent = False
        self.spoil = 0
        """So many answers go out with a byte changed."""
        self._card: bytes | None = None
        self._read = False
        self._selected = False
        self._buffer = b""
        self._answers: list[tuple[float, bytes]] = []

    def lay(self, text: bytes) -> None:
        """Another card lies on the reader."""
        with self.lock:
            self._card, self._read, self._selected = text, False, False

    def take_away(self) -> None:
        """Nothing lies on it."""
        with self.lock:
            self._card = None

    def take(self, data: bytes) -> None:
        """Find frames; what is not exactly one is refused, as the standard says."""
        self._buffer += data
        while len(self._buffer) >= 10:
            frame, self._buffer = self._buffer[:10], self._buffer[10:]
            if not frame.startswith(HEAD) or frame[5:7] != b"\x00\x03" or _xor(frame[5:]) != 0:
                self.refused += 1
                self._buffer = b""
                self._answer(0x10)
                return
            self._obey((frame[7], frame[8]))

    def turn(self) -> None:
        """Answer when it is time."""
        while self._answers and self._answers[0][0] <= time.monotonic():
            self.send(self._answers.pop(0)[1])

    def _obey(self, command: tuple[int, int]) -> None:
        self.commands.append(command)
        if self.mishears == command:
            self.mishears = None
            self._answer(0x10)
            return
        if self.moves_at == command:
            self._card, self.moves_at = None, None
        if command in self.answers_with:
            self._answer(self.answers_with[command])
        elif command == (0x20, 0x01):
            self._answer(0x9F, bytes(4)) if self._card and not self._read else self._answer(0x80)
        elif command == (0x20, 0x02):
            self._selected = self._card is not None
            self._answer(0x90, bytes(8)) if self._card else self._answer(0x81)
        elif command == (0x30, 0x01):
            if self._card and self._selected:
                self._read = True
                self._answer(0x90, b"\x01\x00\x04\x00" + self._card + b"\xff" * 1024)
            else:
                self._answer(0x41)
        elif command == (0x11, 0xFF):
            self._answer(0x90)
        else:
            self._answer(0x21)

    def _answer(self, state: int, data: bytes = b"") -> None:
        if self.silent:
            return
        body = (len(data) + 4).to_bytes(2, "big") + bytes((0, 0, state)) + data
        whole = bytearray(HEAD + body + bytes((_xor(body),)))
        if self.spoil:
            self.spoil -= 1
            whole[-3] ^= 0x55
        self._answers.append((time.monotonic() + self.late, bytes(whole)))
