"""Synced: strace beside the server shows that between a request and its answer the log of SQLite was written and fdatasync came
back. Linux only, and only where strace is installed and may watch."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.attack.kill import Lost
from tests.ground.demo_halls import DemoHall

CALLS = "trace=recvfrom,read,sendto,sendmsg,write,writev,pwrite64,fdatasync,fsync"
STEPS = 60
AT_ONCE = 8
LINE = re.compile(r"^(\d+)\s+(.*)$")
BEGUN = re.compile(r"^(\w+)\((\d+)(?:<([^>]*)>)?(.*)$")


class NotHere(Exception):
    """strace is missing or may not watch; the sentence says which."""


@dataclass
class Seen:
    """What a trace showed."""

    answers: int = 0
    synced: int = 0
    """Answers between whose request and themselves the log was written and synced."""
    syncs: int = 0


def attack(hall: DemoHall, *, steps: int = STEPS, at: str | None = "monday") -> Seen:
    """Tickets one after the other, then from several at once; raises Lost where an answer came before its sync."""
    with hall.serve(at=at) as house, tempfile.TemporaryDirectory() as folder:
        assert house.process is not None
        house.open(3)
        trace = Path(folder) / "trace"
        with _watched(house.process.pid, trace):
            for _ in range(steps):
                house.ticket("A")
            with ThreadPoolExecutor(AT_ONCE) as threads:
                list(threads.map(lambda _: house.ticket("C"), range(steps)))
        seen = judged(trace.read_text(errors="replace").splitlines())
    if seen.answers < 2 * steps:
        raise Lost(f"of {2 * steps} answers {seen.answers} were seen")
    if seen.synced != seen.answers:
        raise Lost(f"{seen.answers - seen.synced} of {seen.answers} answers came before their sync")
    return seen


@contextmanager
def _watched(pid: int, trace: Path) -> Iterator[None]:
    program = shutil.which("strace")
    if program is None:
        raise NotHere("strace is not installed")
    with (trace.parent / "said").open("w+") as said:
        watching = subprocess.Popen(
            [program, "-f", "-y", "-s", "24", "-e", CALLS, "-o", str(trace), "-p", str(pid)], stderr=said
        )
        try:
            for _ in range(500):
                if "attached" in (trace.parent / "said").read_text():
                    break
                if watching.poll() is not None:
                    raise NotHere((trace.parent / "said").read_text().strip())
                threading.Event().wait(0.02)
            yield
        finally:
            watching.terminate()
            watching.wait(20)


def judged(lines: list[str]) -> Seen:
    """Go through a trace of `strace -f -y`: on each connection, what came between a POST and its answer."""
    seen = Seen()
    open_calls: dict[str, tuple[str, str, str]] = {}
    """By thread, the call that has begun and not come back: its name, descriptor, path."""
    asked: dict[str, int] = {}
    """By connection, when its request came, as a count of lines."""
    written = covered = -1
    """The last writing of the log, and the last one that was before a sync which has come back."""
    before_sync: dict[str, int] = {}
    """By thread, the last writing when its sync began."""
    for moment, line in enumerate(lines):
        found = LINE.match(line)
        if found is None:
            continue
        thread, rest = found.groups()
        begun = BEGUN.match(rest)
        if begun is not None:
            name, descriptor, path, more = begun.groups()
            if name in ("sendto", "sendmsg", "write", "writev") and '"HTTP/1.1 200' in more:
                # Judged when it begins: from then on the answer may be on its way.
                if descriptor in asked:
                    seen.answers += 1
                    seen.synced += asked.pop(descriptor) < covered
                continue
            if name in ("fdatasync", "fsync"):
                before_sync[thread] = written
            if "<unfinished" in more:
                open_calls[thread] = (name, descriptor, path or "")
                continue
        elif rest.startswith("<... ") and thread in open_calls:
            name, descriptor, path = open_calls.pop(thread)
            more = rest
        else:
            continue
        if '"POST /api/' in more:
            asked[descriptor] = moment
        elif name == "pwrite64" and path.endswith("-wal"):
            written = moment
        elif name in ("fdatasync", "fsync") and path.endswith("-wal") and more.rstrip().endswith("= 0"):
            seen.syncs += 1
            covered = max(covered, before_sync.get(thread, -1))
    return seen
