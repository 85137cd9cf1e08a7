"""A real HTTP server in a thread of the test, on loopback, and a plain client for it."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status_code: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """Speaks to one address; every request has its own connection, so that threads may share a client."""

    def __init__(self, port: int) -> None:
        self.port = port

    def request(
        self, method: str, path: str, content: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request and read its whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = content.encode() if isinstance(content, str) else content
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """A GET."""
        return self.request("GET", path, None, headers)

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        content: str | bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """A POST with a JSON body, or with the bytes as they are."""
        return self.request("POST", path, _dumped(json) if content is None else content, headers)

    def patch(self, path: str, *, json: Any, headers: dict[str, str] | None = None) -> Answer:
        """A PATCH with a JSON body."""
        return self.request("PATCH", path, _dumped(json), headers)

    def delete(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """A DELETE."""
        return self.request("DELETE", path, None, headers)


def _dumped(value: Any) -> str:
    return json.dumps(value, default=str)


class _Prompt(uvicorn.Server):
    """uvicorn looks ten times a second whether it should end, and waits a tenth more: a minute over all the tests."""

    async def main_loop(self) -> None:
        """Serve until told to end."""
        while not await self.on_tick(0):  # noqa: ASYNC110  it also sets the date
            await asyncio.sleep(0.005)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is open, for two seconds at most, then the application."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        end = time.monotonic() + 2
        left = self.server_state
        while (left.connections or left.tasks) and time.monotonic() < end:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.002)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()


@contextmanager
def serving(app: Any) -> Iterator[Client]:
    """Serve an ASGI application until the block ends."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=2)
    server = _Prompt(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="served")
    thread.start()
    try:
        yield Client(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
