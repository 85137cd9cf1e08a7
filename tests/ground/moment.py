"""At which moment the suite runs: the clocks of tests begin there, so that it can be shown to pass at any.

`OPENHALL_TEST_MOMENT` is one of the names below or a moment such as `2026-03-29T00:59` (UTC). Without it a test's own
clock stands on an ordinary Monday morning, and a server process runs by the machine's clock.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

MOMENT_VARIABLE = "OPENHALL_TEST_MOMENT"

MONDAY = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
"""An ordinary moment of an ordinary day."""
SUNDAY_NIGHT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
"""Before the business day begins, on a day on which most offices are closed: it still belongs to Saturday."""
BEFORE_MIDNIGHT = datetime(2026, 3, 2, 23, 59, 59, 700_000, tzinfo=UTC)
"""A few steps before a date ends."""

NAMED = {"monday": MONDAY, "sunday": SUNDAY_NIGHT, "midnight": BEFORE_MIDNIGHT}

any_moment = pytest.mark.parametrize("clock", sorted(NAMED), indirect=True)
"""Runs a test of the server at each of them, whatever the run's own moment is."""

STEP = timedelta(milliseconds=20)
"""How far a test's own clock goes on with each look at it before midnight, so that midnight passes within the test."""
ROOM = timedelta(seconds=5)
"""What a server process takes to stand; its midnight comes after that."""


def given(name: str | None = None) -> datetime | None:
    """The moment of this name, or of the environment; nothing when none is given."""
    text = name if name is not None else os.environ.get(MOMENT_VARIABLE, "")
    if not text:
        return None
    return NAMED.get(text) or datetime.fromisoformat(text).replace(tzinfo=UTC)


def crosses_midnight(moment: datetime) -> bool:
    """Whether a date ends within the next second."""
    return (moment + timedelta(seconds=1)).date() != moment.date()


def the_day_before() -> tuple[str, ...]:
    """Options of the server process that fills a hall for later ones: nothing in it may lie ahead of their clocks."""
    begins = given()
    return () if begins is None else ("--clock", (begins - timedelta(days=1)).replace(tzinfo=None).isoformat())


class ServerClock:
    """What `--clock` a server process gets: it goes on from where it was when the process is killed and started again."""

    def __init__(self, moment: datetime) -> None:
        self._start = moment - ROOM if crosses_midnight(moment) else moment
        self._born = time.monotonic()

    def option(self) -> str:
        """The moment now, as the command line takes it."""
        moment = self._start + timedelta(seconds=time.monotonic() - self._born)
        return moment.replace(tzinfo=None).isoformat()
