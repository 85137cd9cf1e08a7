"""Every page of the kiosk can be read in the four languages: as drawn, on a small screen, and on one that lies on its side."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from common.protocol.messages import LANGUAGES
from tests.client_kiosk.at_kiosk import lessees, touched, until
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running, unreadable

TWO = ("language_",)
"""Keys that name a language in that language."""
SIZES = {"drawn": (1080, 1920), "smallest": (768, 1366), "on its side": (1366, 768)}

Found = dict[str, list[str]]


@pytest.mark.covers("QUE-936")
def test_every_page_can_be_read(house: DemoHouse, tmp_path: Path) -> None:
    found: Found = {}
    with ExitStack() as open_:
        screens: dict[str, Running] = {}
        for number, (name, size) in enumerate(SIZES.items()):
            folder = tmp_path / str(number)
            token = house.device("kiosk", zone=0)
            paper = ("--printer", f"file:{tmp_path / 'paper'}")
            started = Running("kiosk", folder, house, *paper, token=token, size=size, inspected=True)
            screens[name] = open_.enter_context(started)
        for name, screen in screens.items():
            screen.wait("No tickets just now", name="state_title")
            found[f"{name}, nothing on offer"] = screen.inspect(two=TWO)
        for number in range(1, 9):
            house.open(number)
        for prefix in "AAABC":
            house.ticket(prefix)
        until(lambda: lessees(house) == len(SIZES))
        for name, screen in screens.items():
            toured(screen, found, name, every_language=name != "on its side")
        house.kill()
        for name, screen in screens.items():
            screen.wait("No connection", name="strip_text")
            found[f"{name}, own numbers"] = screen.inspect(two=TWO)
        house.start()
    assert not unreadable(found), unreadable(found)


def toured(screen: Running, found: Found, name: str, every_language: bool) -> None:
    """Look at every page of one kiosk."""
    screen.wait("waiting", name="service_A")
    found[f"{name}, home"] = screen.inspect(two=TWO)
    touched(screen, "search", "search_text")
    found[f"{name}, search"] = screen.inspect(two=TWO)
    touched(screen, "back", "question")
    for code in LANGUAGES if name == "drawn" else ("ru", "fa"):  # a ticket stays in the language in which it was taken
        screen.speak(code)
        if every_language:
            touched(screen, "green_channel", "question_no")
            found[f"{name}, green channel {code}"] = screen.inspect(two=TWO, only=code)
            screen.press("question_no")
            screen.wait(name="question_no", gone=True)
        touched(screen, "service_A", "take")
        found[f"{name}, service {code}"] = screen.inspect(two=TWO, only=code)
        touched(screen, "take_on_screen", "ticket_number")
        found[f"{name}, ticket {code}"] = screen.inspect(two=TWO, only=code)
        touched(screen, "done", "question")
    screen.speak("en")
    touched(screen, "staff", "staff_title")
    found[f"{name}, staff"] = screen.inspect(two=TWO)
    touched(screen, "back", "question")
    opened(screen, "large")
    found[f"{name}, large print"] = screen.inspect(two=TWO)
    if every_language:
        touched(screen, "low", "page_words")
        found[f"{name}, large print, lower keys"] = screen.inspect(two=TWO)
        low_enough(screen)
        opened(screen, "low")
    touched(screen, "large", "service_A")


def low_enough(screen: Running) -> None:
    """Nothing that is touched lies above the middle."""
    middle = next(one["rect"][3] for one in screen.tree() if one["class"] == "KioskWindow") // 2
    keys = [one for one in screen.tree() if one["class"] in ("BigKey", "ServiceTile", "OpeningTile")]
    assert len(keys) > 8 and all(one["rect"][1] >= middle - 2 for one in keys), keys


def opened(screen: Running, key: str) -> None:
    """Touch a key until sections are to be seen as keys of their own."""

    def there() -> bool:
        return any(one["class"] == "OpeningTile" for one in screen.tree())

    for _ in range(5):
        screen.press(key)
        try:
            until(there, 2)
            return
        except AssertionError:
            continue
    assert there()
