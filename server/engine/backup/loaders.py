"""Prepared reading of the runs, and the passphrase that the server's environment gives."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from server.engine.backup.archive import PASSPHRASE_VARIABLE
from server.engine.backup.records import BackupRun
from server.engine.database.schema import audit
from server.engine.database.statements import Prepared

FILE_VARIABLE = PASSPHRASE_VARIABLE + "_FILE"

_run = BackupRun.__table__
_moment = _run.c.beat_at.type

_a_backup = and_(_run.c.kind != "verification", _run.c.kind != "restoration")

OPEN = Prepared(select(_run).where(_run.c.slot == "open"))
LATEST = Prepared(select(_run).order_by(_run.c.created_at.desc(), _run.c.id.desc()).limit(50))
LAST_CHECK = Prepared(
    select(_run)
    .where(_run.c.kind == "verification", or_(*[_run.c.state == state for state in ("good", "bad", "failed")]))
    .order_by(_run.c.ended_at.desc())
    .limit(1)
)
_LAST_GOOD = Prepared(
    select(_run.c.ended_at)
    .where(_a_backup, _run.c.state == "good", _run.c.verified.is_(True))
    .order_by(_run.c.ended_at.desc())
    .limit(1)
)
_LAST_TRY = Prepared(select(_run.c.created_at).where(_a_backup).order_by(_run.c.created_at.desc()).limit(1))
_FIRST = Prepared(select(audit.c.at).order_by(audit.c.id).limit(1))
STANDING = Prepared(
    select(_run).where(_a_backup, _run.c.state == "good", _run.c.removed.is_(False), _run.c.path.is_not(None))
)
BEAT = Prepared(
    update(BackupRun)
    .where(_run.c.id == bindparam("key_id"), _run.c.state == "running")
    .values(
        beat_at=bindparam("moment", type_=_moment),
        progress=bindparam("percent"),
        stage=bindparam("step"),
    )
)


def last_good(work: Any) -> datetime | None:
    """When the last good backup ended."""
    row = work.first(_LAST_GOOD)
    return row.ended_at if row is not None else None


def last_try(work: Any) -> datetime | None:
    """When the last one was begun, however it ended."""
    row = work.first(_LAST_TRY)
    return row.created_at if row is not None else None


def first_change(work: Any) -> datetime | None:
    """When the hall's first change was written down."""
    row = work.first(_FIRST)
    return row.at if row is not None else None


def server_passphrase() -> str | None:
    """The passphrase of backups that nobody types: from the environment, or from the file that it names."""
    word = os.environ.get(PASSPHRASE_VARIABLE)
    path = os.environ.get(FILE_VARIABLE)
    if word is None and path and Path(path).is_file():
        word = Path(path).read_text(encoding="utf-8").strip("\r\n")
    return word or None
