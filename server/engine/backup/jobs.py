"""The schedule: begins what is due, closes what was cut off, and says when the last good backup is too old."""

from __future__ import annotations

import logging
from datetime import timedelta

from common.text import N_
from server.engine.actions.work import Work
from server.engine.backup import loaders, schedule
from server.engine.backup.actions import begin
from server.engine.backup.records import BackupRun
from server.engine.backup.settings import ALARM_HOURS, ENCRYPT, EVERY_HOURS
from server.engine.errors import Refused
from server.engine.jobs.declare import job

log = logging.getLogger(__name__)

SILENT = timedelta(seconds=60)
"""A run without a sign of life for so long is over; its process or its server ended. Beats come every two seconds."""


@job("backup.schedule", every_seconds=60, label=N_("Begin backups that are due"))
def look(work: Work) -> None:
    """Once a minute."""
    close_silent(work)
    first, good = loaders.first_change(work), loaders.last_good(work)
    due = schedule.next_due(first, good, loaders.last_try(work), work.setting(EVERY_HOURS))
    if due is not None and work.now >= due and work.first(loaders.OPEN) is None:
        try:
            begin(work, "scheduled", work.setting(ENCRYPT))
        except Refused as no:
            # Written down like any other failure, so that the console shows it and the next try comes in an hour.
            row = work.insert(BackupRun, kind="scheduled", state="failed", began_at=work.now, ended_at=work.now,
                              problem=no.code, problem_facts=no.facts)  # fmt: skip
            work.notify("backup", "ended", run=row.id, state="failed")
    old = schedule.state(first, good, work.setting(ALARM_HOURS), work.now) == "old"
    if old and work.engine.backups.alarm_due(work.now):
        log.warning("the last good backup is too old: %s", good or "there is none")
        work.notify("backup", "alarm", last_good=good or "")


def close_silent(work: Work, *, all_of_them: bool = False) -> None:
    """Close a run that nobody works on any more."""
    row = work.first(loaders.OPEN)
    if row is None or row.state != "running":
        return
    silent = SILENT * max(1.0, work.engine.clock.speed)
    if all_of_them or row.beat_at is None or work.now - row.beat_at > silent:
        work.change(BackupRun, row, state="interrupted", slot=None, ended_at=work.now, problem="backup.cut_off")
        work.notify("backup", "ended", run=row.id, state="interrupted")
