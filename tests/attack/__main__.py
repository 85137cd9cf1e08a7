"""`installer/hall attack`: the attacks in their long form, each with a report; the status says whether anything was lost."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.attack import cable, kill, synced, work
from tests.ground import postgres, starter
from tests.ground.demo_halls import DemoHall

KILLS, CUTS, ROUNDS = 200, 200, 3
"""Where no `--minutes` are given: kills of the server, cuts of the cable, kills of each kind of long work."""
NAMES = ("kill", "cable", "two", "work", "synced")


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _hall(kind: str, folder: Path) -> Iterator[tuple[DemoHall, postgres.Cluster | None]]:
    """An empty place for a demo hall; its first server fills it."""
    if kind == "sqlite":
        yield DemoHall(kind, folder / "server", ""), None
        return
    with postgres.cluster() as cluster:
        yield DemoHall(kind, folder / "server", cluster.create("attack")), cluster


def _kill(chosen: argparse.Namespace, folder: Path, seed: int, *, houses: int) -> None:
    kind = "postgresql" if chosen.postgresql or houses > 1 else "sqlite"
    with _hall(kind, folder) as (hall, cluster):
        report = kill.attack(
            hall, folder, kills=chosen.kills or (10**9 if chosen.minutes else KILLS), seed=seed, houses=houses,
            seconds=chosen.minutes * 60 or float("inf"),
            # Two servers would not have one clock: theirs begin when they are started.
            at="monday" if houses == 1 else None,
            crash=cluster.crash if chosen.crash and cluster is not None else None, say=_say,
        )  # fmt: skip
    for line in report.lines():
        _say("  " + line)


def _cable(chosen: argparse.Namespace, folder: Path, seed: int) -> None:
    with _hall("postgresql" if chosen.postgresql else "sqlite", folder) as (hall, _):
        cuts = chosen.kills or (10**9 if chosen.minutes else CUTS)
        seconds = chosen.minutes * 60 or float("inf")
        for line in cable.attack(hall, folder, cuts=cuts, seed=seed, seconds=seconds, say=_say).lines():
            _say("  " + line)


def _work(chosen: argparse.Namespace, folder: Path, seed: int) -> None:
    chance, end = random.Random(seed), time.monotonic() + chosen.minutes * 60
    done = 0
    while done < (chosen.kills or ROUNDS) if not chosen.minutes else time.monotonic() < end:
        place = folder / f"round{done}"
        place.mkdir()
        with _hall("postgresql" if chosen.postgresql else "sqlite", place) as (hall, _):
            for line in work.attack(hall, chance=chance):
                _say("  " + line)
        shutil.rmtree(place)
        done += 1


def _synced(folder: Path) -> None:
    seen = synced.attack(DemoHall("sqlite", folder / "server", ""))
    _say(f"  {seen.answers} answers, each after the log was written and synced; {seen.syncs} syncs")


def main() -> int:
    """Attack; 1 when anything was lost or doubled."""
    options = argparse.ArgumentParser(prog="hall attack")
    options.add_argument("--minutes", type=float, default=0, help="of each attack, instead of a count")
    options.add_argument(
        "--only", choices=NAMES, action="append", help="kill, cable, two (servers), work (long work), synced (strace)"
    )
    options.add_argument("--seed", type=int, help="of an earlier run; else a new one, which is told")
    options.add_argument("--kills", type=int, default=0, help="kills, cuts or rounds of each attack")
    options.add_argument("--postgresql", action="store_true", help="on a private PostgreSQL instead of SQLite")
    options.add_argument("--crash", action="store_true", help="PostgreSQL itself is killed at every fifth kill")
    options.add_argument("--folder", type=Path, help="keeps everything there; else a temporary one")
    chosen = options.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(10**6)
    attacks = {
        "kill": lambda folder: _kill(chosen, folder, seed, houses=1),
        "cable": lambda folder: _cable(chosen, folder, seed),
        "two": lambda folder: _kill(chosen, folder, seed, houses=2),
        "work": lambda folder: _work(chosen, folder, seed),
        "synced": _synced,
    }
    failed = 0
    kept = chosen.folder or Path(tempfile.mkdtemp(prefix="openhall-attack-"))
    try:
        for name in chosen.only or NAMES:
            folder = kept / name
            folder.mkdir(parents=True)
            _say(f"{name}, seed {seed}{', PostgreSQL' if chosen.postgresql or name == 'two' else ''}")
            try:
                attacks[name](folder)
            except AssertionError as lost:
                failed += 1
                _say(f"  FAILED, files in {folder}: {lost}")
            except (postgres.Missing, synced.NotHere) as missing:
                _say(f"  left out: {missing}")
            else:
                _say("  nothing lost, nothing doubled")
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        starter.close()
        if not failed and chosen.folder is None:
            shutil.rmtree(kept, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
