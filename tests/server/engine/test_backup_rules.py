"""What is due, what is an alarm, what may be deleted: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.engine.backup.retention import Kept, superfluous
from server.engine.backup.schedule import next_due, state

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_first_backup_is_due_one_interval_after_the_first_change() -> None:
    assert next_due(None, None, None, 24) is None
    assert next_due(NOW, None, None, 0) is None
    assert next_due(NOW, None, None, 24) == NOW + 24 * HOUR


def test_the_next_one_counts_from_the_last_good_one() -> None:
    assert next_due(NOW, NOW + 30 * HOUR, NOW + 30 * HOUR, 6) == NOW + 36 * HOUR


def test_after_a_failure_it_is_tried_again_within_an_hour_but_not_at_once() -> None:
    assert next_due(NOW, None, NOW + 24 * HOUR, 24) == NOW + 25 * HOUR
    assert next_due(NOW, NOW, NOW + 25 * HOUR, 24) == NOW + 26 * HOUR


def test_a_backup_that_is_too_old_or_missing_is_an_alarm() -> None:
    assert state(NOW, None, 48, NOW + 47 * HOUR) == "good"
    assert state(NOW, None, 48, NOW + 49 * HOUR) == "old"
    assert state(NOW, NOW + 49 * HOUR, 48, NOW + 50 * HOUR) == "good"
    assert state(NOW, NOW, 0, NOW + 5000 * HOUR) == "off"
    assert state(None, None, 48, NOW) == "good"


ARCHIVES = st.lists(
    st.builds(Kept, st.uuids().map(str), st.integers(0, 4000).map(lambda h: NOW - h * HOUR), st.booleans()), max_size=30
)


@given(ARCHIVES, st.integers(1, 60), st.integers(1, 10))
def test_retention_keeps_the_young_and_the_newest_good_ones(archives: list[Kept], days: int, least: int) -> None:
    gone = superfluous(archives, NOW, days, least)
    left = [a for a in archives if a not in gone]
    assert all(NOW - a.made_at > timedelta(days=days) for a in gone)
    good = sorted((a for a in archives if a.good), key=lambda a: a.made_at, reverse=True)
    assert all(a in left for a in good[:least])
    assert all(a in gone for a in archives if not a.good and NOW - a.made_at > timedelta(days=days))


def test_the_last_good_one_stays_whatever_its_age() -> None:
    old = Kept("old", NOW - timedelta(days=900), True)
    half = Kept("half", NOW - timedelta(days=1), False)
    assert superfluous([old, half], NOW, 1, 1) == []
