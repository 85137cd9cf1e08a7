"""A cable that a test can pull: forwards a loopback port to a server, until it is cut or laid to another one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, Self


class Relay:
    """`async with Relay(port) as relay`: `relay.url` reaches whatever `to` names at the time of the connection."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.url = ""
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._came, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self.cut()

    async def cut(self, to: int | None = None) -> None:
        """Every connection breaks off in the middle of whatever it carries; new ones go to `to`."""
        if to is not None:
            self.to = to
        ways = list(self._ways)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.ensure_future(self._carry(reader, writer))
        self._ways.add(way)
        way.add_done_callback(self._ways.discard)

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            far, onward = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            back.transport.abort()
            return
        pumps = [asyncio.ensure_future(way) for way in self._both_ways(near, onward, far, back)]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for writer in (onward, back):
                writer.transport.abort()
            await asyncio.gather(*pumps, return_exceptions=True)

    def _both_ways(
        self,
        near: asyncio.StreamReader,
        onward: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> tuple[Coroutine[Any, Any, None], Coroutine[Any, Any, None]]:
        """What carries one connection to the server, and back; the first that ends breaks it."""
        return _pump(near, onward), _pump(far, back)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(4096):
            writer.write(piece)
            await writer.drain()
