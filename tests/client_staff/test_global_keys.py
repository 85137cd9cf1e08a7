"""The counter's F-keys while another program has the keyboard: on a real X server of its own (Xvfb)."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client_staff.app.global_keys import GlobalKeys
from tests.client_staff.test_workbench import at_window, signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

Xlib = pytest.importorskip("Xlib")


@pytest.fixture
def screen() -> Iterator[str]:
    """An X server that chooses its own number, so that two suites never meet."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed (installer/hall test installs it)")
    given, taken = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(taken), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[taken],
        stderr=subprocess.DEVNULL,
    )
    os.close(taken)
    try:
        with os.fdopen(given) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


class OtherProgram:
    """A program in front: a window of its own that has the keyboard, and a keyboard to press keys on."""

    def __init__(self, screen: str) -> None:
        from Xlib import XK, X, display

        self._x, self._keys = X, XK
        self.display: Any = display.Display(screen)
        root = self.display.screen().root
        self.window = root.create_window(900, 700, 200, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask)
        self.window.map()
        codes = {name: self.display.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("F2", "F4", "F5")}
        self._names = {code: name for name, code in codes.items()}
        self.display.sync()

    def take_the_keyboard(self) -> None:
        """Come to the front."""
        self.window.set_input_focus(self._x.RevertToParent, self._x.CurrentTime)
        self.display.sync()

    def press(self, name: str) -> None:
        """Press a key and let go of it."""
        from Xlib.ext import xtest

        code = self.display.keysym_to_keycode(self._keys.string_to_keysym(name))
        xtest.fake_input(self.display, self._x.KeyPress, code)
        xtest.fake_input(self.display, self._x.KeyRelease, code)
        self.display.sync()

    def grab(self, name: str) -> None:
        """Hold a key for this program alone."""
        code = self.display.keysym_to_keycode(self._keys.string_to_keysym(name))
        root = self.display.screen().root
        root.grab_key(code, self._x.AnyModifier, False, self._x.GrabModeAsync, self._x.GrabModeAsync)
        self.display.sync()

    def heard(self) -> list[str]:
        """The keys that came here."""
        found = []
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type == self._x.KeyPress:
                found.append(self._names.get(event.detail, ""))
        return found


def until(desk: Running, name: str, words: str, press: Any, seconds: float = 15) -> None:
    """Press until it shows: how soon a desktop hands the keyboard over is its own affair."""
    end = time.monotonic() + seconds
    while words not in desk.text(name):
        assert time.monotonic() < end, f"{name} never said {words!r}: {desk.text(name)!r}"
        press()
        try:
            desk.wait(words, name=name)
        except Exception:
            continue


def test_keys_reach_the_counter_while_another_program_has_the_keyboard(
    house: DemoHouse, tmp_path: Path, screen: str, request: pytest.FixtureRequest
) -> None:
    for _ in range(3):
        house.open(1)
        house.ticket("A")
    other = OtherProgram(screen)
    request.addfinalizer(other.display.close)
    other.grab("F6")
    on_screen = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    with Running("staff", tmp_path / "anna", house, environment=on_screen) as desk:
        signed_in(desk, "anna")
        at_window(desk, 3)
        desk.wait("A001", name="waiting_table[0,1]")
        other.take_the_keyboard()
        until(desk, "strip_ticket", "A001", lambda: other.press("F2"))
        # From then on a key does what it says, and does not reach the program in front.
        other.heard()
        other.press("F5")
        desk.wait("In service", name="strip_above")
        assert other.heard() == []
        # A key that another program holds is told in words, for a moment and under F1.
        desk.key("F1")
        desk.wait("Another program holds F6 for itself", name="keys_said")
        # The person may switch it off: then the keys are the other program's again.
        desk.press("keys_beyond")
        desk.press("keys_close")
        desk.wait(name="keys_beyond", gone=True)
        other.take_the_keyboard()
        end = time.monotonic() + 10
        while "F4" not in other.heard():
            assert time.monotonic() < end, "F4 never came to the program in front"
            other.press("F4")
            time.sleep(0.1)
        assert desk.text("strip_ticket") == "A001" and desk.text("strip_above") == "In service"


def test_where_a_desktop_cannot_nothing_is_held() -> None:
    keys = GlobalKeys()
    assert not keys.able and keys.hold(["F2"]) == ["F2"]
    keys.release()
    keys.stop()
