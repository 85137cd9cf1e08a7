"""Facts on their way to a server that has its own troubles."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.link import Pace
from common.link.facts import MOST_FAILURES, send_facts
from common.link.outbox import Outbox
from common.link.wire import Wire
from common.protocol.messages import Nothing, Problem
from tests.common.link.conftest import run, until
from tests.ground.serving import serving


class Troubled:
    """Answers every request with the next of these states, the last one for ever."""

    def __init__(self, *states: int) -> None:
        self.states = list(states)
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.asked += 1
        status = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        body = Problem(status=status, code="server.trouble", detail="…").model_dump_json() if status >= 300 else "{}"
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": body.encode()})


def sent(app: Troubled, folder: Path) -> Outbox:
    """What becomes of one fact."""
    outbox = Outbox(folder / "outbox.sqlite3", lambda: datetime.now(UTC))
    outbox.put("evaluation.rate", Nothing())

    async def way(port: int) -> None:
        pace = Pace(retry=0.01, retry_most=0.01)
        wire = Wire("pad", "1", "en", pace)
        wire.point(f"http://127.0.0.1:{port}")
        sending = asyncio.create_task(send_facts(wire, outbox, pace))
        await until(lambda: not outbox.waiting)
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        await wire.close()

    with serving(app) as client:
        run(way(client.port))
    return outbox


def test_a_database_that_is_away_for_long_puts_no_fact_aside(tmp_path: Path) -> None:
    app = Troubled(*[503] * (3 * MOST_FAILURES), 429, 200)
    outbox = sent(app, tmp_path)
    assert app.asked == 3 * MOST_FAILURES + 2 and not outbox.refused
    outbox.close()


def test_a_fact_over_which_the_server_fails_again_and_again_lets_the_others_go(tmp_path: Path) -> None:
    app = Troubled(500)
    outbox = sent(app, tmp_path)
    assert app.asked == MOST_FAILURES and [one.problem.status for one in outbox.refused] == [500]
    outbox.close()
