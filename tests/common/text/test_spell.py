"""Ticket numbers and calls as they are spoken."""

from __future__ import annotations

import pytest

from common.text import spell


@pytest.mark.covers("QUE-916")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["A", "0", "1", "2"]),
        ("zh", ["A", "零", "一", "二"]),
        ("yue", ["A", "零", "一", "二"]),
        ("ru", ["А", "ноль", "один", "два"]),
        ("fa", ["اِی", "صفر", "یک", "دو"]),
    ],
)
def test_letters_and_digits_one_by_one(language: str, said: list[str]) -> None:
    assert spell.letters("A012", language) == said
    assert spell.letters("a-0 1۲", language) == said


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Ticket A 0 1 2, please go to window 3."),
        ("zh", "请A 零 一 二号，到3号窗口办理。"),
        ("yue", "請A 零 一 二號，到3號櫃位。"),
        ("ru", "Талон А ноль один два, пройдите, пожалуйста, к окну номер 3."),
        ("fa", "شمارهٔ اِی صفر یک دو، لطفاً به باجهٔ 3 مراجعه فرمایید."),
    ],
)
def test_sentence_of_a_call(language: str, sentence: str) -> None:
    assert spell.call("A012", "3", language) == sentence


def test_windows() -> None:
    assert spell.window("12", "en") == "12"
    assert spell.window("۰۳", "fa") == "3"
    assert spell.window("B2", "ru") == "Бэ два"


def test_recall_and_other_zone_are_heard() -> None:
    assert spell.call("A012", "3", "en", recall=True) == "Once more: ticket A 0 1 2, please go to window 3."
    assert spell.call("A012", "3", "zh", recall=True).startswith("再次呼叫：请")
    assert spell.call("A012", "3", "en", zone="Hall 2") == "Ticket A 0 1 2, please go to window 3, Hall 2."


def test_codes_of_voices() -> None:
    assert [spell.spoken(code) for code in ("zh-HK", "zh_CN", "fa", "xx")] == ["yue", "zh", "fa", "en"]


def test_every_latin_letter_has_a_name() -> None:
    for language in spell.SPOKEN:
        names = spell.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ", language)
        assert len(set(names)) == 26
