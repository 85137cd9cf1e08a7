"""Voices: a sentence becomes a WAV file, in a child process, so that a crashing voice takes nothing along."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal, Protocol

from common.text import N_, _, spell

Speed = Literal["slow", "normal", "fast"]

LIMIT = 10.0
"""Seconds that a voice may take for one sentence; espeak-ng takes 0.02 s."""

_MISSING = N_("No voice is installed. On Debian install the package espeak-ng.")
_FAILED = N_("The voice for {language} failed: {detail}")


class SpeechTrouble(Exception):
    """Nothing can be spoken; the sentence says why, in the reader's language."""


class Speaker(Protocol):
    """A voice in several languages."""

    name: str

    def render(self, text: str, language: str, target: Path, *, speed: Speed = "normal", volume: int = 100) -> None:
        """Write the sentence as 16-bit WAV; blocks until it is there; raises `SpeechTrouble`. `volume` is 0 to 100."""


class EspeakSpeaker:
    """espeak-ng as a child process, on Linux."""

    name = "espeak-ng"

    # The Latin-as-pinyin voice reads characters in Mandarin and Latin letters one by one.
    VOICES = {"en": "en", "zh": "cmn-latn-pinyin", "yue": "yue", "ru": "ru", "fa": "fa"}
    WORDS_A_MINUTE = {"slow": 120, "normal": 150, "fast": 185}

    def __init__(self, program: str | None = None) -> None:
        """Raises `SpeechTrouble` when espeak-ng is not installed."""
        found = program or shutil.which("espeak-ng")
        if found is None:
            raise SpeechTrouble(_(_MISSING))
        self._program = found

    def render(self, text: str, language: str, target: Path, *, speed: Speed = "normal", volume: int = 100) -> None:
        """Write the sentence as 16-bit WAV; raises `SpeechTrouble`."""
        command = [
            self._program, "-b", "1", "-v", self.VOICES[spell.spoken(language)],
            "-s", str(self.WORDS_A_MINUTE[speed]), "-a", str(max(0, min(volume, 100))),
            "-w", str(target), "--stdin",
        ]  # fmt: skip
        _run(command, text, language, target)


class SapiSpeaker:
    """The voices of Windows through pyttsx3, in a process of its own for each sentence.

    pyttsx3 may abort its process and saves only one of several queued files, so it gets one file a process.
    """

    name = "SAPI5"

    RATES = {"slow": 130, "normal": 165, "fast": 205}

    def render(self, text: str, language: str, target: Path, *, speed: Speed = "normal", volume: int = 100) -> None:
        """Write the sentence as 16-bit WAV; raises `SpeechTrouble`, also when Windows has no voice for the language."""
        order = {
            "text": text,
            "language": spell.spoken(language),
            "target": str(target),
            "rate": self.RATES[speed],
            "volume": max(0, min(volume, 100)) / 100,
        }
        _run([sys.executable, "-m", "common.devices.sapi_voice"], json.dumps(order), language, target)


def _run(command: list[str], text: str, language: str, target: Path) -> None:
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as broken:
        raise SpeechTrouble(_(_FAILED).format(language=language, detail=broken)) from broken
    if done.returncode != 0 or not target.is_file():
        detail = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise SpeechTrouble(_(_FAILED).format(language=language, detail=detail))


def open_speaker() -> Speaker:
    """The voice of this system; raises `SpeechTrouble` when there is none."""
    if sys.platform == "win32" and shutil.which("espeak-ng") is None:
        return SapiSpeaker()
    return EspeakSpeaker()
