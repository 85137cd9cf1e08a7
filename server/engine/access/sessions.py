"""Sessions of people: when they asked last, and the end of those that nobody uses any more (ADM-I04)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from common.text import N_
from server.engine.access import tokens
from server.engine.actions.work import Work
from server.engine.database.schema import access_token
from server.engine.database.statements import Prepared
from server.engine.jobs.declare import job
from server.engine.settings import setting

if TYPE_CHECKING:
    from server.engine.engine import Engine

IDLE = setting(
    "access.idle_minutes", 240, N_("A session without any request ends after"), unit="min", least=0, most=720,
    help=N_("0 lets every session last its twelve hours."),
)  # fmt: skip
GRACE = timedelta(minutes=2)
"""Another process writes down what it saw once a minute."""

OPEN_SESSIONS = Prepared(
    select(access_token)
    .where(
        access_token.c.kind == "person",
        access_token.c.ended_at.is_(None),
        access_token.c.expires_at > bindparam("moment", type_=access_token.c.expires_at.type),
    )
    .order_by(access_token.c.issued_at.desc())
    .limit(2000)
)
_seen = Prepared(
    update(access_token)
    .where(access_token.c.hash == bindparam("key_hash"))
    .values(seen_at=bindparam("moment", type_=access_token.c.seen_at.type))
)
_idle = Prepared(
    select(access_token.c.hash)
    .where(
        access_token.c.kind == "person",
        access_token.c.ended_at.is_(None),
        func.coalesce(access_token.c.seen_at, access_token.c.issued_at)
        < bindparam("moment", type_=access_token.c.seen_at.type),
    )
    .limit(200)
)


@job("access.sessions", every_seconds=60, aside=True, label=N_("Write down when sessions were used, end idle ones"))
def sessions(engine: Engine) -> None:
    """Write down which sessions were used in this process, and end those that nobody used for long."""
    used = engine.tokens.take_used()

    def idle(work: Work) -> list[bytes]:
        minutes = work.setting(IDLE)
        if not minutes:
            return []
        return [row.hash for row in work.rows(_idle, moment=work.now - timedelta(minutes=minutes) - GRACE)]

    if used:

        def write(work: Work) -> None:
            for hashed, moment in used.items():
                work.run(_seen, key_hash=hashed, moment=moment)

        engine.act("access.seen", write)
    if over := engine.look(idle):

        def end(work: Work) -> None:
            for hashed in over:
                tokens.end(work, hashed)

        engine.act("access.idle", end)
