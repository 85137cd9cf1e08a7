"""The server's clock, as far as a program knows it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from common.link.clock import HEARD_SECONDS, ServerClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of this machine, to be set."""
    seconds = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    return seconds


def test_a_word_that_was_long_on_its_way_does_not_set_the_clock_back(passing: list[float]) -> None:
    clock = ServerClock()
    clock.set(NOON, 1.0)
    passing[0] += 10
    clock.at(NOON + timedelta(seconds=7))  # three seconds on its way
    assert clock.now() == NOON + timedelta(seconds=10)
    passing[0] += 5
    clock.at(NOON + timedelta(seconds=16))  # this one was quicker than the first
    assert clock.now() == NOON + timedelta(seconds=16)


def test_an_old_word_counts_no_more_and_the_clock_never_steps_back(passing: list[float]) -> None:
    clock = ServerClock()
    clock.set(NOON, 1.0)
    passing[0] += HEARD_SECONDS + 1
    clock.at(NOON + timedelta(seconds=HEARD_SECONDS - 2))  # this machine runs fast
    assert clock.now() == NOON + timedelta(seconds=HEARD_SECONDS - 2)
    clock.at(NOON)
    assert clock.now() == NOON + timedelta(seconds=HEARD_SECONDS - 2)


def test_another_speed_holds_from_its_first_word_on(passing: list[float]) -> None:
    clock = ServerClock()
    clock.set(NOON, 60.0)
    passing[0] += 2
    assert clock.now() == NOON + timedelta(seconds=120)
    clock.set(NOON + timedelta(seconds=121), 1.0)
    passing[0] += 3
    assert clock.now() == NOON + timedelta(seconds=124)
