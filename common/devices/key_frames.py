"""The line protocol of button pads: sentences of letters with a checksum, each key press told until it is heard. Pure.

Pads for halls come with protocols that their makers do not publish, so this is one of our own, for a microcontroller of a few
kilobytes. It is written like NMEA 0183: `$`, fields with commas between them, `*`, the XOR of the signs between both in two
hexadecimal digits, CR LF. Several pads share a line; the first field is the pad's own number.

    $07,K,next,4F2A,12*hh    pad 7: key `next` was pressed; 4F2A is this run of the pad, 12 counts its presses
    $07,A,4F2A,12*hh         to pad 7: heard. Until then it says the same again every 300 ms, for at most 10 s
    $07,Q*hh                 to pad 7: are you there?
    $07,S,4F2A,1.3,ok*hh     pad 7: run, version of its program, its state
    $07,D,A012,7*hh          to pad 7: show this number and how many wait (a pad without display ignores it)

A run is a new random word each time the pad starts, so that no press after a power cut looks like one of before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from typing import Final

LONGEST: Final = 80
"""Signs of a sentence; noise without an end is dropped."""
_WORD = re.compile(r"[A-Za-z0-9_.: -]{0,24}")


@dataclass(frozen=True)
class Sentence:
    """One sentence, checked."""

    pad: str
    kind: str
    fields: tuple[str, ...] = ()


def sentence(pad: str, kind: str, *fields: str) -> bytes:
    """A sentence on its way; raises `ValueError` for a field that would break it."""
    words = (pad, kind, *fields)
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"not a field of a pad's sentence: {words!r}")
    body = ",".join(words)
    return f"${body}*{_sum(body.encode()):02X}\r\n".encode()


class Decoder:
    """Bytes go in as they come, whole sentences come out; what is broken is left out and counted."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.broken = 0

    def feed(self, data: bytes) -> list[Sentence]:
        """The sentences that are whole by now."""
        self._buffer += data
        whole = []
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).strip()
            del self._buffer[: end + 1]
            if not line:
                continue
            # A lost line end glues two sentences: the second one is still whole.
            found = _read(line[line.rfind(b"$") :] if b"$" in line else line)
            if found is None:
                self.broken += 1
            else:
                whole.append(found)
        if len(self._buffer) > LONGEST:
            self.broken += 1
            self._buffer.clear()
        return whole


def _read(line: bytes) -> Sentence | None:
    body, star, digits = line[1:].rpartition(b"*")
    if not (line.startswith(b"$") and star) or len(digits) != 2:
        return None
    if digits.upper() != b"%02X" % _sum(body):
        return None
    words = body.decode("ascii", "replace").split(",")
    if len(words) < 2 or not all(_WORD.fullmatch(word) for word in words):
        return None
    return Sentence(words[0], words[1], tuple(words[2:]))


def _sum(body: bytes) -> int:
    return reduce(lambda left, right: left ^ right, body, 0)
