"""Sound as samples: the chime, silence, joining several WAV files into one. Standard library only."""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

RATE = 22050
"""Samples a second; espeak-ng speaks at this rate."""

BrokenSound = (wave.Error, EOFError)
"""What reading a file raises that is no WAV of 16 bits."""

_CHIME = ((880.0, 0.0), (659.3, 0.22))
"""The two tones (Hz) and when each begins (s)."""


def read(path: Path, rate: int = RATE) -> array[int]:
    """The samples of a 16-bit WAV as one channel at our rate; raises `BrokenSound` for anything else."""
    with wave.open(str(path), "rb") as sound:
        if sound.getsampwidth() != 2:
            raise wave.Error(f"{path.name}: {8 * sound.getsampwidth()} bits a sample instead of 16")
        channels, own_rate = sound.getnchannels(), sound.getframerate()
        samples = array("h", sound.readframes(sound.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    samples = samples[::channels]
    if own_rate == rate or not samples:
        return samples
    count = len(samples) * rate // own_rate
    return array("h", (samples[min(n * own_rate // rate, len(samples) - 1)] for n in range(count)))


def write(path: Path, samples: array[int], rate: int = RATE) -> None:
    """A 16-bit WAV of one channel, put in place at once so that nobody reads half of it."""
    half = path.with_suffix(".part")
    data = array("h", samples)
    if sys.byteorder == "big":
        data.byteswap()
    with wave.open(str(half), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(data.tobytes())
    half.replace(path)


def silence(seconds: float) -> array[int]:
    """Nothing for a while."""
    return array("h", bytes(2 * int(seconds * RATE)))


@lru_cache(maxsize=8)
def chime(volume: int = 100) -> array[int]:
    """Two falling bell tones of 0.7 s, so that people look up before the number is said."""
    length = int(0.7 * RATE)
    mixed = [0.0] * length
    for pitch, begin in _CHIME:
        for n in range(int(begin * RATE), length):
            t = n / RATE - begin
            mixed[n] += math.sin(2 * math.pi * pitch * t) * math.exp(-5 * t) * min(1.0, t * 200)
    fade = int(0.02 * RATE)
    for n in range(1, fade):
        mixed[-n] *= n / fade
    return array("h", (int(max(-1.0, min(1.0, 0.55 * value)) * 32000 * volume / 100) for value in mixed))


def trimmed(samples: array[int], threshold: int = 150) -> array[int]:
    """Without the silence at both ends: voices leave up to half a second there."""
    first = next((n for n, value in enumerate(samples) if abs(value) > threshold), 0)
    last = next((n for n in range(len(samples) - 1, -1, -1) if abs(samples[n]) > threshold), -1)
    return samples[max(0, first - RATE // 50) : last + 1 + RATE // 20]


def joined(parts: Sequence[array[int]], pause: float) -> array[int]:
    """The parts one after the other with a pause between them."""
    whole = array("h")
    for number, part in enumerate(parts):
        if number:
            whole += silence(pause)
        whole += part
    return whole


def seconds(path: Path) -> float:
    """How long a WAV lasts."""
    with wave.open(str(path), "rb") as sound:
        return sound.getnframes() / sound.getframerate()
