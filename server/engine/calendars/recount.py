"""Counting open deadlines anew when a calendar was changed, a few at a time (ADM-I07).

A piece holds the writer shortly; whoever goes on after a cut does so behind the last deadline that was looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from server.engine.actions.work import Work
from server.engine.calendars.keeping import count_anew, note, place_of
from server.engine.calendars.records import Deadline, DeadlineRecount
from server.engine.database.statements import Prepared
from server.engine.errors import Refused
from server.engine.events import Event, listener
from server.engine.ports import ports

PIECE = 40
"""Deadlines in one action: looking at each takes about 0.3 ms, moving one another half."""
TRIED_OUT = "imports"
"""The action of a file's rows that are only tried out, on a connection that can change nothing."""
DAY = timedelta(days=2)
"""Local days lie within this of the same day in UTC."""

_d, _r = Deadline.__table__, DeadlineRecount.__table__
_next = Prepared(
    select(_d)
    .where(
        _d.c.ended_at.is_(None),
        or_(bindparam("all_of_them"), _d.c.id > bindparam("after", type_=_d.c.id.type)),
    )
    .order_by(_d.c.id)
    .limit(PIECE)
)
_waiting = Prepared(
    select(_r).where(
        _r.c.calendar_id == bindparam("in_id", type_=_r.c.id.type), _r.c.begun.is_(False), _r.c.done_at.is_(None)
    )
)


class RecountGoesOn(Event):
    """The next piece of a new count is to be done."""

    recount_id: UUID
    step: int = 0


def begin(work: Work, calendar_id: UUID, first: date | None, last: date | None, why: str = "") -> None:
    """A calendar was changed in this action: open deadlines are counted anew behind it. Several changes of one action, or
    such as come before the count has begun, are one count."""
    if work.action == TRIED_OUT:
        return
    row = work.first(_waiting, in_id=calendar_id)
    if row is not None:
        whole = None in (first, last, row.first, row.last)
        why = why if not row.why or why in row.why else f"{row.why}\n{why}".strip()
        work.change(
            DeadlineRecount, row, why=why or row.why,
            first=None if whole else min(first, row.first),
            last=None if whole else max(last, row.last),
        )  # fmt: skip
        return
    row = work.insert(
        DeadlineRecount, calendar_id=calendar_id, first=first, last=last, why=why or None, looked_at=0, moved=0,
        failed=0, begun=False,
    )  # fmt: skip
    work.emit(RecountGoesOn(recount_id=row.id))


@listener(RecountGoesOn)
def go_on(work: Work, event: RecountGoesOn) -> None:
    """Look at the next deadlines; those that the change moves get their new instants and a line in their ledger."""
    count = work.find(DeadlineRecount, event.recount_id)
    if count is None or count.done_at is not None:
        return
    rows = work.rows(_next, all_of_them=count.after_id is None, after=count.after_id or count.id)
    timeline, kept, moved, failed = ports.calendars.fresh(work), {}, 0, 0
    for row in rows:
        if not _met(count, row):
            continue
        place = place_of(row)
        key = (place.outlet_id, place.hall_id, place.department_id)
        if key not in kept:
            kept[key] = timeline(place)
        change = _counted(work, count, row, kept[key])
        moved += change == "moved"
        failed += change == "failed"
    over = len(rows) < PIECE
    work.change(
        DeadlineRecount, count, begun=True, looked_at=count.looked_at + len(rows), moved=count.moved + moved,
        failed=count.failed + failed, after_id=rows[-1].id if rows else count.after_id,
        done_at=work.now if over else None,
    )  # fmt: skip
    work.notify("deadlines", "recounted", recount_id=count.id, calendar_id=count.calendar_id)
    if not over:
        work.emit(RecountGoesOn(recount_id=count.id, step=event.step + 1))


def _met(count: Any, row: Any) -> bool:
    """Whether the days that changed can be among those of a deadline."""
    if count.last is not None and row.started_at.date() > count.last + DAY:
        return False
    return count.first is None or row.state == "stopped" or row.due_at.date() >= count.first - DAY


def _counted(work: Work, count: Any, row: Any, timeline: Any) -> str:
    before = row.due_at
    try:
        new = count_anew(
            work, row, "recounted", count.why or "", timeline=timeline, recount_id=count.id, only_moved=True
        )
    except Refused as no:
        if no.code != "deadlines.no_working_time":
            raise
        # Nothing is lost: it ends as it did, and both lists say that it could not be counted.
        note(work, row, "not_counted", count.why or "", before=before, recount_id=count.id)
        return "failed"
    return "moved" if new is not row else ""
