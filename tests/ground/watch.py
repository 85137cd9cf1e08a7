"""What a test must not leave behind: unexpected ERROR lines in the log, threads that go on."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0
"""Seconds that a thread has to end after its test."""

STANDING = ("asyncio-waitpid", "QtHintThread", "openhall-lender", "execnet", "Dummy-", "pydevd")
"""Beginnings of the names of threads that belong to the process, not to a test."""


class ErrorLines(logging.Handler):
    """Collects the log's ERROR lines; `expect` names those that a test provokes on purpose."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line with its traceback."""
        line = f"{record.name}: {record.getMessage()}"
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(line)

    def expect(self, pattern: str) -> None:
        """This test provokes ERROR lines in which `pattern` is found."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """The lines that nobody announced."""
        return [line for line in self.lines if not any(pattern.search(line) for pattern in self._expected)]


@contextmanager
def error_lines() -> Iterator[ErrorLines]:
    """Collect the log's ERROR lines while the block runs."""
    handler = ErrorLines()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)


def threads() -> set[threading.Thread]:
    """The threads that run now and would belong to a test."""
    return {one for one in threading.enumerate() if not one.name.startswith(STANDING)}


def left_threads(before: set[threading.Thread], patience: float = PATIENCE) -> list[str]:
    """Names of the threads that were not there before and do not end within `patience` seconds."""
    end = time.monotonic() + patience
    for thread in threads() - before:
        thread.join(max(0.0, end - time.monotonic()))
    return sorted(thread.name for thread in threads() - before)
