"""Every page of the workbench can be read in the four languages, as drawn and on the smallest screen."""

from __future__ import annotations

from pathlib import Path

from common.protocol.messages import LANGUAGES
from server.demo.hall import PASSWORD
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running, unreadable

OWN = ("devices_table",)
"""A device's label is as whoever hung it up wrote it."""
SIZES = ((1440, 900), (1280, 720))


def test_every_page_can_be_read(house: DemoHouse, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}

    with Running("staff", tmp_path / "staff", house, inspected=True) as desk:

        def look(page: str, own: tuple[str, ...] = OWN) -> None:
            for wide, high in SIZES:
                desk.resize(wide, high)
                found[f"{page} {wide}"] = desk.inspect(own=own, pictures=tmp_path / f"{page}-{wide}")

        desk.wait(name="sign_in")
        look("sign in")
        desk.type("name", "manager")
        desk.type("password", PASSWORD)
        desk.key("Return")
        desk.wait(name="choose_title")
        look("choose")
        desk.press("windows_table[2,0]")
        desk.press("open_window")
        desk.wait("No ticket", name="strip_ticket")
        place = {"window_id": house.post("queue.windows")["windows"][2]["window_id"]}
        for prefix in "AABC":
            house.ticket(prefix)
        desk.wait("4 waiting", name="strip_waiting")
        look("free")
        desk.key("F2")
        desk.wait("A001", name="strip_ticket", seconds=30)
        look("called")
        desk.press("waiting_table[1,1]")
        desk.press("why_order")
        desk.wait(name="when_at")
        look("why")
        desk.key("Escape")
        desk.wait(name="when_at", gone=True)
        for code in LANGUAGES:
            desk.speak(code)
            desk.key("F6")
            desk.wait(name="transfer_title")
            found[f"transfer {code}"] = desk.inspect(only=code)
            desk.key("Escape")
            desk.wait(name="transfer_title", gone=True)
        desk.speak("en")
        desk.key("F5")
        desk.wait("In service", name="strip_above")
        look("serving")
        desk.key("F4")
        desk.wait("Asks for the rating", name="strip_above")
        look("rating")
        house.post("queue.pause", {**place, "reason": "break"})
        desk.wait("Resume", name="strip_pause")
        look("paused")
        desk.press("go_day")
        for tab in range(3):
            desk.press(f"day_tab.{tab}")
            desk.wait(name=f"day_tab.{tab}")
            look(f"day {tab}")
        desk.press("go_hall")
        desk.wait("Paused", name="tile_3")
        desk.press("tile_3")
        look("hall")
        desk.press("go_devices")
        desk.wait(name="devices_title")
        look("devices")
        house.kill()
        desk.wait("No server since", name="connection")
        look("without the server", own=(*OWN, "go_records"))  # the names of records are the server's words
    assert not unreadable(found), unreadable(found)
