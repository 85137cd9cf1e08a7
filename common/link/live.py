"""The live socket: topics, resume, snapshots."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import quote

import aiohttp
import orjson

from common.link.clock import ServerClock
from common.link.outcome import Offline
from common.link.pace import Pace
from common.link.wire import Wire
from common.protocol.live import LiveAt, LiveHello, LiveNotice
from common.protocol.messages import Notice

log = logging.getLogger(__name__)

Watcher = Callable[[Notice | None], None]


class Ended(Exception):
    """The server ended this session."""


class Live:
    """Which topics are watched, and up to where they were heard. Everything runs in the loop's thread."""

    def __init__(self, clock: ServerClock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._watchers: dict[str, list[Watcher]] = {}
        self._heard: set[str] = set()
        """Topics without a gap since `_since`; whoever watches another one is told to read anew once it is heard."""
        self._epoch = ""
        self._last = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    def watch(self, topic: str, callback: Watcher) -> Callable[[], None]:
        """See `Link.watch`."""
        watchers = self._watchers.setdefault(topic, [])
        watchers.append(callback)
        if topic in self._heard and self._socket is not None:
            asyncio.get_running_loop().call_soon(self._first_word, topic, callback)
        elif self._socket is not None:
            self._say_topics()

        def stop() -> None:
            if callback in watchers:
                watchers.remove(callback)
            if not watchers and self._watchers.get(topic) is watchers:
                del self._watchers[topic]
                self._heard.discard(topic)
                if self._socket is not None:
                    self._say_topics()

        return stop

    def forget(self) -> None:
        """Somebody else listens now, or another server speaks: everything is read anew."""
        self._epoch, self._last = "", 0
        self._heard.clear()

    async def run(self, wire: Wire, ready: Callable[[], None]) -> None:
        """Connect and listen; calls `ready` after the greeting. Raises Offline or Ended, never returns."""
        since = f"{self._epoch}:{self._last}" if self._epoch else ""
        topics = sorted(self._watchers)
        socket = await wire.live(f"/api/live?since={quote(since)}&topics={quote(','.join(topics))}")
        try:
            hello = LiveHello.model_validate_json(await self._next(socket))
            self._clock.set(hello.now, hello.speed)
            if not since or hello.epoch != self._epoch:
                self._heard.clear()
                self._last = hello.last
            self._epoch = hello.epoch
            self._socket = socket
            if set(self._watchers) != set(topics):
                self._say_topics()
            ready()
            self._now_heard(topics)
            while True:
                self._take(await self._next(socket))
        finally:
            self._socket = None
            await socket.close()

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        try:
            async with asyncio.timeout(self._pace.silence):
                message = await socket.receive()
        except TimeoutError as silent:
            raise Offline("the live socket is silent") from silent
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise Offline(f"the live socket closed: {message.type.name} {message.data}")
        text: str = message.data
        if '"ended"' in text and orjson.loads(text).get("type") == "ended":
            raise Ended(orjson.loads(text).get("code", ""))
        return text

    def _take(self, text: str) -> None:
        kind = orjson.loads(text).get("type")
        if kind == "notice":
            notice = LiveNotice.model_validate_json(text)
            self._last = max(self._last, notice.n)
            for topic, watchers in list(self._watchers.items()):
                if topic in self._heard and covers(topic, notice.topic):
                    for callback in list(watchers):
                        self._call(callback, notice)
        elif kind == "at":
            at = LiveAt.model_validate_json(text)
            self._last = max(self._last, at.n)
            self._clock.at(at.now)
        elif kind == "topics":
            self._now_heard(orjson.loads(text).get("topics", []))
        elif kind == "snapshot":
            heard = [topic for topic in self._watchers if topic in self._heard]
            self._heard.clear()
            self._now_heard(heard)

    def _now_heard(self, topics: list[str]) -> None:
        for topic in topics:
            if topic in self._heard or topic not in self._watchers:
                continue
            self._heard.add(topic)
            for callback in list(self._watchers[topic]):
                self._call(callback, None)

    def _first_word(self, topic: str, callback: Watcher) -> None:
        if callback in self._watchers.get(topic, []):
            self._call(callback, None)

    def _call(self, callback: Watcher, notice: Notice | None) -> None:
        try:
            callback(notice)
        except Exception:
            # One screen's bug must not deafen the others.
            log.exception("a watcher failed")

    def _say_topics(self) -> None:
        socket = self._socket
        if socket is None or socket.closed:
            return
        text = orjson.dumps({"type": "topics", "topics": sorted(self._watchers)}).decode()
        sending = asyncio.get_running_loop().create_task(socket.send_str(text), name="live topics")
        sending.add_done_callback(_forgive)


def covers(topic: str, other: str) -> bool:
    """`queue` covers itself and `queue.zone.…`."""
    return other == topic or other.startswith(f"{topic}.")


def _forgive(task: asyncio.Task[None]) -> None:
    # The socket may close meanwhile: the next connection names all topics anyway.
    if not task.cancelled() and task.exception() is not None:
        log.info("topics were not sent: %s", task.exception())
