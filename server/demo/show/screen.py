"""A screen for the windows: a virtual one of our own, or the desktop that is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Self

from PIL import Image, ImageGrab

from server.demo.show.places import Place

SIZE = (2560, 1440)


class NoScreen(Exception):
    """There is nothing on which windows could be shown; the sentence says what is missing."""


def desktop_there() -> bool:
    """Whether somebody sits at a desktop of this machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def desktop_environment() -> dict[str, str]:
    """What programs on the desktop get in addition."""
    if os.environ.get("DISPLAY") and "QT_QPA_PLATFORM" not in os.environ and sys.platform.startswith("linux"):
        # Wayland lets no program place its own windows; through its X server it does.
        return {"QT_QPA_PLATFORM": "xcb"}
    return {}


def desktop_space(environment: dict[str, str]) -> Place:
    """The desktop without its panels, as a Qt program sees it. Raises NoScreen."""
    asked = subprocess.run(
        [sys.executable, "-m", "common.qt.screen"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise NoScreen(f"the desktop cannot be used: {asked.stderr.strip() or asked.returncode}")
    return Place(*json.loads(asked.stdout))


class VirtualScreen:
    """An Xvfb of our own, with a display number that nobody else has. `with` ends it. Raises NoScreen."""

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        program = shutil.which("Xvfb")
        if program is None:
            raise NoScreen("without a desktop Xvfb is needed (Debian's package xvfb)")
        read, write = os.pipe()
        try:
            self.process = subprocess.Popen(
                [
                    program,
                    "-displayfd",
                    str(write),
                    "-screen",
                    "0",
                    f"{size[0]}x{size[1]}x24",
                    "-dpi",
                    "96",
                    "-nolisten",
                    "tcp",
                    "-noreset",
                ],
                pass_fds=(write,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        if not number:
            self.close()
            raise NoScreen(f"{program} did not start (status {self.process.returncode})")
        self.display = f":{number}"
        self.space = Place(0, 0, *size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def environment(self) -> dict[str, str]:
        """What programs on this screen get in addition."""
        return {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}

    def picture(self) -> Image.Image:
        """The whole screen as it is now."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def close(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
