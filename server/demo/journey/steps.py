"""Steps: a press, what must then be seen, a picture, a line with the time between."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from common.link.driving import Driven, NotSeen
from server.demo.journey.looking import reason_not_seen
from server.demo.journey.words import NotTranslated
from server.demo.show.places import Place
from server.demo.show.screen import VirtualScreen

SECONDS = 15.0
"""A step is seen within this time, on a slow machine too; on a quick one it takes a tenth of a second."""
PICTURE_SECONDS = 6.0
"""What a program says it shows is on the screen within this time, whatever slides or flashes there."""


class StepNotSeen(Exception):
    """A step of the way was not seen: which one, and what was missing."""


@dataclass(frozen=True)
class Sight:
    """A text that must stand on a program's window, on the thing of that name where it has one."""

    program: str
    text: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        return f"{self.program}: {self.text or self.name!r}"


@dataclass(frozen=True)
class Step:
    """What was seen."""

    language: str
    number: int
    title: str
    milliseconds: int
    """From the press to the last program that showed it."""
    seen: dict[str, str]
    """By program, the text that was looked for."""
    picture: str
    """The picture of the whole screen taken after it; its path within the folder."""


Act = Callable[[], float | None]
"""Presses, and gives the moment of the last press (monotonic seconds); without one the step's time counts from its begin."""


class Steps:
    """Takes steps, one after the other. Raises StepNotSeen at the first that is not seen."""

    def __init__(self, screen: VirtualScreen, folder: Path, say: Callable[[str], None]) -> None:
        self.taken: list[Step] = []
        self.language = "en"
        self.programs: dict[str, Driven] = {}
        """The programs that run now, by name."""
        self._screen, self._folder, self._say = screen, folder, say
        self._last: Image.Image | None = None
        self._number = 0
        self._saving = ThreadPoolExecutor(1, thread_name_prefix="pictures")

    def close(self) -> None:
        """All pictures are on disk afterwards."""
        self._saving.shutdown()

    def begin(self, language: str, programs: dict[str, Driven]) -> None:
        """Other programs, in another language, from now on; what is on the screen now was there before."""
        self.language, self.programs, self._number = language, programs, 0
        self._last = self._screen.picture()

    def program(self, name: str) -> Driven:
        """A running program. Raises NotSeen when it was left out."""
        if name not in self.programs:
            raise NotSeen(f"there is no {name}")
        return self.programs[name]

    def take(self, title: str, act: Act, *sights: Sight, check: Callable[[float], float] | None = None) -> float:
        """Take one step; gives the moment of the press.

        `check` looks at something beside the screens, given that moment, and gives its own; it raises NotSeen.
        """
        self._number += 1
        begun = time.monotonic()
        try:
            pressed = act() or begun
            moments = self._watch(sights)
            if check is not None:
                moments.append(check(pressed))
            picture = self._find_in_picture(sights)
        except (NotSeen, NotTranslated, OSError) as why:
            name = self._name("not-seen")
            self._keep(self._screen.picture(), name)
            raise StepNotSeen(f"step {self.language} {self._number:02d} {title!r} was not seen: {why}") from why
        name = self._name(title)
        self._keep(picture, name)
        self._last = picture
        step = Step(
            self.language, self._number, title, round((max(moments) - pressed) * 1000),
            {one.program: one.text or "" for one in sights}, name,
        )  # fmt: skip
        self.taken.append(step)
        where = ", ".join(dict.fromkeys(one.program for one in sights))
        self._say(f"{step.language} {step.number:02d}  {title:58} {step.milliseconds:6d} ms  {where}")
        return pressed

    def facts(self) -> list[dict[str, Any]]:
        """What was seen, as JSON."""
        return [asdict(step) for step in self.taken]

    def _name(self, title: str) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        return f"pictures/{self.language}/{self._number:02d}-{words}.png"

    def _keep(self, picture: Image.Image, name: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._saving.submit(picture.save, path, compress_level=1)

    def _watch(self, sights: tuple[Sight, ...]) -> list[float]:
        """The moments at which each was first seen; all programs are watched at once."""
        moments: list[float] = []
        left = list(sights)
        while left:
            now = list({one.program: one for one in reversed(left)}.values())
            left = [one for one in left if one not in now]
            for one in now:
                self.program(one.program).begin("wait", text=one.text, name=one.name, seconds=SECONDS)
            wrong: list[str] = []
            for one in now:
                try:
                    moments.append(float(self.program(one.program).answer()["at"]))
                except NotSeen as why:
                    wrong.append(f"{one.program}: {why}")
            if wrong:
                raise NotSeen("; ".join(wrong))
        return moments

    def _find_in_picture(self, sights: tuple[Sight, ...]) -> Image.Image:
        """A picture of the whole screen in which everything stands."""
        end = time.monotonic() + PICTURE_SECONDS
        while True:
            reasons: list[str] = []
            drawn = {one: self.program(one.program).look(one.name, one.text) for one in sights}
            picture = self._screen.picture()
            for one, (png, rect) in drawn.items():
                reason = reason_not_seen(picture, Image.open(io.BytesIO(png)), Place(*rect), self._last)
                if reason is not None:
                    reasons.append(f"{one} in the picture of the screen: {reason}")
            if not reasons:
                return picture
            if time.monotonic() > end:
                raise NotSeen("; ".join(reasons))
            time.sleep(0.06)  # something slides or flashes; leave it the processor
