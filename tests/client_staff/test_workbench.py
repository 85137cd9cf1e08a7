"""The workbench as clerks and managers meet it: the real program against a real server, by keys."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from common.link.driving import NotSeen
from server.demo.hall import PASSWORD
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def signed_in(program: Running, name: str, password: str = PASSWORD) -> None:
    """Sign in by keyboard."""
    program.wait(name="sign_in")
    program.type("name", name)
    program.key("Return")
    program.type("password", password)
    program.key("Return")


def at_window(program: Running, number: int) -> None:
    """Choose a window."""
    program.wait(name="choose_title")
    program.wait(name="windows_table[0,0]")
    program.press(f"windows_table[{number - 1},0]")
    program.press("open_window")
    program.wait("No ticket", name="strip_ticket")


def clerk(house: DemoHouse, folder: Path, number: int = 3, name: str = "anna", **more: Any) -> Running:
    """A clerk at a window."""
    program = Running("staff", folder / name, house, **more)
    signed_in(program, name)
    at_window(program, number)
    return program


@pytest.mark.covers("QUE-050", "QUE-051", "QUE-052", "QUE-055", "QUE-056", "QUE-057", "QUE-907")
def test_a_mornings_work_by_f_keys(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    for prefix in "AB":
        house.ticket(prefix)
    with clerk(house, tmp_path) as desk:
        desk.wait("A001", name="waiting_table[0,1]")
        desk.key("F2")
        desk.wait("A001", name="strip_ticket")
        desk.wait("Called", name="called_table[0,2]")
        desk.key("F3")
        desk.wait("Called again, 1 time", name="strip_above")
        desk.key("F5")
        desk.wait("In service", name="strip_above")
        desk.key("F4")
        desk.wait("Asks for the rating", name="strip_above")
        desk.wait("Finished", name="called_table[0,2]")
        desk.key("F2")  # locked until the rating or its time: refused in words, nothing happens
        desk.wait("A rating is awaited", name="refused_text")
        desk.wait("Open", name="strip_above", seconds=40)
        desk.key("F2")
        desk.wait("B001", name="strip_ticket")
        desk.key("F7")
        desk.wait("No-show", name="called_table[0,2]")
        desk.press("called_table[0,1]")
        desk.press("put_back")
        desk.wait("B001", name="waiting_table[0,1]")
        desk.key("F2")
        desk.wait("B001", name="strip_ticket")


@pytest.mark.covers("QUE-905", "QUE-904")
def test_nobody_waiting_says_so_and_a_double_press_calls_one(house: DemoHouse, tmp_path: Path) -> None:
    with clerk(house, tmp_path) as desk:
        desk.wait("Nobody is waiting", name="strip_below")
        desk.key("F2")
        desk.wait("Nobody is waiting for this window", name="refused_text")
        for _ in range(3):
            house.ticket("A")
        desk.wait("3 waiting", name="strip_waiting")
        desk.ask("press", name="strip_next", twice=True)
        desk.wait("A001", name="strip_ticket")
        time.sleep(0.7)
        assert desk.text("strip_ticket") == "A001" and desk.text("strip_waiting") == "2 waiting"


@pytest.mark.covers("QUE-022", "QUE-024", "QUE-053", "QUE-920")
def test_a_transfer_with_priority_by_keyboard(house: DemoHouse, tmp_path: Path) -> None:
    with clerk(house, tmp_path) as desk:
        house.ticket("B")
        house.ticket("C")
        desk.wait("2 waiting", name="strip_waiting")
        desk.key("F2")
        desk.wait("B001", name="strip_ticket")
        desk.key("F6")
        desk.wait("Where does B001 go?", name="transfer_title")
        desk.type("transfer_search", "address")
        desk.wait("Address registration", name="transfer_targets[0,1]")
        desk.press("transfer_priority")
        desk.press("transfer_take")
        desk.wait("No ticket", name="strip_ticket")
        desk.wait("B001", name="waiting_table[0,1]")
        assert desk.text("waiting_table[0,4]") == "Transferred with priority"
        assert desk.text("waiting_table[1,1]") == "C001"


@pytest.mark.covers("QUE-020", "EVA-005", "EVA-006", "QUE-925", "QUE-926")
def test_pause_restart_and_take_over(house: DemoHouse, tmp_path: Path) -> None:
    desk = clerk(house, tmp_path)
    house.ticket("A")
    desk.key("F9")
    desk.wait(name="pause_meal")
    desk.press("pause_meal")
    desk.wait("Meal", name="strip_ticket")
    desk.key("F9")
    desk.wait("No ticket", name="strip_ticket")
    desk.key("F2")
    desk.wait("A001", name="strip_ticket")
    desk.kill()
    with Running("staff", tmp_path / "anna", house) as again:
        signed_in(again, "anna")
        # The window was never left: the PC's restart goes on with the ticket.
        again.wait("A001", name="strip_ticket")
        with Running("staff", tmp_path / "chen", house) as other:
            signed_in(other, "chen")
            other.wait("Anna Petrova", name="windows_table[2,5]")
            other.press("windows_table[2,0]")
            other.press("open_window")
            other.wait("Anna Petrova works at this window already", name="question_text")
            other.press("question_yes")
            other.wait("A001", name="strip_ticket")
            again.wait("not signed in at window 3 any more", name="banner_text")


@pytest.mark.covers("QUE-903")
def test_without_the_server_it_says_so_and_comes_back(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    house.ticket("A")
    with clerk(house, tmp_path) as desk:
        desk.key("F2")
        desk.wait("A001", name="strip_ticket")
        house.kill()
        desk.wait("No server since", name="connection")
        with pytest.raises(NotSeen, match="disabled"):
            desk.press("strip_start")
        desk.key("F5")
        desk.wait("There is no connection to the server", name="refused_text")
        house.start()
        desk.wait("Connected", name="connection", seconds=4)
        desk.key("F5")
        desk.wait("In service", name="strip_above")


@pytest.mark.covers("QUE-056")
def test_a_wrong_password_is_one_sentence_in_the_readers_language(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "s", house, language="ru") as desk:
        signed_in(desk, "anna", "wrong")
        desk.wait("пароль", name="sign_in_refused_text")
        desk.type("password", PASSWORD)
        desk.key("Return")
        desk.wait("У какого окна вы работаете?", name="choose_title")
        desk.press("sign_out")
        desk.wait(name="sign_in_title")


@pytest.mark.covers("QUE-059")
def test_another_skin_and_language_are_remembered(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "s", house) as desk:
        desk.wait(name="skins")
        desk.ask("choose", name="skins", text="Dark")
        desk.wait("Dark", name="skins")
        before = desk.grab()
    with Running("staff", tmp_path / "s", house) as desk:
        desk.wait("Dark", name="skins")
        assert len(before) > 1000


def test_the_manager_sees_the_day_and_takes_it_to_excel(house: DemoHouse, tmp_path: Path) -> None:
    place = house.open(2)
    for prefix in "ABA":
        house.ticket(prefix)
    house.post("queue.call_next", place)
    house.post("queue.start", place)
    house.post("queue.finish", {**place, "request_rating": False})
    with Running("staff", tmp_path / "m", house) as desk:
        signed_in(desk, "manager")
        desk.wait(name="choose_title")
        desk.wait(name="go_day")
        desk.press("go_day")
        desk.wait("3", name="figure_issued_figure")
        assert desk.text("figure_finished_figure") == "1" and desk.text("figure_waiting_figure") == "2"
        house.ticket("A")
        desk.wait("4", name="figure_issued_figure")
        desk.press("day_tab.2")
        desk.wait("A001", name="day_tickets[3,0]", seconds=12)
        desk.type("day_search", "passport")
        desk.wait("B001", name="day_tickets[0,0]")
        target = tmp_path / "day.xlsx"
        desk.press("day_export")
        desk.wait(name="fileNameEdit")
        desk.type("fileNameEdit", str(target))
        desk.key("Return")
        desk.wait("Saved as", name="day_said_text")
    sheet = load_workbook(target).active
    assert sheet is not None
    assert {row[0] for row in sheet.iter_rows(values_only=True)} >= {"A001", "A002", "A003", "B001"}


def test_a_device_is_compared_on_the_console(house: DemoHouse, tmp_path: Path) -> None:
    with Running("staff", tmp_path / "m", house) as desk, Running("pad", tmp_path / "p", house) as pad:
        signed_in(desk, "manager")
        desk.wait(name="go_devices")
        desk.press("go_devices")
        pad.wait(name="digits")
        desk.wait(pad.text("digits"), name="asking_digits")
        desk.ask("choose", name="asking_place", text="Window 3, Ground floor")
        desk.press("asking_accept")
        desk.wait("belongs to the hall now", name="devices_said_text")
        pad.wait("Nobody is at window 3", name="rest_title")
        desk.wait(name="asking_digits", gone=True)
