"""Data texts and writing direction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.text import direction, in_language, words

NAME = {"en": "Passport", "zh": "护照", "fa": ""}


@pytest.fixture(autouse=True)
def no_hall() -> Iterator[None]:
    yield
    words.set_hall_languages(())


def test_pick_in_order_of_fallback() -> None:
    assert words.pick(NAME, "zh") == "护照"
    with in_language("zh"):
        assert words.pick(NAME) == "护照"
    assert words.pick(NAME, "fa") == "Passport"
    words.set_hall_languages(["zh", "en"])
    assert words.pick(NAME, "fa") == "护照"
    assert words.pick({"ru": "Паспорт"}, "fa") == "Паспорт"
    assert words.pick({}, "fa") == words.pick(None) == ""


def test_language_of_what_is_shown() -> None:
    assert words.language_of(NAME, "fa") == "en"
    assert words.language_of(NAME, "zh") == "zh"


def test_lacking() -> None:
    assert words.lacking(NAME, ("en", "ru", "fa")) == ["ru", "fa"]


def test_direction() -> None:
    assert direction.direction("fa") == "rtl"
    assert direction.is_right_to_left("12 نوبت") and not direction.is_right_to_left("A012 نوبت")
    wrapped = direction.number("A012")
    assert wrapped != "A012" and direction.plain(f"نوبت {wrapped}") == "نوبت A012"
