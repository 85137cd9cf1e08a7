"""Frames between a program and the security module of Chinese identity card readers (GA 450; `SDTAPI` to its users). Pure.

To the reader: AA AA AA 96 69, length (two bytes, high first), command, parameter, checksum. From it: the same head, length,
three bytes of state of which the third counts, data, checksum. The length counts what follows it; the checksum is the XOR of
everything from the length to the byte before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce

from common.devices.identity_card import CardKind, IdentityCard, Private
from common.records.identity import identity_right

HEAD = b"\xaa\xaa\xaa\x96\x69"
LONGEST = 4096
"""No answer is longer: a length beyond it is noise on the line."""

MODULE_STATE = (0x11, 0xFF)
FIND = (0x20, 0x01)
SELECT = (0x20, 0x02)
READ = (0x30, 0x01)

DONE = 0x90
FOUND = 0x9F
NO_CARD = 0x80
NOT_SELECTED = 0x81
NOT_READ = 0x41
UNKNOWN_KIND = 0x40
LINE_FAULTS = frozenset({0x10, 0x11, 0x21, 0x23, 0x24})
"""Checksum, length or command were wrong as the reader heard them."""
NOT_GENUINE = frozenset({0x31, 0x32, 0x33})
"""Card and module do not trust each other, or the card's data do not fit its seal."""
MODULE_FAULTS = frozenset({0x60, 0x66})
"""The security module fails its own test, or is not licensed."""

TEXT, PHOTO = 256, 1024


class Unreadable(Exception):
    """What the card holds is no identity that we know; says nothing of its contents."""


@dataclass(frozen=True)
class Reply:
    """A whole answer of the reader."""

    state: int
    data: bytes


def request(command: tuple[int, int]) -> bytes:
    """A command on its way to the reader."""
    body = bytes((0, 3, *command))
    return HEAD + body + bytes((_xor(body),))


class Decoder:
    """Bytes go in as they come, whole replies come out; what is broken is left out and counted."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.broken = 0

    def forget(self) -> None:
        """Begin anew."""
        self._buffer.clear()

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole by now."""
        self._buffer += data
        replies = []
        while (begin := self._buffer.find(HEAD)) >= 0:
            del self._buffer[:begin]
            if len(self._buffer) < len(HEAD) + 2:
                break
            length = int.from_bytes(self._buffer[5:7], "big")
            if not 4 <= length <= LONGEST:
                self._skip()
                continue
            if len(self._buffer) < 7 + length:
                break
            body = bytes(self._buffer[5 : 6 + length])
            if _xor(body) != self._buffer[6 + length]:
                self._skip()
                continue
            replies.append(Reply(body[4], body[5:]))
            del self._buffer[: 7 + length]
        return replies

    def _skip(self) -> None:
        self.broken += 1
        del self._buffer[: len(HEAD)]


def card(data: bytes) -> IdentityCard:
    """The card in the answer to `READ`; raises `Unreadable`."""
    size = int.from_bytes(data[:2], "big")
    text = data[4 : 4 + size]
    if size != TEXT or len(text) != TEXT:
        raise Unreadable("the text of the card has another length")
    kind = _kind(text)
    if kind == "foreign":
        name = _field(text, 158, 30) or _field(text, 0, 120)
        number, begin, end = _field(text, 122, 30), _field(text, 188, 16), _field(text, 204, 16)
    else:
        name, number = _field(text, 0, 30), _field(text, 122, 36)
        begin, end = _field(text, 188, 16), _field(text, 204, 16)
    if not name or not identity_right(number, "" if kind == "foreign" else "cn"):
        raise Unreadable("no name, or a number that does not add up")
    return IdentityCard(Private(name), Private(number), kind, _date(begin), None if end == "长期" else _date(end))


def _kind(text: bytes) -> CardKind:
    """By the letter at 248: I is a foreigner's card with places of its own, J one for Hong Kong, Macao and Taiwan."""
    mark = _field(text, 248, 2)
    return "foreign" if mark == "I" else "hong_kong_macao_taiwan" if mark == "J" else "resident"


def _field(text: bytes, begin: int, size: int) -> str:
    try:
        return text[begin : begin + size].decode("utf-16-le").strip("\0 \u3000")
    except UnicodeDecodeError:
        # Without its cause: that one would carry the bytes of the card into a log.
        raise Unreadable("its letters are broken") from None


def _date(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise Unreadable("its validity is no date")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable("its validity is no date") from None


def _xor(data: bytes) -> int:
    return reduce(lambda left, right: left ^ right, data, 0)
