"""Verbs of the console over jobs: how they stand, run one now, pause one, try again what was given up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select, update

from common.protocol.jobs import FailedCard, JobCard, JobsView, NameJob, PauseJob, RetryJob
from common.protocol.messages import LANGUAGES, Nothing, Words
from common.text import N_, translate
from server.engine.access.permissions import permission
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.schema import job
from server.engine.database.statements import Prepared
from server.engine.errors import REFUSALS, refusal
from server.engine.jobs.declare import SCHEDULED, Scheduled
from server.engine.jobs.runner import ATTEMPTS, EVERY, Turn, begin_row

SEE = permission("jobs.see", N_("See the server's jobs"))
RUN = permission("jobs.run", N_("Run, pause and repeat the server's jobs"))

UNKNOWN = refusal("jobs.unknown", N_("This server has no job {name}."), 404)
NOT_FAILED = refusal("jobs.not_failed", N_("This work is done or under way; there is nothing to repeat."))
FAILED = N_("It failed: {said}. The server's log says more; it is tried again at its next turn.")

_waiting = Prepared(
    select(func.count().label("n")).where(
        job.c.done_at.is_(None), job.c.attempts < ATTEMPTS, ~job.c.name.startswith(EVERY)
    )
)
_failed = Prepared(
    select(job)
    .where(job.c.done_at.is_(None), job.c.error.is_not(None), ~job.c.name.startswith(EVERY))
    .order_by(job.c.id.desc())
    .limit(100)
)
_paused = Prepared(select(job.c.name).where(job.c.paused.is_(True)))
_pause = Prepared(update(job).where(job.c.unique_key == bindparam("key_name")).values(paused=bindparam("wanted")))
_again = Prepared(
    update(job)
    .where(job.c.id == bindparam("key_id"), job.c.done_at.is_(None), job.c.error.is_not(None))
    .values(attempts=0, leased_until=None, due_at=bindparam("moment", type_=job.c.due_at.type))
)


def given_up(work: Work) -> int:
    """How much work after a change failed so often that it is not tried any more."""
    return sum(1 for row in work.rows(_failed) if row.attempts >= ATTEMPTS)


@reading("jobs.list", needs=SEE, input=Nothing, output=JobsView)
def listed(work: Work, request: Nothing) -> JobsView:
    """Every job with its last and next turn, and what could not be done."""
    paused = {row.name for row in work.rows(_paused)}
    return JobsView(
        jobs=[_card(work, one, EVERY + one.name in paused) for one in SCHEDULED.values()],
        waiting=work.scalar(_waiting) or 0,
        failed=[
            FailedCard(
                id=row.id, name=row.name, due_at=row.due_at, attempts=row.attempts,
                given_up=row.attempts >= ATTEMPTS, error=row.error,
            )
            for row in work.rows(_failed)
        ],
        now=work.now,
    )  # fmt: skip


def _card(work: Work, declared: Scheduled, paused: bool) -> JobCard:
    turn: Turn | None = work.engine.jobs.turns.get(declared.name)
    return JobCard(
        name=declared.name,
        label=translate(declared.label, work.language) if declared.label else declared.name,
        every_seconds=declared.every_seconds,
        last_at=turn.at if turn is not None else None,
        last_ms=turn.ms if turn is not None else None,
        worked=turn is not None and turn.worked,
        next_at=None if paused else work.engine.jobs.next_turn(declared.name),
        problem=_problem(turn),
        failed_at=turn.failed_at if turn is not None else None,
        failures=turn.failures if turn is not None else 0,
        paused=paused,
    )


def _problem(turn: Turn | None) -> Words:
    if turn is None or turn.problem is None:
        return {}
    declared = REFUSALS.get(turn.problem[0])
    sentence: str = declared.sentence if declared is not None else FAILED
    facts: dict[str, Any] = turn.problem[1] if declared is not None else {"said": turn.problem[0]}
    return {code: translate(sentence, code).format(**facts) for code in LANGUAGES}


@action("jobs.run_now", needs=RUN, input=NameJob, output=Nothing)
def run_now(work: Work, request: NameJob) -> Nothing:
    """Have a job take its next turn at once, paused or not."""
    if request.name not in SCHEDULED:
        work.refuse("jobs.unknown", name=request.name)
    work.audit("job", None, {"run_now": [None, request.name]})
    work.notify("jobs", "run", name=request.name)
    return Nothing()


@action("jobs.pause", needs=RUN, input=PauseJob, output=Nothing)
def pause(work: Work, request: PauseJob) -> Nothing:
    """Let a job rest until it is told to go on; on every server of the hall."""
    if request.name not in SCHEDULED:
        work.refuse("jobs.unknown", name=request.name)
    begin_row(work, request.name)
    work.run(_pause, key_name=EVERY + request.name, wanted=request.paused)
    work.audit("job", None, {"name": [request.name, request.name], "paused": [not request.paused, request.paused]})
    work.notify("jobs", "paused", name=request.name, paused=request.paused)
    return Nothing()


@action("jobs.retry", needs=RUN, input=RetryJob, output=Nothing)
def retry(work: Work, request: RetryJob) -> Nothing:
    """Try work again that failed."""
    if not work.run(_again, key_id=request.id, moment=work.now):
        work.refuse("jobs.not_failed")
    work.audit("job", None, {"retry": [None, request.id]})
    work.notify("jobs", "retry", id=request.id)
    work.outcome.after.append(work.engine.jobs.wake)
    return Nothing()
