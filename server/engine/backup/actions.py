"""Verbs of the console: run now, check, stop, and how things stand. Restoring stays on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common.protocol.backup import BackupRunCard, BackupView, FindingCard, RunAnswer, RunBackup, StopRun
from common.protocol.messages import LANGUAGES, Nothing, Words
from common.text import N_, translate
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.backup import loaders, schedule
from server.engine.backup import results as _results  # noqa: F401  declares what a run's worker may say
from server.engine.backup.access import RUN, SEE
from server.engine.backup.archive import PASSPHRASE_VARIABLE
from server.engine.backup.loaders import FILE_VARIABLE
from server.engine.backup.records import BackupRun
from server.engine.backup.settings import ALARM_HOURS, ENCRYPT, EVERY_HOURS, FOLDER
from server.engine.errors import REFUSALS, refusal

RUNNING = refusal("backup.running", N_("A backup or check is running already. Wait until it has ended, or stop it."))
NO_PASSPHRASE = refusal(
    "backup.no_server_passphrase",
    N_("The server has no passphrase for backups. Give it one in {variable} or {file_variable} and start it again."),
    422,
)
ENDED = refusal("backup.ended", N_("This run has ended already."))
CRASHED = refusal("backup.crashed", N_("The backup's own process failed. The server's log says why."))
CUT_OFF = refusal("backup.cut_off", N_("It was cut off: its process or the server ended. Nothing half done was kept."))

SLOT = "open"


def folder_of(work: Work) -> Path:
    """Where backups lie; the folder in the data folder is made when it is the one."""
    named = work.setting(FOLDER)
    return Path(named) if named else work.engine.data / "backups"


def begin(work: Work, kind: str, encrypted: bool) -> Any:
    """A row that waits for the desk; refuses while another is open."""
    if work.first(loaders.OPEN) is not None:
        work.refuse("backup.running")
    if encrypted and loaders.server_passphrase() is None:
        work.refuse("backup.no_server_passphrase", variable=PASSPHRASE_VARIABLE, file_variable=FILE_VARIABLE)
    row = work.insert(BackupRun, kind=kind, encrypted=encrypted, slot=SLOT)
    work.notify("backup", "asked", run=row.id)
    work.outcome.after.append(work.engine.backups.wake)
    return row


def _one_at_a_time(_request: Any) -> list[tuple[str, str]]:
    return [("backup", SLOT)]


@action("backup.run_now", needs=RUN, input=RunBackup, output=RunAnswer, locks=_one_at_a_time)
def run_now(work: Work, request: RunBackup) -> RunAnswer:
    """Take a backup now, while the hall works (ADM-035)."""
    encrypted = work.setting(ENCRYPT) if request.encrypt is None else request.encrypt
    return RunAnswer(run=card(begin(work, "manual", encrypted)))


@action("backup.verify", needs=RUN, input=Nothing, output=RunAnswer, locks=_one_at_a_time)
def verify_now(work: Work, request: Nothing) -> RunAnswer:
    """Check the stored data: links, rules, files and the audit chain (ADM-036)."""
    return RunAnswer(run=card(begin(work, "verification", False)))


@action("backup.stop", needs=RUN, input=StopRun, output=RunAnswer, locks=_one_at_a_time)
def stop(work: Work, request: StopRun) -> RunAnswer:
    """Stop a run; nothing of it is kept."""
    row = work.get(BackupRun, request.run_id)
    if row.slot is None:
        work.refuse("backup.ended")
    if row.state == "waiting":
        row = work.change(BackupRun, row, state="stopped", slot=None, ended_at=work.now)
        work.notify("backup", "ended", run=row.id, state="stopped")
    else:
        row = work.change(BackupRun, row, stop_wanted=True)
        work.outcome.after.append(lambda: work.engine.backups.stop_run(request.run_id))
    return RunAnswer(run=card(row))


@reading("backup.runs", needs=SEE, input=Nothing, output=BackupView)
def runs(work: Work, request: Nothing) -> BackupView:
    """How the backups stand: the last ones, what runs, and whether the last good one is too old."""
    first, good = loaders.first_change(work), loaders.last_good(work)
    every, alarm = work.setting(EVERY_HOURS), work.setting(ALARM_HOURS)
    running, check = work.first(loaders.OPEN), work.first(loaders.LAST_CHECK)
    return BackupView(
        state=schedule.state(first, good, alarm, work.now),
        last_good_at=good,
        next_at=schedule.next_due(first, good, loaders.last_try(work), every),
        folder=str(folder_of(work)),
        every_hours=every,
        alarm_hours=alarm,
        can_encrypt=loaders.server_passphrase() is not None,
        running=card(running) if running is not None else None,
        runs=[card(row, findings=False) for row in work.rows(loaders.LATEST)],
        last_check=card(check) if check is not None else None,
    )


def card(row: Any, *, findings: bool = True) -> BackupRunCard:
    """A run as it travels; its sentences in all languages, for whoever reads."""
    found = (row.findings or []) if findings else []
    return BackupRunCard(
        id=row.id, kind=row.kind, state=row.state, began_at=row.began_at, ended_at=row.ended_at, seconds=row.seconds,
        size_kb=row.size_kb, path=row.path or "", encrypted=row.encrypted, verified=row.verified, removed=row.removed,
        problem=_problem(row), stage=row.stage or "", progress=row.progress or 0,
        findings=[
            FindingCard(check=f["check"], said=_words(f["sentence"], f["facts"]), note=f["note"]) for f in found
        ],
    )  # fmt: skip


def _problem(row: Any) -> Words:
    declared = REFUSALS.get(row.problem or "")
    return _words(declared.sentence, row.problem_facts or {}) if declared is not None else {}


def _words(sentence: str, facts: dict[str, Any]) -> Words:
    return {code: translate(sentence, code).format(**facts) for code in LANGUAGES}
