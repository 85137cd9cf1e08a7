"""What people do with deadlines: stop, resume and extend them with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import or_, select

from common.protocol.deadlines import DeadlineView
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.calendars import keeping
from server.engine.calendars.access import CHANGE
from server.engine.calendars.readings import view
from server.engine.calendars.records import Deadline
from server.engine.records.record import When
from server.engine.records.scope import reach

REASON: Any = Field(min_length=1, max_length=1000, title=N_("Reason"))


class ChangeDeadline(BaseModel):
    """`deadlines.stop`, `deadlines.resume`: which one and why."""

    id: UUID
    reason: str = REASON


class ExtendDeadline(ChangeDeadline):
    """`deadlines.extend`: by how much of its unit; less than nought shortens it."""

    by: int = Field(ge=-2000, le=2000, title=N_("By"))


def _alone(request: ChangeDeadline) -> list[tuple[str, Any]]:
    return [("deadline", request.id)]


def changeable(work: Work, deadline_id: UUID) -> Any:
    """The row that this one may change; refuses otherwise."""
    table = Deadline.__table__
    reached = or_(*[reach(Deadline, one, one.level(CHANGE)) for one in (work.who, *work.who.lent)])
    if work.connection.execute(select(table.c.id).where(table.c.id == deadline_id, reached)).first() is None:
        work.refuse("records.not_found", record="deadline", id=str(deadline_id))
    return work.get(Deadline, deadline_id)


def said(work: Work, reason: str) -> str:
    """The reason; blanks are none."""
    if not reason.strip():
        work.refuse("deadlines.reason")
    return reason.strip()


@action(
    "deadlines.stop", needs=CHANGE, input=ChangeDeadline, output=DeadlineView, locks=_alone,
    on=Deadline, label=N_("Stop the clock"), when=(When("state", "is", "running"),),
)  # fmt: skip
def stop(work: Work, request: ChangeDeadline) -> DeadlineView:
    """Stop a deadline: time no longer passes for it until it goes on."""
    reason = said(work, request.reason)
    return view(keeping.stop(work, changeable(work, request.id), reason), work.now)


@action(
    "deadlines.resume", needs=CHANGE, input=ChangeDeadline, output=DeadlineView, locks=_alone,
    on=Deadline, label=N_("Let the clock go on"), when=(When("state", "is", "stopped"),),
)  # fmt: skip
def resume(work: Work, request: ChangeDeadline) -> DeadlineView:
    """Let a stopped deadline go on with what was left of it."""
    reason = said(work, request.reason)
    return view(keeping.resume(work, changeable(work, request.id), reason), work.now)


@action(
    "deadlines.extend", needs=CHANGE, input=ExtendDeadline, output=DeadlineView, locks=_alone,
    on=Deadline, label=N_("Extend"), when=(When("state", "any_of", ("running", "stopped")),),
)  # fmt: skip
def extend(work: Work, request: ExtendDeadline) -> DeadlineView:
    """Give a deadline more of its unit, or less."""
    reason = said(work, request.reason)
    return view(keeping.extend(work, changeable(work, request.id), request.by, reason), work.now)
