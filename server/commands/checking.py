"""`openhall-server verify`: everything that can be checked of the stored data, as a readable list."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from common.text import N_
from server.commands.opening import clock_of, place_of
from server.engine.backup.restore import refuse_unfinished
from server.engine.backup.snapshot import facts_of, plain_connection
from server.engine.database.engines import postgresql_engine, sqlite_engine
from server.engine.database.migrations import heads, revision_of
from server.engine.errors import Refused, refusal
from server.engine.integrity import INTEGRITY, Verified, verify

OTHER_RELEASE = refusal(
    "database.other_release",
    N_("The database stands at {standing}, this release at {own}. Run openhall-server migrate first."),
    422,
)


def verified(
    url: URL, data: Path, now: datetime, progress: Callable[[str, int, int], None] = lambda stage, done, total: None
) -> Verified:
    """Check one state of a database at this release; nothing is changed, and the hall may work meanwhile."""
    with plain_connection(url) as connection:
        facts = facts_of(connection)
        standing = revision_of(connection)
    if [standing] != heads():
        raise Refused("database.other_release", standing=standing or "—", own=", ".join(heads()))
    if url.get_backend_name() == "sqlite":
        engine = sqlite_engine(Path(url.database or ""), write=False)
        options = {}
    else:
        engine = postgresql_engine(url, 1)
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(**options)
            connection.begin()
            return verify(connection, data, str(facts.server_id), now, progress)
    finally:
        engine.dispose()


def run_verify(options: argparse.Namespace) -> int:
    """The list on standard output; exit status 1 when something is damaged."""
    data, url = place_of(options)
    refuse_unfinished(data)
    found = verified(url, data, clock_of(None).now())
    for finding in sorted(found.findings, key=lambda f: f.note):
        print(f"{'note ' if finding.note else 'wrong'}  {finding.check}: {finding}")
    wrong = sum(not f.note for f in found.findings)
    if wrong:
        print(f"{wrong} findings in {found.checks} checks.", file=sys.stderr)
    else:
        print(f"The audit chain is whole; links, files and {len(INTEGRITY)} rules hold.")
    return 1 if wrong else 0
