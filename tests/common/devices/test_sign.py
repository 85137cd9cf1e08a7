"""LED signs: frames to the byte, lines laid out over panels, and a wall kept right through faults, silence and unplugging."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from common.devices import alpha_frames as alpha
from common.devices.alpha_sign import FRAMING, AlphaSign
from common.devices.device_health import DeviceHealth
from common.devices.serial_port import port_at
from common.devices.sign import NEW_PAGE, REFUSED, TOO_LONG, PanelShape, Picture, Rows, SignLine, WallShape
from common.devices.sign_layout import laid_out
from common.devices.sign_wall import SignWall, open_sign
from common.text import in_language
from tests.common.devices.alpha_counterpart import AlphaCounterpart
from tests.common.devices.pty_device import until

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")
PANEL = PanelShape(96, 16)


# frames


def test_a_frame_is_what_the_protocol_says_to_the_byte() -> None:
    expected = b"\x00\x00\x00\x00\x00\x01Z00\x02AA\x1b bHELLO\x03"
    body = expected[9:]
    assert alpha.frame(alpha.text_file("A", b"HELLO", position=alpha.MIDDLE)) == (
        expected + f"{sum(body):04X}".encode() + b"\x04"
    )
    # A sum that the makers' own example gives: `GaREAD ME` is 027B.
    assert alpha.frame(alpha.string_file("a", b"READ ME"), "07").endswith(b"\x03027B\x04")


def test_memory_has_eleven_characters_a_file() -> None:
    files = [alpha.File("A", "text", 256), alpha.File("a", "string", 125), alpha.File("P", "dots", (16, 96))]
    assert alpha.memory(files) == b"E$" + b"AAL0100FFFF" + b"aBL007D0000" + b"PDL10604000"


def test_special_functions() -> None:
    assert alpha.set_time(8, 5) == b"E 0805" and alpha.full_day_clock() == b"E'M"
    assert [alpha.set_weekday(iso) for iso in (1, 6, 7)] == [b"E&2", b"E&7", b"E&1"]
    assert (alpha.speaker(False), alpha.soft_reset(), alpha.run("AB")) == (b"E!FF", b"E,", b"E.SLAB")
    assert alpha.priority(b"FIRE") == b"A0\x1b0bFIRE" and alpha.release_priority() == b"A0"
    for write in (lambda: alpha.priority(b"x" * 126), lambda: alpha.string_file("a", b"x" * 126)):
        with pytest.raises(ValueError, match="125"):
            write()


def test_a_picture_goes_row_by_row() -> None:
    image = Image.new("1", (10, 2), 0)
    image.putpixel((0, 0), 1)
    image.putpixel((9, 1), 1)
    assert alpha.picture_head("P", image) == b"IP020A"
    assert alpha.picture_rows(image, "green") == b"2000000000\r0000000002\r"
    with pytest.raises(ValueError, match="255 by 31"):
        alpha.picture_head("P", Image.new("1", (256, 7)))


def test_letters_that_the_sign_has_and_has_not() -> None:
    assert alpha.encoded("Fenêtre 3 – «A012»") == b'Fen\x08\x28tre 3 - "A012"'
    assert alpha.encoded("شماره".replace("شماره", "۱۲۳")) == b"123"
    assert alpha.missing("A012 → 3") == "" and alpha.missing("窗口 3") == "窗口" and alpha.missing("Окно") == "Окно"
    with pytest.raises(ValueError, match="窗"):
        alpha.encoded("窗")


@given(st.binary(min_size=1, max_size=60).filter(lambda data: not set(data) & {1, 2, 3, 4}))
def test_an_answer_is_read_and_a_broken_one_is_not(command: bytes) -> None:
    whole = alpha.frame(command, "00", "0")
    assert alpha.answer(b"\x00garbage" + whole) == command
    place = whole.index(b"\x02") + 1
    assert alpha.answer(whole[:place] + bytes(((whole[place] + 1) % 256,)) + whole[place + 1 :]) != command


# layout


def rows(page: tuple[Rows | Picture, ...], panel: int = 0) -> list[str]:
    content = page[panel]
    assert isinstance(content, Rows)
    return [row.text for row in content.rows]


@pytest.mark.covers("QUE-025")
def test_one_line_runs_over_panels_side_by_side() -> None:
    shape = WallShape(2, 1, PANEL)
    (page,), refused = laid_out([SignLine("A012", "3"), SignLine("Welcome")], shape, alpha)
    assert refused == []
    assert [rows(page, 0)[0] + rows(page, 1)[0], rows(page, 0)[1] + rows(page, 1)[1]] == [
        "A012" + "3".rjust(28),
        "Welcome".center(32),
    ]


@pytest.mark.covers("QUE-025")
def test_lines_go_on_with_the_panel_below_and_then_with_the_next_page() -> None:
    shape = WallShape(1, 2, PANEL)
    pages, _ = laid_out([SignLine(f"A{n:03d}", str(n)) for n in range(1, 6)], shape, alpha)
    assert len(pages) == 2
    assert rows(pages[0], 0) == ["A001" + "1".rjust(12), "A002" + "2".rjust(12)]
    assert rows(pages[0], 1)[0].startswith("A003") and rows(pages[1], 0)[0].startswith("A005")
    assert rows(pages[1], 1) == [" " * 16, " " * 16]


def test_an_empty_line_ends_the_page() -> None:
    pages, _ = laid_out([SignLine("A012", "3"), NEW_PAGE, SignLine("Welcome")], WallShape(1, 2, PANEL), alpha)
    assert [rows(page, 0)[0].strip()[:7] for page in pages] == ["A012   ", "Welcome"]


@given(
    st.lists(st.text("ABC xyz0189", min_size=1, max_size=60).filter(str.strip), max_size=5),
    st.integers(1, 3),
    st.integers(1, 2),
)
def test_nothing_is_cut_off(texts: list[str], across: int, down: int) -> None:
    shape = WallShape(across, down, PANEL)
    pages, refused = laid_out([SignLine(text) for text in texts], shape, alpha)
    shown = []
    for page in pages:
        for band in range(down):
            panels = [rows(page, band * across + place) for place in range(across)]
            shown += ["".join(parts) for parts in zip(*panels, strict=True)]
    assert all(len(line) == 16 * across for line in shown)
    left_out = {one.line.left for one in refused}
    assert all(one.reason == TOO_LONG for one in refused)
    assert " ".join(shown).split() == [word for text in texts if text not in left_out for word in text.split()]


def test_chinese_is_drawn_over_the_whole_height_and_over_panels() -> None:
    shape = WallShape(2, 1, PANEL)
    pages, refused = laid_out([SignLine("请A012号到三号窗口", colour="green")], shape, alpha)
    assert refused == [] and len(pages) == 1
    left, right = pages[0]
    assert isinstance(left, Picture) and isinstance(right, Picture)
    assert left.image.size == (96, 16) and left.colour == "green"
    assert left.image.getbbox() and right.image.getbbox()
    box = left.image.getbbox()
    assert box and box[3] - box[1] >= 12, "too small to be read"


def test_persian_begins_at_the_right() -> None:
    """The words are drawn joined and in visual order: another text gives another picture, digits stand to the left."""
    shape = WallShape(1, 1, PANEL)
    pages, refused = laid_out([SignLine("خوش آمدید")], shape, alpha)
    assert refused == []
    (picture,) = pages[0]
    assert isinstance(picture, Picture) and picture.image.getbbox() is not None
    backwards, _ = laid_out([SignLine("دیدمآ شوخ")], shape, alpha)
    assert backwards != pages


def test_a_sign_of_seven_rows_refuses_what_it_cannot_draw_and_shows_the_rest() -> None:
    shape = WallShape(1, 1, PanelShape(90, 7))
    (page,), refused = laid_out([SignLine("A012", "3"), SignLine("欢迎光临")], shape, alpha)
    assert rows(page) == ["A012" + "3".rjust(11)]
    assert [(one.reason, one.line.left) for one in refused] == [(REFUSED, "欢迎光临")]
    with in_language("zh"):
        assert "欢迎光临" in refused[0].sentence and "7" in refused[0].sentence
    assert laid_out([SignLine("欢迎光临")], shape, alpha)[0] == [(Rows((type(page[0].rows[0])(" " * 15),)),)]  # type: ignore[union-attr]


# the wall, over a line


Open = Callable[..., SignWall]


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[SignWall] = []

    def make(other: AlphaCounterpart, shape: WallShape | None = None, **how: object) -> SignWall:
        shape = shape or WallShape(1, 1, PANEL)
        port, stop = port_at(other.address, FRAMING), threading.Event()
        # The pauses that a real sign needs are shortened; their order and number stay.
        panels = [
            AlphaSign(port, name, PANEL, wait=lambda seconds: stop.wait(seconds / 50), answer_limit=0.25)
            for name in other.signs
        ]
        how = {"again_after": 0.05, "check_after": 60, "page_seconds": 0.4, **how}
        made.append(SignWall(other.address, port, panels, shape, alpha, stop, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for wall in made:
        wall.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "sign"]


@serial_only
def test_a_call_stands_on_the_sign_and_every_frame_was_whole(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        other["00"].priority = b"\x1b0bOLD NEWS"
        wall = opened(other)
        assert (
            wall.show([SignLine("A012", "3", colour="red", flash=True), SignLine("B001", "12", colour="green")]) == []
        )
        until(lambda: other.shown().rows == ["A012" + "3".rjust(12), "B001" + "12".rjust(12)])
        assert (other.shown().colours, other.shown().flashing) == (["red", "green"], [True, False])
        until(lambda: wall.health.state == "ok")
        dark = other["00"].dark_moments
        wall.show([SignLine("A013", "3"), SignLine("B001", "12", colour="green")])
        until(lambda: other.shown().rows[0].startswith("A013"))
        assert other["00"].dark_moments == dark, "the sign went dark for a new number"
        assert other.broken == 0 and other["00"].set_ups == 1 and wall.health.good


@serial_only
def test_a_picture_replaces_letters_and_comes_whole(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        line = SignLine("欢迎光临", colour="red")
        wall.show([line])
        (page,), _ = laid_out([line], wall.shape, alpha)
        (picture,) = page
        assert isinstance(picture, Picture)
        wanted = alpha.picture_rows(picture.image, "red").decode().split("\r")[:-1]
        until(lambda: other.shown().dots == wanted)
        wall.show([SignLine("A012", "3")])
        until(lambda: other.shown().rows[:1] == ["A012" + "3".rjust(12)])
        wall.show([line])
        until(lambda: other.shown().dots == wanted)
        assert other.broken == 0


@serial_only
@pytest.mark.parametrize("place", [2, 5, 9, 13, 30])
def test_a_lost_byte_is_noticed_and_sent_again(opened: Open, tmp_path: Path, place: int) -> None:
    """In the NULs, the SOH, the command and the text; the sign tells of a wrong sum, or hears nothing at all."""
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        until(lambda: wall.health.state == "ok")
        other.lose(place)
        wall.show([SignLine("A012", "3")])
        until(lambda: other.shown().rows[:1] == ["A012" + "3".rjust(12)])
        assert other.broken >= 1
        until(lambda: wall.health.state == "ok")


@serial_only
def test_a_late_answer_is_awaited_and_none_at_all_is_silence(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        told: list[DeviceHealth] = []
        wall = opened(other, told=told.append, check_after=0.3)
        other.late = 0.15
        wall.show([SignLine("A012", "3")])
        until(lambda: wall.health.state == "ok" and other.shown().rows[:1] == ["A012" + "3".rjust(12)])
        other["00"].off = True
        until(lambda: wall.health.state == "silent")
        other["00"].forget()
        other["00"].off = False
        until(lambda: wall.health.state == "ok")
        until(lambda: other.shown().rows[:1] == ["A012" + "3".rjust(12)], what="not written anew after a power cut")
        assert [one.state for one in told][-2:] == ["silent", "ok"]


@serial_only
def test_unplugged_and_back_it_shows_what_it_should_by_now(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        wall.show([SignLine("A012", "3")])
        until(lambda: wall.health.state == "ok")
        other.unplug()
        until(lambda: wall.health.state == "unplugged")
        wall.show([SignLine("A013", "4")])
        other["00"].forget()
        other.plug()
        until(lambda: other.shown().rows[:1] == ["A013" + "4".rjust(12)])
        until(lambda: wall.health.state == "ok")


@serial_only
def test_a_sign_that_never_answers_shows_all_the_same(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path, answers=False) as other:
        wall = opened(other, refresh_after=0.5)
        wall.show([SignLine("A012", "3")])
        until(lambda: wall.health.state == "sending")
        until(lambda: other.shown().rows[:1] == ["A012" + "3".rjust(12)])
        other["00"].forget()
        until(lambda: other.shown().rows[:1] == ["A012" + "3".rjust(12)], what="a power cut was not healed")


@serial_only
@pytest.mark.covers("QUE-025")
def test_three_panels_are_one_screen_and_a_dead_one_does_not_hold_up_the_others(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path, "01", "02", "03") as other:
        wall = opened(other, WallShape(1, 3, PANEL), check_after=0.3)
        wall.show([SignLine(f"A{n:03d}", str(n)) for n in range(1, 7)])
        wanted = [["A001", "A002"], ["A003", "A004"], ["A005", "A006"]]
        until(lambda: [[row[:4] for row in other.shown(name).rows] for name in ("01", "02", "03")] == wanted)
        until(lambda: all(one.state == "ok" for one in wall.panels))
        other["02"].off = True
        until(lambda: wall.panels[1].state == "silent")
        seen = len(other["02"].knocks)
        until(lambda: len(other["02"].knocks) > seen + 2)
        # One question each time: setting it up would take seconds in which the others would stand still.
        assert set(other["02"].knocks[seen:]) == {b"F*"}
        assert wall.health.state == "silent" and wall.panels[0].good
        wall.show([SignLine(f"B{n:03d}", str(n)) for n in range(1, 7)])
        until(lambda: other.shown("01").rows[0][:4] == "B001" and other.shown("03").rows[1][:4] == "B006")
        other["02"].off = False
        until(lambda: other.shown("02").rows[0][:4] == "B003")


@serial_only
def test_pages_take_turns(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        wall.show([SignLine(f"A{n:03d}", str(n)) for n in range(1, 4)])
        until(lambda: other.shown().rows and other.shown().rows[0][:4] == "A001")
        until(lambda: other.shown().rows[0][:4] == "A003" and not other.shown().rows[1].strip())
        until(lambda: other.shown().rows[0][:4] == "A001")


@serial_only
def test_it_beeps_once_for_a_call_and_is_clear_when_closed(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        until(lambda: wall.health.state == "ok")
        wall.show([SignLine("A012", "3")], beep=True)
        until(lambda: other["00"].beeps == 1)
        wall.close()
        until(lambda: not "".join(other.shown().rows).strip())
        assert other["00"].beeps == 1


@serial_only
def test_a_sign_that_keeps_reporting_faults_is_in_trouble_and_started_anew(opened: Open, tmp_path: Path) -> None:
    with AlphaCounterpart(tmp_path) as other:
        wall = opened(other)
        until(lambda: wall.health.state == "ok")
        other["00"].files = {}
        wall.show([SignLine("A012", "3")])
        until(lambda: wall.health.state == "trouble" or other["00"].restarts)
        until(lambda: wall.health.state == "ok" and other.shown().rows[:1] == ["A012" + "3".rjust(12)])
        assert other["00"].restarts >= 1


def test_addresses_of_signs(tmp_path: Path) -> None:
    for address, across, down in (
        ("serial:/dev/does-not-exist", 1, 1),
        ("serial:/dev/does-not-exist,19200:3", 1, 3),
        ("serial:COM77:2x3", 2, 3),
        ("network:127.0.0.1:9:2", 1, 2),
    ):
        wall = open_sign(address, told=lambda _health: None)
        try:
            assert (wall.shape.panels_across, wall.shape.panels_down) == (across, down)
            until(lambda wall=wall: wall.health.state == "unplugged")  # type: ignore[misc]
        finally:
            wall.close()
    for wrong in ("", "serial:", "bluetooth:x", "network:host", "serial:/dev/x:99"):
        with pytest.raises(ValueError, match=r"sign|line"):
            open_sign(wrong)
