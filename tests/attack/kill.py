"""Kill: SIGKILL of a server at random moments while a hall works, a copy of the files of that moment, a comparison.

One server process on SQLite or PostgreSQL, or two on one PostgreSQL, of which one is killed while the other serves on.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from common.link import Link, Pace
from common.protocol.messages import Notice
from server.demo.fill import id_of
from tests.attack.compare import lost_or_doubled, untold
from tests.attack.day import Day, Ledger, Step
from tests.ground.demo_halls import DemoHall
from tests.ground.demo_house import DemoHouse
from tests.ground.starter import start

ZONES = tuple(f"queue.zone.{id_of('zone', number)}" for number in (0, 1))
LONGEST = 0.9
"""Seconds at most from a server's return to its next kill."""
WORK_SECONDS = 20.0
WHILE_STARTING = 0.15
"""So many of the kills come while the server starts."""
Say = Callable[[str], None]


@dataclass
class Report:
    """What an attack did and found."""

    seed: int
    kills: int = 0
    starting: int = 0
    """Kills that came while a server started."""
    crashes: int = 0
    """Kills of PostgreSQL itself."""
    verified: int = 0
    """Copies of the moment of a kill that the server's own `verify` was let read."""
    said_again: int = 0
    unanswered: int = 0
    """Steps that were on their way when a server was killed."""
    counts: dict[str, int] = field(default_factory=dict)
    heard: int = 0
    back: list[float] = field(default_factory=list)
    """Seconds of each start until the server served."""
    seconds: float = 0

    def lines(self) -> Iterator[str]:
        """For people."""
        yield (
            f"seed {self.seed}: {self.kills} kills, {self.starting} of them during a start, "
            f"{self.crashes} of PostgreSQL itself, in {self.seconds:.0f} s; "
            f"{self.unanswered} steps were on their way"
        )
        yield (
            f"acknowledged: {sum(self.counts.values())} ("
            + ", ".join(f"{c} {v}" for v, c in sorted(self.counts.items()))
            + ")"
        )
        yield f"said again afterwards with the same answer: {self.said_again}; verified copies: {self.verified}"
        if self.heard:
            yield f"notices heard live, none missed, none doubled: {self.heard}"
        if self.back:
            yield f"from start to serving: {statistics.median(self.back):.1f} s in the middle, {max(self.back):.1f} s at most"


class Lost(AssertionError):
    """Something was lost or doubled."""


class Listener:
    """A display's link that hears both zones through everything, in a thread of its own."""

    def __init__(self, folder: Path, house: DemoHouse) -> None:
        self.heard: list[Notice | None] = []
        self._folder, self._url = folder, house.url
        self._token = house.device("led", zone=0)
        self._over = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), name="listener")

    def __enter__(self) -> Listener:
        self._thread.start()
        assert self._ready.wait(30), "the listener did not come to its hall"
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(20)

    async def _listen(self) -> None:
        pace = Pace(retry=0.05, retry_most=0.3, look=0.2)
        link = Link("led", profile=self._folder, server=self._url, token=self._token, pace=pace)
        for topic in ZONES:
            link.watch(topic, self._hear)
        await link.start()
        while not self._over.is_set():  # noqa: ASYNC110  set by another thread
            await asyncio.sleep(0.02)
        await link.stop()

    def _hear(self, notice: Notice | None) -> None:
        self.heard.append(notice)
        if self.heard.count(None) >= len(ZONES):
            self._ready.set()


def attack(
    hall: DemoHall,
    folder: Path,
    *,
    kills: int,
    seed: int,
    clients: int = 16,
    houses: int = 1,
    seconds: float = float("inf"),
    at: str | None = None,
    verify_each: int = 20,
    longest: float = LONGEST,
    say: Say = lambda line: None,
    crash: Callable[[], None] | None = None,
) -> Report:
    """Kill so many times, or for so many seconds; raises Lost with what was lost or doubled. `crash` kills the database and
    starts it again: every fifth kill is of it, and the servers live on."""
    report, chance, began = Report(seed), random.Random(seed), time.monotonic()
    with ExitStack() as stack:
        running = [stack.enter_context(hall.serve(at=at)) for _ in range(houses)]
        kiosks = max(2, clients // 4)
        day = Day(running, kiosks=kiosks, windows=min(16, clients - kiosks), seed=seed)
        listeners = [stack.enter_context(Listener(folder / f"display{n}", one)) for n, one in enumerate(running)]
        begun = _last_notice(hall)
        with day.at_work():
            while report.kills < kills and time.monotonic() - began < seconds:
                _some_work(day, chance, longest)
                if day.failures:
                    break
                if crash is not None and report.kills % 5 == 4:
                    before, _ = day.said()
                    crash()
                    report.kills, report.crashes = report.kills + 1, report.crashes + 1
                    _still_there(hall, before, report, folder)
                    continue
                victim = chance.choice(running)
                if houses == 1:
                    day.back.clear()
                _kill(hall, victim, day, report, folder, verify_each)
                _start(victim, report, chance)
                day.back.set()
                _say_again(running, day, chance, report)
                if report.kills % 10 == 0:
                    say(f"{report.kills} kills, {len(day.ledger.steps)} acknowledged, {time.monotonic() - began:.0f} s")
        ledger = day.ledger
        for step in ledger.steps[-40:]:
            _same(running[0], step)
        _settled(hall)
        wanted = _committed(hall, begun)
        for listener in listeners:
            report.heard += _heard_all(listener, begun, wanted)
        _nothing(lost_or_doubled(hall.rows, ledger, {}), report, folder, "at the end")
        _nothing(untold(hall.rows), report, folder, "in the notices")
        for one in running:
            assert one.stop() == 0
    verified(hall)
    report.counts = dict(ledger.counts())
    report.seconds = time.monotonic() - began
    return report


def _some_work(day: Day, chance: random.Random, longest: float) -> None:
    """Let a random time pass, and on a slow machine so much more that something was done in it."""
    enough = len(day.ledger.steps) + chance.randrange(5, 40)
    end = time.monotonic() + WORK_SECONDS
    threading.Event().wait(chance.uniform(0.02, longest))
    while len(day.ledger.steps) < enough and time.monotonic() < end and not day.failures:
        threading.Event().wait(0.01)


def _kill(
    hall: DemoHall,
    victim: DemoHouse,
    day: Day,
    report: Report,
    folder: Path,
    verify_each: int,
) -> None:
    """Kill, and look at the files as they are at that moment."""
    before, _ = day.said()
    victim.kill()
    report.kills += 1
    if hall.kind == "sqlite":
        now, pending = day.said()
        with _copied(hall.data, folder / "copy") as copy:
            _nothing(lost_or_doubled(copy.rows, now, pending), report, folder, "in the copy of that moment")
            if report.kills % verify_each == 0:
                verified(copy)
                report.verified += 1
        report.unanswered += len(pending)
    else:
        _still_there(hall, before, report, folder)
        report.unanswered += len(day.said()[1])


def _still_there(hall: DemoHall, before: Ledger, report: Report, folder: Path) -> None:
    """What was acknowledged before is there. Others go on meanwhile: everything is compared at the end."""
    held = {str(number) for (number,) in hall.rows("SELECT number FROM ticket")}
    _nothing([f"{one} is not there" for one in before.history if one not in held], report, folder, "after the kill")


def _start(victim: DemoHouse, report: Report, chance: random.Random) -> None:
    """Start it again; some starts are killed themselves, at any moment of theirs."""
    while chance.random() < WHILE_STARTING:
        timer = threading.Timer(chance.uniform(0.0, 1.0), _kill_pid, args=(victim,))
        timer.start()
        try:
            victim.start()
            timer.join()
            victim.kill()  # it was quicker than its end
        except RuntimeError:
            pass
        except (ConnectionError, json.JSONDecodeError):
            victim.kill()
        report.kills += 1
        report.starting += 1
    began = time.monotonic()
    victim.start()
    report.back.append(time.monotonic() - began)


def _kill_pid(victim: DemoHouse) -> None:
    process = victim.process
    if process is not None:
        process.kill()


def _say_again(running: list[DemoHouse], day: Day, chance: random.Random, report: Report) -> None:
    """Steps of any time, said again under their keys, give the answers that they gave."""
    steps = day.said()[0].steps
    for step in chance.sample(steps, min(3, len(steps))):
        _same(chance.choice(running), step)
        report.said_again += 1


def _same(house: DemoHouse, step: Step) -> None:
    for _ in range(50):
        answer = house.send(step.verb, step.body, key=step.key, token=step.token)
        if answer.status_code != 503:
            break
        time.sleep(0.1)  # its database is just coming back
    if answer.status_code != 200 or answer.json() != step.answer:
        raise Lost(f"{step.verb} answered {step.answer}, said again {answer.status_code} {answer.text}")


@contextmanager
def _copied(data: Path, to: Path) -> Iterator[DemoHall]:
    """The data folder as it is now, somewhere else. The shared memory of SQLite's log is left: whoever opens makes it."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("*-shm", "*.log"))
    with closing(sqlite3.connect(to / "openhall.db")) as opened:
        sound = opened.execute("PRAGMA quick_check").fetchall()
    if sound != [("ok",)]:
        raise Lost(f"the copy is damaged: {sound}")
    yield DemoHall("sqlite", to, "")
    shutil.rmtree(to)


def verified(hall: DemoHall) -> None:
    """The server's own check of the stored data; raises Lost with what it found."""
    with tempfile.TemporaryFile("w+") as said:
        process = start(["server", *hall.verify()], dict(os.environ), stderr=said, piped=True)
        assert process.stdout is not None
        found = process.stdout.read()
        process.stdout.close()
        if process.wait(120) != 0:
            said.seek(0)
            raise Lost(f"verify: {found}{said.read()}")


def _settled(hall: DemoHall) -> None:
    """Wait until every notice has its number (PostgreSQL)."""
    end = time.monotonic() + 20
    while hall.rows("SELECT 1 FROM notice_outbox LIMIT 1"):
        if time.monotonic() > end:
            raise Lost("notices are not numbered")
        time.sleep(0.02)


def _last_notice(hall: DemoHall) -> int:
    return int(hall.rows("SELECT coalesce(max(number), 0) FROM notice")[0][0])


def _committed(hall: DemoHall, since: int) -> list[tuple[int, str]]:
    return [
        (n, kind)
        for n, kind in hall.rows(
            f"SELECT number, kind FROM notice WHERE topic IN {ZONES} AND number > {since} ORDER BY number"
        )
    ]


def _heard_all(listener: Listener, since: int, wanted: list[tuple[int, str]]) -> int:
    """Every notice of both zones came to this display, once, in order."""

    def got() -> list[tuple[int, str]]:
        return [(one.n, one.kind) for one in list(listener.heard) if one is not None and one.n > since]

    end = time.monotonic() + 20
    while len(got()) < len(wanted) and time.monotonic() < end:
        time.sleep(0.02)
    if got() != wanted:
        missed, more = set(wanted) - set(got()), len(got()) - len(set(got()))
        raise Lost(f"a display missed {len(missed)} notices and heard {more} twice: {sorted(missed)[:5]}")
    if listener.heard.count(None) != len(ZONES):
        raise Lost("a display was told to begin anew")
    return len(wanted)


def _nothing(wrong: list[str], report: Report, folder: Path, where: str) -> None:
    if wrong:
        kept = f"; the files are kept in {folder}"
        raise Lost(f"seed {report.seed}, kill {report.kills}, {where}: {'; '.join(wrong[:10])} ({len(wrong)}){kept}")
