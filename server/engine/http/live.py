"""`WS /api/live`: numbered notices, pushed; a client resumes with `since=EPOCH:N`."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.engine.engine import Engine
from server.engine.notices.hub import Subscriber
from server.engine.notices.stream import PIECE, bounds, notices_after
from server.engine.principal import Principal

HEARTBEAT_SECONDS = 5.0
MOST_TOPICS = 200
UNAUTHORISED = 4401


async def live(engine: Engine, socket: WebSocket) -> None:
    """Serve one live client until it goes or its session ends."""
    authorization = socket.headers.get("authorization", "")
    token = authorization[7:] if authorization.startswith("Bearer ") else ""
    who = await engine.principal(token) if token else None
    await socket.accept()
    if who is None:
        await _say(socket, {"type": "ended", "code": "access.sign_in"})
        await socket.close(UNAUTHORISED)
        return
    topics = [t for t in socket.query_params.get("topics", "").split(",") if t][:MOST_TOPICS]
    client = _LiveClient(engine, socket, token, who, Subscriber(topics))
    engine.hub.add(client.subscriber)
    try:
        await client.run(socket.query_params.get("since", ""))
    finally:
        engine.hub.remove(client.subscriber)


class _LiveClient:
    def __init__(self, engine: Engine, socket: WebSocket, token: str, who: Principal, subscriber: Subscriber) -> None:
        self.engine = engine
        self.socket = socket
        self.token = token
        self.who = who
        self.subscriber = subscriber
        self.sent = 0

    async def run(self, since: str) -> None:
        engine = self.engine
        await _say(
            self.socket,
            {
                "type": "hello",
                "epoch": engine.house.epoch,
                "last": engine.hub.last,
                "now": engine.clock.now().isoformat(),
                "speed": engine.clock.speed,
            },
        )
        await self._catch_up(since)
        listening = asyncio.ensure_future(self._listen())
        sending = asyncio.ensure_future(self._send())
        try:
            await asyncio.wait({listening, sending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, sending):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await task

    async def _catch_up(self, since: str) -> None:
        """Send what was missed; the subscriber is already filling, so nothing falls between."""
        engine = self.engine
        epoch, _, number = since.partition(":")
        self.sent = engine.hub.last
        if not since:
            return
        if epoch != engine.house.epoch or not number.isdigit():
            await self._snapshot("epoch")
            return
        place = int(number)
        first, last = await engine.read(bounds)
        if place > last or (place + 1 < first):
            await self._snapshot("pruned")
            return
        while True:
            missed = await engine.read(partial(notices_after, since=place))
            for row in missed:
                if self.subscriber.wants(row["topic"]):
                    await self._notice(row)
                place = row["number"]
            if len(missed) < PIECE:
                break
        self.sent = max(place, 0)

    async def _snapshot(self, reason: str) -> None:
        await _say(self.socket, {"type": "snapshot", "reason": reason})

    async def _send(self) -> None:
        queue = self.subscriber.queue
        while True:
            try:
                row = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                if not await self._still_in():
                    return
                if queue.empty():
                    await _say(
                        self.socket,
                        {
                            "type": "at",
                            "n": max(self.engine.hub.last, self.sent),
                            "now": self.engine.clock.now().isoformat(),
                        },
                    )
                continue
            if row is None:
                if self.subscriber.overflowed:
                    await self._snapshot("slow")
                await self.socket.close(1012)
                return
            if row["number"] > self.sent:
                self.sent = row["number"]
                await self._notice(row)

    async def _still_in(self) -> bool:
        if await self.engine.principal(self.token) is not None:
            return True
        await _say(self.socket, {"type": "ended", "code": "access.ended"})
        await self.socket.close(UNAUTHORISED)
        return False

    async def _listen(self) -> None:
        """A client may change its topics; anything else is ignored."""
        while True:
            try:
                message: Any = orjson.loads(await self.socket.receive_text())
            except (WebSocketDisconnect, RuntimeError):
                return
            except orjson.JSONDecodeError:
                continue
            if isinstance(message, dict) and message.get("type") == "topics":
                wanted = message.get("topics")
                if isinstance(wanted, list):
                    self.subscriber.topics = [str(t) for t in wanted][:MOST_TOPICS]
                    # From here on nothing of them is missed: what the client reads now stays true by notices.
                    await _say(self.socket, {"type": "topics", "topics": self.subscriber.topics})

    async def _notice(self, row: dict[str, Any]) -> None:
        await _say(
            self.socket,
            {
                "type": "notice",
                "n": row["number"],
                "topic": row["topic"],
                "kind": row["kind"],
                "ids": row["ids"],
                "at": row["at"].isoformat(),
            },
        )


async def _say(socket: WebSocket, message: dict[str, Any]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(orjson.dumps(message).decode())
