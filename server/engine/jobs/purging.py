"""Purging of what is kept for a while only, in small pieces: notices, answers of keys, done jobs, attempts to sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, bindparam, delete, select

from common.text import N_
from server.engine.actions.work import Work
from server.engine.audit.settings import ATTEMPTS_DAYS
from server.engine.database.schema import action_key, enrolment, notice, provider_sign_in, sign_in_attempt
from server.engine.database.schema import job as jobs
from server.engine.database.statements import Prepared
from server.engine.jobs.declare import job

NOTICES_KEPT = timedelta(hours=48)
KEYS_KEPT = timedelta(days=7)
ENROLMENTS_KEPT = timedelta(days=1)
JOBS_KEPT = timedelta(days=7)
"""Those that were done; what was given up stays with its error."""
PIECE = 200
"""Rows a turn: far below what would hold the writer for 50 ms; twice a minute this is 576,000 rows a day."""


def _older(key: Column[Any], at: Column[Any]) -> Prepared:
    oldest = select(key).where(at < bindparam("moment", type_=at.type)).order_by(at)
    return Prepared(delete(key.table).where(key.in_(oldest.limit(PIECE).scalar_subquery())))


_notices = _older(notice.c.number, notice.c.at)
_keys = _older(action_key.c.scope, action_key.c.at)
_jobs = _older(jobs.c.id, jobs.c.done_at)
# In the order of their ids, which is that of their times: there is no index on the time alone.
_first_attempts = select(sign_in_attempt.c.id).order_by(sign_in_attempt.c.id).limit(PIECE)
_attempts = Prepared(
    delete(sign_in_attempt).where(
        sign_in_attempt.c.id.in_(_first_attempts.scalar_subquery()),
        sign_in_attempt.c.at < bindparam("moment", type_=sign_in_attempt.c.at.type),
    )
)
_enrolments = _older(enrolment.c.id, enrolment.c.expires_at)
_provider_sign_ins = _older(provider_sign_in.c.state, provider_sign_in.c.begun_at)


@job("engine.purge", every_seconds=30, label=N_("Delete old notices, keys and requests"))
def purge(work: Work) -> None:
    """Delete the oldest notices beyond 48 hours; keys and done jobs beyond seven days; devices' requests and
    sign-ins through a provider a day after their end; attempts to sign in as long as the setting says."""
    work.run(_notices, moment=work.now - NOTICES_KEPT)
    work.run(_keys, moment=work.now - KEYS_KEPT)
    work.run(_jobs, moment=work.now - JOBS_KEPT)
    work.run(_attempts, moment=work.now - timedelta(days=work.setting(ATTEMPTS_DAYS)))
    work.run(_enrolments, moment=work.now - ENROLMENTS_KEPT)
    work.run(_provider_sign_ins, moment=work.now - ENROLMENTS_KEPT)
