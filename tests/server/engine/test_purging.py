"""Notices are kept 48 hours and keys seven days; numbers go on where they were."""

from __future__ import annotations

from sqlalchemy import text

from server.engine.actions.work import Work
from server.engine.audit.settings import ATTEMPTS_DAYS
from server.engine.jobs.purging import PIECE, purge
from server.engine.notices.stream import bounds
from tests.server.conftest import Hall, HandClock


def _purge(hall: Hall) -> None:
    hall.engine.act("engine.purge", purge)


def test_old_notices_and_keys_go_and_young_ones_stay(hall: Hall, clock: HandClock) -> None:
    clock.forward(hours=20)  # the hall itself was filled a day before
    _purge(hall)
    hall._tokens.clear()
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


def test_done_jobs_go_after_a_week_attempts_after_their_setting_and_what_failed_stays(
    hall: Hall, clock: HandClock
) -> None:
    def two(work: Work) -> None:
        work.later("test.broken", {})
        work.later("test.done", {})

    hall.sign_in("manager")
    hall.engine.act("test.later", two)
    with hall.engine.store.write_engine.begin() as connection:
        connection.execute(text("UPDATE job SET attempts = 8, error = 'broken' WHERE name = 'test.broken'"))
        connection.execute(text("UPDATE job SET done_at = due_at WHERE name = 'test.done'"))
    hall.engine.jobs.run_due()
    done, attempts = hall.count("job WHERE done_at IS NOT NULL"), hall.count("sign_in_attempt")
    assert done and attempts
    clock.forward(days=6)
    _purge(hall)
    assert (hall.count("job WHERE done_at IS NOT NULL"), hall.count("sign_in_attempt")) == (done, attempts)
    standing = hall.count("job WHERE done_at IS NULL")
    clock.forward(days=2)
    for _ in range(attempts // PIECE + 1):
        _purge(hall)
    assert (hall.count("job WHERE done_at IS NOT NULL"), hall.count("sign_in_attempt")) == (0, attempts)
    clock.forward(days=ATTEMPTS_DAYS.default - 7)
    for _ in range(attempts // PIECE + 1):
        _purge(hall)
    assert hall.count("sign_in_attempt") == 0
    assert hall.count("job WHERE done_at IS NULL") == standing
    assert hall.count("job WHERE error = 'broken'") == 1
