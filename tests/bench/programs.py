"""How long every program takes to start, and the memory that it then holds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

PLACES: dict[str, dict[str, int] | None] = {
    "kiosk": {"zone": 0},
    "pad": {"window": 3},
    "led": {"zone": 0},
    "staff": None,
}


def resident(process: int) -> float:
    """The resident memory of a process in MB; Linux only."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(folder: Path, rounds: int) -> Iterator[str]:
    """A line for each program: from its start to its first words on the screen, or to the server's ready line."""
    starts: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}

    def note(kind: str, began: float, process: int) -> None:
        starts.setdefault(kind, []).append(time.perf_counter() - began)
        time.sleep(2)
        memory.setdefault(kind, []).append(resident(process))

    data = folder / "programs"
    DemoHouse(data).stop()
    for turn in range(rounds):
        began = time.perf_counter()
        with DemoHouse(data) as house:
            assert house.process is not None
            note("server", began, house.process.pid)
            for kind, place in PLACES.items():
                token = house.device(kind, **place) if place is not None else None
                began = time.perf_counter()
                with Running(kind, folder / f"{kind}{turn}", house, token=token) as program:
                    while not any(one["text"] for one in program.tree()):
                        time.sleep(0.02)
                    note(kind, began, program.process.pid)
    for kind, taken in starts.items():
        yield f"{kind:8}{statistics.median(taken):8.2f} s{statistics.median(memory[kind]):8.0f} MB"
