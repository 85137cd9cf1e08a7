"""CSV as people have it: five encodings, four separators, found out where nobody says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from common.text import N_
from server.engine.errors import Refused, refusal

ENCODING = refusal(
    "imports.encoding", N_("The letters of this file cannot be read. Choose its encoding, or save it as UTF-8."), 422
)
BROKEN = refusal(
    "imports.broken_line",
    N_("Line {line} cannot be read: a quotation mark is opened there and never closed. Mend it and try again."),
    422,
)

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 1 << 18
"""Bytes by which encoding and separator are found out."""
LONGEST_CELL = 100_000


def encoding_of(content: bytes) -> str:
    """The encoding of a text; empty when it is none of those that are known."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.startswith(b"\xef\xbb\xbf") or _decodes(content, "utf-8"):
        return "utf-8"
    high = [byte for byte in content[:LOOKED_AT] if byte >= 0x80]
    # Cyrillic letters of Windows-1251 lie from C0 on (with ё, №, quotation marks and the hard space below). The second byte
    # of a Chinese character lies anywhere from 40 to FE, so about a third of a Chinese text's high bytes are below C0.
    cyrillic = sum(byte >= 0xC0 or byte in (0xA0, 0xA8, 0xAB, 0xB8, 0xB9, 0xBB) for byte in high)
    if cyrillic >= 0.95 * len(high) and _decodes(content, "windows-1251"):
        return "windows-1251"
    if _decodes(content, "gb18030"):
        return "gb18030"
    return "windows-1256" if _decodes(content, "windows-1256") and _persian(content) else ""


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _persian(content: bytes) -> bool:
    letters = [letter for letter in content[:LOOKED_AT].decode("windows-1256", "ignore") if ord(letter) > 127]
    return sum("\u0600" <= letter <= "\u06ff" for letter in letters) > 0.8 * len(letters)


def decoded(content: bytes, encoding: str) -> str:
    """The text; refused where the letters are not of this encoding, or it is no text at all."""
    try:
        text = content.decode({"utf-8": "utf-8-sig"}.get(encoding, encoding))
    except UnicodeDecodeError as failure:
        raise Refused("imports.encoding") from failure
    if "\0" in text:
        raise Refused("imports.encoding")
    return text


def separator_of(text: str) -> str:
    """What stands between the cells: the sign that gives the most columns alike over the first lines."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    best, found = ",", 1.0
    for sign in SEPARATORS:
        try:
            widths = [len(line) for line in _first(text, sign)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        likely = usual * widths.count(usual) / max(1, len(widths))
        if usual > 1 and likely > found:
            best, found = sign, likely
    return best


def _first(text: str, separator: str) -> list[list[str]]:
    lines: list[list[str]] = []
    for line in csv.reader(io.StringIO(text[:LOOKED_AT], newline=""), delimiter=separator):
        if line:
            lines.append(line)
        if len(lines) == 30:
            break
    return lines


def lines(text: str, separator: str) -> Iterator[tuple[int, list[Any]]]:
    """The lines with their numbers, as an editor counts them; refused where a quotation mark never closes."""
    csv.field_size_limit(LONGEST_CELL)
    stream = io.StringIO(text, newline="")
    if text[:4].lower() == "sep=":
        stream.readline()
    reader = csv.reader(stream, delimiter=separator, strict=False)
    begun = 1
    try:
        for line in reader:
            yield begun + (1 if text[:4].lower() == "sep=" else 0), list(line)
            begun = reader.line_num + 1
    except csv.Error as failure:
        raise Refused("imports.broken_line", line=begun) from failure
