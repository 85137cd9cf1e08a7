"""A new hall by the guide alone: a real empty server, the real workbench, a real kiosk, by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from common.link.driving import NotSeen
from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

PASSWORD = "a long password"
STAFF, KIOSK = "tests.client_staff.driven_staff", "tests.client_staff.driven_kiosk"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[DemoHouse]:
    """A server without anything."""
    with DemoHouse(tmp_path / "server", demo=False) as house:
        yield house


class Patient(Running):
    """Waits as long as somebody would who sets up a hall: every step is a new page, and the machine may be busy."""

    def wait(
        self, text: str | None = None, *, name: str | None = None, gone: bool = False, seconds: float = 40
    ) -> dict[str, Any]:
        """As `Driven.wait`."""
        return super().wait(text, name=name, gone=gone, seconds=seconds)

    def press(self, name: str | None = None, *, text: str | None = None, index: int = 0) -> float:
        """Wait until it is there, then press it."""
        self.wait(text, name=name)
        return super().press(name, text=text, index=index)


def desk(house: DemoHouse, folder: Path, name: str = "olga", language: str = "en") -> Patient:
    """A workbench at a hall that is no demo."""
    return Patient("staff", folder / name, house, module=STAFF, language=language)


def claim(program: Running, code: str, again: str = PASSWORD) -> None:
    """Become the administrator."""
    program.wait(name="claim_title")
    fields = {"code": code, "full_name": "Olga Stern", "account": "olga", "password": PASSWORD, "again": again}
    for name, text in fields.items():
        program.type(f"claim_{name}", text)
    program.press("claim_begin")


def to_step(program: Running, name: str) -> None:
    """Press Next and wait for a page."""
    program.press("setup_next")
    program.wait(name=name)


def name_the_hall(program: Running) -> None:
    """Step 1, as far as it is needed; the server's own time zone is taken."""
    program.wait(name="place_name_en")
    program.type("place_name_en", "River Hall")
    program.type("place_organisation_en", "City of Rivers")


def choose_template(program: Running, name: str = "Small town office") -> None:
    """Step 3."""
    program.wait("Without a template", name="hall_template")
    for _try in range(100):  # the templates are on their way
        with suppress(NotSeen):
            program.ask("choose", name="hall_template", text=name)
            break
    program.wait("1-4", name="zone_windows")


def always_open(program: Running) -> None:
    """The test runs at any hour of any day."""
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        program.type(f"hours_{day}", "00:00-24:00")


def add_clerk(program: Running) -> None:
    """Step 5."""
    program.wait("Olga", name="people_table[0,0]")
    program.type("person_full_name", "Anna Petrova")
    program.type("person_account", "anna")
    program.type("person_password", PASSWORD)
    program.press("person_add")
    program.wait("Anna Petrova", name="people_table[1,0]")


def test_from_an_empty_server_to_the_first_ticket(empty: DemoHouse, tmp_path: Path) -> None:
    with desk(empty, tmp_path) as guide:
        claim(guide, "0000-0000")
        guide.wait("not the one that the server shows", name="claim_refused_text")
        claim(guide, empty.claim_code(), again="another password")
        guide.wait("not the same", name="claim_refused_text")
        guide.type("claim_again", PASSWORD)
        guide.key("Return")
        name_the_hall(guide)
        guide.type("place_name_en", "")
        guide.press("setup_next")
        guide.wait("Please fill it in", name="setup_said_text")
        guide.type("place_name_en", "River Hall")
        guide.key("Alt+Right")
        guide.wait(str(empty.data), name="data_folder")
        guide.type("data_keeper", "IT of the city")
        to_step(guide, "hall_template")
        choose_template(guide)
        guide.type("hours_mon", "17 to 8")
        guide.press("setup_next")
        guide.wait("Monday: write the hours as", name="setup_said_text")
        always_open(guide)
        to_step(guide, "services_grid[5,4]")
        # General enquiries loses its only window, and gets it back.
        guide.wait("1", name="services_grid[5,0]")
        guide.press("services_grid[5,4]")
        guide.wait("General enquiries has no window", name="services_bad_text")
        guide.key("Space")
        guide.wait(name="services_bad_text", gone=True)
        to_step(guide, "person_full_name")
        add_clerk(guide)
        to_step(guide, "devices_nobody")
        with Patient("kiosk", tmp_path / "kiosk", empty, module=KIOSK) as kiosk:
            kiosk.wait(name="digits")
            guide.wait(name="asking_digits")
            assert guide.text("asking_digits") == kiosk.text("digits")
            guide.press("asking_accept")
            guide.wait("Ticket kiosk", name="devices_table[0,0]")
            to_step(guide, "open_state")
            guide.wait("The hall can open", name="open_state")
            kiosk.wait(name="state_title")  # it gives nothing yet
            guide.press("trial_key")
            guide.wait("TEST001", name="trial_number")
            guide.press("trial_key")
            guide.wait("Called to window 1", name="trial_said")
            guide.press("trial_key")
            guide.wait("It stands in no figure", name="trial_said")
            guide.press("setup_next")
            guide.wait(name="question_yes")
            guide.press("question_yes")
            guide.wait("The hall is open to the public.", name="banner_text")
            guide.press("windows_table[0,0]")
            guide.press("open_window")
            guide.wait("No ticket", name="strip_ticket")
            kiosk.wait(name="service_A")
            kiosk.press("service_A")
            kiosk.press("take")
            kiosk.wait("A001", name="ticket_number")
            guide.key("F2")
            guide.wait("A001", name="strip_ticket")
    with desk(empty, tmp_path, "anna") as clerk:
        signed_in(clerk, "anna", PASSWORD)
        clerk.wait(name="new_password")  # what she was given serves this once
        for field in ("new_password", "again"):
            clerk.type(field, PASSWORD + " of my own")
        clerk.key("Return")
        clerk.wait(name="choose_title")


def test_killed_at_any_step_it_goes_on_where_it_was(empty: DemoHouse, tmp_path: Path) -> None:
    program = desk(empty, tmp_path)
    claim(program, empty.claim_code())
    program.wait(name="place_name_en")
    empty.kill()  # claimed, but the hall has no name: the code has done its work
    empty.start()
    program.kill()
    program = desk(empty, tmp_path)
    signed_in(program, "olga", PASSWORD)
    name_the_hall(program)
    to_step(program, "data_keeper")
    program.kill()
    program = desk(empty, tmp_path)
    signed_in(program, "olga", PASSWORD)
    program.wait(name="data_keeper")
    assert not next(one for one in program.tree() if one["name"] == "step_services")["enabled"]
    program.press("step_place")
    program.wait("River Hall", name="place_name_en")
    program.press("setup_next")
    program.wait(name="data_keeper")
    program.type("data_keeper", "Chen")
    empty.kill()
    program.wait("No server since")
    assert not next(one for one in program.tree() if one["name"] == "setup_next")["enabled"]
    assert program.text("data_keeper") == "Chen", "what was entered stays"
    empty.start()
    program.wait("Connected")
    to_step(program, "hall_template")
    choose_template(program)
    to_step(program, "services_grid[5,4]")
    program.kill()
    empty.kill()
    empty.start()
    with desk(empty, tmp_path) as again:
        signed_in(again, "olga", PASSWORD)
        again.wait(name="services_grid[5,4]")
        again.press("setup_later")
        again.wait(name="choose_title")
        again.press("go_setup")
        again.wait(name="services_grid[5,4]")
        again.press("step_open")
        again.wait("Only you can sign in so far", name="problem_text")
        again.press("mend_only_the_administrator")
        again.wait(name="person_full_name")


def test_services_from_a_sheet_with_broken_rows(empty: DemoHouse, tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["Prefix", "Name (English)", "Usual minutes", "Windows"],
        ["A", "Cards", 8, "1-2"],
        ["??", "Broken", 8, 1],
        ["B", "Copies", "soon", 9],
    ):
        book.active.append(row)
    sheet = tmp_path / "services.xlsx"
    book.save(sheet)
    with desk(empty, tmp_path) as guide:
        claim(guide, empty.claim_code())
        name_the_hall(guide)
        to_step(guide, "data_keeper")
        to_step(guide, "zone_windows")
        guide.type("zone_name_en", "Hall")
        guide.type("zone_windows", "1, 2")
        guide.type("hours_mon", "8:00-17:00")
        guide.press("setup_next")
        guide.wait("There is no service yet", name="services_bad_text")
        guide.press("sheet_import")
        guide.wait(name="fileNameEdit")
        guide.type("fileNameEdit", str(sheet))
        guide.key("Return")
        guide.wait("2 rows cannot be taken", name="sheet_title")
        guide.wait("“??” is no prefix", name="sheet_bad[0,2]")
        guide.wait("“soon” is no number of minutes", name="sheet_bad[1,2]")
        guide.wait("There is no window 9", name="sheet_bad[2,2]")
        guide.press("sheet_none")
        guide.wait("Nothing was imported", name="services_said_text")
        guide.wait("There is no service yet", name="services_bad_text")
        guide.press("sheet_import")
        guide.wait(name="fileNameEdit")
        guide.type("fileNameEdit", str(sheet))
        guide.key("Return")
        guide.press("sheet_good")
        guide.wait("1 service was taken", name="services_said_text")
        guide.wait("2", name="services_grid[0,0]")
        guide.press("service_add")
        guide.wait(name="service_prefix")
        guide.type("service_prefix", "a")
        guide.type("service_name_en", "Again")
        guide.press("service_keep")
        guide.wait("Another service has this prefix", name="service_wrong_text")
        guide.type("service_prefix", "z")
        guide.press("service_keep")
        guide.wait("Again has no window", name="services_bad_text")
        guide.press("step_open")
        guide.wait("The hall cannot open yet", name="open_state")
        guide.press("setup_next")
        guide.wait(name="question_yes")
        guide.press("question_yes")
        guide.wait("Mend what is marked first", name="open_said_text")


def test_every_page_speaks_the_reader_s_language(empty: DemoHouse, tmp_path: Path) -> None:
    with desk(empty, tmp_path) as guide:
        guide.wait(name="claim_title")
        _in_all_languages(guide)
        claim(guide, empty.claim_code())
        name_the_hall(guide)
        _in_all_languages(guide)
        to_step(guide, "data_keeper")
        _in_all_languages(guide)
        to_step(guide, "zone_windows")
        guide.type("zone_name_en", "Hall")
        guide.type("zone_windows", "1-3")
        _in_all_languages(guide)
        for name in ("services_grid", "person_full_name", "devices_nobody", "open_state"):
            to_step(guide, name)
            _in_all_languages(guide)


def _in_all_languages(program: Running) -> None:
    """Each language in turn, and English again."""
    for words in ("中文", "Русский", "فارسی"):
        program.ask("choose", name="languages", text=words)
        program.wait(words, name="languages")
        left = _english(program)
        assert not left, left
    program.ask("choose", name="languages", text="English")
    program.wait("English", name="languages")


def _english(program: Running) -> list[str]:
    """Sentences that nobody has translated: three English words side by side."""
    known = {"English", "Olga Stern", "Openhall", "SQLite"}
    found = []
    for one in program.tree():
        if one["name"].startswith("palette"):
            continue  # the top bar is not the guide's
        words = [word.strip(".,:") for word in one["text"].split()]
        plain = [word for word in words if word.isascii() and word.isalpha() and word.islower()]
        if one["text"] not in known and len(plain) >= 3 and not one["text"].startswith("/"):
            found.append(one["text"])
    return found
