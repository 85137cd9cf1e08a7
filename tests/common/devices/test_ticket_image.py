"""The paper ticket: readable by people and by phones, whatever stands on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image

from common.devices import fonts
from common.devices.raster_text import Style, visual, width, wrap
from common.devices.ticket_image import MARGIN, WIDTH, TicketPaper, draw

NOW = datetime(2026, 3, 2, 10, 24, tzinfo=ZoneInfo("Asia/Shanghai"))
ADDRESS = "https://hall.example:8443/t/Zk3vQ0x9Yw2LrT7uHbN4aA"
TEXTS = {
    "en": ("Lakeside Service Hall", "ID card and passport", "Hall 1 East", "Old card or passport, photo."),
    "zh": ("临江政务服务大厅", "身份证和护照", "一号厅东区", "旧证件，半年内照片。"),
    "ru": ("Приозёрный центр", "Паспорт и удостоверение", "Зал 1, восток", "Старый паспорт, фотография."),
    "fa": ("سالن خدمات دریاچه", "کارت ملی و گذرنامه", "سالن ۱ شرق", "کارت یا گذرنامهٔ قدیمی، عکس."),
}


def paper(language: str = "en", **other: object) -> TicketPaper:
    hall, service, place, need = TEXTS[language]
    values: dict[str, object] = {
        "hall": hall, "service": service, "place": place, "requirements": [need], "number": "A018", "issued_at": NOW,
        "ahead": 5, "expected": (NOW + timedelta(minutes=8), NOW + timedelta(minutes=18)), "windows": ["1", "3", "4"],
        "qr": ADDRESS, "code": "8KQ4-M2", "language": language, **other,
    }  # fmt: skip
    return TicketPaper(**values)  # type: ignore[arg-type]


def codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


@pytest.mark.parametrize("language", list(TEXTS))
def test_one_bit_576_dots_and_a_code_that_phones_read(language: str) -> None:
    picture = draw(paper(language))
    assert (picture.mode, picture.width) == ("1", WIDTH)
    assert 1000 < picture.height < 1700
    assert codes(picture) == [ADDRESS]


def test_the_four_languages_differ_and_keep_the_margins() -> None:
    pictures = [draw(paper(language)) for language in TEXTS]
    assert len({picture.tobytes() for picture in pictures}) == 4
    for picture in pictures:
        left, _top, right, bottom = picture.convert("L").point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
        assert left >= MARGIN - 2 and right <= WIDTH - MARGIN + 2 and bottom <= picture.height - 30


@pytest.mark.covers("QUE-936")
@pytest.mark.parametrize("number", ["A018", "A00018", "TRANSFER-000018"])
def test_long_names_and_numbers_stay_inside(number: str) -> None:
    long = "Registration of the place of residence for newborn children and their families " * 2
    picture = draw(paper(service=long, hall=long, place=long, number=number, windows=[str(n) for n in range(1, 30)]))
    left, _top, right, _bottom = picture.convert("L").point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert left >= MARGIN - 2 and right <= WIDTH - MARGIN + 2
    assert codes(picture) == [ADDRESS]


def test_offline_ticket_has_no_code() -> None:
    picture = draw(paper(offline=True))
    assert codes(picture) == []
    assert picture.height < draw(paper()).height


def test_marks_and_missing_parts_change_the_paper() -> None:
    plain = draw(paper())
    assert draw(paper(green_channel=True)).height > plain.height
    assert draw(paper(copy_by="I. Sokolova")).height > plain.height
    assert draw(paper(qr="")).height < plain.height
    assert draw(paper(windows=[], place="")).height < plain.height
    assert draw(paper(ahead=None, expected=None)).height < plain.height
    assert draw(paper("fa", ahead=0)).tobytes() != draw(paper("fa", ahead=5)).tobytes()


def test_a_long_address_still_fits_and_reads() -> None:
    address = "https://services.a-rather-long-name-of-a-region.example.org:8443/portal/t/Zk3vQ0x9Yw2LrT7uHbN4aA"
    assert codes(draw(paper("ru", qr=address))) == [address]


def test_no_grey_and_no_hairlines() -> None:
    """Every horizontal line of the frame is four dots thick: thinner ones vanish on a worn printing head."""
    picture = draw(paper()).convert("L")
    assert set(picture.tobytes()) == {0, 255}
    rows = [
        all(picture.getpixel((x, y)) == 0 for x in range(MARGIN, WIDTH - MARGIN)) for y in range(picture.height)
    ]  # fmt: skip
    runs, length = [], 0
    for full in [*rows, False]:
        if full:
            length += 1
        elif length:
            runs.append(length)
            length = 0
    assert runs and min(runs) >= 3


def test_wrapping_in_chinese_keeps_marks_off_the_line_start() -> None:
    lines = wrap("请携带身份证，户口本，照片，以及书面同意书。", Style(25), 150)
    assert len(lines) > 1 and not any(line[0] in "，。" for line in lines)
    assert "".join(lines) == "请携带身份证，户口本，照片，以及书面同意书。"


def test_persian_is_joined_and_ordered_line_by_line() -> None:
    line = visual("نوبت A018 شما", True)
    assert "A018" in line and line.index("A018") > 0
    assert all(not 0x0621 <= ord(letter) <= 0x064A for letter in line)  # presentation forms only
    lines = wrap("کارت ملی و گذرنامه برای همهٔ شهروندان", Style(30), 200, True)
    assert lines[0].startswith("کارت") and all(width(part, Style(30), True) <= 200 for part in lines)


def test_missing_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    monkeypatch.setattr(fonts, "_ask_fontconfig", lambda wanted, bold: None)
    fonts.font_file.cache_clear()
    try:
        with pytest.raises(fonts.FontMissing, match="fonts-noto-cjk"):
            fonts.font_file("cjk", True)
    finally:
        fonts.font_file.cache_clear()


def test_fonts_are_found_through_fontconfig_too() -> None:
    wanted = fonts._WANTED[("cjk", True)][0]
    found = fonts._ask_fontconfig(wanted, True)
    assert found is not None and found[0].is_file()
