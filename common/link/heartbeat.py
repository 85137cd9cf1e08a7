"""A device's word to its server every three seconds."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any

from common.link.link import Link
from common.link.outcome import Offline, Refusal
from common.protocol.devices import Heard, Heartbeat

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds. A zone's voice is leased for six and a half: another display takes over within ten when this one falls silent."""


class Heartbeats:
    """Says how this device is, and hears whether it is its zone's voice. Loop's thread."""

    def __init__(
        self,
        link: Link,
        state: Callable[[], str] = lambda: "ok",
        facts: Callable[[], dict[str, Any]] = dict,
        *,
        wants_voice: Callable[[], bool] = lambda: False,
        on_voice: Callable[[bool], None] = lambda _voice: None,
        every: float = EVERY,
    ) -> None:
        self._link = link
        self._state = state
        self._facts = facts
        self._wants_voice = wants_voice
        self._on_voice = on_voice
        self._every = every
        self._voice = False
        self._run_word = secrets.token_hex(8)
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stop_state: Callable[[], None] = lambda: None

    @property
    def voice(self) -> bool:
        """This display speaks for its zone now. Lost as soon as the server cannot be heard for longer than the lease."""
        return self._voice

    def start(self) -> None:
        """Begin."""
        if self._task is None:
            self._stop_state = self._link.on_state(lambda _state: self._hurry.set())
            self._task = asyncio.get_running_loop().create_task(self._run(), name="heartbeats")

    def stop(self) -> None:
        """End."""
        self._stop_state()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def now(self) -> None:
        """Something changed: say so at once."""
        self._hurry.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        heard_at = 0.0
        while True:
            self._hurry.clear()
            if self._link.online:
                word = Heartbeat(
                    version=self._link.version,
                    state=self._state(),
                    facts={**self._facts(), "outbox": self._link.outbox.waiting},
                    run=self._run_word if self._link.restart is not None else "",
                    wants_voice=self._wants_voice(),
                )
                try:
                    heard = await self._link.read("devices.heartbeat", word, Heard, timeout=3)
                    heard_at = loop.time()
                    self._become(heard.voice)
                    if heard.restart and self._link.restart is not None:
                        log.info("the console wants this program to start anew")
                        self._link.restart()
                except Offline as why:
                    log.info("no heartbeat: %s", why)
                except Refusal as why:
                    log.warning("a heartbeat was refused: %s", why)
            if self._voice and loop.time() - heard_at > 2 * self._every:
                self._become(False)
            try:
                async with asyncio.timeout(self._every):
                    await self._hurry.wait()
            except TimeoutError:
                pass

    def _become(self, voice: bool) -> None:
        if voice is not self._voice:
            self._voice = voice
            self._on_voice(voice)
