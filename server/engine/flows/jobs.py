"""What cases do by time: timers, each a job row of its own with its moment, fired once in whichever process; steps that were left
without anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from common.text import N_
from server.engine.actions.work import Work
from server.engine.events import listener
from server.engine.flows import binding
from server.engine.flows.binding import Held
from server.engine.flows.events import TimerDue
from server.engine.flows.loaders import CASE_FIRM, OPEN_FOR, OPEN_OF_PEOPLE, OVERDUE_TIMERS
from server.engine.flows.records import CaseStep
from server.engine.flows.running import Running
from server.engine.jobs.declare import job

LATE = timedelta(minutes=30)
"""After which a timer whose job was given up is started anew."""


@listener(TimerDue)
def timer_due(work: Work, event: TimerDue) -> None:
    """The case goes on. Told twice, the second finds the step closed; too early, it waits again."""
    seen = work.find(CaseStep, event.step_id)
    if seen is None or seen.state != "open":
        return
    case = work.first(CASE_FIRM, in_case=seen.case_id)
    row = work.find(CaseStep, event.step_id)
    if case is None or case.state != "running" or row.state != "open" or row.fires_at is None:
        return
    if row.fires_at > work.now:
        work.emit_at(event, row.fires_at)
        return
    running = Running(work, case)
    running.close(row, "passed")
    running.machine.complete(row.task)
    running.go_on()


def _overdue(work: Work) -> list[Any]:
    return work.rows(OVERDUE_TIMERS, before=work.now - LATE)


@job("flows.timers", every_seconds=600, look=_overdue, label=N_("Start timers of cases anew that could not go on"))
def timers_anew(work: Work, found: list[Any]) -> None:
    """A timer whose job failed too often is tried again: no case stays behind for a fault that was mended meanwhile."""
    for row in found:
        work.emit_at(TimerDue(step_id=row.id), work.now)


def _left_alone(work: Work) -> list[Any]:
    held = [row for row in work.rows(OPEN_OF_PEOPLE) if row.person_id or row.post_id or row.role_id]
    return [row for row in held if binding.stranded(work, row)]


@job("flows.stranded", every_seconds=60, look=_left_alone, label=N_("Find steps of cases whose holder is gone"))
def stranded(work: Work, found: list[Any]) -> None:
    """Steps whose holder was removed, locked or is on leave without a substitute go on to who is there (COR-I07)."""
    for held in found:
        rows = work.rows(OPEN_FOR, in_person=held.person_id, in_post=held.post_id, in_role=held.role_id)
        for row in rows:
            _hand_on(work, row)


def _hand_on(work: Work, seen: Any) -> None:
    case = work.first(CASE_FIRM, in_case=seen.case_id)
    row = work.find(CaseStep, seen.id)
    if case.state != "running" or row.state != "open" or not binding.stranded(work, row):
        return
    if row.person_id is not None:
        held = binding.for_person(work, row.person_id)
    elif row.post_id is not None:
        held = binding.on_post(work, row.post_id, case)
    else:
        held = binding.head_of(work, case)
    changed = work.change(
        CaseStep, row, person_id=held.person, post_id=held.post, role_id=held.role,
        facts={**(row.facts or {}), "held": held.why, "instead_of": _before(row)},
    )  # fmt: skip
    if held != Held(why="nobody"):
        Running(work, case).opened(changed)


def _before(row: Any) -> dict[str, str]:
    names = {"person": row.person_id, "post": row.post_id, "role": row.role_id}
    return {name: str(value) for name, value in names.items() if value is not None}
