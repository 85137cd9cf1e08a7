"""An LED sign on a serial line as the hall sees it: the real program, a real server, and a sign that checks every frame."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from client_led.app.sign_lines import window_lines, zone_lines
from common.devices.sign import SignLine
from common.protocol.queue import BoardCall, WindowView
from common.text import in_language
from tests.client_led.test_calls import NOW, board, call
from tests.common.devices.alpha_counterpart import AlphaCounterpart
from tests.common.devices.pty_device import until
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")
SIZE = (640, 360)


def sign(
    folder: Path, house: DemoHouse | None, other: AlphaCounterpart, *more: str, panels: str = "", **how: object
) -> Running:
    """The program behind a sign."""
    # A pty refuses to be opened twice with bytes of seven bits.
    options = ("--role", "sign", "--sign", f"{other.address},9600,8N1{panels}", *more)
    return Running("led", folder, house, *options, size=SIZE, **how)  # type: ignore[arg-type]


def tops(other: AlphaCounterpart, *panels: str) -> list[str]:
    """The first words of every row that shines, from top to bottom."""
    return [" ".join(row.split()) for name in panels or ("00",) for row in other.shown(name).rows if row.strip()]


@serial_only
@pytest.mark.covers("QUE-025")
def test_calls_of_a_zone_stand_on_two_panels_each_in_its_moment(house: DemoHouse, tmp_path: Path) -> None:
    first, second = house.open(1), house.open(2)
    token = house.device("led", zone=0)
    with (
        AlphaCounterpart(tmp_path, "01", "02") as other,
        sign(tmp_path / "program", house, other, panels=":2", token=token) as led,
    ):
        led.wait("The device answers", name="health", seconds=20)
        assert "2 of 2 panels" in led.text("health") and led.text("place").startswith("Sign of zone")
        until(lambda: any("Welcome" in row for row in tops(other, "01", "02")), 15)
        for _turn in range(3):
            house.ticket("A")
        one = house.post("queue.call_next", first)["ticket"]["number"]
        two = house.post("queue.call_next", second)["ticket"]["number"]
        until(
            lambda: tops(other, "01", "02") == [f"{one} > 1"], what="the first of two calls of one second was skipped"
        )
        until(lambda: tops(other, "01", "02") == [f"{two} > 2", f"{one} > 1"])
        assert other.shown("01").flashing[0] and other.shown("01").colours[:2] == ["red", "amber"]
        house.post("queue.recall", first)
        until(lambda: tops(other, "01", "02")[0] == f"{one} > 1", what="a recall stands on top again")
        assert other.broken == 0
        led.wait(f"{one} > 1", name="shown")
    assert tops(other, "01", "02") == [], "its program has ended: nobody is sent to a window by it"


@serial_only
def test_unplugged_it_says_so_here_and_at_the_console_and_shows_the_newest_call_when_back(
    house: DemoHouse, tmp_path: Path
) -> None:
    first = house.open(1)
    token = house.device("led", zone=0)
    with AlphaCounterpart(tmp_path) as other, sign(tmp_path / "program", house, other, token=token) as led:
        led.wait("The device answers", name="health", seconds=20)
        other.unplug()
        led.wait("cannot be opened", name="health")

        def heard() -> str:
            items = house.post("devices.list", who="admin")["items"]
            return str(next(one["state"] for one in items if one["label"] == "led of the test"))

        until(lambda: heard() == "unplugged", 10)
        house.ticket("A")
        house.post("queue.call_next", first)
        led.wait("A001 > 1", name="shown")
        other["00"].forget()
        other.plug()
        until(lambda: tops(other)[:1] == ["A001 > 1"], 20)
        led.wait("The device answers", name="health", seconds=15)
        until(lambda: heard() == "ok", 10)


@serial_only
@pytest.mark.covers("QUE-930")
def test_without_its_server_the_sign_says_that_its_calls_are_old(house: DemoHouse, tmp_path: Path) -> None:
    first = house.open(1)
    token = house.device("led", zone=0)
    with (
        AlphaCounterpart(tmp_path) as other,
        sign(tmp_path / "program", house, other, "--old-after", "1", token=token) as led,
    ):
        led.wait("The device answers", name="health", seconds=20)
        house.ticket("A")
        house.post("queue.call_next", first)
        until(lambda: tops(other) == ["A001 > 1"], 10)
        house.kill()
        led.wait("server is not heard", name="health")
        until(lambda: tops(other)[:1] == ["Last call"], 30)
        house.start()
        led.wait("server is not heard", name="health", gone=True, seconds=15)
        until(lambda: tops(other)[:1] == ["A001 > 1"], 20)


@serial_only
def test_the_sign_above_a_window_in_chinese_is_drawn_in_dots(house: DemoHouse, tmp_path: Path) -> None:
    third = house.open(3)
    token = house.device("led", window=3)
    with (
        AlphaCounterpart(tmp_path) as other,
        sign(tmp_path / "program", house, other, "--sign-beep", token=token, language="zh") as led,
    ):
        led.wait("设备应答正常", name="health", seconds=20)
        until(lambda: other.shown().dots, 10)
        house.ticket("A")
        house.post("queue.call_next", third)
        until(lambda: tops(other) == ["A001 > 3"], 10)
        until(lambda: other["00"].beeps == 1, 10)
        until(lambda: any("2" in row for row in other.shown().dots or ()), 15, "please come, in green, in its turn")
        house.post("queue.start", third)
        house.post("queue.finish", {**third, "request_rating": False})
        house.post("queue.pause", {**third, "reason": "break"})
        led.wait("暂停", name="shown")
        until(lambda: not tops(other) and other.shown().dots, 10)


def test_a_new_call_stands_alone_and_later_takes_turns_with_the_halls_words() -> None:
    calls = [call(2), call(1)]
    read = board(*calls).model_copy(
        update={
            "ticker": [{"en": "Keep your ticket."}],
            "outlet": {"en": "Linden Hall"},
            "zone": {"en": "Ground floor"},
        }
    )

    def lines(calls: list[BoardCall], *, new: bool = False, old: bool = False) -> list[str]:
        shown = zone_lines(read, calls, new=new, rows=2, now=NOW, zone="UTC", old_at=NOW if old else None)
        return [line.words for line in shown]

    assert lines(calls, new=True) == ["A002 > 3", "A001 > 3"]
    assert lines(calls)[:4] == ["A002 > 3", "A001 > 3", "", "Keep your ticket."]
    assert lines(calls)[-1].endswith("10:24")
    assert lines([])[:3] == ["", "Linden Hall", "Welcome"]
    assert lines(calls, old=True) == ["A002 > 3", "A001 > 3", "", "Last call received at 10:24"]


def test_an_old_number_above_a_window_goes_at_once() -> None:
    view = WindowView(window_id=uuid4(), label="3", zone_id=uuid4(), state="free", now=NOW)
    assert window_lines(view, new=False, old=False) == [SignLine("Open", "3", colour="green")]
    with in_language("fa"):
        (line,) = window_lines(view.model_copy(update={"state": "called"}), new=False, old=True)
    assert "3" not in line.words and line.right == ""


@pytest.mark.parametrize("wrong", [("--sign", "bluetooth:x"), ("--sign-dots", "16"), ("--sign-dots", "300x16")])
def test_wrong_options_are_refused_before_anything_starts(
    wrong: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    from client_led.__main__ import main

    begin = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        main(["--role", "sign", *wrong])
    assert ended.value.code == 2 and wrong[1] in capfd.readouterr().err and time.monotonic() - begin < 5
