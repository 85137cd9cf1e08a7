"""What is kept in memory is never older than what a reader could have seen."""

from __future__ import annotations

from sqlalchemy import text

from server.demo.fill import id_of
from server.modules.queue.loaders import TIMES
from tests.server.conftest import Hall, HandClock


def test_a_reader_that_began_before_a_change_leaves_nothing_old_behind(hall: Hall, clock: HandClock) -> None:
    service, other = id_of("service", "A"), id_of("service", "B")
    window = hall.open(3)
    hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.start", window)
    clock.forward(minutes=4)
    with hall.engine.store.reading() as early:
        early.execute(text("SELECT count(*) FROM ticket")).scalar_one()  # from here on it sees this state
        hall.post("queue.finish", window)
        with hall.engine.store.reading() as late:
            TIMES.read(late, other)
        TIMES.read(early, service)
    with hall.engine.store.reading() as late:
        assert TIMES.read(late, service) == (240,)
