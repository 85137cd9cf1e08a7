"""What is typed and what is stored meet in the search shadow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import fold


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ИВАНОВ", "Иванов"),
        ("Семенов", "Семёнов"),
        ("ЕЛКА", "Ёлка"),
        ("علي كريمي", "علی کریمی"),
        ("میروم", "می‌روم"),
        ("كِتاب", "کتاب"),
        ("۰۹۱۲٣٤", "091234"),
        ("STRASSE", "Straße"),
        ("ＡＢＣ１２", "abc12"),
        ("resume", "Résumé"),
        ("  two   words ", "Two words"),
        ("آزادی", "ازادی"),
    ],
)
def test_spellings_meet(typed: str, stored: str) -> None:
    assert fold.fold(typed) == fold.fold(stored)


def test_russian_short_i_stays_a_letter_of_its_own() -> None:
    assert fold.fold("Йод") == "йод" != fold.fold("Иод")
    assert fold.fold("и\u0306") == "й"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold.fold(text)
    assert fold.fold(once) == once


@pytest.mark.parametrize(
    ("text", "short"),
    [("身份证", "sfz"), ("重庆", "cq"), ("银行", "yh"), ("护照 B2 换发", "hzb2hf"), ("Passport", ""), ("", "")],
)
def test_initials(text: str, short: str) -> None:
    assert fold.initials(text) == short


def test_shadow_holds_both() -> None:
    assert fold.shadow("身份证") == "身份证 sfz"
    assert fold.shadow("Паспорт") == "паспорт"
