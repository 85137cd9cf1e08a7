"""The window at which this person works: how it stands, and its commands."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from client_staff.counter.commands import PAUSED, Given, as_of, commands
from client_staff.counter.questions import PauseQuestion, TransferQuestion
from common.link import Link, View
from common.protocol.messages import Message
from common.protocol.queue import (
    AtWindow,
    Called,
    CallNext,
    Finish,
    Pause,
    PutBack,
    Transfer,
    TransferTargets,
    WindowView,
)
from common.qt import dialogs, jobs
from common.text import _

TICK_MS = 500


class Counter(QObject):
    """One window. A command acts once at a time, whoever presses it: page, bar or key."""

    changed = Signal()
    """Something is to be shown anew, at the latest every half second."""

    def __init__(self, link: Link, window_id: UUID, page: QWidget) -> None:
        super().__init__(page)
        self.link = link
        self.window_id = window_id
        self._page = page
        topics = [f"queue.window.{window_id}", f"evaluation.window.{window_id}", "queue", "organisation", "services"]
        self.view: View[WindowView] = View(link, "queue.window", AtWindow(window_id=window_id), WindowView, topics)
        self.view.on_change(self.changed.emit)
        self.view.start()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.changed.emit)
        self._tick.start()

    def stop(self) -> None:
        """Watch no more; the window stays open on the server until it is closed."""
        self._tick.stop()
        self.view.stop()

    @property
    def window(self) -> WindowView | None:
        """How the window stands, as last heard and by what time has done since."""
        value = self.view.value
        return as_of(value, self.link.now()) if value is not None else None

    @property
    def standing(self) -> dict[str, Given]:
        """How every command stands now."""
        return commands(self.window, self.link.now(), online=self.link.online)

    def give(self, name: str, key: QWidget | None = None) -> None:
        """Give a command, if it may be given now; `key` shows that it works."""
        standing = self.standing[name]
        if not standing.allowed:
            self._page.tell(standing.why_not, "warn")  # type: ignore[attr-defined]
            return
        jobs.start(self, getattr(self, f"_{name}"), name="command", busy=key, done=self._done)

    def put_back(self, ticket_id: UUID) -> None:
        """A no-show of today waits again (QUE-907)."""
        jobs.start(
            self, self._act, "queue.put_back", PutBack(window_id=self.window_id, ticket_id=ticket_id), name="command",
            done=self._done,
        )  # fmt: skip

    async def leave(self) -> None:
        """Close the window on the server."""
        await self.link.act("queue.close_window", AtWindow(window_id=self.window_id), WindowView)

    def _done(self, _result: object) -> None:
        self.view.again()

    async def _act(self, verb: str, message: Message) -> Called:
        return await self.link.act(verb, message, Called)

    async def _next(self) -> None:
        view = self.window
        current = view.ticket if view is not None and view.state == "serving" else None
        if current is not None and not await dialogs.ask(
            self._page,
            _("Finish and call the next?"),
            _("Ticket {number} is still in service. It is finished, then the next one is called.").format(
                number=current.number
            ),
            _("Finish and call"),
            _("Not yet"),
        ):
            return
        await self._act("queue.call_next", CallNext(window_id=self.window_id, finish_current=current is not None))

    async def _start(self) -> None:
        await self._act("queue.start", AtWindow(window_id=self.window_id))

    async def _recall(self) -> None:
        await self._act("queue.recall", AtWindow(window_id=self.window_id))

    async def _finish(self) -> None:
        await self._act("queue.finish", Finish(window_id=self.window_id, request_rating=True))

    async def _no_show(self) -> None:
        await self._act("queue.no_show", AtWindow(window_id=self.window_id))

    async def _pause(self) -> None:
        view = self.window
        if view is not None and view.state in PAUSED:
            await self._act("queue.resume", AtWindow(window_id=self.window_id))
            return
        question = PauseQuestion(self._page)
        reason = await question.asked()
        if reason is not None:
            await self._act("queue.pause", Pause(window_id=self.window_id, reason=reason))

    async def _transfer(self) -> None:
        here = AtWindow(window_id=self.window_id)
        targets = await self.link.read("queue.targets", here, TransferTargets)
        question = TransferQuestion(self._page, targets.targets, self.window)
        chosen = await question.asked()
        if chosen is not None:
            service_id, priority = chosen
            await self._act(
                "queue.transfer", Transfer(window_id=self.window_id, service_id=service_id, priority=priority)
            )
