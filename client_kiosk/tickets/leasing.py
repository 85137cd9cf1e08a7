"""Keeps this kiosk's own block of numbers fresh while the server is there."""

from __future__ import annotations

import asyncio
import logging

from client_kiosk.tickets.numbers import Numbers
from common.link import Link, LinkState, Offline, Refusal
from common.protocol.messages import Notice
from common.protocol.queue_kiosk import Leases

log = logging.getLogger(__name__)

LEAST, MOST = 60.0, 600.0
"""Seconds between two leases; a twelfth of the time that one is good for lies between them."""


class Leasing:
    """Asks for numbers as soon as the server is there, again and again, and whenever settings or services change."""

    def __init__(self, link: Link, numbers: Numbers) -> None:
        self._link, self._numbers = link, numbers
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stops = [
            link.on_state(self._state_changed),
            link.watch("settings", self._noticed),
            link.watch("services", self._noticed),
        ]

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="leasing")

    def stop(self) -> None:
        """End; what is leased stays on disk."""
        for stop in self._stops:
            stop()
        if self._task is not None:
            self._task.cancel()

    def _state_changed(self, state: LinkState) -> None:
        if state is LinkState.ONLINE:
            self._hurry.set()

    def _noticed(self, _notice: Notice | None) -> None:
        self._hurry.set()

    async def _run(self) -> None:
        pause = MOST
        while True:
            try:
                async with asyncio.timeout(pause):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            pause = await self._lease()

    async def _lease(self) -> float:
        if not self._link.online:
            return MOST
        try:
            leases = await self._link.act("queue.lease_numbers", self._numbers.asked(), Leases)
        except Offline as why:
            log.info("no numbers were leased: %s", why)
            return LEAST
        except Refusal as why:
            log.warning("no numbers were leased: %s", why)
            return MOST
        self._numbers.take(leases)
        return max(LEAST, min(MOST, (leases.valid_until - leases.now).total_seconds() / 12))
