"""What a finished backup or check leaves in its row; plain values, since they come from another process."""

from __future__ import annotations

from typing import Any

from common.text import N_
from server.engine.actions.work import Work
from server.engine.backup.prepared import PutInPlace
from server.engine.backup.records import BackupRun
from server.engine.backup.take import Taken
from server.engine.integrity import Finding, Verified, findings_of

MISSING = N_("The file {hash} is named in the database and missing from the file store; the backup has no copy of it.")
ALTERED = N_("The file {hash} has other bytes than its name says; the backup holds it as it is.")


def of_backup(taken: Taken) -> dict[str, Any]:
    """A backup that was read again and checked; what was wrong with the hall's files is told."""
    wrong = [(MISSING, {"hash": one}) for one in taken.missing_files]
    wrong += [(ALTERED, {"hash": one}) for one in taken.altered_files]
    return {
        "state": "good",
        "path": str(taken.path),
        "size_kb": -(-taken.size // 1024),
        "seconds": round(taken.seconds),
        "encrypted": taken.encrypted,
        "verified": True,
        "findings": _plain(list(findings_of("backup.files", wrong))),
    }


def of_verification(verified: Verified, seconds: float) -> dict[str, Any]:
    """A check of the stored data."""
    return {
        "state": "good" if verified.sound else "bad",
        "seconds": round(seconds),
        "findings": _plain(verified.findings),
    }


def _plain(findings: list[Finding]) -> list[dict[str, Any]]:
    return [{"check": f.check, "sentence": f.sentence, "facts": f.facts, "note": f.note} for f in findings]


def write_down(work: Work, kind: str, taken: Taken) -> None:
    """The row of a backup that another process took: the command line, or an upgrade."""
    row = work.insert(BackupRun, kind=kind, began_at=work.now, ended_at=work.now, progress=100, **of_backup(taken))
    work.notify("backup", "ended", run=row.id, state=row.state)


def restored(work: Work, placed: PutInPlace) -> None:
    """What a start writes down that put a restored hall in the place of another, or could not."""
    facts, no = placed.facts, placed.refused
    values: dict[str, Any] = {"state": "good"}
    if no is not None:
        values = {"state": "failed", "problem": no.code, "problem_facts": no.facts}
    else:
        if facts.kept:
            work.insert(BackupRun, kind="before_restore", began_at=facts.asked_at, ended_at=work.now, progress=100,
                        **facts.kept)  # fmt: skip
        # Who asked is told by id alone: the restored hall need not know that person.
        work.audit(
            "house",
            None,
            {
                "epoch": [facts.manifest.epoch, work.engine.house.epoch],
                "restored": [None, facts.manifest.made_at.isoformat()],
                "asked_by": [None, str(facts.who) if facts.who is not None else None],
            },
        )
    row = work.insert(BackupRun, kind="restoration", began_at=facts.asked_at, ended_at=work.now, progress=100,
                      path=facts.archive, **values)  # fmt: skip
    work.notify("backup", "ended", run=row.id, state=row.state)
