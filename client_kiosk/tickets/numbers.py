"""Numbers for the time without the server: this kiosk's own blocks, kept on disk, each number given once.

A number is marked as used on disk before it is given, and the ticket lies in the outbox before it is printed: whenever the
kiosk is killed, no number is given twice and no printed ticket is forgotten. At worst a number is left out, which the
server's record of the block explains.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import ValidationError
from uuid_utils.compat import uuid7

from common.link import Link
from common.link.outbox import RefusedFact
from common.protocol.messages import Problem
from common.protocol.queue_kiosk import EnteredPrinted, EnterPrinted, LeaseNumbers, Leases, NumberLease, PrintedTicket

ENTER = "queue.enter_printed"
TOO_EARLY = "from_the_future"
"""The kiosk's clock ran ahead of the server's: the same ticket is taken a moment later."""

WhyNot = Literal["no_block", "over", "used_up", "not_kept"]
"""Nothing was leased; its time is over; the block is used up; no numbers are kept for this service."""

_TABLES = """
CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS used (
    epoch TEXT NOT NULL, business_day TEXT NOT NULL, service_id TEXT NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (epoch, business_day, service_id)
);
"""


@dataclass(frozen=True)
class OwnNumber:
    """A number of one's own block, given now."""

    service_id: UUID
    number: str
    serial: int
    printed_at: datetime
    fact_id: UUID


class Numbers:
    """The blocks of one kiosk. Loop's thread; `give` takes two flushes of the disk."""

    def __init__(self, link: Link, path: Path) -> None:
        self._link = link
        self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_TABLES)
        self.leases = self._kept()
        link.outbox.judge(ENTER, refused)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    # what there is

    def why_not(self, service_id: UUID) -> WhyNot | None:
        """Why no number of this service can be given without the server; nothing where one can."""
        if self.leases is None:
            return "no_block"
        if self._link.now() >= self.leases.valid_until:
            return "over"
        own = [block for block in self.leases.blocks if block.service_id == service_id]
        if not own:
            return "not_kept"
        return None if self._next(own) is not None else "used_up"

    @property
    def any_left(self) -> bool:
        """Whether at least one ticket can be given without the server."""
        leases = self.leases
        return leases is not None and any(self.why_not(block.service_id) is None for block in leases.blocks)

    @property
    def left(self) -> int:
        """How many numbers are left in all blocks."""
        found = 0
        for block in self.leases.blocks if self.leases is not None else ():
            found += max(0, block.last - max(block.first - 1, self._used(block.service_id)))
        return found

    def asked(self) -> LeaseNumbers:
        """What to ask the server for anew: with the last number of each service that was given of the present blocks."""
        services = {block.service_id for block in self.leases.blocks} if self.leases is not None else set()
        return LeaseNumbers(used={one: used for one in services if (used := self._used(one))})

    def take(self, leases: Leases) -> None:
        """Keep what the server leased; what was given of the same day stays given."""
        self._base.execute("INSERT OR REPLACE INTO lease (one, body) VALUES (1, ?)", (leases.model_dump_json(),))
        # Of other days and other epochs nothing is given any more.
        self._base.execute(
            "DELETE FROM used WHERE epoch <> ? OR business_day <> ?", (leases.epoch, leases.business_day)
        )
        self.leases = leases

    # giving

    def give(self, service_id: UUID, reason: str | None) -> OwnNumber | WhyNot:
        """The next number of a service: used on disk, and waiting in the outbox to be entered, when this returns."""
        why_not = self.why_not(service_id)
        if why_not is not None:
            return why_not
        leases = self.leases
        assert leases is not None
        found = self._next([block for block in leases.blocks if block.service_id == service_id])
        assert found is not None
        block, serial = found
        self._base.execute(
            "INSERT INTO used (epoch, business_day, service_id, last) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (epoch, business_day, service_id) DO UPDATE SET last = excluded.last",
            (leases.epoch, leases.business_day, str(service_id), serial),
        )
        printed_at = self._link.now()
        fact = uuid7()
        ticket = PrintedTicket(fact_id=fact, service_id=service_id, serial=serial, printed_at=printed_at, reason=reason)
        self._link.outbox.put(ENTER, EnterPrinted(epoch=leases.epoch, tickets=[ticket]), fact)
        return OwnNumber(service_id, f"{block.prefix}{serial:0{block.digits}d}", serial, printed_at, fact)

    # what the server did not take

    @property
    def not_entered(self) -> list[RefusedFact]:
        """Tickets that the server refused to enter: their citizens have to be helped by staff."""
        return [one for one in self._link.outbox.refused if one.fact.verb == ENTER and one.problem.code != TOO_EARLY]

    def again(self) -> None:
        """Send once more what only came too early. Under a new key: the answer to the old one is kept."""
        for one in self._link.outbox.refused:
            if one.fact.verb == ENTER and one.problem.code == TOO_EARLY:
                self._link.outbox.put(ENTER, EnterPrinted.model_validate_json(one.fact.body))
                self._link.outbox.dismiss(one.fact.fact_id)

    # on disk

    def _next(self, own: list[NumberLease]) -> tuple[NumberLease, int] | None:
        """The lowest number above the last one given."""
        for block in sorted(own, key=lambda one: one.first):
            serial = max(block.first, self._used(block.service_id) + 1)
            if serial <= block.last:
                return block, serial
        return None

    def _used(self, service_id: UUID) -> int:
        if self.leases is None:
            return 0
        row = self._base.execute(
            "SELECT last FROM used WHERE epoch = ? AND business_day = ? AND service_id = ?",
            (self.leases.epoch, self.leases.business_day, str(service_id)),
        ).fetchone()
        return int(row[0]) if row else 0

    def _kept(self) -> Leases | None:
        row = self._base.execute("SELECT body FROM lease").fetchone()
        try:
            return Leases.model_validate_json(row[0]) if row else None
        except ValidationError:
            return None  # of another version of this program: the server leases anew


def refused(answer: bytes) -> Problem | None:
    """The problem in an answer to `queue.enter_printed`: it answers well also for a ticket that it did not enter."""
    for one in EnteredPrinted.model_validate_json(answer).results:
        if one.state == "refused":
            return Problem(status=409, code=one.code, title="The printed ticket was not entered")
    return None
