"""The log's retention: its oldest lines are deleted in pieces, and a signed mark says where the chain begins now.

The mark lies in the database (`house`), signed with the data folder's key: whoever can write the database alone cannot cut the
log's beginning off. It moves in the same transaction in which the lines before it go.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from common.text import N_
from server.engine.actions.work import Work
from server.engine.audit.anchor import MARK, signed_mark
from server.engine.audit.settings import KEEP_DAYS
from server.engine.database.schema import audit, house
from server.engine.database.statements import Prepared
from server.engine.jobs.declare import job

PIECE = 200

_oldest = Prepared(
    select(audit.c.id, audit.c.at, audit.c.number, audit.c.hash)
    .where(audit.c.number.is_not(None))
    .order_by(audit.c.number)
    .limit(PIECE)
)
_delete = Prepared(delete(audit).where(audit.c.number <= bindparam("last")))
_unmark = Prepared(delete(house).where(house.c.name == MARK))
_mark = Prepared(insert(house).inline(), ("name", "value"))


def over(work: Work) -> Any:
    """The last line of those at the log's beginning that are older than it is kept; nothing when there is none."""
    days = work.setting(KEEP_DAYS)
    if not days:
        return None
    until, last = work.now - timedelta(days=days), None
    for row in work.rows(_oldest):
        if row.at >= until:
            break
        last = row
    return last


@job("audit.prune", every_seconds=30, look=over, label=N_("Delete what the log need not keep any more"))
def prune(work: Work, last: Any) -> None:
    """Delete up to two hundred lines (ADM-I05)."""
    value = signed_mark(work.engine.data, str(work.engine.house.server_id), last.number, bytes(last.hash).hex())
    work.run(_unmark)
    work.run(_mark, name=MARK, value=value)
    work.run(_delete, last=last.number)
