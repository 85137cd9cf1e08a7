"""What the writer reads does not grow with what was served: neither with the day nor with the years before."""

from __future__ import annotations

import pytest

from server.demo.fill import id_of
from server.engine.database.statements import Prepared
from server.modules.queue import loaders, loaders_day
from tests.server.conftest import Hall


@pytest.fixture
def database_kind() -> str:
    """PostgreSQL plans by what it has counted in its tables; on SQLite the plan is the same for ever."""
    return "sqlite"


@pytest.mark.parametrize(
    "statement",
    [
        loaders.heads(3), loaders.HEAD_OTHERS, loaders.AHEAD, loaders.COUNTED, loaders.STALE, loaders.SERVED_BY,
        loaders.CURRENT_NUMBERS, loaders.RECENT_TIMES, loaders_day.TRIALS,
    ],
    ids=["heads", "head_others", "ahead", "counted", "stale", "served_by", "current_numbers", "recent_times", "trials"],
)  # fmt: skip
def test_only_what_is_under_way_is_read(hall: Hall, statement: Prepared) -> None:
    bound = statement.on(hall.engine.store.dialect)
    with hall.engine.store.reading() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("EXPLAIN QUERY PLAN " + bound.sql, [None] * bound.sql.count("?"))
        plan = [str(row[3]) for row in cursor.fetchall()]
    read = [step for step in plan if "ticket" in step]
    assert read
    assert not [step for step in read if step.startswith("SCAN") or "ux_ticket_number" in step], plan


def test_a_days_maximum_counts_what_waits_is_served_and_was_served(hall: Hall) -> None:
    window = hall.open(3)
    for _ in range(3):
        hall.ticket("A")
    hall.ticket("B")
    number = hall.post("queue.call_next", window)["ticket"]["number"]
    hall.post("queue.start", window)
    hall.post("queue.finish", {**window, "request_rating": False})
    hall.post("queue.call_next", window)
    hall.post("queue.no_show", window)
    hall.post("queue.call_next", window)

    def counted(prefix: str) -> int:
        with hall.engine.store.reading() as connection:
            day = hall.engine.look(lambda work: work.business_day(id_of("outlet")))
            row = loaders.COUNTED.first(connection, outlet=id_of("outlet"), service=id_of("service", prefix), day=day)
            return int(row.n)

    assert number == "A001"
    # Of three one was served, one did not come and gives its place back, one is at the window (note N4).
    assert (counted("A"), counted("B"), counted("D")) == (2, 1, 0)
