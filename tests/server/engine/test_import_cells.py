"""What people write in cells, as the API takes it; and what a file of some encoding is."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from common.protocol.imports import Reading
from common.records.field import Field
from server.engine.errors import Refused
from server.engine.imports.book import Odd, Share
from server.engine.imports.lines import encoding_of, separator_of
from server.engine.imports.source import Source
from server.engine.imports.spelling import BadCell, Spelling

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONEY = Field("money", "Fee", unit="CNY", decimals=2)
KIND = Field("choice", "Kind", choices=(("xlsx", "Excel"), ("yes", "Yes")))


def read(kind: str | Field, cell: Any, language: str = "en", **told: Any) -> Any:
    """A cell of a field as its value."""
    field = Field(kind, "") if isinstance(kind, str) else kind
    return Spelling(language, SHANGHAI, Reading(**told)).value(field, cell)


@pytest.mark.parametrize(
    ("field", "cell", "language", "value"),
    [
        ("number", "1,234", "en", 1234),
        ("number", "1 234", "ru", 1234),
        ("number", "۱٬۲۳۴", "fa", 1234),
        ("number", 7.0, "en", 7),
        (MONEY, "1 234,50", "ru", 123450),
        (MONEY, "12.5", "zh", 1250),
        (MONEY, "12.50 CNY", "en", 1250),
        (MONEY, 0.1 + 0.2, "en", 30),
        (MONEY, "۱۲٫۵", "fa", 1250),
        (Field("percentage", "", decimals=2), Share(0.125), "en", 1250),
        (Field("percentage", "", decimals=2), "12.5%", "en", 1250),
        ("duration", "1:30", "en", 5400),
        ("duration", 90, "en", 90),
        ("yes_no", "да", "ru", True),
        ("yes_no", "否", "zh", False),
        ("yes_no", "بله", "fa", True),
        (KIND, "yes", "en", "yes"),
        (KIND, "EXCEL", "en", "xlsx"),
        ("day", "2026-03-21", "en", "2026-03-21"),
        ("day", "21.03.2026", "ru", "2026-03-21"),
        ("day", "2026年3月21日", "zh", "2026-03-21"),
        ("day", "3/4/2026", "en", "2026-04-03"),
        ("day", "۱۴۰۵/۰۱/۰۱", "fa", "2026-03-21"),
        ("day", "۱ فروردین ۱۴۰۵", "fa", "2026-03-21"),
        ("day", "1405-01-01", "en", "2026-03-21"),
        ("day", "21 Mar 2026", "en", "2026-03-21"),
        ("day", datetime(2026, 3, 21), "en", "2026-03-21"),
        ("moment", "2026-03-21 10:30", "en", "2026-03-21T02:30:00+00:00"),
        ("moment", "21.03.2026 10:30:05", "ru", "2026-03-21T02:30:05+00:00"),
        ("moment", "2026-03-21T10:30:00+00:00", "en", "2026-03-21T10:30:00+00:00"),
        ("moment", "2026-03-21", "en", "2026-03-20T16:00:00+00:00"),
        ("time", "8:05", "en", "08:05"),
        ("time", time(8, 5), "en", "08:05"),
        ("period", "2026-03-01 – 2026-03-31", "en", "2026-03-01/2026-03-31"),
        ("period", "2026-03-01", "en", "2026-03-01/"),
        ("text", 12.0, "en", "12"),
        ("text", "'=SUM(A1)", "en", "=SUM(A1)"),
        ("coordinates", "31.23, 121.47", "en", {"latitude": 31.23, "longitude": 121.47}),
        ("text", "  ", "en", None),
    ],
)
def test_a_cell_is_read_as_its_author_meant_it(field: Any, cell: Any, language: str, value: Any) -> None:
    assert read(field, cell, language) == value


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("number", "1,5", "number"),
        ("number", "many", "number"),
        ("number", 1.5, "number"),
        (MONEY, "1.234", "decimals"),
        ("number", date(2026, 1, 1), "number"),
        ("text", 310101199001011234, "digits_lost"),
        ("text", Odd("formula", "=A1"), "formula"),
        ("text", Odd("error", "#REF!"), "error"),
        ("text", Odd("merged", "x"), "merged"),
        ("day", "2026-02-30", "day_order"),
        ("day", "03/25/2026", "day_order"),
        ("day", "1/2/26", "day_order"),
        ("moment", "2026-03-21 25:00", "moment"),
        ("yes_no", "maybe", "yes_no"),
    ],
)
def test_what_cannot_be_meant_is_never_guessed(field: Any, cell: Any, code: str) -> None:
    with pytest.raises(BadCell) as no:
        read(field, cell)
    assert no.value.code == code


def test_what_was_told_goes_before_the_readers_habit() -> None:
    assert read("day", "3/25/2026", dates="month_first") == "2026-03-25"
    assert read(MONEY, "1.234,50", numbers="comma") == 123450
    assert read("day", "1405-01-01", calendar="jalali") == "2026-03-21"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Код,Имя\n1,Иванов Иван\n", "utf-8"),
        ("Код;Имя\n1;Иванов Иван Петрович\n2;ПЕТРОВА АННА\n", "windows-1251"),
        ("代码,名称\n1,结婚登记\n2,身份证换领\n", "gb18030"),
        ("代码\t名称\n1\t结婚登记\n", "utf-16"),
        ("کد,نام\n1,رضا یزدی\n", "utf-8"),
    ],
)
def test_encoding_and_separator_are_found_out(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert encoding_of(content) == encoding
    source = Source(content, Reading())
    assert source.separator == next(sign for sign in ",;\t" if sign in text)
    assert [cells for _, cells in source.rows(0)] == [line.split(source.separator) for line in text.split("\n") if line]
    assert Source(b"\xef\xbb\xbf" + "代码,名\n".encode(), Reading()).table(0, lambda _: 0)[1] == ["代码", "名"]


def test_a_quoted_separator_and_an_excel_hint_do_not_mislead() -> None:
    assert separator_of('Name;Note\n"a, b, c";"d, e"\n"f";"g"\n') == ";"
    rows = list(Source(b"sep=;\nA;B\n1;2\n", Reading()).rows(2))
    assert rows == [(3, ["1", "2"])]


def test_a_workbook_gives_typed_cells_and_tells_what_is_odd() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Report of March"])
    sheet.append(["Name", "Day", "Share", "Sum", "Note"])
    sheet.append(["Ann", date(2026, 3, 21), 0.125, "=1+1", "long"])
    sheet.append(["Bob", None, 2, 3.5, "x"])
    sheet.append(["Cid", None, None, None, "y"])
    sheet["C3"].number_format = "0.0%"
    sheet.merge_cells("A4:A5")
    book.create_sheet("Second").append(["Other"])
    stream = io.BytesIO()
    book.save(stream)
    source = Source(stream.getvalue(), Reading())
    assert source.sheets == ["Sheet", "Second"]
    head, texts = source.table(0, lambda cells: sum(one == "Name" for one in cells))
    assert (head, texts) == (2, ["Name", "Day", "Share", "Sum", "Note"])
    first, second, third = (cells for _, cells in source.rows(head))
    assert first == ["Ann", datetime(2026, 3, 21), Share(0.125), Odd("formula", "=1+1"), "long"]
    assert second[0] == Odd("merged", "Bob") and second[3] == 3.5
    assert third[0] == Odd("merged", "") and third[4] == "y"
    with pytest.raises(Refused) as no:
        list(Source(stream.getvalue(), Reading(sheet="Third")).rows(0))
    assert no.value.code == "imports.no_sheet"
