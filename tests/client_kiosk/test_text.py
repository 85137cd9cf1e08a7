"""Every page of the kiosk can be read in the four languages, as drawn and on a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.link.driving import NotSeen
from common.protocol.messages import LANGUAGES
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running, unreadable

TWO = ("language_",)
"""Keys that name a language in that language."""


@pytest.mark.covers("QUE-936")
@pytest.mark.parametrize("size", [(1080, 1920), (768, 1366)], ids=["drawn", "smallest"])
def test_every_page_can_be_read(house: DemoHouse, tmp_path: Path, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    token = house.device("kiosk", zone=0)
    with Running("kiosk", tmp_path / "kiosk", house, token=token, size=size, inspected=True) as screen:
        screen.wait("No tickets just now", name="state_title")
        found["nothing on offer"] = screen.inspect(two=TWO)
        for number in range(1, 9):
            house.open(number)
        for prefix in "AAABC":
            house.ticket(prefix)
        screen.wait("3 waiting", name="service_A")
        found["home"] = screen.inspect(two=TWO)
        for code in LANGUAGES:
            screen.speak(code)
            touched(screen, "green_channel", "question_no")
            found[f"green channel {code}"] = screen.inspect(two=TWO, only=code)
            screen.press("question_no")
            screen.wait(name="question_no", gone=True)
        screen.speak("en")
        for place, code in enumerate(LANGUAGES):  # a ticket stays in the language in which it was taken
            screen.speak(code)
            screen.press("service_A")
            screen.wait(name="take")
            found[f"service {code}"] = screen.inspect(two=TWO, only=code)
            screen.press("take")
            screen.wait(f"A00{4 + place}", name="ticket_number")
            found[f"ticket {code}"] = screen.inspect(two=TWO, only=code)
            screen.press("done")
            screen.wait(name="question")
        screen.speak("en")
        house.kill()
        screen.wait("No tickets at this machine", name="state_title")
        found["without the server"] = screen.inspect(two=TWO)
    assert not unreadable(found), unreadable(found)


def touched(screen: Running, key: str, shown: str) -> None:
    """Touch a key until its page is there: one that was touched a moment ago takes no second touch."""
    for _ in range(5):
        screen.press(key)
        try:
            screen.wait(name=shown, seconds=2)
            return
        except NotSeen:
            continue
    screen.wait(name=shown, seconds=0.1)
