"""Frames of the Alpha sign protocol (M-Protocol), which signs of several makers understand. Pure.

Published by Adaptive Micro Systems as "Alpha Sign Communications Protocol", form 9708-8061. A frame is five NULs by which the
sign finds the speed, SOH, sign type, address, STX, command, ETX, sum of the bytes from STX to ETX in four hexadecimal digits,
EOT. Everything sent here is of seven bits, so that lines of 7E1 and 8N1 both carry it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from common.devices.sign import Colour
from common.text import direction, fold

SYNC = bytes(5)
SOH, STX, ETX, EOT, ESC = b"\x01", b"\x02", b"\x03", b"\x04", b"\x1b"
EVERY_SIGN = "Z"
EVERYBODY = "00"

STRING_LIMIT = 125
"""Bytes of a STRING file. One byte more does not cut it off but empties it."""
PICTURE_DOWN, PICTURE_ACROSS = 31, 255
"""Largest SMALL DOTS picture."""

FILL, MIDDLE = b"0", b" "
HOLD, ROTATE = b"b", b"a"
NEW_LINE = b"\r"
FIXED_WIDTH = b"\x1e1"
COLOURS: dict[Colour, bytes] = {"red": b"\x1c1", "green": b"\x1c2", "amber": b"\x1c3"}
DOT_COLOURS: dict[Colour, str] = {"red": "1", "green": "2", "amber": "3"}

ERRORS = {
    0x20: "illegal command or file",
    0x10: "checksum",
    0x08: "buffer overflow",
    0x04: "timeout",
    0x02: "framing",
    0x01: "parity",
}
"""Bits of the Serial Error Status Register; bit 6 is always set."""

_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...",
     "→": ">", "·": "-", "\u00a0": " ", "\u202f": " ", "№": "No.", "~": "-", "，": ",", "：": ":", "（": "(", "）": ")"}
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file of the sign's memory."""

    label: str
    kind: Literal["text", "string", "dots"]
    size: tuple[int, int] | int
    """Bytes, or rows and columns of dots."""

    def entry(self) -> bytes:
        """Its eleven characters in the memory configuration; TEXT files run always, only we change any of them."""
        size = "{:02X}{:02X}".format(*self.size) if isinstance(self.size, tuple) else f"{self.size:04X}"
        kind, last = {"text": ("A", "FFFF"), "string": ("B", "0000"), "dots": ("D", "4000")}[self.kind]
        return f"{self.label}{kind}L{size}{last}".encode()


def checksum(body: bytes) -> bytes:
    """Of everything from STX to ETX."""
    return b"%04X" % (sum(body) & 0xFFFF)


def frame(command: bytes, address: str = EVERYBODY, kind: str = EVERY_SIGN) -> bytes:
    """A command on its way to a sign."""
    body = STX + command + ETX
    return SYNC + SOH + f"{kind}{address}".encode() + body + checksum(body) + EOT


def answer(data: bytes) -> bytes | None:
    """The command in a sign's whole answer; nothing when it is broken. Signs answer a read with the write's letter."""
    begin, end = data.rfind(STX), data.rfind(EOT)
    body_end = data.rfind(ETX, 0, end)
    if not 0 <= begin < body_end < end or data.find(SOH) < 0:
        return None
    body = data[begin : body_end + 1]
    return body[1:-1] if data[body_end + 1 : end].upper() == checksum(body) else None


# text


def missing(text: str) -> str:
    """The letters of a text that the sign has not; empty when it can show all of it."""
    return "".join(dict.fromkeys(letter for letter in plain(text) if _code(letter) is None))


def plain(text: str) -> str:
    """The text as the sign's letters can hold it: Western digits, plain quotation marks and dashes."""
    joined = unicodedata.normalize("NFC", fold.digits(direction.plain(text)))
    return " ".join(joined.translate(_PLAIN).split("\n"))


def encoded(text: str) -> bytes:
    """The letters for the sign; raises `ValueError` for one that it has not."""
    out = bytearray()
    for letter in plain(text):
        code = _code(letter)
        if code is None:
            raise ValueError(f"the sign has no letter {letter!r}")
        # Above 7F a letter goes as 08H and its place, so that a line of seven bits carries it.
        out += bytes((code,)) if code < 0x80 else bytes((0x08, code - 0x60))
    return bytes(out)


def _code(letter: str) -> int | None:
    """Its place in the sign's table: ASCII without the tilde (a half space there), then code page 437 up to A8, then °."""
    number = ord(letter)
    if 0x20 <= number < 0x7E:
        return number
    if letter == "°":
        return 0xA9
    try:
        place = letter.encode("cp437")[0] if number > 0x7F else 0
    except UnicodeEncodeError:
        return None
    return place if 0x80 <= place <= 0xA8 else None


# commands


def clear_memory() -> bytes:
    """Empty the memory. The sign is deaf for about two seconds; without it some signs show nothing of a new plan."""
    return b"E$"


def memory(files: Iterable[File]) -> bytes:
    """Divide the memory; what was in it is gone."""
    return b"E$" + b"".join(file.entry() for file in files)


def text_file(label: str, message: bytes, *, position: bytes = FILL, mode: bytes = HOLD) -> bytes:
    """Write a TEXT file; the sign goes dark for a moment."""
    return b"A" + label.encode() + ESC + position + mode + message


def priority(message: bytes, *, mode: bytes = HOLD) -> bytes:
    """Show this instead of everything else, until it is released; 125 bytes at most."""
    if len(message) > STRING_LIMIT:
        raise ValueError("a priority text has 125 bytes at most")
    return text_file("0", message, mode=mode)


def release_priority() -> bytes:
    """Back to the other files. Not a byte more: an empty priority text would hold a dark sign."""
    return b"A0"


def string_file(label: str, message: bytes) -> bytes:
    """Write a STRING file: what calls it shows the new text without a dark moment. Raises `ValueError` beyond 125 bytes."""
    if len(message) > STRING_LIMIT:
        raise ValueError("a STRING file has 125 bytes at most")
    return b"G" + label.encode() + message


def call_string(label: str) -> bytes:
    """Within a TEXT file: the string stands here."""
    return b"\x10" + label.encode()


def call_picture(label: str) -> bytes:
    """Within a TEXT file: the picture stands here."""
    return b"\x14" + label.encode()


def flashing(on: bool) -> bytes:
    """Within a text: flash from here on, or no longer."""
    return b"\x071" if on else b"\x070"


def picture_head(label: str, image: Image.Image) -> bytes:
    """Begin of a SMALL DOTS file; the sign wants 100 ms before the rows. Raises `ValueError` for one too large."""
    if image.height > PICTURE_DOWN or image.width > PICTURE_ACROSS:
        raise ValueError(f"a picture has {PICTURE_ACROSS} by {PICTURE_DOWN} dots at most")
    return b"I" + label.encode() + b"%02X%02X" % (image.height, image.width)


def picture_rows(image: Image.Image, colour: Colour) -> bytes:
    """The dots, a digit each, row by row."""
    lit = DOT_COLOURS[colour]
    bits = image.convert("1").tobytes()
    stride = (image.width + 7) // 8
    rows = []
    for top in range(image.height):
        row = "".join(f"{byte:08b}" for byte in bits[top * stride : (top + 1) * stride])[: image.width]
        rows.append(row.replace("1", lit))
    return "".join(f"{row}\r" for row in rows).encode()


def run(labels: Sequence[str]) -> bytes:
    """Show these TEXT files in turn; this disturbs nothing that stays."""
    return b"E.SL" + "".join(labels).encode()


def set_time(hour: int, minute: int) -> bytes:
    """The sign's own clock."""
    return b"E %02d%02d" % (hour, minute)


def set_weekday(iso: int) -> bytes:
    """The sign's day of the week: Monday is 1 here, Sunday is 1 there."""
    return b"E&%d" % (iso % 7 + 1)


def full_day_clock() -> bytes:
    """Hours from 0 to 23."""
    return b"E'M"


def speaker(on: bool) -> bytes:
    """Let it sound, or not."""
    return b"E!00" if on else b"E!FF"


def three_beeps() -> bytes:
    """Two seconds of sound, in which the sign hears nothing: the last frame for three seconds."""
    return b"E(1"


def soft_reset() -> bytes:
    """Start anew; the memory stays."""
    return b"E,"


def clear_errors() -> bytes:
    """Forget the faults of the line so far."""
    return b"E4"


def read_errors() -> bytes:
    """Ask for the faults of the line."""
    return b"F*"


def faults(command: bytes) -> str | None:
    """The faults in the answer to `read_errors`, empty for none; nothing when it is another answer."""
    if not command.startswith(b"E*") or len(command) < 3:
        return None
    return ", ".join(words for bit, words in ERRORS.items() if command[2] & bit)
