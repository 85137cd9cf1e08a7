"""An Excel file's cells, row by row and in little memory.

openpyxl's quick reader tells neither merged cells nor whether a value comes of a formula, and needs a second pass for the
formula's value; one that is missing would come out as an empty cell. So the sheet's XML is read here, once.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from common.text import N_
from server.engine.errors import Refused, refusal

NOT_READABLE = refusal(
    "imports.not_readable", N_("This Excel file is damaged. Open it in Excel, save it anew and try again."), 422
)
NO_SHEET = refusal("imports.no_sheet", N_("There is no sheet {sheet} in this file."), 422)

MOST_UNPACKED = 1 << 30
"""Bytes to which a sheet may unpack; it is read as a stream."""
MOST_TEXTS = 200 << 20
"""Bytes of the book's common texts, which are held in memory."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DAY_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58})
TIME_FORMATS = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47})
PERCENT_FORMATS = frozenset({9, 10})
_merge = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_quoted = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True)
class Odd:
    """A cell that holds no value of its own: `formula` without a stored value, `error` of a formula, `merged`."""

    what: str
    text: str = ""


@dataclass(frozen=True)
class Share:
    """A number that the sheet shows as a percentage: 0.125 for 12.5 %."""

    value: float


class Book:
    """One workbook; raises Refused where it cannot be read."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            if sum(one.file_size for one in self._zip.infolist()) > MOST_UNPACKED:
                raise Refused("imports.not_readable")
            book = self._tree("xl/workbook.xml")
            paths = {
                one.get("Id"): one.get("Target", "")
                for one in self._tree("xl/_rels/workbook.xml.rels")
                if one.get("Type", "").endswith("/worksheet")
            }
            about = book.find(f"{MAIN}workbookPr")
            late = about is not None and about.get("date1904", "0") in ("1", "true")
            self._epoch = datetime(1904, 1, 1) if late else datetime(1899, 12, 30)
            self._paths = {
                one.get("name", ""): _inside(paths[one.get(LINK)])
                for one in book.iter(f"{MAIN}sheet")
                if one.get(LINK) in paths and one.get("state", "visible") == "visible"
            }
            self._days, self._shares = self._styles()
            self._texts = self._common_texts()
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, EOFError) as failure:
            raise Refused("imports.not_readable") from failure

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that are shown."""
        return list(self._paths)

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Any]]]:
        """Each row's number and cells: text, whole or broken number, yes/no, moment, time of day, `Share`, `Odd`, nothing."""
        path = self._paths.get(sheet)
        if path is None:
            raise Refused("imports.no_sheet", sheet=sheet)
        merged = self._merged(path)
        last = 0
        try:
            with self._zip.open(path) as stream:
                for _event, row in ElementTree.iterparse(stream):
                    if row.tag == f"{MAIN}sheetData":
                        break
                    if row.tag != f"{MAIN}row":
                        continue
                    number = int(row.get("r", last + 1))
                    last = number
                    yield number, self._cells(row, merged.get(number, ()))
                    row.clear()
        except (zipfile.BadZipFile, ElementTree.ParseError, ValueError, IndexError, EOFError) as failure:
            raise Refused("imports.not_readable") from failure

    def _cells(self, row: Any, merged: Any) -> list[Any]:
        cells: list[Any] = []
        for cell in row:
            place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            if place > 2000:
                break
            cells.extend([None] * (place - len(cells)))
            cells.append(self._value(cell))
        for first, last in merged:
            cells.extend([None] * (first + 1 - len(cells)))
            for place in range(first, min(last + 1, len(cells))):
                cells[place] = Odd("merged", _said(cells[place]))
        return cells

    def _value(self, cell: Any) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(one.text or "" for one in cell.iter(f"{MAIN}t")) or None
        stored, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
        raw = stored.text if stored is not None else None
        if raw is None:
            return Odd("formula", f"={formula.text or ''}") if formula is not None and kind != "str" else None
        if kind == "s":
            return self._texts[int(raw)] or None
        if kind == "str":
            return raw
        if kind == "b":
            return raw == "1"
        if kind == "e":
            return Odd("error", raw)
        if kind == "d":
            return datetime.fromisoformat(raw.removesuffix("Z"))
        style = int(cell.get("s", 0))
        value = float(raw)
        if style in self._days:
            return self._moment(value)
        if style in self._shares:
            return Share(value)
        return int(value) if value.is_integer() and abs(value) < 1e16 else value

    def _moment(self, serial: float) -> Any:
        if not 0 <= serial < 2_958_466:  # the last day of the year 9999
            return Odd("error", str(serial))
        moment = self._epoch + timedelta(days=int(serial), seconds=round((serial % 1) * 86_400))
        return time(moment.hour, moment.minute, moment.second) if serial < 1 else moment

    def _merged(self, path: str) -> dict[int, list[tuple[int, int]]]:
        """The merged cells of each row; they stand behind all rows, so they are looked for first, without parsing."""
        found: dict[int, list[tuple[int, int]]] = {}
        with self._zip.open(path) as stream:
            rest = b""
            while piece := stream.read(1 << 20):
                piece = rest + piece
                for left, top, right, bottom in _merge.findall(piece):
                    if int(bottom) - int(top) > 1_100_000:
                        raise Refused("imports.not_readable")
                    for number in range(int(top), int(bottom) + 1):
                        span = (_column(left.decode()), _column(right.decode()))
                        if span not in found.setdefault(number, []):
                            found[number].append(span)
                rest = piece[-200:]
        return found

    def _styles(self) -> tuple[set[int], set[int]]:
        """The cell formats by which numbers are days or times, and percentages."""
        if "xl/styles.xml" not in self._zip.namelist():
            return set(), set()
        tree = self._tree("xl/styles.xml")
        own = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in tree.iter(f"{MAIN}numFmt")}
        days, shares = set(), set()
        formats = tree.find(f"{MAIN}cellXfs")
        for place, one in enumerate(formats if formats is not None else ()):
            number = int(one.get("numFmtId", 0))
            code = _quoted.sub("", own.get(number, "")).lower()
            if number in own and (number >= 164 or code):
                if re.search("[ymdhs]", code) and "general" not in code:
                    days.add(place)
                elif "%" in code:
                    shares.add(place)
            elif number in DAY_FORMATS | TIME_FORMATS:
                days.add(place)
            elif number in PERCENT_FORMATS:
                shares.add(place)
        return days, shares

    def _common_texts(self) -> list[str]:
        name = "xl/sharedStrings.xml"
        if name not in self._zip.namelist():
            return []
        if self._zip.getinfo(name).file_size > MOST_TEXTS:
            raise Refused("imports.not_readable")
        texts = []
        with self._zip.open(name) as stream:
            for _event, one in ElementTree.iterparse(stream):
                if one.tag == f"{MAIN}si":
                    # How Chinese is to be read stands beside it in `rPh`; it is no part of the text.
                    parts = [p for p in one if p.tag in (f"{MAIN}t", f"{MAIN}r")]
                    texts.append("".join(t.text or "" for p in parts for t in p.iter(f"{MAIN}t")))
                    one.clear()
        return texts

    def _tree(self, name: str) -> Any:
        with self._zip.open(name) as stream:
            return ElementTree.parse(stream).getroot()


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(reference: str) -> int:
    """The place of a cell's column from its name: A is 0, AB27 is 27."""
    place = 0
    for letter in reference:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter) - 64
    return place - 1


def _said(cell: Any) -> str:
    return cell.text if isinstance(cell, Odd) else "" if cell is None else str(cell)
