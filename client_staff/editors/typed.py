"""What somebody typed as a value that travels: amounts, days, times, durations, in the reader's way of writing. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from common.records.values import SENTENCES, BadValue
from common.text import N_, _, formats, language
from common.text.fold import digits

POINTS = {"en": ".", "zh": ".", "ru": ",", "fa": "."}
OWN_SENTENCES = {
    "point": N_("Write it as {example}."),
    "decimals": N_("At most {decimals} decimals."),
    "number": N_("Give a number."),
    "duration": N_("Give a length of time, such as 1:30 for an hour and a half, or 90 min."),
    "moment_typed": N_("Give a day and a time of day."),
}


def sentence(fault: BadValue) -> str:
    """What is wrong and how to write it, for the reader."""
    words = OWN_SENTENCES.get(fault.code) or SENTENCES[fault.code]
    told = {name: formats.number(v) if isinstance(v, int) else v for name, v in fault.facts.items()}
    return _(words).format(**told)


def whole(text: str, decimals: int = 0) -> int | None:
    """A typed number in its smallest units; nothing for nothing. Raises BadValue."""
    short = re.sub(r"[\s\u00a0٬]", "", digits(text)).replace("−", "-").replace("٫", ".")
    if not short:
        return None
    point = POINTS.get(language(), ".")
    group = "," if point == "." else "."
    if group in short:
        # A group of three behind it can be a thousand (not in Russian, which parts them by spaces); anything else is
        # the other country's point.
        if point in short and short.rfind(group) > short.find(point):
            raise BadValue("number")
        if group == "." or not re.fullmatch(r"-?\d{1,3}(\%s\d{3})+(\%s\d*)?" % (group, point), short):  # noqa: UP031
            raise BadValue("point", example=formats.number(_as_decimal(short.replace(group, ".")), decimals))
        short = short.replace(group, "")
    value = _as_decimal(short.replace(point, "."))
    scaled = value.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise BadValue("decimals", decimals=decimals)
    if abs(scaled) >= 1 << 53:
        raise BadValue("number")
    return int(scaled)


def _as_decimal(text: str) -> Decimal:
    if not re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text):
        raise BadValue("number")
    try:
        return Decimal(text)
    except InvalidOperation as failure:
        raise BadValue("number") from failure


def whole_text(value: int, decimals: int) -> str:
    """A number as it stands in its field: no groups, so that it can be typed over."""
    point = POINTS.get(language(), ".")
    return formats.digits(f"{Decimal(value).scaleb(-decimals):.{decimals}f}".replace(".", point))


def day(text: str) -> str | None:
    """A typed day as ISO: year first or last, with points, strokes or dashes; years from 1300 to 1499 are Jalali.
    Raises BadValue."""
    short = digits(text).strip()
    if not short:
        return None
    parts = re.fullmatch(r"(\d{1,4})[-./年](\d{1,2})[-./月](\d{1,4})日?", short)
    if parts is None:
        raise BadValue("day")
    first, middle, last = (int(part) for part in parts.groups())
    year, month, number = (first, middle, last) if first > 31 else (last, middle, first)
    try:
        if 1300 <= year < 1500:
            from persiantools.jdatetime import JalaliDate

            there: date = JalaliDate(year, month, number).to_gregorian()
            return there.isoformat()
        if year < 1000:
            raise BadValue("day")
        return date(year, month, number).isoformat()
    except ValueError as failure:
        raise BadValue("day") from failure


def day_text(iso: str) -> str:
    """A day as it stands in its field, to be typed over: Jalali for Persian, points for Russian, else ISO."""
    there = date.fromisoformat(iso)
    if language() == "fa":
        year, month, number = formats.jalali(there)
        return formats.digits(f"{year}/{month:02d}/{number:02d}")
    return there.strftime("%d.%m.%Y") if language() == "ru" else there.isoformat()


def time(text: str) -> str | None:
    """A typed time of day as HH:MM: `8`, `830`, `8:30`, `8.30`. Raises BadValue."""
    short = digits(text).strip().replace(".", ":").replace("：", ":")
    if not short:
        return None
    parts = re.fullmatch(r"(\d{1,2}):?(\d{2})?", short)
    if parts is None:
        raise BadValue("time")
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if hour > 23 or minute > 59:
        raise BadValue("time")
    return f"{hour:02d}:{minute:02d}"


def duration(text: str) -> int | None:
    """A typed length of time in seconds: `1:30` is an hour and a half, a bare number is minutes. Raises BadValue."""
    short = digits(text).strip().casefold()
    if not short:
        return None
    if clock := re.fullmatch(r"(\d+):([0-5]\d)(?::([0-5]\d))?", short):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    if re.fullmatch(r"\d+", short):
        return int(short) * 60
    units = {"h": 3600, "ч": 3600, "小时": 3600, "时": 3600, "ساعت": 3600, "m": 60, "min": 60, "мин": 60, "м": 60}
    units |= {"分钟": 60, "分": 60, "دقیقه": 60, "s": 1, "с": 1, "сек": 1, "秒": 1, "ثانیه": 1}
    total, rest = 0, short
    while rest:
        part = re.match(r"\s*(\d+)\s*([^\W\d]+)\.?\s*", rest)
        if part is None or part[2] not in units:
            raise BadValue("duration")
        total += int(part[1]) * units[part[2]]
        rest = rest[part.end() :]
    return total


def duration_text(seconds: int) -> str:
    """A length of time as it stands in its field: `1:30`, with seconds where there are any."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return formats.digits(f"{hours}:{minutes:02d}:{left:02d}" if left else f"{hours}:{minutes:02d}")
