"""The paper journal: what a window does without the server, on this PC's disk until the server has every line of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from common.protocol.messages import Words
from common.protocol.queue_kiosk import JournalLine

State = Literal["open", "kept", "entered", "made", "over", "known", "refused"]
"""`open`: in service now; `kept`: complete, to be entered; `refused`: somebody must look at it; the others are entered."""

ENTERED = ("entered", "made", "over", "known")
STAYS = timedelta(days=2)
"""How long an entered line can still be looked up here."""

_TABLE = """
CREATE TABLE IF NOT EXISTS line (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    fact_id TEXT NOT NULL UNIQUE,
    window_id TEXT NOT NULL,
    window TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    service_id TEXT NOT NULL,
    service TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'served',
    matters INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'open',
    code TEXT NOT NULL DEFAULT '',
    sentence TEXT NOT NULL DEFAULT ''
)
"""
_PLACE = "CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL)"
NOBODY = UUID(int=0)
"""Who writes before anybody has signed in."""
_COLUMNS = (
    "fact_id, window_id, window, person_id, person, number, service_id, service, started_at, finished_at, outcome,"
    " matters, state, code, sentence"
)


@dataclass(frozen=True)
class PaperLine:
    """One citizen at one window without the server. No name and no matter: number, service and times only."""

    fact_id: UUID
    window_id: UUID
    window: str
    person_id: UUID
    person: str
    """Who wrote it, as shown; only under this person's sign-in is it entered by itself."""
    number: str
    service_id: UUID
    service: Words
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Literal["served", "no_show"] = "served"
    matters: int = 1
    state: State = "open"
    code: str = ""
    """Why the server did not take it."""
    sentence: str = ""
    """In the server's words, where it gave some."""

    def message(self) -> JournalLine:
        """As it travels; only of a complete line."""
        assert self.finished_at is not None
        return JournalLine(
            fact_id=self.fact_id, number=self.number, service_id=self.service_id, started_at=self.started_at,
            finished_at=self.finished_at, outcome=self.outcome, matters=self.matters,
        )  # fmt: skip


def fault(number: str, started_at: datetime, finished_at: datetime | None, now: datetime) -> str:
    """What is wrong with a line before anybody else sees it: `number`, `order`, `future`; empty when nothing is."""
    if len(number) > 12:
        return "number"
    if finished_at is not None and finished_at < started_at:
        return "order"
    if started_at > now or (finished_at is not None and finished_at > now):
        return "future"
    return ""


class Journal:
    """The lines of this PC, oldest first. A line is on the disk when `begin`, `change` or `told` returns."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._base.execute("PRAGMA journal_mode=WAL")
        # A power cut after "finished" must not lose the line: nobody else knows of it.
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute(_TABLE)
        self._base.execute(_PLACE)
        old = (now() - STAYS).isoformat()
        self._base.execute(
            f"DELETE FROM line WHERE state IN ({','.join('?' * len(ENTERED))}) AND finished_at < ?", (*ENTERED, old)
        )

    def begin(
        self, *, window_id: UUID, window: str, person_id: UUID, person: str, number: str, service_id: UUID,
        service: Words, started_at: datetime,
    ) -> PaperLine:  # fmt: skip
        """Somebody has sat down."""
        line = PaperLine(
            uuid7(), window_id, window, person_id, person, number.strip().upper(), service_id, service, started_at
        )
        values = _values(line)
        self._base.execute(f"INSERT INTO line ({_COLUMNS}) VALUES ({','.join('?' * len(values))})", values)
        return line

    def change(self, line: PaperLine) -> PaperLine:
        """Write a line anew: ended, corrected, or to be sent once more; an ended one is `kept` until it is entered."""
        if line.state not in ENTERED:
            line = replace(line, state="kept" if line.finished_at else "open", code="", sentence="")
        self._put(line)
        return line

    def told(self, fact_id: UUID, state: State, code: str = "", sentence: str = "") -> None:
        """The server has answered about a line."""
        self._base.execute(
            "UPDATE line SET state = ?, code = ?, sentence = ? WHERE fact_id = ?", (state, code, sentence, str(fact_id))
        )

    def leave_out(self, fact_id: UUID) -> None:
        """A line that should not have been written; one that is entered stays."""
        self._base.execute(
            "DELETE FROM line WHERE fact_id = ? AND state IN ('open', 'kept', 'refused')", (str(fact_id),)
        )

    def keep_place(self, body: str) -> None:
        """The window where this PC stands, for a start without the server; written only when it is another one."""
        if body != self.place():
            self._base.execute("INSERT OR REPLACE INTO place (one, body) VALUES (1, ?)", (body,))

    def place(self) -> str:
        """What was kept of the window; empty when nobody worked here yet."""
        row = self._base.execute("SELECT body FROM place").fetchone()
        return str(row[0]) if row else ""

    def lines(self) -> list[PaperLine]:
        """Every line of this PC."""
        rows = self._base.execute(f"SELECT {_COLUMNS} FROM line ORDER BY place").fetchall()
        return [_line(row) for row in rows]

    def open_at(self, window_id: UUID) -> PaperLine | None:
        """Who is being served on paper at a window."""
        return next((one for one in self.lines() if one.state == "open" and one.window_id == window_id), None)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _put(self, line: PaperLine) -> None:
        names = [name.strip() for name in _COLUMNS.split(",")]
        values = _values(line)
        self._base.execute(
            f"UPDATE line SET {', '.join(f'{name} = ?' for name in names[1:])} WHERE fact_id = ?",
            (*values[1:], values[0]),
        )


def _values(line: PaperLine) -> tuple[object, ...]:
    return (
        str(line.fact_id), str(line.window_id), line.window, str(line.person_id), line.person, line.number,
        str(line.service_id), orjson.dumps(line.service).decode(), line.started_at.isoformat(),
        line.finished_at.isoformat() if line.finished_at is not None else None, line.outcome, line.matters, line.state,
        line.code, line.sentence,
    )  # fmt: skip


def _line(row: tuple[object, ...]) -> PaperLine:
    fact, window_id, window, person_id, person, number, service_id, service, started, finished, *rest = row
    outcome, matters, state, code, sentence = rest
    return PaperLine(
        UUID(str(fact)), UUID(str(window_id)), str(window), UUID(str(person_id)), str(person), str(number),
        UUID(str(service_id)), orjson.loads(str(service)), datetime.fromisoformat(str(started)),
        datetime.fromisoformat(str(finished)) if finished is not None else None,
        outcome, int(str(matters)), state, str(code), str(sentence),  # type: ignore[arg-type]
    )  # fmt: skip
