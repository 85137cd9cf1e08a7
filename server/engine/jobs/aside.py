"""Long work in a process of its own, so that counters notice nothing: one task, its progress, a way to stop it.

`python -m server.commands.worker` works at low priority. What to do travels as one line of JSON on its standard input (no
secret is on a command line), its progress comes back line by line. Closing its input stops it; it also ends when this
process does.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKER = "server.commands.worker"
TOP = Path(__file__).resolve().parents[3]
BEAT_SECONDS = 2.0
PATIENCE = 15.0
"""Seconds that a stopped worker has to tidy up."""


@dataclass
class Ended:
    """How the worker ended: with a result, refused, stopped, or with none of them when it was cut off."""

    result: dict[str, Any] | None = None
    refused: tuple[str, dict[str, Any]] | None = None
    stopped: bool = False


def worker_process() -> Any:
    """The worker, started, with pipes for what goes in and comes out; the type is `subprocess.Popen[str]` or alike."""
    path = os.pathsep.join(part for part in (str(TOP), os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )


def work_aside(task: dict[str, Any], stop: threading.Event, told: Callable[[str, int], None]) -> Ended:
    """Have a task done and wait for it. `told` hears stage and percent every two seconds; `stop` ends it."""
    process = worker_process()
    assert process.stdin is not None and process.stdout is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), name="aside", daemon=True)
    reader.start()
    try:
        with contextlib.suppress(OSError):  # a worker that is gone already says so by the end of its lines
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
        return _listened(process, lines, stop, told)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join(5)
        _close(process.stdin)
        process.stdout.close()


def _listened(
    process: Any, lines: queue.SimpleQueue[str | None], stop: threading.Event, told: Callable[[str, int], None]
) -> Ended:
    ended, last, stage, percent, end = Ended(), 0.0, "", 0, float("inf")
    while True:
        try:
            line = lines.get(timeout=0.25)
        except queue.Empty:
            line = ""
        if line is None:
            break
        said = json.loads(line) if line else {}
        if "progress" in said:
            stage, percent = said["progress"]
        elif "result" in said:
            ended.result = said["result"]
        elif "refused" in said:
            ended.refused = (said["refused"]["code"], said["refused"]["facts"])
        elif "stopped" in said:
            ended.stopped = True
        if stop.is_set() and end == float("inf"):
            _close(process.stdin)
            end = time.monotonic() + PATIENCE
        if time.monotonic() > end:
            break
        if time.monotonic() - last >= BEAT_SECONDS:
            last = time.monotonic()
            told(stage, percent)
    if stop.is_set() and ended.result is None:
        ended.stopped = True
    return ended


def _close(stream: Any) -> None:
    with contextlib.suppress(OSError):  # what a dead worker never read is still in the buffer
        stream.close()


def _read(stream: Any, lines: queue.SimpleQueue[str | None]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:
        pass  # closed
    lines.put(None)
