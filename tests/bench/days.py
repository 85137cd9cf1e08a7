"""`python -m tests.bench.days`: whole simulated days, what was told against what was waited, and waits by setting.

Seeds from 101 are held out: nothing was tuned on them. Times are of this process's processor, since the machine may be
shared."""

from __future__ import annotations

import argparse
import sys
import time

from tests.bench.simulator import Outcome, Shape, simulate

SETTINGS: dict[str, tuple[tuple[str, int], ...]] = {
    "strict": (),
    "ratio 2": (("queue.priority_run", 2),),
    "bound 30 min": (("queue.longest_wait", 30),),
    "ratio 2, bound 30": (("queue.priority_run", 2), ("queue.longest_wait", 30)),
}


def line(name: str, found: Outcome, processor: float) -> str:
    """One row of the table."""
    ours, peers = found.error()
    longest = ", ".join(f"{kind} {seconds / 60:.0f}" for kind, seconds in sorted(found.longest.items()))
    mean = sum(w[0] for w in found.waits) / max(1, len(found.waits))
    return (
        f"{name:20}{found.seed:6}{found.issued:8}{found.steps:9}{processor:9.1f}{mean / 60:9.1f}{ours / 60:9.1f}"
        f"{peers / 60:9.1f}{found.held() * 100:8.1f}   {longest}"
    )


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(prog="days")
    options.add_argument("--tickets", type=int, default=2000)
    options.add_argument("--windows", type=int, default=12)
    options.add_argument("--services", type=int, default=6)
    options.add_argument("--seeds", default="101,102,103")
    options.add_argument("--settings", action="store_true", help="waits by class for each way of mixing")
    given = options.parse_args()
    print(
        "way of mixing         seed  issued    steps  cpu s  wait min  ours min  peers   held %   longest min by class"
    )
    for seed in map(int, given.seeds.split(",")):
        for name, settings in (SETTINGS if given.settings else {"strict": ()}).items():
            began = time.process_time()
            shape = Shape(
                seed=seed, tickets=given.tickets, windows=given.windows, services=given.services, settings=settings,
                green=0.25 if given.settings else Shape.green,
            )  # fmt: skip
            found = simulate(shape)
            print(line(name, found, time.process_time() - began), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
