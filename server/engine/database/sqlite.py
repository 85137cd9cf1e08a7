"""SQLite: one writer thread with group commit, readers beside it (write_path.md)."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from server.engine.database.engines import BACK, RELEASE, SAVEPOINT, sqlite_engine
from server.engine.database.outcome import ANSWERED, Outcome, write_sealed
from server.engine.errors import Refused, Unavailable

log = logging.getLogger(__name__)

BATCH = 64
"""The most actions that one commit makes durable; a batch is whatever is queued until it is done, without waiting.

What is queued at its begin alone made two groups of callers take turns, with half as many in each commit."""

Act = Callable[[Connection], Outcome]
Waiting = tuple[Act, Any, asyncio.AbstractEventLoop | None]
"""An action, its future, and the event loop to which the future belongs."""


class _TransactionLost(Exception):
    """The batch's transaction ended under an action (disk full, interrupt, RAISE(ROLLBACK))."""


class Places:
    """Places in queues that a committed action has taken for those after it; for the writer's thread only."""

    def __init__(self) -> None:
        self._next, self._end = 1, 0

    def take(self) -> int | None:
        """The next place, or nothing when there is none left."""
        if self._next > self._end:
            return None
        self._next += 1
        return self._next - 1

    def open(self, first: int, end: int) -> None:
        """These are free from now on; what was free before is smaller than all of them and stays unused."""
        if first > self._next:
            self._next, self._end = first, end


class SqliteStore:
    """The database in one file. Every change goes through one thread; each action in its own savepoint."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write_engine = sqlite_engine(path, write=True)
        self.read_engine = sqlite_engine(path, write=False)
        self.on_notices: Callable[[list[dict[str, Any]]], None] = lambda rows: None
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self.on_undone: Callable[[], None] = lambda: None
        """Called when a batch was undone: what was read from it must be forgotten."""
        self._thread: threading.Thread | None = None
        self._closing = threading.Lock()
        self._running = False
        self.places = Places()
        self.batches = 0
        self.actions = 0

    @property
    def dialect(self) -> Any:
        """SQLAlchemy's dialect of the writing engine."""
        return self.write_engine.dialect

    def start(self) -> None:
        """Start the writer; the tables must stand."""
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._closing:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(30)
        self.write_engine.dispose()
        self.read_engine.dispose()

    def submit(self, act: Act) -> Future[Any]:
        """Run `act` in the writer; the future resolves after the commit is durable."""
        future: Future[Any] = Future()
        self._queue.put((act, future, None))
        return future

    async def run(self, act: Act) -> Any:
        """As `submit`, awaited in the event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._queue.put((act, future, loop))
        return await future

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state and can change nothing."""
        with self.read_engine.connect() as connection, connection.begin():
            yield connection

    def _write(self) -> None:
        connection = self.write_engine.connect()
        self._running = True
        while self._running:
            item = self._queue.get()
            if item is None:
                break
            self._commit_batch(connection, item)
        connection.close()

    def _queued(self, batch: list[Waiting]) -> Iterator[Waiting]:
        """The first of the batch, then what is queued by the time the one before it has run; all of them join it."""
        yield batch[0]
        while len(batch) < BATCH:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return
            if item is None:
                self._running = False
                return
            batch.append(item)
            yield item

    def _commit_batch(self, connection: Connection, first: Waiting) -> None:
        batch = [first]
        try:
            connection.info[ANSWERED] = {}
            with connection.begin():
                results = [self._guard(connection, act) for act, _, _ in self._queued(batch)]
                notices = write_sealed(connection, [r for r in results if isinstance(r, Outcome)])
        except _TransactionLost:
            # The next statement would commit by itself: run each action of the batch again, alone.
            results, notices = [], []
            self.on_undone()
            for act, _, _ in batch:
                result, rows = self._alone(connection, act)
                results.append(result)
                notices.extend(rows)
        except Exception as failure:  # the commit itself failed: nothing of the batch happened
            log.exception("a batch of %d actions could not be committed", len(batch))
            results, notices = [Unavailable(str(failure))] * len(batch), []
            self.on_undone()
        self.batches += 1
        self.actions += len(batch)
        if notices:
            self.on_notices(notices)
        # One hand-over a loop and batch: each wakes the loop through a socket, 35 µs with the fight for the interpreter.
        handed: dict[asyncio.AbstractEventLoop | None, list[tuple[Any, Any]]] = {}
        for (_, future, loop), result in zip(batch, results, strict=True):
            if isinstance(result, Outcome):
                for wake in result.after:
                    wake()
            handed.setdefault(loop, []).append((future, result.result if isinstance(result, Outcome) else result))
        for loop, settled in handed.items():
            if loop is None:
                _settle(settled)
            elif not loop.is_closed():
                loop.call_soon_threadsafe(_settle, settled)

    def _guard(self, connection: Connection, act: Act) -> Outcome | BaseException:
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute(SAVEPOINT)
            outcome = act(connection)
            if connection.in_nested_transaction() or not driver.in_transaction:
                raise RuntimeError("an action ended its own transaction, or left one open")
            driver.execute(RELEASE)
            if outcome.key is not None:
                connection.info[ANSWERED][outcome.key["scope"]] = outcome.key
            return outcome
        except Exception as failure:
            if not driver.in_transaction:
                raise _TransactionLost from failure
            _take_back(connection, driver)
            if isinstance(failure, OperationalError):
                log.exception("the database refused an action")
                return Unavailable(str(failure))
            if not isinstance(failure, Refused):
                log.debug("an action failed", exc_info=True)
            return failure

    def _alone(self, connection: Connection, act: Act) -> tuple[Outcome | BaseException, list[dict[str, Any]]]:
        try:
            connection.info[ANSWERED] = {}
            with connection.begin():
                result = self._guard(connection, act)
                rows = write_sealed(connection, [result]) if isinstance(result, Outcome) else []
            return result, rows
        except Exception as failure:
            log.exception("an action could not be committed")
            return Unavailable(str(failure)), []


def _take_back(connection: Connection, driver: Any) -> None:
    """Back to where the action began, through the savepoints that a session of its own has left open."""
    nested = connection.get_nested_transaction()
    while nested is not None:
        nested.close()
        nested = connection.get_nested_transaction()
    driver.execute(BACK)
    driver.execute(RELEASE)


def _settle(settled: list[tuple[Any, Any]]) -> None:
    for future, result in settled:
        if future.cancelled() or future.done():
            continue
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
