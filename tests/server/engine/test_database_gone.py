"""PostgreSQL goes away: what reads and what writes is unavailable for a moment, which is no bug of ours."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from server.engine.database.outcome import Outcome
from server.engine.database.postgresql import PostgresStore
from server.engine.errors import Unavailable
from tests.ground.databases import Databases
from tests.ground.ports import free_port
from tests.ground.watch import ErrorLines


@pytest.fixture
def store(databases: Databases) -> Iterator[PostgresStore]:
    """A store on an empty database; nothing numbers its notices."""
    with databases.fresh("postgresql") as url:
        made = PostgresStore(make_url(url))
        yield made
        made.close()


def test_a_database_that_does_not_answer_is_unavailable() -> None:
    store = PostgresStore(make_url(f"postgresql://openhall@127.0.0.1:{free_port()}/hall"))
    with pytest.raises(Unavailable), store.reading():
        pass
    store.close()


def test_a_connection_that_dies_under_a_prepared_statement_is_unavailable_and_the_next_one_works(
    store: PostgresStore, error_log: ErrorLines
) -> None:
    error_log.expect("the database refused an action")

    def dies(connection: Connection) -> Outcome:
        connection.connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")  # past SQLAlchemy
        raise AssertionError("it lives")

    with pytest.raises(Unavailable):
        store.submit(dies).result()
    with pytest.raises(Unavailable), store.reading() as connection:
        connection.connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with store.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_deadlock_under_a_prepared_statement_is_tried_again(store: PostgresStore) -> None:
    tries = []

    def act(connection: Connection) -> Outcome:
        tries.append(1)
        if len(tries) < 3:
            connection.connection.cursor().execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        return Outcome(result=len(tries))

    assert store.submit(act).result() == 3
    assert issubclass(psycopg2.errors.lookup("40P01"), psycopg2.OperationalError)
