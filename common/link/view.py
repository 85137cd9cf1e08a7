"""A reading that stays true: read once, read anew when a notice says so, kept for a start without the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from common.link.link import Link
from common.link.outcome import Offline, Refusal
from common.link.state import LinkState
from common.protocol.messages import Message, Notice

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)


class View(Generic[M]):
    """One view of the server's, such as the board of a zone. Loop's thread; every callback is called there.

    Notices that come while a reading is on its way lead to exactly one more. `keep` is the name under which the value stays
    on disk (nothing personal); `every` reads it anew after so many seconds even without a notice (estimates move by time).
    """

    def __init__(
        self,
        link: Link,
        verb: str,
        message: Message,
        answer: type[M],
        topics: list[str],
        *,
        keep: str | None = None,
        every: float | None = None,
    ) -> None:
        self._link = link
        self._verb = verb
        self._message = message
        self._answer = answer
        self._topics = topics
        self._keep = keep
        self._every = every
        self.value: M | None = None
        self.at: datetime | None = None
        """The server's time when the value was read."""
        self.refused: Refusal | None = None
        """Why the last reading was refused; nothing when it was not."""
        self._dirty = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stops: list[Callable[[], None]] = []
        self._on_change: list[Callable[[], None]] = []
        if keep is not None and (kept := link.cache.get(keep, answer)) is not None:
            self.value, self.at = kept.value, kept.at

    @property
    def fresh(self) -> bool:
        """What `value` says is true now, as far as anybody can know."""
        return self.value is not None and self._link.online and not self._dirty.is_set() and self.refused is None

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback()` after every reading and when it becomes old or fresh; gives the way to stop it."""
        self._on_change.append(callback)
        return lambda: self._on_change.remove(callback) if callback in self._on_change else None

    def start(self) -> View[M]:
        """Begin to watch."""
        if self._task is None:
            self._dirty.set()
            self._stops = [self._link.watch(topic, self._noticed) for topic in self._topics]
            self._stops.append(self._link.on_state(self._state_changed))
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"view {self._verb}")
        return self

    def stop(self) -> None:
        """Watch no more; the value stays."""
        for stop in self._stops:
            stop()
        self._stops = []
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def again(self) -> None:
        """Read anew now."""
        self._dirty.set()

    def take(self, value: M) -> None:
        """An action has answered with this view: show it at once; the notice that follows reads it anew."""
        self._set(value)

    def _noticed(self, _notice: Notice | None) -> None:
        self._dirty.set()

    def _state_changed(self, state: LinkState) -> None:
        if state is LinkState.ONLINE and (self.refused is not None or self.value is None):
            self._dirty.set()
        self._tell()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._every):
                    await self._dirty.wait()
            except TimeoutError:
                pass
            if not self._link.online:
                await self._online()
            self._dirty.clear()
            try:
                value = await self._link.read(self._verb, self._message, self._answer)
            except Offline as why:
                log.info("%s could not be read: %s", self._verb, why)
                self._dirty.set()
                await asyncio.sleep(self._link.pace.retry)
                continue
            except Refusal as why:
                self.refused = why
                self._tell()
                continue
            self.refused = None
            self._set(value)

    async def _online(self) -> None:
        came = asyncio.Event()
        stop = self._link.on_state(lambda state: came.set() if state is LinkState.ONLINE else None)
        try:
            if not self._link.online:
                await came.wait()
        finally:
            stop()

    def _set(self, value: M) -> None:
        self.value = value
        self.at = self._link.now()
        if self._keep is not None:
            self._link.cache.put(self._keep, value)
        self._tell()

    def _tell(self) -> None:
        for callback in list(self._on_change):
            callback()
