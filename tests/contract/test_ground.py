"""The ground that tests stand on holds."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import create_engine, make_url, text

from tests.ground.databases import Databases
from tests.ground.watch import ErrorLines, error_lines, left_threads, threads


def fill(url: str) -> None:
    """A template with one table."""
    run(url, "CREATE TABLE ground (number INTEGER)", "INSERT INTO ground VALUES (7)")


def run(url: str, *statements: str) -> object:
    """Run statements in one transaction; answers the first value of the last."""
    engine = create_engine(make_url(url.replace("postgresql:", "postgresql+psycopg2:")))
    try:
        with engine.begin() as connection:
            for statement in statements:
                result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def test_a_fresh_database_of_each_kind(database_url: str) -> None:
    run(database_url, "CREATE TABLE ground (number INTEGER)")
    assert run(database_url, "SELECT count(*) FROM ground") == 0


def test_copies_of_a_template_do_not_meet(database_kind: str, databases: Databases) -> None:
    with databases.fresh(database_kind, "ground", fill) as one, databases.fresh(database_kind, "ground", fill) as other:
        run(one, "UPDATE ground SET number = 8")
        assert run(one, "SELECT number FROM ground") == 8
        assert run(other, "SELECT number FROM ground") == 7


def test_postgresql_writes_through_to_the_disk(databases: Databases) -> None:
    with databases.fresh("postgresql") as url:
        assert run(url, "SHOW fsync") == "on"


def test_error_lines_are_seen_and_may_be_announced(error_log: ErrorLines) -> None:
    error_log.expect("broken on purpose")
    with error_lines() as seen:
        logging.getLogger("ground").error("broken on purpose %d", 1)
    assert seen.unexpected() == ["ground: broken on purpose 1"]
    assert error_log.unexpected() == []


def test_a_thread_left_behind_is_seen() -> None:
    before = threads()
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="left on purpose")
    thread.start()
    try:
        assert left_threads(before, patience=0.1) == ["left on purpose"]
    finally:
        stop.set()
        thread.join()


async def test_coroutine_tests_need_no_mark() -> None:
    assert threading.current_thread() is threading.main_thread()
