"""A file as a table: what it is (by its content, never by its name), its sheets, headings and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

from common.protocol.imports import Reading
from common.text import N_
from server.engine.errors import Refused, refusal
from server.engine.imports.book import Book, Odd, Share
from server.engine.imports.lines import decoded, encoding_of, lines, separator_of

NO_TABLE = refusal(
    "imports.no_table", N_("This is neither an Excel file (.xlsx) nor a CSV file, whatever its name says."), 422
)
OLD = refusal(
    "imports.old_excel",
    N_("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password and try again."),
    422,
)
EMPTY = refusal("imports.empty", N_("There is nothing in this file but, at most, headings."), 422)
MANY_ROWS = refusal("imports.too_many_rows", N_("More than {most} rows. Divide the file and import the parts."), 422)

LARGEST = 64 << 20
MOST_ROWS = 500_000
MOST_COLUMNS = 300
HEAD_WITHIN = 20
"""Lines among which the headings are looked for: titles may stand above them."""
STRANGERS = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"MZ",
    b"\x7fELF",
)


class Source:
    """One file, opened in a certain way. Raises Refused where it is not what it should be."""

    def __init__(self, content: bytes, reading: Reading) -> None:
        self.form, self.encoding, self.separator = "csv", "", ""
        self.sheets: list[str] = []
        self.sheet = ""
        if not content.strip():
            raise Refused("imports.empty")
        if content.startswith(b"PK\x03\x04"):
            self.form = "xlsx"
            if b"xl/workbook.xml" not in content:
                raise Refused("imports.no_table")
            self._book = Book(content)
            self.sheets = self._book.sheets
            self.sheet = reading.sheet or next(iter(self.sheets), "")
            self._all: Callable[[], Iterator[tuple[int, list[Any]]]] = lambda: self._book.rows(self.sheet)
            return
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refused("imports.old_excel")
        if content.startswith(STRANGERS) or content[:200].lstrip().lower().startswith(
            (b"<!doctype", b"<html", b"<?xml")
        ):
            raise Refused("imports.no_table")
        self.encoding = reading.encoding or encoding_of(content)
        if not self.encoding:
            raise Refused("imports.encoding")
        text = decoded(content, self.encoding)
        if sum(not (letter.isprintable() or letter in "\r\n\t\ufeff") for letter in text[:4000]) > 20:
            raise Refused("imports.no_table")
        self.separator = reading.separator or separator_of(text)
        self._all = lambda: lines(text, self.separator)

    def table(self, head: int, fits: Callable[[list[str]], int]) -> tuple[int, list[str]]:
        """The line of the headings and what they say. Where no line is named it is, of the first ones, that of which the
        most cells fit; else the first that has two cells."""
        first: list[tuple[int, list[str]]] = []
        for number, cells in self._all():
            if head and number < head:
                continue
            texts = [shown(cell) for cell in cells[:MOST_COLUMNS]]
            if any(texts):
                first.append((number, texts))
            if (head and first) or len(first) == HEAD_WITHIN:
                break
        if not first:
            raise Refused("imports.empty")
        best = max(first, key=lambda line: (fits(line[1]), -line[0]))
        if not fits(best[1]):
            best = next((line for line in first if sum(map(bool, line[1])) > 1), first[0])
        texts = best[1]
        while texts and not texts[-1]:
            texts.pop()
        return best[0], texts

    def rows(self, head: int) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the headings, empty ones left out."""
        count = 0
        for number, cells in self._all():
            if number <= head or all(cell is None or cell == "" or _blank(cell) for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Refused("imports.too_many_rows", most=MOST_ROWS)
            yield number, cells[:MOST_COLUMNS]


def _blank(cell: Any) -> bool:
    return (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, Odd) and not cell.text)


def shown(cell: Any) -> str:
    """A cell as the sheet shows it."""
    if cell is None:
        return ""
    if isinstance(cell, Odd):
        return cell.text
    if isinstance(cell, Share):
        return f"{cell.value * 100:g}%"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell).strip()
