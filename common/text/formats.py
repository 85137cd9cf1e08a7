"""Times, dates, durations and numbers as the reader writes them.

Moments are handed in with their time zone and shown in the zone handed in (the outlet's), never the machine's. Persian shows
Persian digits and the Jalali calendar, Chinese adds the lunar day where asked for. `language=None` means the reader's.
"""

from __future__ import annotations

import math
from datetime import date as Date
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from common.text.catalogue import _, in_language, ngettext
from common.text.catalogue import language as reader_language

Zone = str | tzinfo
"""An IANA name or a zone."""

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_GROUP = {"en": ",", "zh": ",", "ru": "\u00a0", "fa": "٬"}
_POINT = {"en": ".", "zh": ".", "ru": ",", "fa": "٫"}
_LOCALE = {"en": "en_GB", "zh": "zh_Hans_CN", "ru": "ru_RU"}
_LONG = {"en": "EEEE d MMMM y", "zh": "y年M月d日 EEEE", "ru": "EEEE, d MMMM y"}
_SHORT = {"en": "d MMM y", "zh": "y年M月d日", "ru": "dd.MM.y"}
_JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_JALALI_LATIN = (
    "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
)  # fmt: skip
_PERSIAN_DAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")


def zone_of(zone: Zone) -> tzinfo:
    """The zone behind a name; raises `zoneinfo.ZoneInfoNotFoundError` for an unknown one."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def local(moment: datetime, zone: Zone) -> datetime:
    """The moment on the outlet's clock; raises `ValueError` for one without time zone, which would be a guess."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be shown")
    return moment.astimezone(zone_of(zone))


def digits(text: str, language: str | None = None) -> str:
    """The text with the reader's digits."""
    return text.translate(_PERSIAN) if (language or reader_language()) == "fa" else text


def number(value: float | Decimal, decimals: int | None = None, language: str | None = None) -> str:
    """A number with the reader's separators; `decimals` rounds half up, without it the value stands as it is."""
    code = language or reader_language()
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _dot, fraction = f"{abs(exact):f}".partition(".")
    groups: list[str] = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    text = _GROUP[code].join([whole, *groups]) + (_POINT[code] + fraction if fraction else "")
    return digits(f"\u2212{text}" if exact < 0 else text, code)


def percent(share: float | Decimal, decimals: int = 0, language: str | None = None) -> str:
    """A share of 1 as percentage: 0.125 gives `13%`, in Russian `13 %`."""
    code = language or reader_language()
    text = number(Decimal(str(share)) * 100, decimals, code)
    return {"ru": f"{text}\u00a0%", "fa": f"{text}٪"}.get(code, f"{text}%")


def time(moment: datetime, zone: Zone, language: str | None = None, seconds: bool = False) -> str:
    """Hours and minutes of 24, `10:24`."""
    return digits(local(moment, zone).strftime("%H:%M:%S" if seconds else "%H:%M"), language)


def clock(text: str, language: str | None = None) -> str:
    """A local `HH:MM` of opening hours in the reader's digits."""
    return digits(text, language)


def time_range(begin: datetime, end: datetime, zone: Zone, language: str | None = None) -> str:
    """`10:32 to 10:42`."""
    code = language or reader_language()
    with in_language(code):
        return _("{begin} to {end}").format(begin=time(begin, zone, code), end=time(end, zone, code))


def date(day: datetime | Date, zone: Zone | None = None, language: str | None = None) -> str:
    """A short date: `2 Mar 2026`, `2026年3月2日`, `02.03.2026`, `۱۱ اسفند ۱۴۰۴`."""
    code = language or reader_language()
    return _date(_day(day, zone), code, False)


def date_long(day: datetime | Date, zone: Zone | None = None, language: str | None = None) -> str:
    """A date with its weekday: `Monday 2 March 2026`, `2026年3月2日 星期一`, `دوشنبه ۱۱ اسفند ۱۴۰۴`."""
    code = language or reader_language()
    return _date(_day(day, zone), code, True)


def date_time(moment: datetime, zone: Zone, language: str | None = None, long: bool = False) -> str:
    """Date and time: `Monday 2 March 2026, 10:24`."""
    code = language or reader_language()
    day = _date(_day(moment, zone), code, long)
    return f"{day}{ {'zh': ' ', 'fa': '، '}.get(code, ', ') }{time(moment, zone, code)}"


def header_date(moment: datetime, zone: Zone, language: str | None = None, second: str = "none") -> str:
    """The date line of a display or kiosk: the long date, in Chinese with the lunar day behind it. `second` names another
    calendar whose day stands behind it too: `lunar`, `jalali` or `gregorian`."""
    code = language or reader_language()
    day = _date(_day(moment, zone), code, True)
    if code == "zh" or second == "lunar":
        day = f"{day} {lunar(moment, zone)}"
    if second == "jalali" and code != "fa":
        day = f"{day} · {_date(_day(moment, zone), 'fa', False)}"
    if second == "gregorian" and code == "fa":
        day = f"{day} · {_date(_day(moment, zone), 'en', False)}"
    return day


def _day(day: datetime | Date, zone: Zone | None) -> Date:
    if isinstance(day, datetime):
        if zone is None:
            raise ValueError("the date of a moment depends on the zone: hand it in")
        return local(day, zone).date()
    return day


@lru_cache(maxsize=512)
def _date(day: Date, code: str, long: bool) -> str:
    if code == "fa":
        year, month, number_ = jalali(day)
        text = digits(f"{number_} {_JALALI_MONTHS[month - 1]} {year}", "fa")
        return f"{_PERSIAN_DAYS[day.weekday()]} {text}" if long else text
    from babel.dates import format_date  # 30 ms that a program which shows no date does not need

    return format_date(day, (_LONG if long else _SHORT)[code], locale=_LOCALE[code])


def weekday(day: Date, language: str | None = None) -> str:
    """The name of the weekday."""
    code = language or reader_language()
    if code == "fa":
        return _PERSIAN_DAYS[day.weekday()]
    from babel.dates import format_date

    return format_date(day, "EEEE", locale=_LOCALE[code])


def month(number: int, language: str | None = None) -> str:
    """The name of a month of the Gregorian calendar, standing alone: `March`, `3月`, `Март`, `مارس`."""
    from babel.dates import get_month_names

    code = language or reader_language()
    name = str(get_month_names("wide", context="stand-alone", locale=_LOCALE.get(code, "fa"))[number])
    return name[:1].upper() + name[1:]


def jalali_month(number: int, language: str | None = None) -> str:
    """The name of a month of the Jalali calendar, for who does not read Persian in Latin letters."""
    return (_JALALI_MONTHS if (language or reader_language()) == "fa" else _JALALI_LATIN)[number - 1]


def weekday_short(number: int, language: str | None = None) -> str:
    """A weekday (0 is Monday) in one or two letters, for the head of a calendar."""
    code = language or reader_language()
    if code == "fa":
        return "دسچپجشی"[number]
    from babel.dates import get_day_names

    return str(
        get_day_names("narrow" if code == "zh" else "short", context="stand-alone", locale=_LOCALE[code])[number]
    )


def jalali(day: Date) -> tuple[int, int, int]:
    """Year, month and day of the Jalali calendar."""
    from persiantools.jdatetime import JalaliDate

    there = JalaliDate(day)  # type: ignore[no-untyped-call]
    return there.year, there.month, there.day


@lru_cache(maxsize=64)
def _lunar(day: Date) -> str:
    from lunar_python import Solar

    there = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{there.getMonthInChinese()}月{there.getDayInChinese()}"


def lunar(day: datetime | Date, zone: Zone | None = None) -> str:
    """The day of the Chinese lunar calendar, `正月十四`."""
    return _lunar(_day(day, zone))


@lru_cache(maxsize=1024)
def lunar_day(day: Date) -> str:
    """The day of the Chinese lunar month, `十四`; on its first the month, `正月`. For the cells of a calendar."""
    from lunar_python import Solar

    there = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{there.getMonthInChinese()}月" if there.getDay() == 1 else str(there.getDayInChinese())


def duration(seconds: float, language: str | None = None) -> str:
    """A length of time in words: `45 s`, `4 min`, `1 h 05 min`; rounded to the nearest minute from one minute on."""
    code = language or reader_language()
    whole = max(0, int(seconds))
    with in_language(code):
        if whole < 60:
            return _("{seconds} s").format(seconds=number(whole))
        minutes = (whole + 30) // 60
        if minutes < 60:
            return _("{minutes} min").format(minutes=number(minutes))
        hours, rest = divmod(minutes, 60)
        return _("{hours} h {minutes} min").format(hours=number(hours), minutes=digits(f"{rest:02d}"))


def stopwatch(seconds: float, language: str | None = None) -> str:
    """A running time: `04:32`, from an hour on `1:04:32`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return digits(f"{hours}:{text}" if hours else text, language)


def minutes(count: int, language: str | None = None) -> str:
    """Minutes written out: `5 minutes`."""
    with in_language(language or reader_language()):
        return ngettext("{count} minute", "{count} minutes", count).format(count=number(count))


def about(seconds: float, language: str | None = None) -> str:
    """An estimate in words: `about 12 minutes`, under a minute `straight away`."""
    with in_language(language or reader_language()):
        count = math.floor(max(0.0, seconds) / 60 + 0.5)
        if count == 0:
            return _("straight away")
        return ngettext("about {count} minute", "about {count} minutes", count).format(count=number(count))


def waiting(low: float, high: float, language: str | None = None) -> str:
    """A waiting range in whole minutes, rounded outwards: `5 to 10 minutes`."""
    first, last = math.floor(max(0.0, low) / 60), math.ceil(max(0.0, high) / 60)
    with in_language(language or reader_language()):
        if last <= 1:
            return _("straight away")
        if first == last:
            return about(high)
        text = ngettext("{first} to {count} minute", "{first} to {count} minutes", last)
        return text.format(first=number(first), count=number(last))


def people(count: int, language: str | None = None) -> str:
    """`5 people`, `1 person`; nobody in words, because the Persian zero looks like a dot."""
    with in_language(language or reader_language()):
        if count == 0:
            return _("nobody")
        return ngettext("{count} person", "{count} people", count).format(count=number(count))


def listing(parts: list[str], language: str | None = None) -> str:
    """Several things in one line with the reader's comma."""
    return {"zh": "、", "fa": "، "}.get(language or reader_language(), ", ").join(parts)
