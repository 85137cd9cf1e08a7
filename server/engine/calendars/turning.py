"""Telling that a light has turned: once, while somebody works, in whichever server process comes first.

Rows carry the instant at which something is to be told next, and an index finds those that are due. A server that was away
tells what is true when it comes back: of a light that turned yellow and red meanwhile, red."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from common.text import N_
from server.engine.actions.work import Work
from server.engine.calendars.deadlines import RED, YELLOW, open_from
from server.engine.calendars.events import DeadlineTurned
from server.engine.calendars.keeping import note, place_of
from server.engine.calendars.records import Deadline
from server.engine.database.statements import Prepared
from server.engine.jobs.declare import job
from server.engine.ports import ports

PIECE = 50
_d = Deadline.__table__
_due = Prepared(
    select(_d)
    .where(_d.c.turns_at.is_not(None), _d.c.turns_at <= bindparam("moment", type_=_d.c.turns_at.type))
    .order_by(_d.c.turns_at)
    .limit(PIECE)
)


def due(work: Work) -> list[Any]:
    """Deadlines of which something is to be told now, the oldest first."""
    return work.rows(_due, moment=work.now)


@job("deadlines.turn", every_seconds=5, look=due, label=N_("Warn of deadlines that are near or over"))
def turn(work: Work, found: list[Any]) -> None:
    """Tell each once; outside of working hours it waits until somebody works again."""
    for seen in found:
        row = work.find(Deadline, seen.id)
        if row is None or row.turns_at is None or row.turns_at > work.now:
            continue  # another process told it, or it was changed, since it was looked for
        timeline = ports.calendars.timeline(work, place_of(row))
        opens = open_from(timeline, work.now)
        if opens is not None and opens > work.now:
            work.change(Deadline, row, turns_at=opens)
            continue
        light = RED if work.now >= row.red_at else YELLOW
        after = (open_from(timeline, row.red_at) or row.red_at) if light == YELLOW else None
        work.change(Deadline, row, said=light, turns_at=after)
        note(work, row, light, before=row.due_at)
        work.emit(
            DeadlineTurned(
                deadline_id=row.id, owner=row.owner, owner_id=row.owner_id, part=row.part or "", light=light,
                due_at=row.due_at,
            )
        )  # fmt: skip
        work.notify("deadlines", light, id=row.id, owner=row.owner, owner_id=row.owner_id)
