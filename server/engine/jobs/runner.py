"""Runs job rows and scheduled work: at least once, leased, so that several server processes may share one database."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Text, bindparam, cast, or_, select, update
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect

from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.database.schema import job
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, Unavailable
from server.engine.events import AFTER
from server.engine.jobs.declare import SCHEDULED, Scheduled
from server.engine.principal import HOUSE

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
ATTEMPTS = 8
"""A job that fails so often is given up and stays in the table with its error."""

EVERY = "every:"
"""Begins the names of the rows by which scheduled work has one turn in whichever process."""

_moment = job.c.due_at.type
_due = Prepared(
    select(job.c.id, job.c.name, job.c.input, job.c.attempts)
    .where(
        job.c.done_at.is_(None),
        job.c.due_at <= bindparam("moment", type_=_moment),
        job.c.attempts < ATTEMPTS,
        or_(job.c.leased_until.is_(None), job.c.leased_until < bindparam("moment", type_=_moment)),
        ~job.c.name.startswith(EVERY),
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(20)
)
_lease = Prepared(
    update(job)
    .where(
        job.c.id == bindparam("key_id"),
        job.c.done_at.is_(None),
        or_(job.c.leased_until.is_(None), job.c.leased_until < bindparam("moment", type_=_moment)),
    )
    .values(leased_until=bindparam("until", type_=_moment), attempts=job.c.attempts + 1)
)
_done = Prepared(
    update(job).where(job.c.id == bindparam("key_id")).values(done_at=bindparam("moment", type_=_moment), error=None)
)
_failed = Prepared(
    update(job)
    .where(job.c.id == bindparam("key_id"))
    .values(
        error=cast(bindparam("what"), Text),
        leased_until=None,
        due_at=bindparam("again", type_=_moment),
    )
)
_every = {
    name: Prepared(
        dialect.insert(job)
        .values(
            name=bindparam("name"),
            input=bindparam("input", type_=job.c.input.type),
            attempts=0,
            due_at=bindparam("moment", type_=_moment),
            unique_key=bindparam("name2"),
        )
        .on_conflict_do_nothing()
    )
    for name, dialect in (("sqlite", sqlite_dialect), ("postgresql", postgresql_dialect))
}
_turn = Prepared(
    update(job)
    .where(job.c.unique_key == bindparam("key_name"), job.c.due_at <= bindparam("moment", type_=_moment))
    .values(due_at=bindparam("again", type_=_moment), done_at=None)
)


_at_once = Prepared(
    update(job).where(job.c.unique_key == bindparam("key_name")).values(due_at=bindparam("moment", type_=_moment))
)
_paused = Prepared(select(job.c.name).where(job.c.paused.is_(True)))


def begin_row(work: Work, name: str) -> None:
    """The row of a piece of scheduled work, if there is none yet."""
    row = EVERY + name
    work.run(_every[work.connection.dialect.name], name=row, name2=row, input={}, moment=work.now - timedelta(days=1))


@dataclass
class Turn:
    """What this process saw of a piece of scheduled work: its last turn, and its failures in a row."""

    at: datetime
    ms: int = 0
    worked: bool = False
    problem: tuple[str, dict[str, Any]] | None = None
    """A refusal's code with its facts, or the name of our bug."""
    failed_at: datetime | None = None
    failures: int = 0


class Jobs:
    """One thread that looks for due work whenever it is woken, and at least once a second of real time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._next: dict[str, datetime] = {}
        self.turns: dict[str, Turn] = {}
        """The last turn of each piece of scheduled work in this process."""
        self._paused: set[str] | None = None
        self._wanted: set[str] = set()

    def start(self) -> None:
        """Begin; what was left by an earlier process is done first."""
        self._thread.start()

    def wake(self) -> None:
        """A job row was committed."""
        self._wake.set()

    def heard(self, kind: str, ids: dict[str, Any]) -> None:
        """A notice about jobs was committed, here or elsewhere."""
        self._paused = None
        if kind == "run":
            self._wanted.add(str(ids["name"]))
        self.wake()

    def next_turn(self, name: str) -> datetime | None:
        """When this process looks at a piece of scheduled work again."""
        return self._next.get(name)

    def close(self) -> None:
        """Stop after the piece of work in hand."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(20)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.run_due()
            except Exception:
                log.exception("the jobs' round failed; it is tried again")
                self._stop.wait(1)
            self._wake.wait(max(0.05, min(1.0, 1.0 / self._engine.clock.speed)))
            self._wake.clear()

    def run_due(self) -> int:
        """Do what is due now; gives how many pieces were done. For tests as well: they need no thread."""
        engine = self._engine
        count = 0
        for declared in SCHEDULED.values():
            now = engine.clock.now()
            wanted = declared.name in self._wanted
            if wanted or (self._next.get(declared.name, now) <= now and not self._rests(declared.name)):
                self._wanted.discard(declared.name)
                self._next[declared.name] = now + timedelta(seconds=declared.every_seconds)
                count += self._turn(declared, now, wanted)
        while not self._stop.is_set():
            with engine.store.reading() as connection:
                rows = _due.rows(connection, moment=engine.clock.now())
            if not rows:
                return count
            for row in rows:
                count += self._one(row)
        return count

    def _rests(self, name: str) -> bool:
        if self._paused is None:
            with self._engine.store.reading() as connection:
                self._paused = {row.name for row in _paused.rows(connection)}
        return EVERY + name in self._paused

    def _turn(self, declared: Scheduled, now: datetime, wanted: bool) -> int:
        """One turn, written down; what fails does not keep the others waiting."""
        before = self.turns.get(declared.name)
        turn, began = Turn(now), time.monotonic()
        try:
            count = self._scheduled(declared, wanted)
            turn.worked = count > 0
        except (Refused, Unavailable) as no:
            log.warning("scheduled %s was refused: %s", declared.name, no)
            turn.problem = (no.code, no.facts) if isinstance(no, Refused) else (str(no), {})
            count = 0
        except Exception as failure:
            log.exception("scheduled %s failed; it is tried again at its next turn", declared.name)
            turn.problem = (f"{type(failure).__name__}: {failure}"[:300], {})
            count = 0
        turn.ms = round(1000 * (time.monotonic() - began))
        if turn.problem is not None:
            turn.failed_at, turn.failures = now, (before.failures if before is not None else 0) + 1
        self.turns[declared.name] = turn
        return count

    def _scheduled(self, declared: Scheduled, wanted: bool) -> int:
        engine = self._engine
        if declared.aside:
            declared.function(engine)
            return 1
        again = timedelta(seconds=declared.every_seconds * 0.9)
        found = engine.look(declared.look) if declared.look is not None else None
        if declared.look is not None and not found:
            return 0

        def act(connection: Connection) -> Outcome:
            work = Work(connection, engine, HOUSE, declared.name)
            name = EVERY + declared.name
            begin_row(work, declared.name)
            if wanted:
                work.run(_at_once, key_name=name, moment=work.now)
            # Whoever moves the due moment does the work: once a turn, in whichever process.
            if work.run(_turn, key_name=name, moment=work.now, again=work.now + again):
                declared.function(work) if declared.look is None else declared.function(work, found)
            return work.finish()

        engine.store.submit(act).result(60)
        return 1

    def _one(self, row: Any) -> int:
        engine = self._engine

        def lease(connection: Connection) -> Outcome:
            work = Work(connection, engine, HOUSE, "jobs.lease")
            got = work.run(_lease, key_id=row.id, moment=work.now, until=work.now + LEASE)
            return Outcome(result=got)

        if not engine.store.submit(lease).result(60):
            return 0
        kind, function = AFTER.get(row.name, (None, None))

        def act(connection: Connection) -> Outcome:
            work = Work(connection, engine, HOUSE, row.name)
            if kind is None or function is None:
                log.error("no listener is named %s any more; its job is closed", row.name)
            else:
                function(work, kind.model_validate(row.input))
            work.run(_done, key_id=row.id, moment=work.now)
            return work.finish()

        try:
            engine.store.submit(act).result(120)
            return 1
        except Exception as failure:
            log.exception("job %s failed (attempt %d)", row.name, row.attempts + 1)
            what = f"{type(failure).__name__}: {failure}"[:500]

            def note(connection: Connection) -> Outcome:
                work = Work(connection, engine, HOUSE, "jobs.note")
                work.run(_failed, key_id=row.id, what=what, again=work.now + timedelta(seconds=2 ** (row.attempts + 1)))
                return Outcome()

            engine.store.submit(note).result(60)
            return 0
