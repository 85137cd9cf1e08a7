"""`installer/hall bench`: the write path against bare SQLite with the same durability, in the same run."""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from server.demo.fill import id_of
from tests.ground.demo_house import TOP, DemoHouse


def floor(folder: Path, seconds: float) -> float:
    """Commits a second of begin immediate, counter, insert, commit on bare sqlite3 with WAL and FULL."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE counter(series TEXT PRIMARY KEY, last INTEGER)")
    connection.execute("CREATE TABLE ticket(id BLOB PRIMARY KEY, number INTEGER, state TEXT)")
    connection.execute("INSERT INTO counter VALUES ('a', 0)")
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        connection.execute("BEGIN IMMEDIATE")
        number = connection.execute("UPDATE counter SET last = last + 1 RETURNING last").fetchone()[0]
        connection.execute("INSERT INTO ticket VALUES (?, ?, 'waiting')", (uuid.uuid4().bytes, number))
        connection.execute("COMMIT")
        count += 1
    connection.close()
    return count / seconds


def load(**given: Any) -> dict[str, float]:
    """Run the load client in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=TOP,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the table; the exit status says nothing about speed."""
    options = argparse.ArgumentParser(prog="hall bench")
    options.add_argument("--seconds", type=float, default=4)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="openhall-bench-") as name:
        folder = Path(name)
        with DemoHouse(folder) as house:
            port, token = house.port, house.token()
            for number in range(1, 17):
                house.open(number)
            bodies = [
                json.dumps(
                    {"service_id": str(id_of("service", p)), "zone_id": str(id_of("zone", z)), "channel": "staff"}
                )
                for p, z in (("A", 0), ("B", 0), ("C", 0), ("D", 0), ("E", 1), ("H", 1), ("J", 1), ("K", 1))
            ]
            print("what                          clients     per s   of floor    p50 ms    p95 ms  failed")
            for clients in (1, 16, 64):
                base = floor(folder, 1.0)
                (folder / "floor.db").unlink()
                found = load(
                    port=port,
                    token=token,
                    path="/api/queue/issue_ticket",
                    bodies=bodies,
                    clients=clients,
                    seconds=seconds,
                )
                print(_line("issue_ticket", clients, found, base))
                found = load(port=port, token=token, path="/api/queue/window", bodies=[
                    json.dumps({"window_id": str(id_of("window", 3))})], clients=clients, seconds=seconds)  # fmt: skip
                print(_line("window (reading)", clients, found, base))
            print("floor: bare sqlite3, WAL and FULL, one commit a ticket, measured before each row on this machine")
    return 0


def _line(what: str, clients: int, found: dict[str, float], base: float) -> str:
    return (
        f"{what:30}{clients:7d}{found['rate']:10.0f}{found['rate'] / base:11.2f}{found['p50']:10.2f}{found['p95']:10.2f}"
        f"{found['failed']:8.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
