"""Facts that happened while nobody could be told: kept on disk until the server has taken them.

A row is durable before `put` returns (SQLite, WAL, synchronous FULL) and is deleted only after the server's answer, so a
kill or power cut at any moment loses none; the fact's id is its Idempotency-Key, so none is doubled.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from common.protocol.messages import PROTOCOL, Message, Problem

log = logging.getLogger(__name__)

_TABLE = """
CREATE TABLE IF NOT EXISTS fact (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    fact_id TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    protocol INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    problem TEXT
)
"""


@dataclass(frozen=True)
class Fact:
    """Something that happened: what, when (server's time as known here), and in which protocol it was written."""

    fact_id: UUID
    verb: str
    body: str
    """The message as JSON."""
    at: datetime
    protocol: int
    failures: int = 0
    """How often the server answered with a bug of its own."""


Judge = Callable[[bytes], Problem | None]
"""Of verbs that take several facts at once and answer each by itself: the problem that an answer holds, if any."""


@dataclass(frozen=True)
class RefusedFact:
    """A fact that the server did not take. It stays here until somebody looks at it."""

    fact: Fact
    problem: Problem


class Outbox:
    """The facts of one program, oldest first. Belongs to the loop's thread; `put` takes as long as one disk flush."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute(_TABLE)
        self._on_change: list[Callable[[], None]] = []
        self._judges: dict[str, Judge] = {}

    def put(self, verb: str, message: Message, fact_id: UUID | None = None) -> UUID:
        """Keep a fact; it is on disk when this returns. The same id again changes nothing. Raises sqlite3.Error."""
        fact_id = fact_id or uuid7()
        self._base.execute(
            "INSERT OR IGNORE INTO fact (fact_id, verb, body, at, protocol) VALUES (?, ?, ?, ?, ?)",
            (str(fact_id), verb, message.model_dump_json(), self._now().isoformat(), PROTOCOL),
        )
        self._changed()
        return fact_id

    @property
    def waiting(self) -> int:
        """How many facts wait to be sent."""
        return int(self._base.execute("SELECT count(*) FROM fact WHERE problem IS NULL").fetchone()[0])

    @property
    def refused(self) -> list[RefusedFact]:
        """The facts that the server did not take, oldest first; shown to staff, never dropped by themselves."""
        rows = self._base.execute(f"{_SELECT} WHERE problem IS NOT NULL ORDER BY place").fetchall()
        return [RefusedFact(_fact(row), Problem.model_validate_json(row[6])) for row in rows]

    def first(self) -> Fact | None:
        """The oldest waiting fact."""
        row = self._base.execute(f"{_SELECT} WHERE problem IS NULL ORDER BY place LIMIT 1").fetchone()
        return _fact(row) if row else None

    def sent(self, fact_id: UUID) -> None:
        """The server has it: forget it."""
        self._base.execute("DELETE FROM fact WHERE fact_id = ?", (str(fact_id),))
        self._changed()

    def judge(self, verb: str, judge: Judge) -> None:
        """Facts of this verb are taken only where `judge(answer)` finds no problem in the answer."""
        self._judges[verb] = judge

    def answered(self, fact: Fact, answer: bytes) -> None:
        """The server has answered well: forget the fact, or put it aside where the answer itself refuses it."""
        judge = self._judges.get(fact.verb)
        problem = judge(answer) if judge is not None else None
        if problem is None:
            self.sent(fact.fact_id)
        else:
            self.refuse(fact.fact_id, problem)

    def failed(self, fact_id: UUID) -> None:
        """The server answered with a bug of its own: count it."""
        self._base.execute("UPDATE fact SET failures = failures + 1 WHERE fact_id = ?", (str(fact_id),))

    def refuse(self, fact_id: UUID, problem: Problem) -> None:
        """The server does not take it: move it to `refused`, so that the next can go."""
        log.warning("fact %s was refused: %s", fact_id, problem.code)
        self._base.execute("UPDATE fact SET problem = ? WHERE fact_id = ?", (problem.model_dump_json(), str(fact_id)))
        self._changed()

    def again(self, fact_id: UUID) -> None:
        """A person wants a refused fact sent once more."""
        self._base.execute("UPDATE fact SET problem = NULL, failures = 0 WHERE fact_id = ?", (str(fact_id),))
        self._changed()

    def dismiss(self, fact_id: UUID) -> None:
        """A person has seen a refused fact and lets it go; a waiting one stays."""
        self._base.execute("DELETE FROM fact WHERE fact_id = ? AND problem IS NOT NULL", (str(fact_id),))
        self._changed()

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback()` after every change; gives the way to stop it."""
        self._on_change.append(callback)
        return lambda: self._on_change.remove(callback) if callback in self._on_change else None

    def close(self) -> None:
        """Close the file; nothing can be put afterwards."""
        self._base.close()

    def _changed(self) -> None:
        for callback in list(self._on_change):
            callback()


_SELECT = "SELECT fact_id, verb, body, at, protocol, failures, problem FROM fact"


def _fact(row: tuple[str, str, str, str, int, int, str | None]) -> Fact:
    return Fact(UUID(row[0]), row[1], row[2], datetime.fromisoformat(row[3]), row[4], row[5])
