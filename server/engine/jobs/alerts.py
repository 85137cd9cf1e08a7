"""What people do with alerts: see those that stand, and say that they take care."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from common.protocol.alerts import AlertCard, Alerts, AlertSeen, AskAlerts
from common.protocol.messages import Nothing
from common.text import N_, translate
from server.engine.access.permissions import permission
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.schema import alert
from server.engine.database.statements import Prepared
from server.engine.jobs.watch import WATCHES

SEE = permission("alerts.see", N_("See warnings and take care of them"))

ENDED_SHOWN = timedelta(days=1)
STANDING = Prepared(
    select(alert)
    .where(
        alert.c.raised_at.is_not(None),
        or_(alert.c.ended_at.is_(None), alert.c.ended_at >= bindparam("moment", type_=alert.c.ended_at.type)),
    )
    .order_by(alert.c.raised_at.desc(), alert.c.id)
    .limit(500)
)
_one = Prepared(select(alert).where(alert.c.id == bindparam("key_id")))
_seen = Prepared(
    update(alert)
    .where(alert.c.id == bindparam("key_id"), alert.c.seen_at.is_(None))
    .values(seen_at=bindparam("moment", type_=alert.c.seen_at.type), seen_by=bindparam("who"))
)


def cards(work: Work, *, ended: bool = False) -> list[AlertCard]:
    """The alerts that stand, the latest first; with `ended` those of the last day too."""
    since = work.now - ENDED_SHOWN if ended else work.now + ENDED_SHOWN
    return [card_of(row, work.language) for row in work.rows(STANDING, moment=since)]


def card_of(row: Any, language: str) -> AlertCard:
    """A stored alert as it travels, its label in the reader's language."""
    declared = WATCHES.get(row.watch)
    return AlertCard(
        id=row.id,
        watch=row.watch,
        label=translate(declared.label, language) if declared is not None else row.watch,
        subject=row.subject,
        name=row.name or {},
        value=row.value,
        limit=row.bound,
        unit=declared.unit if declared is not None else "",
        facts=row.facts or {},
        since=row.since,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
    )


def alert_row(work: Work, alert_id: UUID) -> Any:
    """One stored alert, or nothing."""
    return work.first(_one, key_id=alert_id)


@reading("alerts.list", needs=SEE, input=AskAlerts, output=Alerts)
def listed(work: Work, request: AskAlerts) -> Alerts:
    """The warnings that stand."""
    return Alerts(items=cards(work, ended=request.ended), now=work.now)


@action("alerts.seen", needs=SEE, input=AlertSeen, output=Nothing)
def seen(work: Work, request: AlertSeen) -> Nothing:
    """Somebody takes care of a warning; the first one stands."""
    if work.run(_seen, key_id=request.alert_id, moment=work.now, who=work.who.id):
        work.audit("alert", request.alert_id, {"seen_by": [None, work.who.id]})
        work.notify("alerts", "seen", alert=request.alert_id)
    return Nothing()
