"""A client program as a process of its own, driven by its mouse and keyboard events; never by a call of its code."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Self

from common.link.driving import Driven, NotSeen
from tests.ground.demo_house import DemoHouse
from tests.ground.starter import start

SIZES = {"pad": (1280, 800), "led": (1920, 1080), "kiosk": (1080, 1920), "staff": (1440, 900)}


def unreadable(pages: dict[str, list[str]]) -> str:
    """What was found on which page, a line each; empty when all can be read."""
    return "\n".join(f"{page}: {fault}" for page, faults in pages.items() for fault in faults)


class Running(Driven):
    """One running program. `with` ends it; it must then have ended well and logged no error of its own.

    `folder` holds its profile and socket, and stays for a second start; `token` is a device's token. `inspected` runs it
    with an eye for text that cannot be read (`inspected.py`).
    """

    def __init__(
        self,
        kind: str,
        folder: Path,
        house: DemoHouse | None,
        *options: str,
        token: str | None = None,
        language: str = "en",
        environment: dict[str, str] | None = None,
        size: tuple[int, int] | None = None,
        module: str | None = None,
        inspected: bool = False,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.kind = kind
        self.profile = folder / "profile"
        self.errors = folder / "errors.txt"
        path = folder / "driver"
        wide, high = size or SIZES[kind]
        program = ("tests.ground.inspected", kind) if inspected else (module or f"client_{kind}",)
        command = [*program, "--profile", str(self.profile), "--driver", str(path)]
        command += ["--language", language, "--geometry", f"0,0,{wide},{high}", "--dpi", "96", *options]
        if house is not None:
            command += ["--server", house.url]
        if token is not None:
            (folder / "token").write_text(token)
            command += ["--token", str(folder / "token")]
        with self.errors.open("w") as errors:
            surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {})}
            self.process = start(command, surroundings, stderr=errors)
        try:
            super().__init__(path)
        except NotSeen:
            self.process.kill()
            self.process.wait()
            raise NotSeen(self.errors.read_text()) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self.process.poll() is None:
            print(self.said())
        status = self.end()
        if kind is None:
            assert status == 0, self.errors.read_text()
            assert "Traceback" not in self.errors.read_text(), self.errors.read_text()

    def said(self) -> str:
        """Everything that is to be seen, for the words of a failed test."""
        try:
            return "\n".join(f"{one['name']}: {one['text']}" for one in self.tree() if one["text"])
        except (OSError, NotSeen) as gone:
            return str(gone)

    def end(self) -> int:
        """Ask it to end, as the desktop does; gives the exit status."""
        self.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def kill(self) -> None:
        """As a power cut."""
        self.close()
        self.process.kill()
        self.process.wait()

    def inspect(
        self,
        *,
        two: tuple[str, ...] = (),
        own: tuple[str, ...] = (),
        only: str | None = None,
        pictures: Path | None = None,
    ) -> list[str]:
        """What cannot be read now in any of the four languages, or in the `only` one.

        What is named by `two` says a second language on purpose, what by `own` was written by somebody of the hall;
        pictures are kept as `{pictures}_{language}.png`.
        """
        kept = str(pictures) if pictures is not None else None
        languages = [only] if only is not None else None
        self._socket.settimeout(150)  # every language with a fault is looked at several times
        try:
            return list(self.ask("inspect", pictures=kept, two=list(two), own=list(own), languages=languages)["faults"])
        finally:
            self._socket.settimeout(self._patience)

    def speak(self, code: str) -> None:
        """Another language of an inspected program from now on."""
        self.ask("language", code=code)

    def resize(self, width: int, height: int) -> None:
        """Another size of an inspected program's window."""
        self.ask("resize", width=width, height=height)

    def picture(self, path: Path) -> Path:
        """Keep a picture of its window."""
        path.write_bytes(self.grab())
        return path
