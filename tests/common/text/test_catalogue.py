"""Texts in the reader's language, in one process and in many contexts side by side."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.text import (
    N_,
    _,
    catalogue,
    in_language,
    language,
    ngettext,
    pgettext,
    right_to_left,
    set_language,
    translate,
)
from common.text.po import read_texts


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def test_text_is_in_the_language_of_the_process() -> None:
    assert _("nobody") == "nobody"
    set_language("zh")
    assert (language(), _("nobody")) == ("zh", "无人")
    set_language("fa")
    assert _("straight away") == "همین حالا"


def test_unknown_text_and_unknown_language_fall_back_to_english() -> None:
    set_language("ru")
    assert _("There is no such text") == "There is no such text"
    assert pgettext("window", "There is no such text") == "There is no such text"
    set_language("xx")
    assert language() == "en"


@pytest.mark.parametrize(
    ("code", "meant"),
    [("zh-Hans-CN", "zh"), ("fa_IR.UTF-8", "fa"), ("RU", "ru"), ("C", "en"), ("", "en"), (None, "en")],
)
def test_codes_of_systems_are_understood(code: str | None, meant: str) -> None:
    assert catalogue.known(code) == meant


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (1, "{count} минута"), (2, "{count} минуты"), (4, "{count} минуты"), (5, "{count} минут"), (11, "{count} минут"),
        (12, "{count} минут"), (21, "{count} минута"), (22, "{count} минуты"), (111, "{count} минут"), (0, "{count} минут"),
    ],
)  # fmt: skip
def test_russian_has_three_plural_forms(count: int, form: str) -> None:
    with in_language("ru"):
        assert ngettext("{count} minute", "{count} minutes", count) == form


def test_english_and_chinese_plurals() -> None:
    assert [ngettext("{n} ticket", "{n} tickets", n) for n in (0, 1, 2)] == ["{n} tickets", "{n} ticket", "{n} tickets"]
    with in_language("zh"):
        assert {ngettext("{count} minute", "{count} minutes", n) for n in (0, 1, 7)} == {"{count} 分钟"}


def test_declared_texts_are_translated_when_shown() -> None:
    label = N_("nobody")
    assert label == "nobody"
    assert [translate(label, code) for code in ("en", "zh", "ru")] == ["nobody", "无人", "никого"]


def test_readers_side_by_side_do_not_mix() -> None:
    """Requests on the server: tasks and threads each keep the language of their reader."""

    async def answer(code: str) -> list[str]:
        seen = []
        with in_language(code):
            for _turn in range(20):
                await asyncio.sleep(0)
                seen.append(language())
        return seen

    async def together() -> list[list[str]]:
        return list(await asyncio.gather(*(answer(code) for code in ("zh", "ru", "fa", "en"))))

    assert asyncio.run(together()) == [[code] * 20 for code in ("zh", "ru", "fa", "en")]
    results: list[str] = []
    with in_language("zh"):
        thread = threading.Thread(target=lambda: results.append(language()))
        thread.start()
        thread.join()
    assert results == ["en"]


def test_a_block_ends_also_on_failure() -> None:
    with pytest.raises(ZeroDivisionError), in_language("fa"):
        raise ZeroDivisionError
    assert language() == "en"


def test_direction() -> None:
    assert not right_to_left()
    with in_language("fa"):
        assert right_to_left()
    assert right_to_left("fa") and not right_to_left("zh")


def test_reads_in_a_bare_environment(tmp_path: Path) -> None:
    """As on a hall's machine: LANG=C, another zone, another folder, nothing may be written."""
    root = Path(__file__).resolve().parents[3]
    code = "from common.text import _, set_language; set_language('fa'); print(ascii(_('nobody')))"
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(root),
            "LANG": "C",
            "TZ": "Asia/Tehran",
            "HOME": str(tmp_path),
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        },
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.strip() == ascii("هیچ‌کس")


def test_eight_hundred_texts_are_read_in_time(tmp_path: Path) -> None:
    """Parsed anew at every start, without compiled files: this is what makes that affordable."""
    body = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
    body += [f'msgid "A sentence that says what to do, {n}"\nmsgstr "Предложение {n}"\n' for n in range(800)]
    path = tmp_path / "ru.po"
    path.write_text("\n".join(body), "utf-8")
    read_texts(path)
    took = []
    for _turn in range(3):
        begin = time.process_time()
        assert len(read_texts(path)) == 800
        took.append(time.process_time() - begin)
    assert min(took) < 0.06
