"""The hall's voice: calls are spoken one after the other, each in the chosen languages, never two at once (QUE-915)."""

from __future__ import annotations

import logging
import re
import tempfile
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from common.devices import waves
from common.devices.player import Player, open_player
from common.devices.speech import Speaker, SpeechTrouble, Speed
from common.text import spell, words

log = logging.getLogger(__name__)

PAUSE = 0.35
"""Seconds between two languages."""

LONGEST_WAIT = 45.0
"""Seconds after which an announcement that still waits is dropped: by then the citizen has seen the display."""


@dataclass(frozen=True)
class Announcement:
    """One call to be spoken."""

    sequence: int
    number: str
    window: str
    languages: Sequence[str]
    """Spoken one after the other; `yue` is Cantonese."""
    recall: bool = False
    zone: Mapping[str, str] = field(default_factory=dict)
    """Name of another zone to which the citizen is called (QUE-921), by language."""

    def sentence(self, language: str) -> str:
        """What is said in one of the languages."""
        zone = words.pick(self.zone, {"yue": "zh"}.get(language, language)) if self.zone else ""
        return spell.call(self.number, self.window, language, recall=self.recall, zone=zone)

    @property
    def file_name(self) -> str:
        """`00017_A012_window3_en+zh.wav`; a recall says so."""
        parts = [f"{self.sequence:05d}", self.number, f"window{self.window}", "+".join(self.languages)]
        if self.recall:
            parts.insert(3, "again")
        return "_".join(re.sub(r"[^\w+-]", "-", part) for part in parts) + ".wav"


@dataclass(frozen=True)
class Announced:
    """What became of an announcement."""

    announcement: Announcement
    outcome: Literal["spoken", "dropped", "silent", "failed"]
    waited: float
    """Seconds from `say` to the first sound (or to the decision not to speak)."""
    began: float = 0.0
    """`time.monotonic()` of the first sound."""
    ended: float = 0.0
    path: Path | None = None
    """Where the WAV is kept, if it is."""
    detail: str = ""


class Announcer:
    """Speaks announcements in a thread of its own. `say` and the settings may be called from any thread."""

    def __init__(
        self,
        speaker: Speaker,
        player: Player | None = None,
        *,
        keep: Path | None = None,
        longest_wait: float = LONGEST_WAIT,
        chime: bool = True,
        told: Callable[[Announced], None] | None = None,
    ) -> None:
        """`keep` names a folder for one WAV an announcement; `told` is called in the announcer's thread."""
        self.speed: Speed = "normal"
        self.volume = 100
        self.chime = chime
        self.longest_wait = longest_wait
        self._speaker = speaker
        self._player = player or open_player()
        self._keep = keep
        self._told = told
        self._silent = False
        self._waiting: deque[tuple[float, Announcement]] = deque()
        self._change = threading.Condition()
        self._speaking = False
        self._stop = threading.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="openhall-speech-")
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()

    @property
    def audible(self) -> bool:
        """Whether there is a sound card; without one the time passes as if there were."""
        return self._player.audible

    @property
    def silent(self) -> bool:
        """Silent calling (QUE-917): nothing is spoken, what waits is dropped."""
        return self._silent

    @silent.setter
    def silent(self, value: bool) -> None:
        with self._change:
            self._silent = value
            self._change.notify_all()

    @property
    def busy(self) -> bool:
        """Whether something is spoken or waits to be."""
        with self._change:
            return self._speaking or bool(self._waiting)

    def say(self, announcement: Announcement) -> None:
        """Put an announcement into the queue; returns at once."""
        with self._change:
            self._waiting.append((time.monotonic(), announcement))
            self._change.notify_all()

    def wait_until_quiet(self, timeout: float) -> bool:
        """Whether everything was spoken within so many seconds."""
        with self._change:
            return self._change.wait_for(lambda: not self._speaking and not self._waiting, timeout)

    def close(self) -> None:
        """Stop speaking, give up what waits, end the thread."""
        with self._change:
            self._waiting.clear()
            self._stop.set()
            self._change.notify_all()
        self._thread.join()
        self._folder.cleanup()

    def _run(self) -> None:
        while True:
            with self._change:
                self._speaking = False
                self._change.notify_all()
                self._change.wait_for(lambda: bool(self._waiting) or self._stop.is_set())
                if self._stop.is_set():
                    return
                asked, announcement = self._waiting.popleft()
                self._speaking = True
            result = self._announce(announcement, asked)
            if result.outcome == "failed":
                log.warning("call %s was not spoken: %s", announcement.number, result.detail)
            if self._told is not None:
                self._told(result)

    def _announce(self, announcement: Announcement, asked: float) -> Announced:
        waited = time.monotonic() - asked
        if self._silent:
            return Announced(announcement, "silent", waited)
        if waited > self.longest_wait:
            return Announced(announcement, "dropped", waited)
        try:
            path = self._render(announcement)
        except (SpeechTrouble, OSError, *waves.BrokenSound) as broken:
            return Announced(announcement, "failed", waited, detail=str(broken))
        began = time.monotonic()
        try:
            self._player.play(path, self._stop)
        except OSError as broken:
            return Announced(announcement, "failed", began - asked, began, time.monotonic(), detail=str(broken))
        kept = path if self._keep is not None else None
        return Announced(announcement, "spoken", began - asked, began, time.monotonic(), kept)

    def _render(self, announcement: Announcement) -> Path:
        """One WAV: the chime, then the sentence in each language. A language without voice is left out."""
        folder = Path(self._folder.name)
        parts: list[array[int]] = []
        trouble: SpeechTrouble | None = None
        for number, language in enumerate(announcement.languages):
            target = folder / f"part{number}.wav"
            target.unlink(missing_ok=True)
            try:
                self._speaker.render(
                    announcement.sentence(language), language, target, speed=self.speed, volume=self.volume
                )
            except SpeechTrouble as failed:
                log.warning("call %s in %s: %s", announcement.number, language, failed)
                trouble = failed
                continue
            parts.append(waves.trimmed(waves.read(target)))
        if not parts:
            raise trouble or SpeechTrouble("no language is chosen")
        if self.chime:
            parts.insert(0, waves.chime(self.volume))
        place = self._keep or folder
        place.mkdir(parents=True, exist_ok=True)
        path = place / (announcement.file_name if self._keep else "announcement.wav")
        waves.write(path, waves.joined(parts, PAUSE))
        return path
