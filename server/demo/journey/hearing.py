"""Whether the hall was heard: the central display keeps what it speaks, and it is loud."""

from __future__ import annotations

import time
from pathlib import Path

from common.devices import wave_facts
from common.devices.waves import BrokenSound
from common.link.driving import NotSeen

SECONDS = 25.0
"""What was called before is spoken to its end first."""


def heard(folder: Path, number: str, window: int) -> tuple[Path, float]:
    """The announcement of a call and the moment at which it began (monotonic seconds). Raises NotSeen."""
    end = time.monotonic() + SECONDS
    while not (found := sorted(folder.glob(f"*_{number}_window{window}_*.wav"))):
        if time.monotonic() > end:
            raise NotSeen("central: nothing was spoken")
        time.sleep(0.02)
    wave = found[-1]
    # It is put in place whole, just before it is played.
    began = time.monotonic() - (time.time() - wave.stat().st_mtime)
    try:
        facts = wave_facts.facts(wave)
    except BrokenSound as broken:
        raise NotSeen(f"{wave.name} is no sound: {broken}") from broken
    if not facts.loud:
        raise NotSeen(f"{wave.name} is not loud: {facts.loudness:.0f} dB in {facts.seconds:.1f} s")
    return wave, began
