"""Verbs of the console: run now, check, restore, stop, and how things stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common.protocol.backup import (
    ArchiveCard,
    ArchiveCards,
    BackupRunCard,
    BackupView,
    FindingCard,
    RestoreBackup,
    RunAnswer,
    RunBackup,
    StopRun,
)
from common.protocol.messages import LANGUAGES, Nothing, Words
from common.text import N_, translate
from common.text.fold import fold
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.backup import loaders, schedule
from server.engine.backup import results as _results  # noqa: F401  declares what a run's worker may say
from server.engine.backup.access import RESTORE, RUN, SEE
from server.engine.backup.archive import PASSPHRASE_VARIABLE, named_time
from server.engine.backup.loaders import FILE_VARIABLE
from server.engine.backup.records import BackupRun
from server.engine.backup.settings import ALARM_HOURS, ENCRYPT, EVERY_HOURS, FOLDER, KEEP_DAYS, KEEP_LEAST
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

NOT_CONFIRMED = refusal(
    "backup.not_confirmed", N_("Nothing was restored: type the hall's name, {name}, exactly as it stands there."), 422
)
NO_SUCH_ARCHIVE = refusal("backup.no_such_archive", N_("There is no backup {name} in the folder any more."), 404)

SLOT = "open"


def folder_of(work: Work) -> Path:
    """Where backups lie; the folder in the data folder is made when it is the one."""
    named = work.setting(FOLDER)
    return Path(named) if named else work.engine.data / "backups"


def begin(work: Work, kind: str, encrypted: bool, **values: Any) -> Any:
    """A row that waits for the desk; refuses while another is open."""
    if work.first(loaders.OPEN) is not None:
        work.refuse("backup.running")
    if encrypted and loaders.server_passphrase() is None:
        work.refuse("backup.no_server_passphrase", variable=PASSPHRASE_VARIABLE, file_variable=FILE_VARIABLE)
    row = work.insert(BackupRun, kind=kind, encrypted=encrypted, slot=SLOT, **values)
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


@reading("backup.archives", needs=SEE, input=Nothing, output=ArchiveCards)
def archives(work: Work, request: Nothing) -> ArchiveCards:
    """The archives of this hall that lie in the folder, whoever put them there."""
    folder = folder_of(work)
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        made_at = named_time(path.name, work.engine.house.server_id)
        if made_at is not None:
            size = -(-path.stat().st_size // 1024)
            sealed = path.suffix == ".sealed"
            found.append(ArchiveCard(name=path.name, made_at=made_at, size_kb=size, encrypted=sealed))
    found.sort(key=lambda one: one.made_at, reverse=True)
    return ArchiveCards(folder=str(folder), archives=found, confirm=_name_of_hall(work))


def _name_of_hall(work: Work) -> str:
    place = work.engine.main_place(work.connection)
    names = place.name if place is not None else {}
    return names.get(work.language) or next(iter(names.values()), "Openhall")


@action("backup.restore", needs=RESTORE, input=RestoreBackup, output=RunAnswer, locks=_one_at_a_time)
def restore(work: Work, request: RestoreBackup) -> RunAnswer:
    """Replace the whole hall by a backup of it (ADM-035, ADM-I10). The present state is backed up first; the archive is
    checked and prepared while the hall works; then the server starts anew with it."""
    place = work.engine.main_place(work.connection)
    names = list(place.name.values()) if place is not None else ["Openhall"]
    if fold(request.confirm.strip()) not in [fold(name) for name in names]:
        work.refuse("backup.not_confirmed", name=_name_of_hall(work))
    # A name of ours holds no slash: nothing outside of the folder can be meant.
    path = folder_of(work) / request.name
    if named_time(request.name, work.engine.house.server_id) is None or not path.is_file():
        work.refuse("backup.no_such_archive", name=request.name)
    if request.name.endswith(".sealed") and not (request.passphrase or loaders.server_passphrase()):
        work.refuse("backup.needs_passphrase", variable=PASSPHRASE_VARIABLE)
    row = begin(work, "restoration", work.setting(ENCRYPT), path=str(path))
    if request.passphrase:
        work.engine.backups.words[row.id] = request.passphrase
    return RunAnswer(run=card(row))


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
        keep_days=work.setting(KEEP_DAYS),
        keep_least=work.setting(KEEP_LEAST),
        encrypts=work.setting(ENCRYPT),
        can_encrypt=loaders.server_passphrase() is not None,
        running=card(running) if running is not None else None,
        runs=[card(row, findings=False) for row in work.rows(loaders.LATEST)],
        last_check=card(check) if check is not None else None,
    )


def state_of(work: Work) -> str:
    """`good`, `old` or `off`: for whoever watches the server from outside."""
    return schedule.state(loaders.first_change(work), loaders.last_good(work), work.setting(ALARM_HOURS), work.now)


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
