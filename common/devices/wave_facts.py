"""Measuring what was spoken, because nobody may be listening: length, loudness, and how far two recordings differ."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from pathlib import Path

from common.devices import waves

BANDS = (150.0, 300.0, 500.0, 750.0, 1050.0, 1450.0, 2000.0, 2800.0)
"""Middle of each band in Hz: where vowels differ."""

SLICES = 24
"""Into how many pieces of equal length a recording is cut."""


@dataclass(frozen=True)
class WaveFacts:
    """What can be said of a recording without hearing it."""

    seconds: float
    loudness: float
    """RMS in dB below full scale, over the parts that are not silent; -100 for silence."""
    peak: float
    """Largest sample as a share of full scale."""
    sounding: float
    """Share of the time in which there is sound."""
    fingerprint: tuple[float, ...]
    """Energy by slice and band, of length 1."""

    @property
    def loud(self) -> bool:
        """Whether people in a hall would hear it: real sound, neither a click nor a whisper."""
        return self.loudness > -32 and self.seconds > 0.5 and self.sounding > 0.3


def facts(path: Path) -> WaveFacts:
    """The facts of a 16-bit WAV; about 0.2 s of work for five seconds of speech."""
    samples = waves.read(path)
    block = waves.RATE // 50
    powers = [
        sum(value * value for value in samples[at : at + block]) / block for at in range(0, len(samples) - block, block)
    ]
    sounding = [power for power in powers if power > 200.0**2]
    mean = sum(sounding) / len(sounding) if sounding else 0.0
    return WaveFacts(
        seconds=len(samples) / waves.RATE,
        loudness=20 * math.log10(math.sqrt(mean) / 32768) if mean else -100.0,
        peak=max((abs(value) for value in samples), default=0) / 32768,
        sounding=len(sounding) / len(powers) if powers else 0.0,
        fingerprint=_fingerprint(samples),
    )


def _fingerprint(samples: array[int]) -> tuple[float, ...]:
    """Goertzel's energy of each band in each slice, at a third of the rate, logarithmic, scaled to length 1."""
    slow = samples[::3]
    rate = waves.RATE / 3
    size = max(1, len(slow) // SLICES)
    values: list[float] = []
    for number in range(SLICES):
        piece = slow[number * size : (number + 1) * size]
        for pitch in BANDS:
            turn = 2 * math.cos(2 * math.pi * pitch / rate)
            one = two = 0.0
            for value in piece:
                one, two = value + turn * one - two, one
            power = one * one + two * two - turn * one * two
            values.append(math.log10(1 + max(0.0, power) / max(1, len(piece))))
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return tuple(value / length for value in values)


def difference(one: WaveFacts, other: WaveFacts) -> float:
    """0 for the same sound, up to 1; different sentences of one voice give more than 0.01, repeats less than 0.001.

    A length that differs by more than a twentieth counts by itself.
    """
    alike = sum(a * b for a, b in zip(one.fingerprint, other.fingerprint, strict=True))
    longer = max(one.seconds, other.seconds)
    stretch = abs(one.seconds - other.seconds) / longer if longer else 0.0
    return min(1.0, max(0.0, 1 - alike) + (stretch if stretch > 0.05 else 0.0))


def tone(samples: array[int], pitch: float) -> float:
    """How much of a sound is one pitch (Hz): 1 for that tone alone, near 0 for speech; Goertzel over all of it."""
    turn = 2 * math.cos(2 * math.pi * pitch / waves.RATE)
    one = two = whole = 0.0
    for value in samples:
        one, two = value + turn * one - two, one
        whole += value * value
    power = one * one + two * two - turn * one * two
    return min(1.0, 2 * power / (whole * len(samples))) if whole else 0.0
