"""From the second touch to the ticket in the hand: a number of the server's, or of the own block; paper, code, reprint."""

from __future__ import annotations

import logging
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client_kiosk.app.visit import Visit
from client_kiosk.tickets.numbers import Numbers, OwnNumber
from client_kiosk.tickets.paper import WITHOUT_SERVER, content
from client_kiosk.tickets.printing import Printing
from common.devices.printer import Outcome, Printed
from common.link import Link, Offline, Refusal
from common.protocol.layouts import TicketPaper
from common.protocol.queue import Issued, IssueTicket, Offer, ServiceOffer, TicketCard
from common.protocol.queue_kiosk import CodeAnswer, CodeOver
from common.qt import jobs

log = logging.getLogger(__name__)

GREEN = "green_channel"


class Giving(QObject):
    """One ticket at a time. Loop's thread."""

    issued = Signal(object)
    """An `Issued`; of one's own block it has no code and no estimate."""
    refused = Signal(object)
    """A `Refusal`: no number was used."""
    cut = Signal()
    """No answer came; asked again with the same key it is the same ticket."""
    none_left = Signal(str)
    """Why the own block gives none (`numbers.WhyNot`)."""
    paper_done = Signal(object)
    """An `Outcome` of the printer for the ticket shown."""
    code_over = Signal(str)
    """What became of a code that nobody scanned: `print`, `void` or `scanned`."""

    def __init__(self, parent: QObject, link: Link, numbers: Numbers, printing: Printing) -> None:
        super().__init__(parent)
        self._link, self._numbers, self._printing = link, numbers, printing
        self._zone_id: UUID | None = None
        self.zone = "UTC"
        self.paper: TicketPaper | None = None
        """Of the ticket shown now."""
        self.on_screen = False
        """It was taken without paper, and nobody has said yet that it was scanned."""
        self.unprinted = False
        """It should be on paper and is not."""

    def stand_in(self, zone_id: UUID | None, zone: str) -> None:
        """The kiosk's zone, and the time zone of its outlet."""
        self._zone_id, self.zone = zone_id, zone

    # the number

    def take(self, visit: Visit, offer: Offer, busy: QWidget | None, *, again: bool = False) -> None:
        """Take the number that a citizen wants. `again` after a cut: the server may have given it, so only the server is
        asked, with the same key."""
        service = visit.service
        if service is None:
            return
        self.on_screen = visit.on_screen
        if not self._link.online and visit.staff is None and not again:
            self._take_own(visit, offer, service)
            return
        wanted = IssueTicket(
            service_id=service.id,
            zone_id=self._zone_id,
            channel="assisted" if visit.staff is not None else self._printing.channel,
            reason=GREEN if visit.green else None,
            delivery="screen" if visit.on_screen else ("paper" if self._printing.has_paper else None),
            identity=visit.identity,
        )
        jobs.start(
            self, self._issue, visit, offer, service, wanted, name="issue", busy=busy, refused=self._not_given,
            offline=self._cut_off,
        )  # fmt: skip

    async def _issue(self, visit: Visit, offer: Offer, service: ServiceOffer, wanted: IssueTicket) -> None:
        if visit.staff is not None:
            issued = await self._link.ask_as(visit.staff, "queue.issue_ticket", wanted, Issued, key=visit.key)
        else:
            issued = await self._link.act("queue.issue_ticket", wanted, Issued, key=visit.key)
        taker = visit.staff.person.name if visit.staff is not None else {}
        self._show(issued, content(offer, service, issued, self._printing.layout, taker))

    def _take_own(self, visit: Visit, offer: Offer, service: ServiceOffer) -> None:
        given = self._numbers.give(service.id, GREEN if visit.green else None)
        if not isinstance(given, OwnNumber):
            self.none_left.emit(given)
            return
        self.on_screen = False
        issued = own_ticket(given, offer, visit)
        self._show(issued, content(offer, service, issued, self._printing.layout))

    def _show(self, issued: Issued, paper: TicketPaper) -> None:
        self.paper = paper
        self.issued.emit(issued)
        if not self._printing.has_paper or self.on_screen:
            self._tell("screen")
            return
        jobs.start(self, self._print, paper)

    def _not_given(self, why: Refusal) -> None:
        self.refused.emit(why)

    def _cut_off(self, _why: Offline) -> None:
        self.cut.emit()

    # the paper

    def print_now(self) -> None:
        """Print the ticket shown: later, or once more when it did not come out."""
        if self.paper is not None:
            self.on_screen = self.unprinted = False
            jobs.start(self, self._print, self.paper, name="print")

    async def reprint(self, paper: TicketPaper) -> Outcome:
        """A lost ticket once more, marked as a copy; staff have asked for it (QUE-909)."""
        return await self._printing.print(paper, self.zone, copy=True)

    async def _print(self, paper: TicketPaper) -> None:
        outcome = await self._printing.print(paper, self.zone)
        if not isinstance(outcome, Printed):
            # QUE-909: the number is kept; it is valid without paper.
            log.warning("ticket %s was not printed: %s %s", paper.number, outcome.kind, outcome.detail)
        self._tell("paper" if isinstance(outcome, Printed) else "failed", paper)
        self.unprinted = not isinstance(outcome, Printed)
        if self.paper is not None and self.paper.number == paper.number:
            self.paper_done.emit(outcome)

    # the code

    def scanned(self) -> None:
        """The citizen says that a phone has taken the code over (QUE-048)."""
        self._tell("scanned")
        self.on_screen = False

    def time_over(self) -> bool:
        """Nobody has touched: whether the server is asked what becomes of an unscanned code (QUE-933)."""
        if not self.on_screen or self.paper is None or not self._link.online:
            return False
        self.on_screen = False

        def left_alone(_why: Refusal | Offline) -> None:
            # The number stays good: nobody takes it back without the server's word.
            self.code_over.emit("scanned")

        jobs.start(self, self._ask_over, self.paper, name="code over", refused=left_alone, offline=left_alone)
        return True

    async def _ask_over(self, paper: TicketPaper) -> None:
        answer = await self._link.act("queue.code_over", CodeOver(ticket_id=paper.ticket_id), CodeAnswer)
        if answer.then == "print":
            self.paper = paper
            jobs.start(self, self._print, answer.paper or paper, name="print")
        self.code_over.emit(answer.then)

    def forget(self) -> None:
        """The next citizen finds nothing of this one."""
        self.paper = None
        self.on_screen = self.unprinted = False

    def _tell(self, how: str, paper: TicketPaper | None = None) -> None:
        paper = paper or self.paper
        if paper is not None and paper.source != WITHOUT_SERVER:
            self._printing.tell(paper.ticket_id, how)


def own_ticket(given: OwnNumber, offer: Offer, visit: Visit) -> Issued:
    """A ticket from the own block as the pages show it. The server knows it by its number once it is entered."""
    card = TicketCard(
        id=given.fact_id,
        number=given.number,
        service_id=given.service_id,
        zone_id=offer.zone_id,
        state="waiting",
        issued_at=given.printed_at,
        token="",
        priority=visit.green,
        reason=GREEN if visit.green else None,
        channel=WITHOUT_SERVER,
    )
    return Issued(ticket=card, ahead=0, estimate_seconds=None)
