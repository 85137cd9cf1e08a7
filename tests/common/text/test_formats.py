"""Times, dates and numbers as the readers of the four languages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import formats, in_language

MOMENT = datetime(2026, 3, 2, 2, 24, 5, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("code", "long", "short", "clock"),
    [
        ("en", "Monday 2 March 2026", "2 Mar 2026", "10:24"),
        ("zh", "2026年3月2日 星期一", "2026年3月2日", "10:24"),
        ("ru", "понедельник, 2 марта 2026", "02.03.2026", "10:24"),
        ("fa", "دوشنبه ۱۱ اسفند ۱۴۰۴", "۱۱ اسفند ۱۴۰۴", "۱۰:۲۴"),
    ],
)
def test_date_and_time(code: str, long: str, short: str, clock: str) -> None:
    with in_language(code):
        assert formats.date_long(MOMENT, ZONE) == long
        assert formats.date(MOMENT, ZONE) == short
        assert formats.time(MOMENT, ZONE) == clock


def test_the_zone_is_the_outlets_and_never_guessed() -> None:
    late = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert formats.date(late, "Asia/Tehran", "fa") == "۱۲ اسفند ۱۴۰۴"
    assert formats.time(late, "Asia/Tehran", "en") == "00:00"
    with pytest.raises(ValueError, match="time zone"):
        formats.time(datetime(2026, 3, 2, 10, 24), ZONE)
    with pytest.raises(ValueError, match="zone"):
        formats.date(MOMENT)


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2026, 3, 2), (1404, 12, 11)),
        (date(2026, 3, 21), (1405, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),  # the leap day of 1403
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
    ],
)
def test_jalali(day: date, known: tuple[int, int, int]) -> None:
    assert formats.jalali(day) == known


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2026, 3, 2), "正月十四"),
        (date(2026, 2, 17), "正月初一"),
        (date(2025, 1, 29), "正月初一"),
        (date(2025, 8, 1), "闰六月初八"),
        (date(2026, 9, 25), "八月十五"),
    ],
)
def test_lunar(day: date, known: str) -> None:
    assert formats.lunar(day) == known


def test_header_has_the_lunar_day_in_chinese_only() -> None:
    assert formats.header_date(MOMENT, ZONE, "zh") == "2026年3月2日 星期一 正月十四"
    assert formats.header_date(MOMENT, ZONE, "en") == "Monday 2 March 2026"


@pytest.mark.parametrize(
    ("code", "number", "share"),
    [
        ("en", "1,234,567.5", "12.5%"),
        ("zh", "1,234,567.5", "12.5%"),
        ("ru", "1\u00a0234\u00a0567,5", "12,5\u00a0%"),
        ("fa", "۱٬۲۳۴٬۵۶۷٫۵", "۱۲٫۵٪"),
    ],
)
def test_numbers(code: str, number: str, share: str) -> None:
    assert formats.number(1234567.5, language=code) == number
    assert formats.percent(0.125, 1, language=code) == share


def test_rounding_and_sign() -> None:
    assert formats.number(2.5, 0) == "3"
    assert formats.number(Decimal("-0.005"), 2) == "\u22120.01"
    assert formats.number(-0.001, 2) == "0.00"
    assert formats.number(1e-7) == "0.0000001"
    assert formats.number(999) == "999"


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["en", "zh", "ru", "fa"]))
def test_every_number_reads_back(value: int, code: str) -> None:
    text = formats.number(value, language=code)
    plain = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    assert int(plain) == abs(value)
    assert text.startswith("\u2212") == (value < 0)


@pytest.mark.parametrize(
    ("seconds", "english", "persian"),
    [
        (0, "0 s", "۰ ثانیه"),
        (59, "59 s", "۵۹ ثانیه"),
        (60, "1 min", "۱ دقیقه"),
        (250, "4 min", "۴ دقیقه"),
        (3599, "1 h 00 min", "۱ ساعت و ۰۰ دقیقه"),
        (3900, "1 h 05 min", "۱ ساعت و ۰۵ دقیقه"),
        (-4, "0 s", "۰ ثانیه"),
    ],
)
def test_durations(seconds: int, english: str, persian: str) -> None:
    assert formats.duration(seconds, "en") == english
    assert formats.duration(seconds, "fa") == persian


def test_stopwatch() -> None:
    assert [formats.stopwatch(n, "en") for n in (0, 272, 3872)] == ["00:00", "04:32", "1:04:32"]
    assert formats.stopwatch(272, "fa") == "۰۴:۳۲"


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "5 to 10 minutes"), ("zh", "5 至 10 分钟"), ("ru", "от 5 до 10 минут"), ("fa", "۵ تا ۱۰ دقیقه")],
)
def test_waiting_range(code: str, said: str) -> None:
    assert formats.waiting(300, 600, code) == said


def test_waiting_range_at_its_edges() -> None:
    assert formats.waiting(0, 40, "en") == "straight away"
    assert formats.waiting(300, 300, "en") == "about 5 minutes"
    assert formats.waiting(299, 301, "en") == "4 to 6 minutes"
    assert formats.waiting(60, 1260, "ru") == "от 1 до 21 минуты"


def test_people_and_ranges() -> None:
    end = datetime(2026, 3, 2, 2, 42, tzinfo=UTC)
    assert formats.time_range(MOMENT, end, ZONE, "en") == "10:24 to 10:42"
    assert formats.time_range(MOMENT, end, ZONE, "fa") == "۱۰:۲۴ تا ۱۰:۴۲"
    assert [formats.people(n, "ru") for n in (0, 1, 3, 5)] == ["никого", "1 человек", "3 человека", "5 человек"]
    assert formats.listing(["1", "3", "4"], "zh") == "1、3、4"
