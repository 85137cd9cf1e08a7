"""Notices are kept 48 hours and keys seven days; numbers go on where they were."""

from __future__ import annotations

from server.engine.jobs.purging import PIECE, purge
from server.engine.notices.stream import bounds
from tests.server.conftest import Hall, HandClock


def _purge(hall: Hall) -> None:
    hall.engine.act("engine.purge", purge)


def test_old_notices_and_keys_go_and_young_ones_stay(hall: Hall, clock: HandClock) -> None:
    hall.open(3)
    hall.ticket("A")
    hall.settle()
    notices, keys = hall.count("notice"), hall.count("action_key")
    clock.forward(hours=47)
    _purge(hall)
    assert (hall.count("notice"), hall.count("action_key")) == (notices, keys)
    clock.forward(hours=2)
    with hall.engine.store.reading() as connection:
        _, last = bounds(connection)
    for _ in range(notices // PIECE + 1):
        _purge(hall)
    assert (hall.count("notice"), hall.count("action_key")) == (0, keys)
    with hall.engine.store.reading() as connection:
        assert bounds(connection) == (last + 1, last)
    clock.forward(days=5)
    _purge(hall)
    assert hall.count("action_key") == 0


def test_one_turn_takes_a_piece_only(hall: Hall, clock: HandClock) -> None:
    def many(work: object) -> None:
        for _ in range(PIECE + 50):
            work.notify("queue.zone.x", "test")  # type: ignore[attr-defined]

    hall.settle()
    before = hall.count("notice")
    hall.engine.act("test.many", many)
    hall.settle()
    clock.forward(hours=49)
    _purge(hall)
    assert hall.count("notice") == before + 50
