"""The printer of this kiosk: how it is, told to citizens and console, and tickets on paper by the hall's layout."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from client_kiosk.tickets.paper import picture
from common.devices.printer import Outcome, TicketPrinter, open_printer
from common.devices.printer_health import PrinterHealth
from common.link import Link, Offline, Refusal, View
from common.protocol.layouts import Layout, LayoutFor, TicketPaper
from common.protocol.queue import Channel
from common.protocol.queue_kiosk import Delivered
from common.text import N_, _, language

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""So often the printer is asked how it is while nothing is printed."""

TO_CITIZENS = {
    "paper_low": N_("The paper of this machine is nearly at its end. Staff have been told."),
    "paper_out": N_("This machine is out of paper. Your number comes on the screen, and it is valid."),
    "cover_open": N_("The cover of the printer is open. Your number comes on the screen, and it is valid."),
    "jam": N_("The printer is jammed. Your number comes on the screen, and it is valid."),
    "broken": N_("The printer has a fault. Your number comes on the screen, and it is valid."),
    "offline": N_("The printer does not answer. Your number comes on the screen, and it is valid."),
}
"""For whoever stands there; staff read the printer's own sentence in the console."""


class Printing:
    """One printer. Loop's thread; the device's work is done in its own."""

    def __init__(self, link: Link, options: Any, changed: Callable[[], None]) -> None:
        self.printer: TicketPrinter = open_printer(options.printer, options.keep_tickets)
        self.health: PrinterHealth = self.printer.status
        self.channel: Channel = "aux" if options.auxiliary else "kiosk"
        """An auxiliary dispenser beside a main kiosk: the server gives both one row of numbers (QUE-069)."""
        self._link = link
        self._changed = changed
        self._busy = False
        self._pictures: dict[UUID, bytes] = {}
        self._layout: View[Layout] = View(
            link, "queue.layout", LayoutFor(), Layout, ["queue.layouts", "settings"], keep="layout"
        )
        self._layout.on_change(self._layout_came)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to look after the printer."""
        self._layout.start()
        if not self.printer.on_screen:
            self._spawn(self._look())

    async def end(self) -> None:
        """Let go of it."""
        self._layout.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.to_thread(self.printer.close)

    # how it is

    @property
    def has_paper(self) -> bool:
        """There is a printer at this kiosk, whatever its state."""
        return not self.printer.on_screen

    @property
    def can_print(self) -> bool:
        """A ticket would come out now, as far as is known."""
        return self.has_paper and self.health.can_print

    @property
    def sentence(self) -> str:
        """What hinders it, for citizens; empty while nothing does."""
        return _(TO_CITIZENS[self.health.state]) if self.health.state in TO_CITIZENS else ""

    def facts(self) -> dict[str, Any]:
        """For the console."""
        return {"printer": {**self.health.facts(), "address": self.printer.address}}

    async def _look(self) -> None:
        while True:
            if not self._busy:
                self._take(await asyncio.wrap_future(self.printer.ask_status()))
            await asyncio.sleep(LOOK_SECONDS)

    def _take(self, health: PrinterHealth) -> None:
        if health != self.health:
            self.health = health
            self._changed()

    # paper

    @property
    def layout(self) -> Layout:
        """By which tickets are printed here; the built-in one until the server has said another."""
        return self._layout.value or Layout()

    async def print(self, paper: TicketPaper, zone: str, *, copy: bool = False) -> Outcome:
        """Print a ticket; gives what became of it. Never raises for a trouble of the device."""
        self._busy = True
        try:
            drawn = await asyncio.to_thread(picture, paper, zone, language(), pictures=dict(self._pictures), copy=copy)
            outcome = await asyncio.wrap_future(self.printer.print(drawn))
        finally:
            self._busy = False
        self._take(self.printer.status)
        return outcome

    def tell(self, ticket_id: UUID, how: str) -> None:
        """How the citizen got a ticket: a fact, told to the server also when it is away just now."""
        self._link.outbox.put("queue.delivered", Delivered.model_validate({"ticket_id": ticket_id, "how": how}))

    def _layout_came(self) -> None:
        wanted = {one.file_id for one in self.layout.elements if one.file_id is not None}
        for file_id in wanted - set(self._pictures):
            self._spawn(self._fetch(file_id))

    async def _fetch(self, file_id: UUID) -> None:
        try:
            self._pictures[file_id] = await self._link.fetch_file(file_id)
        except (Offline, Refusal) as why:
            log.warning("the picture %s of the ticket's layout could not be read: %s", file_id, why)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("the printer is not looked after any more", exc_info=task.exception())
