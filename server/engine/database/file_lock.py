"""A lock that is a file: held by at most one process of this machine, and free again when that process ends, however."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Another process holds the lock."""


if os.name == "nt":
    import msvcrt  # not tried on Windows yet

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def file_lock(path: Path, patience: float = 0.0, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock for the block; waits at most `patience` seconds for another process and calls `waiting` once when it
    begins to. Raises `Held`. The file stays: deleting it would let two processes hold two files of one name."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + patience
        told = False
        while not _take(file):
            if time.monotonic() >= end:
                raise Held(str(path))
            if not told:
                waiting()
                told = True
            time.sleep(0.1)
        yield
    finally:
        os.close(file)
