"""A demo hall's server and links to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from common.link import Link, LinkState, Pace

QUICK = Pace(retry=0.05, retry_most=0.3, look=0.2)


@asynccontextmanager
async def linked(kind: str, profile: Path, **options: Any) -> AsyncIterator[Link]:
    """A started link, stopped at the end."""
    link = Link(kind, profile=profile, pace=QUICK, **options)
    await link.start()
    try:
        yield link
    finally:
        await link.stop()


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something to become true."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def reach(link: Link, state: LinkState, seconds: float = 10) -> None:
    """Wait for a state."""
    try:
        await until(lambda: link.state is state, seconds)
    except TimeoutError:
        raise AssertionError(f"{link.state} with {link.sentence!r}, not {state}") from None


def run(test: Awaitable[None]) -> None:
    """Run a test's coroutine."""
    asyncio.run(asyncio.wait_for(test, 60))
