"""What became of a touch: a ticket, its paper, a refusal, no answer; and how long it stays on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from client_kiosk.tickets.giving import Giving
from common.devices.printer import Outcome, Printed
from common.link import Refusal
from common.protocol.queue import Issued
from common.qt.widgets.state_view import Way
from common.text import _

if TYPE_CHECKING:
    from client_kiosk.app.window import KioskWindow

TICKET_SECONDS = 15
NO_PAPER_SECONDS = 60
PAPER_SECONDS = 8
"""A ticket that is printed because nobody scanned its code."""


class Outcomes(QObject):
    """Belongs to a window."""

    def __init__(self, window: KioskWindow, giving: Giving) -> None:
        super().__init__(window)
        self._window = window
        self._left = 0
        self._count = QTimer(self, interval=1000)
        self._count.timeout.connect(self.count_down)
        giving.issued.connect(self.issued)
        giving.refused.connect(self.refused)
        giving.cut.connect(self.cut)
        giving.none_left.connect(self.none_left)
        giving.paper_done.connect(self.paper_done)
        giving.code_over.connect(self.code_over)

    def rest(self) -> None:
        """Nothing is counted down any more."""
        self._count.stop()

    def issued(self, issued: Issued) -> None:
        """A ticket was given: show it, and print it where there is paper."""
        offer, service, ticket = self._window.offer, self._window.visit.service, self._window.pages.ticket
        if offer is None or service is None:
            return
        self._window.visit.identity = None
        self._window.pages.identity.forget()
        ticket.show_ticket(offer, service, issued, self._window.zone)
        self._window.go_to(ticket)
        if self._window.giving.on_screen:
            ticket.say_paper(
                _("Scan the code with your phone"), _("Your number is valid without paper."), symbol="device"
            )
            self.close_in(offer.paperless_seconds)
        elif not self._window.printing.has_paper:
            ticket.say_paper(
                _("No paper here"),
                _("Your number is valid without paper. Scan the code or write it down."),
                symbol="info",
            )
            self.close_in(TICKET_SECONDS)
        else:
            ticket.say_paper(_("Printing your ticket"), _("Take it from the slot below the screen."))
            self.close_in(TICKET_SECONDS)
        self.offer_ways()

    def offer_ways(self) -> None:
        """Print it now, where that is still to be done and can be; the code was scanned."""
        wants = self._window.giving.on_screen or self._window.giving.unprinted
        self._window.pages.ticket.offer_ways(
            printing=wants and self._window.printing.can_print, scanned=self._window.giving.on_screen
        )

    def paper_done(self, outcome: Outcome) -> None:
        """The printer has said what became of the ticket."""
        ticket = self._window.pages.ticket
        if self._window.pages.currentWidget() is not ticket:
            return
        if isinstance(outcome, Printed):
            ticket.say_paper(_("Take your ticket"), _("It is in the slot below the screen."), tone="good")
            self.close_in(min(max(self._left, PAPER_SECONDS), TICKET_SECONDS))
        else:
            # QUE-909: the number is kept; it is valid without paper, and may be printed when the printer is well again.
            words = _("Your number {number} is valid. Scan the code, or write the number down.")
            if self._window.giving.paper is not None and not self._window.giving.paper.address:
                words = _("Your number {number} is valid. Please write it down.")
            ticket.say_paper(
                _("No paper just now"), words.format(number=ticket.number.text()), symbol="warning", tone="warn"
            )
            self.close_in(NO_PAPER_SECONDS)
        self.offer_ways()

    def print_touched(self) -> None:
        """Print it now, later than it should have been."""
        self._window.pages.ticket.say_paper(_("Printing your ticket"), _("Take it from the slot below the screen."))
        self._window.giving.print_now()
        self.offer_ways()

    def scanned_touched(self) -> None:
        """A phone has taken the code over."""
        self._window.giving.scanned()
        self._window.go_home()

    def code_over(self, then: str) -> None:
        """The time of an unscanned code is over; the server has said what follows (QUE-933)."""
        if self._window.pages.currentWidget() is not self._window.pages.ticket:
            return
        if then == "scanned":
            self._window.go_home()
        elif then == "print":
            self._window.pages.ticket.say_paper(_("Printing your ticket"), _("Take it from the slot below the screen."))
            self.close_in(TICKET_SECONDS)
        else:
            words = _("Nobody scanned the code of number {number} in time.").format(
                number=self._window.pages.ticket.number.text()
            )
            self._window.pages.ticket.forget()
            self.notice("clock", _("The number was taken back"), words)

    def refused(self, why: Refusal) -> None:
        """QUE-911: hidden meanwhile; the reason, and two ways on."""
        if why.code in ("queue.identity_wrong", "queue.identity_missing"):
            self._window.ask_identity(why.sentence)
            return
        reasons = {
            "no_window": _("No window is open for this service just now."),
            "quota": _("All places of today are taken."),
            "service_hours": _("This service is not offered at this time of day."),
            "hall_hours": _("The hall is closed now."),
        }
        self.notice("clock", _("No ticket was taken"), reasons.get(str(why.facts.get("reason")), why.sentence))
        if self._window.view is not None:
            self._window.view.again()

    def none_left(self, why_not: str) -> None:
        """The own block gives none: in words, and where to go."""
        reasons = {
            "used_up": _("The numbers kept here for this service are used up. Please ask at the desk."),
            "not_kept": _("This service needs the connection: its places are counted or its citizens known. Please ask at"
                          " the desk."),
        }  # fmt: skip
        usual = _("The connection has been lost for too long to give numbers here. Please ask at the desk.")
        self.notice("offline", _("No ticket was taken"), reasons.get(why_not, usual))

    def notice(self, symbol: str, title: str, sentence: str) -> None:
        """A page that says something, and the way back to the services."""
        ways: list[Way] = [("notice_home", _("Back to the services"), self._window.go_home)]
        self._window.pages.notice.show_state(symbol, title, sentence, ways, "warn")
        self._window.go_to(self._window.pages.notice)

    def cut(self) -> None:
        """The answer did not come. Asked again with the same key it is the same ticket, never a second one."""
        self._window.pages.notice.show_state(
            "offline",
            _("The connection was lost"),
            _("Touch Try again: you get your ticket, and never two."),
            [
                ("try_again", _("Try again"), self.try_again),
                ("notice_home", _("Back to the services"), self._window.go_home),
            ],
            "warn",
        )
        self._window.go_to(self._window.pages.notice)

    def try_again(self) -> None:
        """Ask for the same ticket once more, by the same key."""
        offer = self._window.offer
        if offer is None or self._window.visit.service is None:
            return
        self._window.show_service(offer)
        self._window.giving.take(self._window.visit, offer, self._window.pages.service.take, again=True)

    def close_in(self, seconds: int) -> None:
        """The ticket leaves the screen after so many seconds."""
        self._left = seconds
        self._window.pages.ticket.show_time(seconds)
        self._count.start()

    def count_down(self) -> None:
        """A second has passed."""
        self._left -= 1
        self._window.pages.ticket.show_time(max(0, self._left))
        if self._left <= 0:
            self._count.stop()
            if not self._window.giving.time_over():
                self._window.go_home()
