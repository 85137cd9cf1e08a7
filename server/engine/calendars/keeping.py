"""Keeping deadlines: what modules call to begin, stop, resume, extend and end them, inside their own actions.

Moments are kept in whole seconds, so that what a day gave adds up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from common.protocol.calendar import AtPlace
from common.text import N_
from server.engine.actions.work import Work
from server.engine.calendars.deadlines import (
    GREEN,
    MOST,
    RED,
    SECONDS,
    YELLOW,
    Reckoned,
    Span,
    Stage,
    Term,
    Warning,
    light,
    open_from,
    reckon,
    running_time,
    shared,
    spread,
    sum_up,
)
from server.engine.calendars.events import DeadlineMoved, DeadlineStrained
from server.engine.calendars.records import OPEN, Deadline, DeadlineEntry
from server.engine.calendars.working_time import NoWorkingTime, Timeline
from server.engine.database.statements import Prepared
from server.engine.errors import refusal
from server.engine.ports import ports

TERM_WRONG = refusal("deadlines.term_wrong", N_("Give a term of at least one and at most {most}."), 422)
NO_TIME = refusal(
    "deadlines.no_working_time",
    N_("The working calendar has too little working time ahead. Set the calendar of the coming years first."),
)
ENDED = refusal("deadlines.ended", N_("This deadline has ended. It can no longer be changed."))
OVER = refusal("deadlines.over", N_("Its time is over already. Extend it instead of stopping it."))
STANDS = refusal("deadlines.stands", N_("This deadline is stopped already."))
RUNS = refusal("deadlines.runs", N_("This deadline is running; there is nothing to resume."))
WHY = refusal("deadlines.reason", N_("Say why; the deadline's ledger keeps it."), 422)
TWICE = refusal("deadlines.twice", N_("There is such a deadline already."))

_d = Deadline.__table__
_of_owner = Prepared(
    select(_d).where(
        _d.c.owner == bindparam("in_owner"),
        _d.c.owner_id == bindparam("in_id", type_=_d.c.owner_id.type),
        _d.c.part == bindparam("in_part"),
        _d.c.ended_at.is_(None),
    )
)
_all_of_owner = Prepared(
    select(_d).where(
        _d.c.owner == bindparam("in_owner"),
        _d.c.owner_id == bindparam("in_id", type_=_d.c.owner_id.type),
        _d.c.ended_at.is_(None),
    )
)
_stages = Prepared(
    select(_d).where(_d.c.whole_id == bindparam("in_id", type_=_d.c.whole_id.type), _d.c.ended_at.is_(None))
)


def start(
    work: Work,
    owner: str,
    owner_id: UUID,
    term: Term,
    *,
    name: dict[str, str],
    part: str = "",
    warning: Warning | None = None,
    at: AtPlace | None = None,
    started: datetime | None = None,
    person_id: UUID | None = None,
    why: str = "",
    whole: Any = None,
    stages: Sequence[Stage] = (),
) -> Any:
    """Begin a deadline; gives its row. `at` says whose calendar counts, the main one without. Refuses a term that no
    calendar can hold."""
    most = MOST[term.unit]
    if not 1 <= term.amount <= most:
        work.refuse("deadlines.term_wrong", most=most)
    if of(work, owner, owner_id, part) is not None:
        work.refuse("deadlines.twice")
    at, warning = at or AtPlace(), warning or Warning()
    began = (started or work.now).replace(microsecond=0)
    timeline = ports.calendars.timeline(work, at)
    found = _reckon(work, timeline, began, term, warning)
    row = work.insert(
        Deadline, name=name, state="running", started_at=began, amount=term.amount, added=0, unit=term.unit,
        working=term.working, free_end=term.free_end, warn_share=warning.share, warn_before=warning.before,
        pauses=[], owner=owner, owner_id=owner_id, part=part, person_id=person_id,
        department_id=at.department_id, hall_id=at.hall_id, outlet_id=at.outlet_id,
        whole_id=whole.id if whole is not None else None,
        stages=[[one.usual, one.least] for one in stages] or None,
        **_instants(timeline, found, "running", ""),
    )  # fmt: skip
    note(work, row, "started", why, after=row.due_at)
    _tell(work, row, "started")
    return row


def start_stage(
    work: Work,
    whole: Any,
    stages: Sequence[Stage],
    owner: str,
    owner_id: UUID,
    *,
    name: dict[str, str],
    part: str = "",
    warning: Warning | None = None,
    person_id: UUID | None = None,
) -> Any:
    """Begin the first of some stages of a whole with its share of the time that is left (APL-035). It is shared anew
    whenever the whole moves. Where what is left is less than the least that the stages need, the stage keeps its least and
    the whole's ledger and an event say what is missing (APL-036)."""
    began = work.now.replace(microsecond=0)
    at = place_of(whole)
    timeline = ports.calendars.timeline(work, at)
    left = shared(running_time(timeline, began, whole.due_at, _closed(whole, work.now)), stages)
    if left.missing:
        strained(work, whole, left.missing)
    row = start(
        work, owner, owner_id, Term(max(1, left.seconds[0]), SECONDS), name=name, part=part, warning=warning, at=at,
        started=began, person_id=person_id, whole=whole, stages=stages,
    )  # fmt: skip
    return stop(work, row, "", at=began) if whole.state == "stopped" else row


def of(work: Work, owner: str, owner_id: UUID, part: str = "") -> Any:
    """The open deadline of something, or nothing."""
    return work.first(_of_owner, in_owner=owner, in_id=owner_id, in_part=part)


def all_of(work: Work, owner: str, owner_id: UUID) -> list[Any]:
    """The open deadlines of something."""
    return work.rows(_all_of_owner, in_owner=owner, in_id=owner_id)


def stop(work: Work, row: Any, why: str, *, at: datetime | None = None) -> Any:
    """Stop a deadline and the stages of it; gives its new row. What is left is what will be left when it goes on."""
    _open(work, row)
    if row.state == "stopped":
        work.refuse("deadlines.stands")
    moment = (at or work.now).replace(microsecond=0)
    if row.due_at <= moment:
        work.refuse("deadlines.over")
    pauses = [*row.pauses, [moment.isoformat(), None]]
    row = work.change(Deadline, row, because=why or None, state="stopped", pauses=pauses, turns_at=None)
    note(work, row, "stopped", why, before=row.due_at)
    _tell(work, row, "stopped")
    for stage in work.rows(_stages, in_id=row.id):
        if stage.state == "running" and stage.due_at > moment:
            stop(work, stage, why, at=moment)
    return row


def resume(work: Work, row: Any, why: str) -> Any:
    """Let a stopped deadline go on, and the stages that were stopped with it."""
    _open(work, row)
    if row.state != "stopped":
        work.refuse("deadlines.runs")
    moment = work.now.replace(microsecond=0)
    pauses = [*row.pauses[:-1], [row.pauses[-1][0], moment.isoformat()]]
    row = count_anew(work, row, "resumed", why, state="running", pauses=pauses)
    for stage in work.rows(_stages, in_id=row.id):
        if stage.state == "stopped" and stage.pauses[-1][0] == pauses[-1][0]:
            resume(work, stage, why)
    return _share_anew(work, row, why)


def extend(work: Work, row: Any, by: int, why: str) -> Any:
    """Give a deadline more of its unit, or take some away; the stages of it are shared anew."""
    _open(work, row)
    amount, most = row.amount + row.added + by, MOST[row.unit]
    if by == 0 or not 1 <= amount <= most:
        work.refuse("deadlines.term_wrong", most=most)
    return _share_anew(work, count_anew(work, row, "extended", why, added=row.added + by), why)


def end(work: Work, row: Any, *, cancelled: bool = False, why: str = "") -> Any:
    """End a deadline: met, late when its time was over and it ran, or no longer needed. Its stages end with it."""
    _open(work, row)
    over = row.state == "running" and work.now >= row.red_at
    state = "cancelled" if cancelled else "late" if over else "met"
    for stage in work.rows(_stages, in_id=row.id):
        end(work, stage, cancelled=True)
    row = work.change(Deadline, row, state=state, ended_at=work.now, turns_at=None)
    note(work, row, state, why, before=row.due_at)
    _tell(work, row, state)
    return row


def count_anew(
    work: Work, row: Any, what: str, why: str, *, timeline: Timeline | None = None, recount_id: UUID | None = None,
    only_moved: bool = False, **changes: Any,
) -> Any:  # fmt: skip
    """Count a deadline anew after something changed; its ledger gets a line, with the days that count otherwise. With
    `only_moved` a row whose instants stay is given back as it is."""
    timeline = timeline or ports.calendars.timeline(work, place_of(row))
    planned = row._replace(**changes)
    found = _reckon(
        work, timeline, planned.started_at, term_of(planned), warning_of(planned), _closed(planned, work.now)
    )
    values = _instants(timeline, found, planned.state, row.said, now=work.now)
    if only_moved and (row.due_at, row.yellow_at) == (found.due, found.yellow):
        return row
    days = differing(row.counted, values["counted"]) if what == "recounted" else None
    new = work.change(Deadline, row, because=why or None, **changes, **values)
    note(work, new, what, why, before=row.due_at, after=new.due_at, days=days, recount_id=recount_id)
    _tell(work, new, what)
    return new


def _share_anew(work: Work, whole: Any, why: str) -> Any:
    """The stages of a whole that has moved get their share of what is left now."""
    for stage in work.rows(_stages, in_id=whole.id):
        if stage.stages:
            timeline = ports.calendars.timeline(work, place_of(stage))
            stages = [Stage(*one) for one in stage.stages]
            room = running_time(timeline, stage.started_at, whole.due_at, _closed(whole, work.now))
            left = shared(room, stages)
            if left.missing:
                strained(work, whole, left.missing)
            amount = max(1, left.seconds[0])
            if amount != stage.amount:
                count_anew(work, stage, "shared", why, timeline=timeline, amount=amount, added=0)
    return whole


def strained(work: Work, whole: Any, missing: int) -> None:
    """Say that the stages to come need more than what is left."""
    note(work, whole, "strained", "", before=whole.due_at)
    work.emit(DeadlineStrained(deadline_id=whole.id, owner=whole.owner, owner_id=whole.owner_id, missing=missing))


def term_of(row: Any) -> Term:
    """A deadline's term with what it was extended by."""
    return Term(row.amount + row.added, row.unit, row.working, row.free_end)


def warning_of(row: Any) -> Warning:
    """When its light turns yellow."""
    return Warning(row.warn_share, row.warn_before)


def place_of(row: Any) -> AtPlace:
    """Whose calendar counts."""
    return AtPlace(outlet_id=row.outlet_id, hall_id=row.hall_id, department_id=row.department_id)


def light_of(row: Any, now: datetime) -> str:
    """The light that a deadline shows now."""
    return light(now, row.yellow_at, row.red_at, stopped=row.state == "stopped")


def reckoned(work: Work, row: Any, timeline: Timeline | None = None) -> Reckoned:
    """A deadline counted as it stands; a stopped one as if it went on now. Raises `NoWorkingTime`."""
    timeline = timeline or ports.calendars.timeline(work, place_of(row))
    return reckon(
        timeline, row.started_at, term_of(row), pauses=_closed(row, row.ended_at or work.now), warning=warning_of(row)
    )


def note(
    work: Work, row: Any, what: str, why: str = "", *, before: datetime | None = None, after: datetime | None = None,
    days: Any = None, recount_id: UUID | None = None,
) -> None:  # fmt: skip
    """Write a line of the ledger."""
    work.insert(
        DeadlineEntry, audited=False, deadline_id=row.id, what=what, why=why or None, due_before=before,
        due_after=after, days=days, recount_id=recount_id,
    )  # fmt: skip


def differing(old: Any, new: Any) -> list[list[Any]]:
    """The days that count otherwise: day, kind and count before, kind and count after."""
    was, will = _days(old), _days(new)
    nothing = ("", Fraction(0))
    return [
        [day.isoformat(), kind, str(count), kind_now, str(count_now)]
        for day in sorted(was.keys() | will.keys())
        for (kind, count), (kind_now, count_now) in [(was.get(day, nothing), will.get(day, nothing))]
        if (kind, count) != (kind_now, count_now)
    ]


def _days(runs: Any) -> dict[date, tuple[str, Fraction]]:
    return spread([(date.fromisoformat(day), kind, Fraction(count), many) for day, kind, count, many in runs or ()])


def _instants(
    timeline: Timeline, found: Reckoned, state: str, said: str, now: datetime | None = None
) -> dict[str, Any]:
    """What a count gives to a row."""
    if now is not None:
        # A light that is no longer true may be told again when it becomes so again.
        said = min(said, light(now, found.yellow, found.due).replace(GREEN, ""), key=("", YELLOW, RED).index)
    turn = {"": found.yellow, YELLOW: found.due}.get(said)
    return {
        "due_at": found.due,
        "yellow_at": found.yellow,
        "red_at": found.due,
        "said": said,
        "turns_at": (open_from(timeline, turn) or turn) if turn is not None and state == "running" else None,
        "counted": [[d.isoformat(), kind, str(count), many] for d, kind, count, many in sum_up(found.lines)],
    }


def _reckon(
    work: Work, timeline: Timeline, began: datetime, term: Term, warning: Warning, pauses: Sequence[Span] = ()
) -> Reckoned:
    try:
        return reckon(timeline, began, term, pauses=pauses, warning=warning)
    except NoWorkingTime:
        work.refuse("deadlines.no_working_time")


def _closed(row: Any, now: datetime) -> list[Span]:
    """A row's pauses; one that lasts ends for the count now."""
    found = []
    for a, b in row.pauses or ():
        begins = datetime.fromisoformat(a)
        ends = datetime.fromisoformat(b) if b else max(begins, now.replace(microsecond=0))
        found.append((begins, ends))
    return found


def _open(work: Work, row: Any) -> None:
    if row.state not in OPEN:
        work.refuse("deadlines.ended")


def _tell(work: Work, row: Any, what: str) -> None:
    work.emit(
        DeadlineMoved(
            deadline_id=row.id, owner=row.owner, owner_id=row.owner_id, part=row.part or "", state=row.state,
            due_at=row.due_at, yellow_at=row.yellow_at, red_at=row.red_at, what=what,
        )
    )  # fmt: skip
    work.notify("deadlines", what, id=row.id, owner=row.owner, owner_id=row.owner_id, version=row.version)
