"""The journal at work: begins, ends and corrects lines, and enters them when the server is back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from client_staff.counter.journal import ENTERED, NOBODY, Journal, PaperLine
from common.link import Link, LinkState, Offline, Refusal
from common.protocol.queue import TicketCard, WindowView
from common.protocol.queue_kiosk import EnteredJournal, EnterJournal
from common.qt import jobs
from common.text.words import pick

EVER = datetime(2000, 1, 1, tzinfo=UTC)
AT_ONCE = 100
"""Lines in one message, as `EnterJournal` allows."""


class JournalDesk(QObject):
    """One journal for the PC. `changed` says that a line did; `entered(count, refused)` that the server has answered."""

    changed = Signal()
    entered = Signal(int, int)

    def __init__(self, link: Link, profile: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self.journal = Journal(profile / "journal.sqlite3", link.now)
        self._stop = link.on_state(lambda state: self.enter() if state is LinkState.ONLINE else None)

    def stop(self) -> None:
        """Close the journal."""
        self._stop()
        self.journal.close()

    def waiting(self) -> list[PaperLine]:
        """Complete lines that the server does not have yet, and those that it refused."""
        return [one for one in self.journal.lines() if one.state in ("kept", "refused")]

    def shown(self, window_id: UUID) -> list[PaperLine]:
        """What the page shows, the latest first: this window's lines, and whatever of this PC is not entered."""
        return [one for one in reversed(self.journal.lines()) if one.window_id == window_id or one.state not in ENTERED]

    def of_somebody_else(self) -> list[PaperLine]:
        """Complete lines that another person wrote: they are entered when somebody with the right takes them over."""
        me = self._link.me
        return [one for one in self.waiting() if one.state == "kept" and (me is None or one.person_id != me.id)]

    def begin(self, view: WindowView, number: str, service_id: UUID, started_at: datetime) -> PaperLine:
        """A citizen sits down without the server's knowing."""
        me = self._link.me if self._link.me is not None and self._link.me.kind == "person" else None
        names = dict(zip(view.service_ids, view.services, strict=False))
        if view.ticket is not None and view.ticket.service_id == service_id:
            names.setdefault(service_id, view.service)
        line = self.journal.begin(
            window_id=view.window_id, window=view.label, person_id=me.id if me is not None else NOBODY,
            person=pick(me.name) if me is not None else "", number=number,
            service_id=service_id, service=names.get(service_id, {}), started_at=started_at,
        )  # fmt: skip
        self.changed.emit()
        return line

    def go_on(self, view: WindowView, ticket: TicketCard) -> None:
        """Whoever sat at the window when the server went: his line, once. The link says more than once that it is gone,
        and by then he may have been finished on paper."""
        if not self.noted(ticket):
            self.begin(view, ticket.number, ticket.service_id, ticket.started_at or self._link.now())

    def noted(self, ticket: TicketCard) -> bool:
        """Whether a line of this ticket stands here, begun since it was called."""
        called = ticket.called_at or ticket.issued_at
        return any(one.number == ticket.number and one.started_at >= called for one in self.journal.lines())

    def change(self, line: PaperLine) -> None:
        """End or correct a line; it goes to the server as soon as that is there."""
        me = self._link.me
        if line.person_id == NOBODY and me is not None and me.kind == "person":
            line = replace(line, person_id=me.id, person=pick(me.name))
        self.journal.change(line)
        self.changed.emit()
        self.enter()

    def leave_out(self, line: PaperLine) -> None:
        """A line that should not stand there."""
        self.journal.leave_out(line.fact_id)
        self.changed.emit()

    def keep_place(self, view: WindowView, zone: str) -> None:
        """Remember the window and its services; nothing of who sits or waits there."""
        bare = WindowView(
            window_id=view.window_id, label=view.label, zone_id=view.zone_id, state="free", services=view.services,
            service_ids=view.service_ids, now=EVER,
        )  # fmt: skip
        self.journal.keep_place(f"{zone}\n{bare.model_dump_json()}")

    def place(self) -> tuple[WindowView, str] | None:
        """The window of this PC and the hall's time zone, as last known."""
        zone, _, body = self.journal.place().partition("\n")
        try:
            return (WindowView.model_validate_json(body), zone) if body else None
        except ValidationError:
            return None  # written by another version

    def server_has(self, view: WindowView) -> None:
        """The server is back: a line that only followed the ticket which the window still holds is not needed."""
        line = self.journal.open_at(view.window_id)
        ticket = view.ticket
        if line is not None and ticket is not None and ticket.number == line.number and ticket.state == "serving":
            self.leave_out(line)

    def take_over(self) -> None:
        """Somebody with the right enters what another person wrote on this PC, under the own name."""
        me = self._link.me
        if me is not None:
            for line in self.of_somebody_else():
                self.journal.change(replace(line, person_id=me.id))
            self.changed.emit()
            self.enter()

    def enter(self) -> None:
        """Send what is complete and one's own, if the server is there."""
        me = self._link.me
        if self._link.online and me is not None and "queue.call" in me.permissions:
            jobs.start(self, self._enter, name="journal")

    async def _enter(self) -> None:
        me = self._link.me
        done = refused = 0
        by_window: dict[UUID, list[PaperLine]] = defaultdict(list)
        for line in self.waiting():
            if me is not None and line.state == "kept" and line.person_id == me.id:
                by_window[line.window_id].append(line)
        for window_id, lines in by_window.items():
            for place in range(0, len(lines), AT_ONCE):
                part = lines[place : place + AT_ONCE]
                message = EnterJournal(window_id=window_id, lines=[one.message() for one in part])
                try:
                    answer = await self._link.act("queue.enter_journal", message, EnteredJournal)
                except Offline:
                    break  # the lines stay; the next connection brings them
                except Refusal as why:
                    for one in part:
                        self.journal.told(one.fact_id, "refused", why.code, why.sentence)
                    refused += len(part)
                    continue
                for result in answer.results:
                    self.journal.told(result.fact_id, result.result, result.code)
                    refused += result.result == "refused"
                    done += result.result != "refused"
        if done or refused:
            self.changed.emit()
            self.entered.emit(done, refused)
