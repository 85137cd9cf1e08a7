"""The write path beside bare SQLite with the same durability and beside an empty action of the same server."""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.demo.fill import id_of
from server.demo.hall import WINDOW_SERVICES
from tests.ground.demo_house import TOP, DemoHouse

PIECE = 500


class BenchHouse(DemoHouse):
    """A demo hall's server with the bench's verbs."""

    PROGRAM = "tests.bench.server"


@dataclass
class Row:
    """What one row of the table showed, a value a round."""

    what: str
    clients: int
    served: int
    rates: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    nulls: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    failed: int = 0

    def line(self) -> str:
        """The row, with the middle of the rounds and the least and most of the share of the floor."""
        shares = [rate / floor for rate, floor in zip(self.rates, self.floors, strict=True)]
        of_null = statistics.median(rate / null for rate, null in zip(self.rates, self.nulls, strict=True))
        middle = statistics.median
        return (
            f"{self.what:14}{self.clients:8d}{self.served:9d}{middle(self.rates):9.0f}{middle(shares):9.2f}"
            f"  ({min(shares):.2f}–{max(shares):.2f}){of_null:9.2f}{middle(self.p50):9.2f}{middle(self.p95):9.2f}{self.failed:8d}"
        )


HEAD = "what           clients   served    per s of floor  (least–most)  of null   p50 ms   p95 ms  failed"


def floor(folder: Path, seconds: float) -> float:
    """Commits a second of begin immediate, counter, insert, commit on bare sqlite3 with WAL and FULL."""
    path = folder / "floor.db"
    connection = sqlite3.connect(path, isolation_level=None)
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
    for left in folder.glob("floor.db*"):
        left.unlink()
    return count / seconds


def load(house: DemoHouse, scripts: list[list[tuple[str, str]]], seconds: float) -> dict[str, float]:
    """Run the load client in a process of its own."""
    given = {"port": house.port, "token": house.token(), "scripts": scripts, "seconds": seconds}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        cwd=TOP,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def issuing(clients: int) -> list[list[tuple[str, str]]]:
    """Every client asks for the services of all windows in turn."""
    bodies = [
        {
            "service_id": str(id_of("service", accepted[0])),
            "zone_id": str(id_of("zone", place // 8)),
            "channel": "staff",
        }
        for place, accepted in enumerate(WINDOW_SERVICES)
    ]
    return [[("/api/queue/issue_ticket", json.dumps(body)) for body in bodies]] * clients


def calling(clients: int) -> list[list[tuple[str, str]]]:
    """Every client calls and finishes at a window of its own, in the zone where that window stands."""
    scripts = []
    for number in range(1, clients + 1):
        window: dict[str, Any] = {"window_id": str(id_of("window", number))}
        call, end = json.dumps(window), json.dumps({**window, "request_rating": False})
        scripts.append([("/api/queue/call_next", call), ("/api/queue/finish", end)])
    return scripts


def serving(clients: int) -> list[list[tuple[str, str]]]:
    """As `calling`, with a second call and the begin of the service between."""
    scripts = []
    for steps in calling(clients):
        (call, window), end = steps
        scripts.append([(call, window), ("/api/queue/recall", window), ("/api/queue/start", window), end])
    return scripts


def nothing(clients: int) -> list[list[tuple[str, str]]]:
    """An empty action."""
    return [[("/api/bench/null", "{}")]] * clients


SCRIPTS = {"issue": issuing, "call, finish": calling, "the four": serving}
"""`the four` are call, recall, start and finish. A rating needs the window's own pad and is not among them."""


def put(house: DemoHouse, count: int, days_ago: int) -> None:
    """Served tickets of a day, or waiting ones (-1), in pieces."""
    while count > 0:
        house.post("bench.tickets", {"count": min(PIECE, count), "days_ago": days_ago})
        count -= PIECE


def measure(
    house: DemoHouse, folder: Path, today: int, behind: int, *, many: list[int], rounds: int, seconds: float
) -> list[Row]:
    """All rows, round after round, each between two measurings of the floor, so that noise hits both alike."""
    rows = [Row(what, clients, today + behind) for clients in many for what in SCRIPTS]
    for _ in range(rounds):
        for clients in many:
            empty = load(house, nothing(clients), seconds / 2)["rate"]
            for row in rows:
                if row.clients != clients:
                    continue
                house.post("bench.clear")
                if row.what != "issue":
                    put(house, round(2500 * seconds), -1)
                before = floor(folder, seconds / 2)
                found = load(house, SCRIPTS[row.what](clients), seconds)
                row.floors.append((before + floor(folder, seconds / 2)) / 2)
                row.nulls.append(empty)
                row.rates.append(found["rate"])
                row.p50.append(found["p50"])
                row.p95.append(found["p95"])
                row.failed += int(found["failed"])
    house.post("bench.clear")
    return rows


def held(house: DemoHouse) -> list[str]:
    """A line for each verb or job that had the writer over 50 ms, and one that says so where none had."""
    found = house.post("bench.held")["held"]
    lines = [
        f"held the writer over 50 ms: {name}, {one['over_50']} of {one['runs']} runs, at most {one['longest_ms']} ms"
        for name, one in sorted(found.items())
        if one["over_50"]
    ]
    ran = sum(1 for one in found.values() if one["runs"])
    return lines or [f"nothing held the writer over 50 ms, of {ran} verbs and jobs that ran"]
