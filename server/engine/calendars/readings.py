"""A deadline's ledger, and what a changed calendar moved."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from common.protocol.deadlines import (
    DeadlineView,
    Ledger,
    LedgerEvent,
    LedgerLine,
    Moved,
    MovedBy,
    MovedDeadline,
    OfDeadline,
    OtherDay,
)
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.calendars.access import SEE
from server.engine.calendars.deadlines import DAYS, Line
from server.engine.calendars.keeping import light_of, place_of, reckoned
from server.engine.calendars.records import Deadline, DeadlineEntry, DeadlineRecount
from server.engine.calendars.working_time import NoWorkingTime
from server.engine.database.statements import Prepared
from server.engine.ports import ports
from server.engine.records.called import called
from server.engine.records.lists import met
from server.engine.records.scope import visible

_e, _r, _d = DeadlineEntry.__table__, DeadlineRecount.__table__, Deadline.__table__
_entries = Prepared(
    select(_e).where(_e.c.deadline_id == bindparam("in_id", type_=_e.c.id.type)).order_by(_e.c.created_at, _e.c.id)
)
_latest = Prepared(
    select(_r)
    .where(_r.c.calendar_id == bindparam("in_id", type_=_r.c.id.type))
    .order_by(_r.c.created_at.desc(), _r.c.id.desc())
    .limit(1)
)


@reading("deadlines.ledger", needs=SEE, input=OfDeadline, output=Ledger)
def ledger(work: Work, request: OfDeadline) -> Ledger:
    """A deadline with what each day gave, why, and all that happened to it."""
    return ledger_of(work, Deadline.plan().row(**met(work, Deadline, request.id, "see")))


def ledger_of(work: Work, row: Any) -> Ledger:
    """The ledger of a row; whoever calls has asked for the right to it, such as a step's right to its case."""
    timeline = ports.calendars.timeline(work, place_of(row))
    events = work.rows(_entries, in_id=row.id)
    people = called(work, (one.created_by for one in events))
    try:
        lines = reckoned(work, row, timeline).lines
    except NoWorkingTime:
        lines = ()
    return Ledger(
        deadline=view(row, work.now),
        lines=[_line(one, row.unit == DAYS) for one in lines],
        events=[_event(one, row.unit == DAYS, people) for one in events],
        zone=timeline.zone.key,
    )


def view(row: Any, now: datetime) -> DeadlineView:
    """A deadline as it stands now."""
    return DeadlineView(
        id=row.id, name=row.name, state=row.state, light=light_of(row, now), amount=row.amount + row.added,
        added=row.added, unit=row.unit, working=row.working, started_at=row.started_at, due_at=row.due_at,
        yellow_at=row.yellow_at, red_at=row.red_at,
    )  # fmt: skip


def _line(one: Line, days: bool) -> LedgerLine:
    return LedgerLine(
        day=one.day, kind=one.kind, name=dict(one.name), counted=_shown(one.counted, days),
        total=_shown(one.total, days), first=one.first, paused=one.paused,
    )  # fmt: skip


def _event(row: Any, days: bool, people: dict[UUID, str]) -> LedgerEvent:
    return LedgerEvent(
        at=row.created_at,
        what=row.what,
        why=row.why or "",
        by=people.get(row.created_by, ""),
        due_before=row.due_before,
        due_after=row.due_after,
        days=[
            OtherDay(
                day=date.fromisoformat(day), kind_before=before, counted_before=_shown(Fraction(count), days),
                kind=kind, counted=_shown(Fraction(now), days),
            )
            for day, before, count, kind, now in row.days or ()
        ],
    )  # fmt: skip


def _shown(count: Fraction, days: bool) -> float:
    """A count in days or in hours, as it is shown."""
    return round(float(count if days else count / 3600), 4)


@reading("deadlines.moved", needs=SEE, input=MovedBy, output=Moved)
def moved(work: Work, request: MovedBy) -> Moved:
    """How far the last new count of a calendar's deadlines is, and which it moved (ADM-I07)."""
    row = work.first(_latest, in_id=request.calendar_id)
    if row is None:
        return Moved()
    found = work.connection.execute(
        select(_d.c.id, _d.c.name, _e.c.due_before, _e.c.due_after)
        .join(_d, _d.c.id == _e.c.deadline_id)
        .where(_e.c.recount_id == row.id, visible(Deadline, work.who))
        .order_by(_e.c.id)
        .limit(request.limit)
    )
    return Moved(
        recount_id=row.id,
        at=row.created_at,
        by=called(work, [row.created_by]).get(row.created_by, ""),
        why=row.why or "",
        looked_at=row.looked_at,
        moved=row.moved,
        failed=row.failed,
        done=row.done_at is not None,
        items=[
            MovedDeadline(id=one.id, name=one.name, due_before=one.due_before, due_after=one.due_after) for one in found
        ],
    )
