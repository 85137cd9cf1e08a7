"""The Telocator Alphanumeric Protocol (TAP 1.8), in which paging transmitters take their messages on a serial line. Pure.

Published by the Personal Communications Industry Association; on-site transmitters of several makers speak it. A session:
CR until `ID=` comes, ESC PG1 CR until ACK and ESC [ p, then a block a message (STX, pager, CR, text, CR, ETX, checksum, CR)
until ACK, at last EOT CR. NAK asks for the same block again, RS refuses it, ESC EOT ends the session.
"""

from __future__ import annotations

import re
from typing import Literal

STX, ETX, EOT, ACK, NAK, ESC, RS, SUB = "\x02", "\x03", "\x04", "\x06", "\x15", "\x1b", "\x1e", "\x1a"

WAKE = b"\r"
PROMPT = b"ID="
GO_AHEAD = b"\x1b[p"
END = f"{EOT}\r".encode()

TEXT_LIMIT = 230
"""Signs of a message: with pager and frame they stay below the 250 of a block."""
_PAGER = re.compile(r"\d{1,10}")

Word = Literal["prompt", "ack", "nak", "refused", "go_ahead", "end"]

_WORDS: tuple[tuple[bytes, Word], ...] = (
    (GO_AHEAD, "go_ahead"),
    (b"\x1b\x04", "end"),
    (PROMPT, "prompt"),
    (ACK.encode(), "ack"),
    (NAK.encode(), "nak"),
    (RS.encode(), "refused"),
)


def sign_in(password: str = "") -> bytes:
    """Automatic mode, service for pagers with letters; few on-site transmitters want a password."""
    return f"{ESC}PG1{password}\r".encode()


def block(pager: str, text: str) -> bytes:
    """One message; raises `ValueError` for a pager or text that the protocol cannot carry."""
    if not _PAGER.fullmatch(pager):
        raise ValueError("a pager's number has one to ten digits")
    if not text.isascii() or not 0 < len(text) <= TEXT_LIMIT:
        raise ValueError(f"a pager's message has 1 to {TEXT_LIMIT} letters, Latin ones only")
    body = f"{STX}{pager}\r{_escaped(text)}\r{ETX}"
    return (body + checksum(body) + "\r").encode()


def checksum(body: str) -> str:
    """The sum of the signs from STX to ETX, its lower twelve bits as three signs of four bits each, from 0 upwards."""
    total = sum(body.encode("ascii"))
    return "".join(chr(0x30 + (total >> shift & 0xF)) for shift in (8, 4, 0))


def _escaped(text: str) -> str:
    return "".join(SUB + chr(ord(sign) + 0x40) if ord(sign) < 0x20 else sign for sign in text)


class Decoder:
    """Bytes go in as they come, the transmitter's words come out; its remarks for people are left out."""

    def __init__(self) -> None:
        self._buffer = b""

    def forget(self) -> None:
        """Begin anew."""
        self._buffer = b""

    def feed(self, data: bytes) -> list[Word]:
        """The words that are whole by now, in their order."""
        self._buffer += data
        found: list[Word] = []
        while True:
            places = [(self._buffer.find(sign), len(sign), word) for sign, word in _WORDS if sign in self._buffer]
            if not places:
                break
            place, size, word = min(places)
            found.append(word)
            self._buffer = self._buffer[place + size :]
        # A word may be cut in two: only so much of the rest can be the begin of one.
        self._buffer = self._buffer[-2:]
        return found
