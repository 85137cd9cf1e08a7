"""PostgreSQL: actions side by side under the locks they declare, a sequencer for notices and the audit chain.

Notices get their numbers after their commit, in commit order: a sequence inside the transaction lost one in five under
load; an advisory lock inside it costs half of the throughput (write_path.md).
"""

from __future__ import annotations

import asyncio
import logging
import select as readiness
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from server.engine.database.engines import postgresql_engine
from server.engine.database.outcome import Outcome, chained, write_open
from server.engine.errors import Unavailable

log = logging.getLogger(__name__)

Act = Callable[[Connection], Outcome]

WORKERS = 16
RETRIED = {"40001", "40P01"}
"""Serialisation failure and deadlock: the action is run again, at most three times."""
GONE = (OperationalError, psycopg2.OperationalError, psycopg2.InterfaceError)
"""The database does not answer, or not now. Prepared statements go past SQLAlchemy and raise the driver's own."""


class PostgresStore:
    """The database on a PostgreSQL server that several server processes may share."""

    kind = "postgresql"

    def __init__(self, url: URL) -> None:
        self.url = url
        self.write_engine = postgresql_engine(url)
        self.read_engine = self.write_engine
        self.on_notices: Callable[[list[dict[str, Any]]], None] = lambda rows: None
        self.on_changed: Callable[[str, str], None] = lambda topic, kind: None
        """Called with the topic and kind of each notice of an action of this process, right after its commit: the numbered
        notice comes a moment later, and whoever was answered must not find what he has just changed as it was before."""
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="action")
        self._sequencer: Sequencer | None = None
        self.batches = 0
        self.actions = 0

    @property
    def dialect(self) -> Any:
        """SQLAlchemy's dialect."""
        return self.write_engine.dialect

    def start(self) -> None:
        """Start the sequencer; the tables must stand."""
        self._sequencer = Sequencer(self.url, lambda rows: self.on_notices(rows))
        self._sequencer.start()

    def close(self) -> None:
        """Finish what runs, then stop."""
        self._pool.shutdown(wait=True)
        if self._sequencer is not None:
            self._sequencer.close()
        self.write_engine.dispose()

    def submit(self, act: Act) -> Future[Any]:
        """Run `act` in a worker; the future resolves after the commit is durable."""
        return self._pool.submit(self._run, act)

    async def run(self, act: Act) -> Any:
        """As `submit`, awaited in the event loop."""
        return await asyncio.wrap_future(self.submit(act))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state and can change nothing. Raises Unavailable when the database is gone."""
        try:
            with self.read_engine.connect() as plain:
                connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    yield connection
        except GONE as failure:
            raise Unavailable(str(failure)) from failure
        except DBAPIError as failure:
            if failure.connection_invalidated:
                raise Unavailable(str(failure)) from failure
            raise

    def _run(self, act: Act) -> Any:
        for attempt in range(3):
            try:
                with self.write_engine.begin() as connection:
                    outcome = act(connection)
                    write_open(connection, outcome)
                break
            except GONE as failure:
                if getattr(getattr(failure, "orig", failure), "pgcode", None) in RETRIED and attempt < 2:
                    continue
                log.exception("the database refused an action")
                raise Unavailable(str(failure)) from failure
            except DBAPIError as failure:
                if failure.connection_invalidated:
                    raise Unavailable(str(failure)) from failure
                raise
        self.actions += 1
        for row in outcome.notices:
            self.on_changed(row["topic"], row["kind"])
        if self._sequencer is not None:
            self._sequencer.wake()
        for later in outcome.after:
            later()
        return outcome.result


class Sequencer:
    """Numbers committed notices, chains audit rows, and tells this process of every notice, whoever committed it.

    One thread numbers (woken after commits and every 200 ms), one listens. Any number of processes may run one: the
    head rows are the locks. Both threads survive a lost connection.
    """

    def __init__(self, url: URL, deliver: Callable[[list[dict[str, Any]]], None]) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._deliver = deliver
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads = [
            threading.Thread(target=self._forever, args=(self._number,), name="sequencer", daemon=True),
            threading.Thread(target=self._forever, args=(self._listen,), name="listener", daemon=True),
        ]
        self._seen: int | None = None

    def start(self) -> None:
        """Start both threads; what is committed from now on will be delivered."""
        with psycopg2.connect(self._dsn) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT number FROM head WHERE name = 'notice'")
            found = cursor.fetchone()
            self._seen = found[0] if found else 0
        connection.close()
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something was committed."""
        self._wake.set()

    def close(self) -> None:
        """Stop both threads."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(10)

    def _forever(self, work: Callable[[Any], None]) -> None:
        while not self._stop.is_set():
            connection = None
            try:
                connection = psycopg2.connect(self._dsn)
                work(connection)
            except psycopg2.Error as failure:
                log.warning("the sequencer lost its database: %s", str(failure).strip())
                self._stop.wait(0.5)
            finally:
                if connection is not None:
                    connection.close()

    def _number(self, connection: Any) -> None:
        while True:
            self._wake.wait(0.2)
            last_round = self._stop.is_set()
            self._wake.clear()
            with connection, connection.cursor() as cursor:
                number_notices(cursor)
                seal_audit(cursor)
                if last_round:
                    cursor.execute("NOTIFY openhall_notice")  # the listener looks up, and ends too
            if last_round:
                return

    def _listen(self, connection: Any) -> None:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("LISTEN openhall_notice")
        while not self._stop.is_set():
            self._fetch(cursor)
            readiness.select([connection], [], [], 0.5)
            connection.poll()
            connection.notifies.clear()

    def _fetch(self, cursor: Any) -> None:
        while True:
            cursor.execute(
                "SELECT number, topic, kind, ids, at FROM notice WHERE number > %s ORDER BY number LIMIT 500",
                (self._seen,),
            )
            rows = cursor.fetchall()
            if not rows:
                return
            names = ("number", "topic", "kind", "ids", "at")
            self._seen = rows[-1][0]
            self._deliver([dict(zip(names, row, strict=True)) for row in rows])


def number_notices(cursor: Any) -> int:
    """Move every committed notice from the outbox under the next numbers; the head row is the lock. Gives how many."""
    cursor.execute("SELECT 1 FROM notice_outbox LIMIT 1")
    if cursor.fetchone() is None:
        return 0
    cursor.execute("SELECT number FROM head WHERE name = 'notice' FOR UPDATE")
    last = cursor.fetchone()[0]
    cursor.execute(
        "WITH moved AS (DELETE FROM notice_outbox RETURNING id, topic, kind, ids, at) "
        "INSERT INTO notice (number, topic, kind, ids, at) "
        "SELECT %s + row_number() OVER (ORDER BY id), topic, kind, ids, at FROM moved",
        (last,),
    )
    count: int = cursor.rowcount
    if count:
        cursor.execute("UPDATE head SET number = %s WHERE name = 'notice'", (last + count,))
        cursor.execute("SELECT pg_notify('openhall_notice', %s)", (str(last + count),))
    return count


def seal_audit(cursor: Any) -> int:
    """Chain the audit rows that are not chained yet, in the order of their ids; gives how many."""
    cursor.execute("SELECT 1 FROM audit WHERE number IS NULL LIMIT 1")
    if cursor.fetchone() is None:
        return 0
    cursor.execute("SELECT number, hash FROM head WHERE name = 'audit' FOR UPDATE")
    number, last = cursor.fetchone()
    last = bytes(last)
    names = ("id", "at", "who", "who_kind", "action", "record_type", "record_id", "changes", "reason", "address")
    cursor.execute(f"SELECT {', '.join(names)} FROM audit WHERE number IS NULL ORDER BY id LIMIT 2000")
    sealed = []
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        row["at"] = row["at"].astimezone(UTC)
        number += 1
        last = chained(last, number, row)
        sealed.append((row["id"], number, psycopg2.Binary(last)))
    for identity, place, value in sealed:
        cursor.execute("UPDATE audit SET number = %s, hash = %s WHERE id = %s", (place, value, identity))
    cursor.execute("UPDATE head SET number = %s, hash = %s WHERE name = 'audit'", (number, psycopg2.Binary(last)))
    return len(sealed)
