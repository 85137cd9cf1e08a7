"""Playing a WAV file through the sound card, or keeping its time where there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

from common.devices import waves


class Player(Protocol):
    """Plays one file at a time."""

    audible: bool

    def play(self, path: Path, stop: threading.Event) -> None:
        """Blocks until the file has been played, or until `stop` is set."""


class TimedPlayer:
    """No sound card: an announcement takes its real time, so that queueing behaves as in a hall."""

    audible = False

    def play(self, path: Path, stop: threading.Event) -> None:
        """Waits as long as the file lasts."""
        stop.wait(waves.seconds(path))


class CommandPlayer:
    """A program of the system that plays a file, such as `paplay` or `aplay`."""

    audible = True

    def __init__(self, *command: str) -> None:
        self.command = command

    def play(self, path: Path, stop: threading.Event) -> None:
        """Plays the file; one that cannot be played takes its time all the same."""
        length = waves.seconds(path)
        child = subprocess.Popen(
            [*self.command, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        begin = time.monotonic()
        while child.poll() is None and not stop.wait(0.02):
            if time.monotonic() - begin > length + 5:
                break
        if child.poll() is None:
            child.kill()
        child.wait()
        if child.returncode != 0:
            stop.wait(max(0.0, length - (time.monotonic() - begin)))


class WindowsPlayer:
    """The sound of Windows through the standard library."""

    audible = True

    def play(self, path: Path, stop: threading.Event) -> None:
        """Plays the file without blocking the system, and ends it early when asked."""
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            if stop.wait(waves.seconds(path)):
                winsound.PlaySound(None, 0)


def has_sound_card() -> bool:
    """Whether Linux knows a sound card."""
    try:
        cards = Path("/proc/asound/cards").read_text("utf-8")
    except OSError:
        return False
    return bool(cards.strip()) and "no soundcards" not in cards


def open_player() -> Player:
    """The way to make sound on this system."""
    if sys.platform == "win32":
        return WindowsPlayer()
    if has_sound_card():
        for command in (("paplay",), ("aplay", "-q"), ("pw-play",)):
            if shutil.which(command[0]):
                return CommandPlayer(*command)
    return TimedPlayer()
