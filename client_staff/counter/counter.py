"""The window at which this person works: how it stands, and its commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from client_staff.counter.commands import PAUSED, Given, as_of, commands
from client_staff.counter.journal import PaperLine
from client_staff.counter.journal_desk import JournalDesk
from client_staff.counter.paper_question import PaperQuestion
from client_staff.counter.questions import PauseQuestion, TransferQuestion
from client_staff.counter.reasons import ReasonQuestion, SupplementQuestion
from client_staff.counter.whose import WhoseAnswer
from common.link import Link, LinkState, View
from common.protocol.messages import Message
from common.protocol.queue import (
    AtWindow,
    Called,
    CallNext,
    Finish,
    Pause,
    PutBack,
    TicketCard,
    Transfer,
    TransferTargets,
    WindowView,
)
from common.protocol.queue_identity import TicketIdentity
from common.protocol.queue_window import CallTicket, SetPriority
from common.qt import dialogs, jobs
from common.text import _
from common.text.words import pick

TICK_MS = 500
SAID = timedelta(seconds=6)
"""How long a sentence stands in the bar instead of the service."""


class Counter(QObject):
    """One window. A command acts once at a time, whoever presses it: page, bar or key."""

    changed = Signal()
    """Something is to be shown anew, at the latest every half second."""

    def __init__(self, link: Link, window_id: UUID, page: QWidget, desk: JournalDesk) -> None:
        super().__init__(page)
        self.link = link
        self.window_id = window_id
        self.desk = desk
        self.matters = 1
        """How many matters the next finish counts; one again with every ticket."""
        self.said = ("", "ink_2")
        """A refusal for whoever sees the bar only."""
        self.over: Callable[[], QWidget] = lambda: page
        """Over which window a question stands: the bar's, while the workbench is aside."""
        self._page = page
        self._until = link.now()
        self._ticket: UUID | None = None
        topics = [f"queue.window.{window_id}", f"evaluation.window.{window_id}", "queue", "organisation", "services"]
        self.view: View[WindowView] = View(link, "queue.window", AtWindow(window_id=window_id), WindowView, topics)
        self.view.on_change(self._heard)
        self.view.start()
        self._state = link.on_state(self._link_changed)
        desk.changed.connect(self.changed)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.changed.emit)
        self._tick.start()

    def stop(self) -> None:
        """Watch no more; the window stays open on the server until it is closed."""
        self._tick.stop()
        self._state()
        self.view.stop()

    @property
    def window(self) -> WindowView | None:
        """How the window stands, as last heard and by what time has done since."""
        value = self.view.value
        if value is None:
            return None
        if not self.link.online and value.ticket is not None and self.desk.noted(value.ticket):
            # Dealt with on paper: what the server last said of this ticket is over.
            return value.model_copy(update={"ticket": None, "state": "free"})
        return as_of(value, self.link.now())

    @property
    def paper(self) -> PaperLine | None:
        """Who is served on paper at this window."""
        return self.desk.journal.open_at(self.window_id)

    @property
    def standing(self) -> dict[str, Given]:
        """How every command stands now."""
        return commands(self.window, self.link.now(), online=self.link.online, paper=self.paper)

    def may(self, right: str) -> bool:
        """Whether this person has a right."""
        return self.link.me is not None and right in self.link.me.permissions

    def tell(self, sentence: str, tone: str) -> None:
        """A sentence where the person is looking, the bar included."""
        self.said, self._until = (sentence, f"{tone}_strong"), self.link.now() + SAID
        self._page.tell(sentence, tone)  # type: ignore[attr-defined]
        self.changed.emit()

    @property
    def saying(self) -> tuple[str, str] | None:
        """What was just said, for six seconds."""
        return self.said if self.said[0] and self.link.now() < self._until else None

    def _heard(self) -> None:
        view = self.view.value
        ticket = view.ticket if view is not None else None
        if (ticket.id if ticket is not None else None) != self._ticket:
            self._ticket = ticket.id if ticket is not None else None
            self.matters = 1
        if view is not None and self.view.fresh:
            self.desk.server_has(view)
            self.desk.keep_place(view, self.zone)
        self.changed.emit()

    def _link_changed(self, state: LinkState) -> None:
        """The server is lost with somebody at the window: his line begins at once, so that a power cut keeps it too."""
        view = self.view.value
        ticket = view.ticket if view is not None else None
        serving = ticket is not None and ticket.state == "serving"
        if state is LinkState.OFFLINE and view is not None and ticket is not None and serving and self.paper is None:
            self.desk.go_on(view, ticket)
        self.changed.emit()

    # commands

    def give(self, name: str, key: QWidget | None = None) -> None:
        """Give a command, if it may be given now; `key` shows that it works."""
        standing = self.standing[name]
        if not standing.allowed:
            self.tell(standing.why_not, "warn")
            return
        on_paper = self.paper is not None or not self.link.online
        verb = f"_paper_{name}" if on_paper and name in ("next", "finish", "no_show") else f"_{name}"
        self._run(getattr(self, verb), key)

    def put_back(self, ticket_id: UUID) -> None:
        """A no-show of today waits again (QUE-907)."""
        self._run(self._act, None, "queue.put_back", PutBack(window_id=self.window_id, ticket_id=ticket_id))

    def call_chosen(self, ticket: TicketCard) -> None:
        """Call this one out of its turn; by right, with a reason."""
        self._run(self._call_chosen, None, ticket)

    def set_priority(self, ticket: TicketCard) -> None:
        """Give priority, or take it away; with a reason (QUE-024, QUE-924)."""
        self._run(self._set_priority, None, ticket)

    def undo(self) -> None:
        """Take a mistaken finish or no-show back."""
        view = self.window
        if view is not None and view.undo is not None and self.link.online:
            self._run(self._act, None, "queue.undo", AtWindow(window_id=self.window_id))

    def delay(self) -> None:
        """Not yet: the countdown to the call that comes by itself begins anew (QUE-021)."""
        view = self.window
        if view is not None and view.state == "free" and view.auto_call_at is not None and self.link.online:
            self._run(self._act, None, "queue.delay_call", AtWindow(window_id=self.window_id))

    def supplement(self) -> None:
        """Finish, and say what the citizen has to bring here (QUE-054)."""
        if self.standing["finish"].allowed and self.link.online and self.paper is None:
            self._run(self._supplement, None)
        else:
            self.tell(self.standing["finish"].why_not or _("There is no connection to the server."), "warn")

    @property
    def whose_known(self) -> bool:
        """Whether this person may see now whose ticket is at the window: it is his to serve, and its holder is known."""
        view = self.window
        held = view is not None and view.ticket is not None and view.state in ("called", "serving")
        return held and view is not None and view.identity_known and self.link.online and self.may("queue.call")

    def whose(self) -> None:
        """Show whose ticket it is, with a trace (QUE-068)."""
        if self.whose_known:
            jobs.start(self, self._whose, name="whose")

    def _run(self, coroutine: Callable[..., object], key: QWidget | None, *args: object) -> None:
        jobs.start(self, coroutine, *args, name="command", busy=key, done=self._done)  # type: ignore[arg-type]

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
            self.over(),
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
        await self._act("queue.finish", Finish(window_id=self.window_id, request_rating=True, matters=self.matters))

    async def _supplement(self) -> None:
        view = self.window
        question = SupplementQuestion(self.over(), view)
        papers = await question.asked()
        if papers is not None:
            await self._act(
                "queue.finish",
                Finish(window_id=self.window_id, request_rating=True, matters=self.matters, supplement=papers),
            )

    async def _whose(self) -> None:
        told = await self.link.act("queue.whose", AtWindow(window_id=self.window_id), TicketIdentity)
        answer = WhoseAnswer(self.over(), told)

        def gone() -> None:
            # The next citizen stands there already.
            view = self.window
            if view is None or view.ticket is None or view.ticket.number != told.number:
                answer.reject()

        self.changed.connect(gone)
        try:
            await answer.shown()
        finally:
            self.changed.disconnect(gone)

    async def _no_show(self) -> None:
        await self._act("queue.no_show", AtWindow(window_id=self.window_id))

    async def _pause(self) -> None:
        view = self.window
        if view is not None and view.state in PAUSED:
            await self._act("queue.resume", AtWindow(window_id=self.window_id))
            return
        question = PauseQuestion(self.over())
        reason = await question.asked()
        if reason is not None:
            await self._act("queue.pause", Pause(window_id=self.window_id, reason=reason))

    async def _transfer(self) -> None:
        here = AtWindow(window_id=self.window_id)
        targets = await self.link.read("queue.targets", here, TransferTargets)
        question = TransferQuestion(self.over(), targets.targets, self.window)
        chosen = await question.asked()
        if chosen is not None:
            service_id, priority = chosen
            await self._act(
                "queue.transfer", Transfer(window_id=self.window_id, service_id=service_id, priority=priority)
            )

    async def _call_chosen(self, ticket: TicketCard) -> None:
        reason = await ReasonQuestion(
            self.over(),
            _("Call {number} out of its turn?").format(number=ticket.number),
            _("Others wait longer. The reason is kept with the ticket."),
            _("Call it now"),
        ).asked()
        if reason is not None:
            await self._act(
                "queue.call_ticket", CallTicket(window_id=self.window_id, ticket_id=ticket.id, reason=reason)
            )

    async def _set_priority(self, ticket: TicketCard) -> None:
        given = ticket.priority
        reason = await ReasonQuestion(
            self.over(),
            (_("Take priority away from {number}?") if given else _("Give priority to {number}?")).format(
                number=ticket.number
            ),
            _("It waits again by its ticket time.")
            if given
            else _("It goes before those without priority, from now on."),
            _("Take priority away") if given else _("Give priority"),
        ).asked()
        if reason is not None:
            await self._act("queue.set_priority", SetPriority(ticket_id=ticket.id, priority=not given, reason=reason))

    # on paper

    async def _paper_next(self) -> None:
        view = self.window
        if view is None:
            return
        known = view.ticket if view.ticket is not None and view.ticket.state == "called" else None
        question = PaperQuestion(self.over(), self.zone, self.link.now, view=view)
        question.begin(known.number if known else "", known.service_id if known else None)
        noted = await question.asked()
        if noted is not None:
            self.desk.begin(view, noted.number, noted.service_id, noted.started_at)

    async def _paper_finish(self) -> None:
        self._end_paper("served")

    async def _paper_no_show(self) -> None:
        self._end_paper("no_show")

    def _end_paper(self, outcome: Literal["served", "no_show"]) -> None:
        line = self.paper
        if line is not None:
            matters, self.matters = self.matters, 1
            ended = replace(line, finished_at=self.link.now(), outcome=outcome, matters=matters)
            self.desk.change(ended)
            self.tell(
                _("{number} is kept in the paper journal.").format(number=line.number or pick(line.service)), "good"
            )

    @property
    def zone(self) -> str:
        """The hall's time zone."""
        return self.link.health.zone if self.link.health is not None else "UTC"
