"""Sends what waits in the outbox, oldest first, each until the server has taken or refused it."""

from __future__ import annotations

import asyncio

from common.link.outbox import Outbox
from common.link.outcome import Offline, Refusal
from common.link.pace import Pace, longer
from common.link.verbs import verb_path
from common.link.wire import Wire

MOST_FAILURES = 5
"""After so many bugs of the server over one fact it is put aside, so that the others can go."""

PASSING = (429, 503)
"""Too much at once, or a server whose database is away: nothing is wrong with the fact, however long that lasts."""


async def send_facts(wire: Wire, outbox: Outbox, pace: Pace) -> None:
    """Until cancelled. Raises Offline when the server is gone and Refusal when this device is not accepted any more."""
    changed = asyncio.Event()
    stop = outbox.on_change(changed.set)
    pause = pace.retry
    try:
        while True:
            changed.clear()
            fact = outbox.first()
            if fact is None:
                await changed.wait()
                continue
            try:
                answer = await wire.ask("POST", verb_path(fact.verb), fact.body.encode(), key=str(fact.fact_id))
            except Offline:
                raise
            except Refusal as why:
                if why.status == 401:
                    raise
                if why.status == 429 or why.status >= 500:
                    if why.status not in PASSING:
                        outbox.failed(fact.fact_id)
                        if fact.failures + 1 >= MOST_FAILURES:
                            outbox.refuse(fact.fact_id, why.problem)
                    await asyncio.sleep(pause)
                    pause = longer(pause, pace)
                    continue
                outbox.refuse(fact.fact_id, why.problem)
            else:
                outbox.answered(fact, answer)
            pause = pace.retry
    finally:
        stop()
