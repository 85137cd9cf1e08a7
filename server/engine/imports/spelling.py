"""Cells as people write them become values as the API takes them. Pure; whether a value is allowed is asked afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.protocol.imports import Reading
from common.records.field import Field
from common.text import N_, translate
from common.text.fold import digits, fold
from server.engine.exports.cells import NO, YES
from server.engine.imports.book import Odd, Share
from server.engine.imports.source import shown
from server.engine.reports.sheets import DANGEROUS

LANGUAGES = ("en", "zh", "ru", "fa")
SENTENCES = {
    "formula": N_("A formula without a value. Open the file in Excel and save it, or put the value itself there."),
    "error": N_("The formula gives an error."),
    "merged": N_("Merged cells: it is not clear to which row this belongs. Divide them."),
    "number": N_("This is no number."),
    "decimals": N_("At most {decimals} decimals."),
    "digits_lost": N_("Excel keeps only fifteen digits of a number. Make the column text and type it anew."),
    "yes_no": N_("Write yes or no."),
    "day_order": N_("This is no day. Write it as 2026-03-21."),
    "moment": N_("Write day and time as 2026-03-21 10:30."),
    "duration": N_("Write hours and minutes as 1:30, or seconds."),
    "coordinates": N_("Write latitude and longitude, such as 31.23, 121.47."),
}
YES_WORDS = {"1", "true", "yes", "y", "x", "+", "✓", "是", "да", "بله", "آری"}
NO_WORDS = {"0", "false", "no", "n", "-", "✗", "否", "нет", "خیر", "نه"}
ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
JALALI_MONTHS = tuple(
    fold(name)
    for name in (
        "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
    )
)  # fmt: skip
JALALI_YEARS = range(1200, 1600)
_numeric = re.compile(r"(\d{1,4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,4})\s*日?")
_named = re.compile(r"(\d{1,2})\s+([^\W\d]+)\.?,?\s+(\d{4})")
_clock = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_gaps = re.compile(r"[\s\u00a0\u202f\u2009]+")


class BadCell(ValueError):
    """A cell cannot be read; `code` is a key of SENTENCES."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


AS_USUAL = Reading()


@dataclass(frozen=True)
class Spelling:
    """How this file's author writes: language, zone, and what was told of numbers and days."""

    language: str
    zone: ZoneInfo
    reading: Reading = AS_USUAL

    @property
    def point(self) -> str:
        """What stands before the decimals."""
        told = {"point": ".", "comma": ","}.get(self.reading.numbers)
        return told or ("," if self.language == "ru" else ".")

    def value(self, field: Field, cell: Any) -> Any:
        """The JSON value of a cell for this field, links left as they are written; nothing of an empty cell."""
        if isinstance(cell, Odd):
            raise BadCell(cell.what)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        read: Callable[[Spelling, Field, Any], Any] = _READERS.get(field.kind, _text)
        return read(self, field, cell)


def _text(spelling: Spelling, field: Field, cell: Any) -> str:
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= 10**15:
        raise BadCell("digits_lost")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = shown(cell)
    # The apostrophe by which an export keeps a text from being taken for a formula.
    return said[1:] if said.startswith("'") and said[1:].startswith(DANGEROUS) else said


def _decimal(spelling: Spelling, cell: Any) -> Decimal:
    if isinstance(cell, bool | datetime | date | time):
        raise BadCell("number")
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    text = _gaps.sub("", digits(str(cell))).replace("\u2212", "-").replace("٬", "").replace("'", "").replace("’", "")
    text = text.replace("٫", "." if spelling.point == "." else ",")
    group = "," if spelling.point == "." else "."
    if group in text:
        # A group sign that is none (`1,5` of somebody who writes 1.5) must not make fifteen of it.
        if not re.fullmatch(rf"-?\d{{1,3}}(?:\{group}\d{{3}})+(?:\{spelling.point}\d+)?", text):
            raise BadCell("number")
        text = text.replace(group, "")
    try:
        number = Decimal(text.replace(spelling.point, "."))
    except InvalidOperation as failure:
        raise BadCell("number") from failure
    if not number.is_finite():
        raise BadCell("number")
    return number


def _whole(spelling: Spelling, field: Field, cell: Any) -> int:
    if isinstance(cell, Share):
        cell = round(cell.value * 100, 9) if field.kind == "percentage" else cell.value
    elif isinstance(cell, str):
        cell = cell.strip().removesuffix("%").removesuffix("٪")
        if field.unit and cell.endswith(field.unit):
            cell = cell.removesuffix(field.unit)
    number = _decimal(spelling, cell).scaleb(field.decimals)
    if isinstance(cell, float):
        number = round(number, 6)  # what binary fractions leave behind is no decimal that somebody typed
    if number != number.to_integral_value():
        raise BadCell("decimals", decimals=field.decimals) if field.decimals else BadCell("number")
    return int(number)


def _duration(spelling: Spelling, field: Field, cell: Any) -> int:
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    found = re.fullmatch(r"(\d{1,5}):(\d{2})(?::(\d{2}))?", digits(str(cell)).strip())
    if found:
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    try:
        return _whole(spelling, field, cell)
    except BadCell as failure:
        raise BadCell("duration") from failure


def _yes_no(spelling: Spelling, field: Field, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    word = fold(shown(cell))
    yes, no = _words_of_yes_no()
    if word in yes or word in no:
        return word in yes
    raise BadCell("yes_no")


@lru_cache(maxsize=1)
def _words_of_yes_no() -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset({fold(w) for w in YES_WORDS} | {fold(translate(YES, one)) for one in LANGUAGES}),
        frozenset({fold(w) for w in NO_WORDS} | {fold(translate(NO, one)) for one in LANGUAGES}),
    )


@lru_cache(maxsize=200)
def _choices(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    labels = {fold(translate(label, one)): code for one in LANGUAGES for code, label in choices}
    return {**labels, **{fold(code): code for code, _ in choices}}


def _choice(spelling: Spelling, field: Field, cell: Any) -> str:
    said = shown(cell)
    return _choices(field.choices).get(fold(said), said)


def _day_of(spelling: Spelling, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    text = digits(shown(cell)).strip()
    text = re.sub(r"[T ]0?0:00(:00)?$", "", text)
    found = _numeric.fullmatch(text)
    if found:
        first, second, third = (int(part) for part in found.groups())
        if len(found[1]) > 2:
            return _made(spelling, first, second, third)
        if len(found[3]) != 4:
            raise BadCell("day_order")
        if spelling.reading.dates == "month_first":
            first, second = second, first
        return _made(spelling, third, second, first)
    found = _named.fullmatch(text)
    if found:
        name, year = fold(found[2]), int(found[3])
        if name in JALALI_MONTHS:
            return _jalali(year, JALALI_MONTHS.index(name) + 1, int(found[1]))
        if name[:3] in ENGLISH_MONTHS:
            return _gregorian(year, ENGLISH_MONTHS.index(name[:3]) + 1, int(found[1]))
    raise BadCell("day_order")


def _made(spelling: Spelling, year: int, month: int, day: int) -> date:
    calendar = spelling.reading.calendar
    if calendar == "jalali" or (not calendar and year in JALALI_YEARS):
        return _jalali(year, month, day)
    return _gregorian(year, month, day)


def _gregorian(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as failure:
        raise BadCell("day_order") from failure


def _jalali(year: int, month: int, day: int) -> date:
    from persiantools.jdatetime import JalaliDate

    try:
        return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    except ValueError as failure:
        raise BadCell("day_order") from failure


def _day(spelling: Spelling, field: Field, cell: Any) -> str:
    return _day_of(spelling, cell).isoformat()


def _moment(spelling: Spelling, field: Field, cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=spelling.zone).astimezone(UTC).isoformat()
    text = digits(shown(cell)).strip()
    try:
        given = datetime.fromisoformat(text)
        if given.tzinfo is not None:
            return given.astimezone(UTC).isoformat()
    except ValueError:
        pass
    day, _gap, clock = text.replace("T", " ").replace("،", " ").rpartition(" ")
    found = _clock.fullmatch(clock)
    if found is None:
        day, found = text, None
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        local = datetime.combine(_day_of(spelling, day.strip(" ,،")), time(hour, minute, second), spelling.zone)
    except ValueError as failure:
        raise BadCell("moment") from failure
    return local.astimezone(UTC).isoformat()


def _time(spelling: Spelling, field: Field, cell: Any) -> str:
    if isinstance(cell, time | datetime):
        return cell.strftime("%H:%M")
    found = _clock.fullmatch(digits(shown(cell)).strip())
    return f"{int(found[1]):02d}:{found[2]}" if found else shown(cell)


def _period(spelling: Spelling, field: Field, cell: Any) -> str:
    text = shown(cell)
    for between in (" – ", " — ", "–", "—", " - ", " to ", " по ", "至", " تا "):
        first, found, last = text.partition(between)
        if found:
            break
    else:
        first, _found, last = text.partition("/") if text.count("/") == 1 else (text.rstrip(" –-/"), "", "")
    begins = _day_of(spelling, first.strip())
    return f"{begins}/{_day_of(spelling, last.strip()) if last.strip() else ''}"


def _coordinates(spelling: Spelling, field: Field, cell: Any) -> dict[str, float]:
    parts = re.split(r"[;,،]\s+|[;\s]\s*", digits(shown(cell)).strip())
    try:
        latitude, longitude = (float(part.replace(",", ".")) for part in parts)
    except ValueError as failure:
        raise BadCell("coordinates") from failure
    return {"latitude": latitude, "longitude": longitude}


def _id(spelling: Spelling, field: Field, cell: Any) -> str:
    said = shown(cell)
    try:
        return str(UUID(said))
    except ValueError:
        return said


_READERS: dict[str, Callable[[Spelling, Field, Any], Any]] = {
    "number": _whole,
    "money": _whole,
    "percentage": _whole,
    "duration": _duration,
    "yes_no": _yes_no,
    "choice": _choice,
    "day": _day,
    "moment": _moment,
    "time": _time,
    "period": _period,
    "coordinates": _coordinates,
    "id": _id,
}
