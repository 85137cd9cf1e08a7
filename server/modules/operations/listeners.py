"""What operations does about others' alarms: each alarm of the system opens a fault at once (ADM-039)."""

from __future__ import annotations

from common.protocol.messages import LANGUAGES
from common.text.catalogue import translate
from server.engine.actions.work import Work
from server.engine.events import listener
from server.engine.jobs.alerts import alert_row
from server.engine.jobs.watch import WATCHES, AlertEnded, AlertRaised
from server.modules.operations import loaders, rules
from server.modules.operations.records import Fault


@listener(AlertRaised)
def alarm_raised(work: Work, event: AlertRaised) -> None:
    """Open a fault; an alarm that was told twice opens one."""
    source = rules.SOURCE_OF.get(event.watch)
    if source is None or work.first(loaders.OF_ALERT, key_alert=event.alert_id) is not None:
        return
    row, label = alert_row(work, event.alert_id), WATCHES[event.watch].label
    named = (row.name or {}).get("en", "") if row is not None else ""
    name = {code: translate(label, code) + (f": {named}" if named else "") for code in LANGUAGES}
    made = work.insert(
        Fault, name=name, source=source, about=f"{event.value} > {event.limit} {WATCHES[event.watch].unit}".strip(),
        watch=event.watch, subject=event.subject, alert_id=event.alert_id, found_at=work.now, level_since=work.now,
    )  # fmt: skip
    work.notify("operations", "fault", id=made.id)


@listener(AlertEnded)
def alarm_ended(work: Work, event: AlertEnded) -> None:
    """Note when the alarm ended: only then a fault counts as recovered."""
    row = work.first(loaders.OF_ALERT, key_alert=event.alert_id)
    if row is not None and row.gone_at is None:
        work.change(Fault, row, gone_at=work.now)
        work.notify("operations", "fault", id=row.id)
