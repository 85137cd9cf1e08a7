"""Staff at the kiosk: who stands there, tickets in their name, a lost ticket once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from client_kiosk.tickets.staff import REASONS, StaffPage
from common.devices.printer import Printed
from common.devices.scanner import ticket_token
from common.link import Offline, Refusal
from common.protocol.access import SignedIn
from common.protocol.layouts import TicketPaper
from common.protocol.queue_kiosk import OfTicket
from common.protocol.queue_window import AskTicket, TicketStory
from common.qt import jobs
from common.text import _
from common.text.words import pick

if TYPE_CHECKING:
    from client_kiosk.app.window import KioskWindow

TAKE, REPRINT = "queue.issue", "queue.reprint"


class Staffed(QObject):
    """Belongs to a window; whoever has proved who it is stands in the window's visit."""

    def __init__(self, window: KioskWindow) -> None:
        super().__init__(window)
        self._window = window

    def connect_page(self, page: StaffPage) -> None:
        """The page was made anew."""
        page.left.connect(self._window.leave)
        page.ended.connect(self._window.leave)
        page.assist.connect(self._window.go_home)
        page.signed.connect(lambda name, pin: self._prove(name=name, pin=pin))
        page.reprint.connect(self._ask_reprint)

    @property
    def page(self) -> StaffPage:
        """The page of now."""
        return self._window.pages.staff

    @property
    def name(self) -> str:
        """Who stands here."""
        signed = self._window.visit.staff
        return pick(signed.person.name) if signed is not None else ""

    def open(self) -> None:
        """The key for staff was touched."""
        self.page.begin(self.name)
        self._window.go_to(self.page)

    def scanned(self, text: str) -> None:
        """A scanner has read something while the page is open: a staff card, or a ticket's code."""
        if self.page.step == "who":
            self._prove(card=text[:60])
        elif self.page.step == "reprint":
            token = ticket_token(text)
            if token is not None:
                self.page.show_code(token)
            else:
                self.page.type(text)

    def dismiss(self) -> None:
        """Nobody of the staff stands here any more."""
        signed, self._window.visit.staff = self._window.visit.staff, None
        if signed is not None:
            jobs.start(self, self._window.link.dismiss, signed)

    def _prove(self, *, name: str = "", pin: str = "", card: str = "") -> None:
        self.page.say("")
        jobs.start(
            self, self._who, name, pin, card, name="who", busy=self.page.go, done=self._came, refused=self._no,
            offline=self._away,
        )  # fmt: skip

    async def _who(self, name: str, pin: str, card: str) -> SignedIn:
        return await self._window.link.prove(name=name, pin=pin, card=card)

    def _came(self, signed: SignedIn) -> None:
        self._window.visit.staff = signed
        self.page.begin(self.name)
        self.page.take.setEnabled(TAKE in signed.person.permissions)
        self.page.again.setEnabled(REPRINT in signed.person.permissions)
        self._window.show_now()

    def _no(self, why: Refusal) -> None:
        self.page.forget()
        self.page.show_step("who")
        self.page.say(why.sentence)

    def _away(self, _why: Offline) -> None:
        self.page.say(_("The connection is lost. Staff cannot be recognised just now."))

    # a lost ticket

    def _ask_reprint(self, number: str, reason: str) -> None:
        jobs.start(
            self, self._reprint, number, reason, name="reprint", refused=lambda why: self.page.say(why.sentence),
            offline=self._away,
        )  # fmt: skip

    async def _reprint(self, number: str, reason: str) -> None:
        signed, link = self._window.visit.staff, self._window.link
        if signed is None:
            return
        if not self._window.printing.can_print:
            self.page.say(self._window.printing.sentence or _("This machine has no printer."))
            return
        by_code = len(number) == 22
        asked = AskTicket(token=number) if by_code else AskTicket(number=number)
        story = await link.ask_as(signed, "queue.ticket", asked, TicketStory)
        words = dict(REASONS)[reason]
        wanted = OfTicket(ticket_id=story.ticket.id, reason=_(words))
        paper = await link.ask_as(signed, "queue.reprint", wanted, TicketPaper)
        outcome = await self._window.giving.reprint(paper)
        if isinstance(outcome, Printed):
            self.page.show_step("menu")
            self.page.say(_("Ticket {number} was printed again.").format(number=paper.number))
        else:
            self.page.say(f"{outcome.sentence} {outcome.extent_sentence}")
