"""`installer/hall bench`: what is measured, as ratios within one run wherever a ratio can be had."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench import display, flows, imports, lists, programs, to_do, write_path
from tests.ground import postgres, starter

DAYS = 10
"""Over which the tickets of `--behind` lie."""


def machine() -> str:
    """What this machine is, and how busy it was when the run began."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpuinfo().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    return (
        f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, load at the start {load}"
    )


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text() if path.exists() else ""


def main() -> int:
    """Print the tables; the exit status says nothing about speed."""
    starter.afresh = True
    options = argparse.ArgumentParser(prog="hall bench")
    options.add_argument("--seconds", type=float, default=2, help="of each measuring")
    options.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--served", type=int, default=50_000, help="tickets served today in the second table; 0 for none"
    )
    options.add_argument("--behind", type=int, default=0, help="tickets served on the days before, in a third table")
    options.add_argument("--calls", type=int, default=20, help="for the press to display; 0 for none")
    options.add_argument("--postgresql", action="store_true", help="the write path on a private PostgreSQL instead")
    options.add_argument("--only", choices=("write", "display", "programs", "imports", "lists", "to_do", "flows"))
    options.add_argument("--imported", type=int, default=200_000, help="rows of the import while the hall works")
    options.add_argument("--rows", type=int, default=1_000_000, help="of the lists, all three kinds together")
    options.add_argument(
        "--steps", type=int, default=1_000_000, help="open steps of the to-do list; a tenth as many cases"
    )
    options.add_argument(
        "--cases", type=int, default=1000, help="running cases that move to a new version of their flow"
    )
    chosen = options.parse_args()
    print(machine())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="openhall-bench-")))
        if chosen.only in (None, "lists"):
            _on_both(folder, stack, "lists", lists.measure, chosen.rows)
        if chosen.only in (None, "to_do"):
            _on_both(folder, stack, "to_do", to_do.measure, chosen.steps)
        if chosen.only in (None, "flows"):
            _on_both(folder, stack, "flows", flows.measure, chosen.cases)
        if chosen.only not in ("programs", "lists", "to_do", "flows"):
            where: tuple[str, ...] = ()
            if chosen.postgresql:
                where = ("--database", stack.enter_context(postgres.cluster()).create("bench"))
            house = stack.enter_context(write_path.BenchHouse(folder / "house", *where))
            house.post("bench.windows", {"count": max(16, *chosen.clients)})
            if chosen.only in (None, "write"):
                _write_path(house, folder, chosen)
            if chosen.only in (None, "imports"):
                for line in imports.measure(house, chosen.imported, 10 * chosen.seconds):
                    print(line, flush=True)
            if chosen.only in (None, "display") and chosen.calls:
                print(display.measure(house, folder, chosen.calls), flush=True)
            print(*write_path.held(house), sep="\n")
        if chosen.only in (None, "programs"):
            print("start and resident memory")
            for line in programs.measure(folder, chosen.rounds):
                print(line)
    return 0


def _on_both(
    folder: Path, stack: ExitStack, name: str, measure: Callable[[str, Path, int], Iterator[str]], many: int
) -> None:
    """A measuring on SQLite and on a private PostgreSQL."""
    urls = [f"sqlite:///{folder / name}.db"]
    try:
        urls.append(stack.enter_context(postgres.cluster()).create(name))
    except postgres.Missing as why:
        print(why)
    for place, url in enumerate(urls):
        data = folder / f"{name} {place}"
        data.mkdir()
        for line in measure(url, data, many):
            print(line, flush=True)


def _write_path(house: write_path.BenchHouse, folder: Path, chosen: argparse.Namespace) -> None:
    print(write_path.HEAD)

    def table(today: int, behind: int) -> None:
        for row in write_path.measure(
            house, folder, today, behind, many=chosen.clients, rounds=chosen.rounds, seconds=chosen.seconds
        ):
            print(row.line(), flush=True)

    table(0, 0)
    if chosen.served:
        write_path.put(house, chosen.served, 0)
        table(chosen.served, 0)
    if chosen.behind:
        for days in range(1, DAYS + 1):
            write_path.put(house, chosen.behind // DAYS, days)
        table(chosen.served, chosen.behind)


if __name__ == "__main__":
    sys.exit(main())
