"""@watch: a figure with a limit, declared once. It is told when it has stood over its limit for a while, once a crossing,
and it ends when it falls. The one mechanism for every watched figure (SM-THRESH)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from server.engine.actions.work import Work
from server.engine.database.schema import alert
from server.engine.database.statements import Prepared
from server.engine.database.types import new_id
from server.engine.events import Event
from server.engine.jobs.declare import job

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Measured:
    """What a watch saw of one subject: its value, the limit that must not be passed, and how long it may be passed."""

    subject: str
    value: int
    limit: int | None
    hold: int = 0
    """Seconds for which the value must stand over its limit before it is told."""
    name: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Watch:
    """A declared watch."""

    name: str
    label: str
    unit: str
    function: Callable[[Any], Iterable[Measured]]


WATCHES: dict[str, Watch] = {}


class AlertRaised(Event):
    """A figure stood over its limit for as long as it may."""

    alert_id: UUID
    watch: str
    subject: str
    value: int
    limit: int


class AlertEnded(Event):
    """A figure is within its limit again."""

    alert_id: UUID
    watch: str
    subject: str


def crossing(
    value: int, limit: int | None, hold: int, since: datetime | None, raised: bool, now: datetime
) -> str | None:
    """What a value does to what stood before, or nothing: `begins` to be over, is `raised` after its hold time, `lapses`
    before it, `ends`. `since` is when it went over."""
    if limit is not None and value > limit:
        if raised:
            return None
        if hold <= 0 or (since is not None and (now - since).total_seconds() >= hold):
            return "raised"
        return "begins" if since is None else None
    if since is None:
        return None
    return "ends" if raised else "lapses"


OPEN = Prepared(select(alert).where(alert.c.watch == bindparam("watch"), alert.c.ended_at.is_(None)))
OPEN_ONE = Prepared(
    select(alert).where(
        alert.c.watch == bindparam("watch"), alert.c.subject == bindparam("subject"), alert.c.ended_at.is_(None)
    )
)
_begin = Prepared(
    insert(alert).inline(),
    ("id", "watch", "subject", "name", "value", "bound", "facts", "since", "raised_at"),
)
_raise = Prepared(
    update(alert)
    .where(alert.c.id == bindparam("key_id"), alert.c.raised_at.is_(None))
    .values(
        raised_at=bindparam("moment", type_=alert.c.raised_at.type), value=bindparam("new_value"),
        bound=bindparam("new_bound"),
    )
)  # fmt: skip
_higher = Prepared(
    update(alert)
    .where(alert.c.id == bindparam("key_id"), alert.c.value < bindparam("new_value"))
    .values(value=bindparam("new_value"))
)
_end = Prepared(
    update(alert)
    .where(alert.c.id == bindparam("key_id"), alert.c.ended_at.is_(None))
    .values(ended_at=bindparam("moment", type_=alert.c.ended_at.type))
)
_lapse = Prepared(delete(alert).where(alert.c.id == bindparam("key_id"), alert.c.raised_at.is_(None)))


def watch(name: str, label: str, *, unit: str = "", every_seconds: float = 5) -> Callable[[F], F]:
    """Declare a watch; `function(work)` reads what is to be measured, beside the writer. What it does not name any more is
    within its limit."""

    def declare(function: F) -> F:
        WATCHES[name] = Watch(name, label, unit, function)

        def look(work: Work) -> list[tuple[str, Measured]]:
            return changes(work, name, function(work))

        job("watch:" + name, every_seconds=every_seconds, look=look, label=label)(
            lambda work, found: tell(work, name, found)
        )
        return function

    return declare


def changes(work: Work, name: str, measured: Iterable[Measured]) -> list[tuple[str, Measured]]:
    """What the measured values change of the alerts that stand."""
    standing = {row.subject: row for row in work.rows(OPEN, watch=name)}
    # A length of time grows with every look: its peak is kept to the minute.
    step = 60 if name in WATCHES and WATCHES[name].unit == "s" else 1
    found = []
    for one in measured:
        row = standing.pop(one.subject, None)
        since, raised = (row.since, row.raised_at is not None) if row is not None else (None, False)
        change = crossing(one.value, one.limit, one.hold, since, raised, work.now)
        if change is None and raised and row is not None and one.value >= row.value + step:
            change = "higher"
        if change is not None:
            found.append((change, one))
    for row in standing.values():
        gone = Measured(row.subject, 0, row.bound)
        found.append(("ends" if row.raised_at is not None else "lapses", gone))
    return found


def tell(work: Work, name: str, found: list[tuple[str, Measured]]) -> None:
    """Write the changes down and tell them; what another process told meanwhile is not told twice."""
    for change, one in found:
        row = work.first(OPEN_ONE, watch=name, subject=one.subject)
        alert_id = row.id if row is not None else new_id()
        if change == "lapses" and row is not None:
            work.run(_lapse, key_id=alert_id)
        elif change == "higher" and row is not None:
            work.run(_higher, key_id=alert_id, new_value=one.value)
        elif change == "ends" and row is not None and work.run(_end, key_id=alert_id, moment=work.now):
            work.emit(AlertEnded(alert_id=alert_id, watch=name, subject=one.subject))
            work.notify("alerts", "ended", alert=alert_id)
        elif change in ("begins", "raised") and one.limit is not None:
            raised = change == "raised"
            if row is None:
                work.run(
                    _begin, id=alert_id, watch=name, subject=one.subject, name=one.name, value=one.value,
                    bound=one.limit, facts=one.facts, since=work.now, raised_at=work.now if raised else None,
                )  # fmt: skip
            elif not (
                raised and work.run(_raise, key_id=alert_id, moment=work.now, new_value=one.value, new_bound=one.limit)
            ):
                continue
            if raised:
                work.emit(
                    AlertRaised(alert_id=alert_id, watch=name, subject=one.subject, value=one.value, limit=one.limit)
                )
                work.notify("alerts", "raised", alert=alert_id)
