"""Services from an Excel file: the template filled in, every bad row with its reason, nothing saved with broken rows."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from common.protocol.setup import listed_windows, window_ranges
from server.modules.services.rules import SheetRow, judged
from tests.server.setup.conftest import Founding
from tests.server.setup.test_hall import HALL_PLAN


def book(*rows: list[Any]) -> str:
    """An Excel file of these rows."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return base64.b64encode(stream.getvalue()).decode()


HEADS = ["Prefix", "Section", "Name (English)", "Name (中文)", "Usual minutes", "Windows"]


@pytest.fixture
def hall(founded: Founding) -> Founding:
    founded.post("organisation.set_up_zones", HALL_PLAN)
    return founded


def test_the_template_comes_back_as_it_was_given(hall: Founding) -> None:
    card = {"prefix": "A", "name": {"en": "=Cards", "fa": "کارت"}, "description": {"zh": "说明"}, "section": 0}
    section = {"name": {"en": "Registry", "zh": "登记", "ru": "Реестр", "fa": "ثبت"}}
    hall.post("services.set_up", {"sections": [section], "services": [{**card, "windows": ["1", "2"]}]})
    before = hall.post("services.setup")
    for language in ("en", "zh", "ru", "fa"):
        file = hall.post("services.sheet_template", {"language": language})
        page = load_workbook(io.BytesIO(base64.b64decode(file["content"]))).active
        assert file["name"].endswith(".xlsx") and page["C2"].data_type == "s"
        wanted = {"content": file["content"], "language": language}
        checked = hall.post("services.check_sheet", wanted)
        assert checked["bad"] == [] and checked["services"][0]["name"] == {"en": "=Cards", "fa": "کارت"}
        assert hall.post("services.import_sheet", wanted) == before


def test_every_bad_row_is_listed_and_nothing_is_saved_until_told_so(hall: Founding) -> None:
    content = book(
        HEADS,
        ["A", "Registry", "Cards", "身份证", 8, "1, 2"],
        ["1!", "Registry", "Wrong prefix", "", 8, 1],
        ["A", "", "Twice", "", 8, 1],
        ["C", "", "", "", 8, 1],
        ["D", "", "Minutes", "", "soon", 1],
        ["E", "", "Windows", "", 5, "1-2, 7"],
        ["b", "Registry", "Copies", None, None, 2.0],
        [None, None, None, None, None, None],
    )
    checked = hall.post("services.check_sheet", {"content": content, "language": "en"})
    assert [(one["row"], one["column"]) for one in checked["bad"]] == [
        (3, "Prefix"), (4, "Prefix"), (5, "Name"), (6, "Usual minutes"), (7, "Windows"),
    ]  # fmt: skip
    assert "row 2" in checked["bad"][1]["sentence"] and "7" in checked["bad"][4]["sentence"]
    assert [one["prefix"] for one in checked["services"]] == ["A", "B"]
    said = hall.post("services.check_sheet", {"content": content, "language": "fa"})["bad"]
    assert said[0]["column"] != "Prefix" and said[0]["sentence"] != checked["bad"][0]["sentence"]
    refused = hall.refused("services.import_sheet", {"content": content, "language": "en"})
    assert refused["code"] == "services.sheet_wrong" and refused["facts"]["rows"] == checked["bad"]
    assert "5 rows" in refused["detail"] and hall.count("service") == 0
    taken = hall.post("services.import_sheet", {"content": content, "only_good": True}, key="once")
    assert hall.post("services.import_sheet", {"content": content, "only_good": True}, key="once") == taken
    assert [(one["prefix"], one["windows"], one["minutes"]) for one in taken["services"]] == [
        ("A", ["1", "2"], 8), ("B", ["2"], 10),
    ]  # fmt: skip
    assert len(taken["sections"]) == 1 and taken["services"][0]["name"] == {"en": "Cards", "zh": "身份证"}


def test_what_is_no_sheet_is_refused_in_words(hall: Founding) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (41 << 20))
    for content, code in (
        (base64.b64encode(b"no workbook").decode(), "services.no_sheet"),
        ("not base64!", "services.no_sheet"),
        (base64.b64encode(bomb.getvalue()).decode(), "services.no_sheet"),
        (book(["Something", "else"], ["A", "B"]), "services.no_heads"),
        (book(HEADS), "services.sheet_empty"),
        (book(), "services.sheet_empty"),
    ):
        for verb in ("services.check_sheet", "services.import_sheet"):
            assert hall.refused(verb, {"content": content})["code"] == code
    assert hall.count("service") == 0


def test_lines_copied_from_a_spreadsheet_are_read_alike(hall: Founding) -> None:
    narrow = hall.post("services.import_sheet", {"text": "A\tCards\t8\t1\nB\tCopies\t\t1,2\n", "language": "en"})
    assert [(one["name"]["en"], one["windows"]) for one in narrow["services"]] == [
        ("Cards", ["1"]),
        ("Copies", ["1", "2"]),
    ]
    wide = hall.post("services.import_sheet", {"text": "前缀\t名称\nA\t身份证", "language": "zh"})
    assert wide["services"][0]["name"] == {"en": "Cards", "zh": "身份证"} and wide["services"][0]["windows"] == ["1"]


def test_windows_as_people_list_them() -> None:
    assert listed_windows("1, 2;5  7-9、12") == ["1", "2", "5", "7", "8", "9", "12"]
    assert (
        listed_windows("3–4 A1") == ["3", "4", "A1"] and listed_windows("9-1") == ["9-1"] and listed_windows(" ") == []
    )
    assert window_ranges(["1", "2", "3", "7", "8", "A1"]) == "1-3, 7, 8, A1" and window_ranges([]) == ""


def test_a_later_row_with_the_same_prefix_is_the_wrong_one() -> None:
    def row(number: int, prefix: str) -> SheetRow:
        return SheetRow(number, prefix, "", {("name", "en"): "X"}, "", "")

    good, faults = judged([row(2, "A"), row(3, "a"), row(4, "B")], [])
    assert [one.prefix for one in good] == ["A", "B"] and [(one.row, one.code) for one in faults] == [
        (3, "prefix_twice")
    ]
