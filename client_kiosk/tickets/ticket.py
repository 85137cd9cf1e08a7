"""The number, and how long. Then go and sit down."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets.paper import WITHOUT_SERVER, address
from client_kiosk.tickets.parts import CENTRE, Card, Fact, TimeRange, expected_words
from common.protocol.queue import Issued, Offer, ServiceOffer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel, Icon, QrCode
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats, ngettext
from common.text.words import pick


class TicketPage(QWidget):
    """Shows one ticket; `say_paper` tells what became of the paper."""

    done_touched = Signal()
    print_touched = Signal()
    scanned_touched = Signal()

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self.symbol = Icon("check_round", u(90), "good")
        self.title = FitLabel(largest=u(56), smallest=u(36), bold=True, align=LEADING, name="ticket_title")
        self.advice = FitLabel(
            largest=u(30), smallest=u(24), tone="ink_2", lines=2, align=LEADING, name="ticket_advice"
        )
        self.title.setFixedHeight(u(76))
        self.advice.setFixedHeight(u(48))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.advice)
        head = QHBoxLayout()
        head.setSpacing(u(24))
        head.addWidget(self.symbol)
        head.addLayout(words, 1)
        self.number_card = Card()
        self.service = FitLabel(largest=u(42), smallest=u(28), bold=True, align=CENTRE, name="ticket_service")
        self.number = FitLabel(
            largest=u(340), smallest=u(150), bold=True, tone="accent_strong", align=CENTRE, name="ticket_number"
        )
        self.taken = FitLabel(largest=u(28), smallest=u(22), tone="ink_2", align=CENTRE, name="ticket_taken")
        self.mark = FitLabel(
            largest=u(34), smallest=u(26), bold=True, tone="good_strong", align=CENTRE, name="ticket_mark"
        )
        for label, share in ((self.service, 2), (self.number, 9), (self.mark, 1), (self.taken, 1)):
            self.number_card.inside.addWidget(label, share)
        self.ahead, self.turn, self.at = Fact("ahead"), Fact("ticket_turn"), Fact("ticket_windows")
        self.range = TimeRange()
        self.turn.inside.insertWidget(2, self.range)
        facts = QHBoxLayout()
        facts.setSpacing(u(20))
        for fact, share in ((self.ahead, 4), (self.turn, 7), (self.at, 5)):
            fact.setFixedHeight(u(210))
            facts.addWidget(fact, share)
        self.phone = Card(across=True)
        self.code = QrCode(name="ticket_code")
        self.code.setFixedSize(u(300), u(300))
        self.phone_title = FitLabel(largest=u(40), smallest=u(28), bold=True, align=LEADING, name="phone_title")
        self.phone_words = FitLabel(
            largest=u(30), smallest=u(24), lines=4, tone="ink_2", align=LEADING, name="phone_words"
        )
        phone = QVBoxLayout()
        phone.addStretch(1)
        phone.addWidget(self.phone_title, 1)
        phone.addWidget(self.phone_words, 3)
        phone.addStretch(1)
        self.phone.inside.addWidget(self.code)
        self.phone.inside.addSpacing(u(20))
        self.phone.inside.addLayout(phone, 1)
        self.paper = Card(across=True)
        self.paper.setFixedHeight(u(150))
        self.paper_symbol = Icon("printer", u(64), "accent")
        self.paper_title = FitLabel(largest=u(36), smallest=u(26), bold=True, align=LEADING, name="paper_title")
        self.paper_words = FitLabel(largest=u(28), smallest=u(22), lines=2, align=LEADING, name="paper_words")
        paper = QVBoxLayout()
        paper.addWidget(self.paper_title)
        paper.addWidget(self.paper_words)
        self.paper.inside.setSpacing(u(24))
        self.paper.inside.addWidget(self.paper_symbol, 0, Qt.AlignmentFlag.AlignVCenter)
        self.paper.inside.addLayout(paper, 1)
        self.done = BigKey(name="done", kind="primary", title_px=u(44), lines=1)
        self.done.setFixedHeight(u(130))
        self.done.acted.connect(self.done_touched)
        self.print = BigKey(name="print_ticket", symbol="printer", title_px=u(34), lines=2)
        self.print.acted.connect(self.print_touched)
        self.scanned = BigKey(name="scanned", symbol="check", title_px=u(34), lines=2)
        self.scanned.acted.connect(self.scanned_touched)
        ways = QHBoxLayout()
        ways.setSpacing(u(20))
        for key in (self.print, self.scanned):
            key.setFixedHeight(u(110))
            key.hide()
            ways.addWidget(key)
        self.closes = FitLabel(largest=u(28), smallest=u(22), tone="ink_2", align=CENTRE, name="closes")
        self.closes.setFixedHeight(u(44))
        first, second = QVBoxLayout(), QVBoxLayout()
        first.addLayout(head)
        first.addWidget(self.number_card, 1)
        second.addLayout(facts)
        second.addWidget(self.phone, 1 if manner.wide else 0)
        second.addWidget(self.paper)
        second.addLayout(ways)
        second.addWidget(self.done)
        second.addWidget(self.closes)
        outer = QHBoxLayout(self) if manner.wide else QVBoxLayout(self)
        outer.setContentsMargins(u(48), u(16), u(48), u(16))
        for box in (first, second, outer):
            box.setSpacing(u(18))
        outer.addLayout(first, 1)
        outer.addLayout(second, 1 if manner.wide else 0)

    def show_ticket(self, offer: Offer, service: ServiceOffer, issued: Issued, zone: str) -> None:
        """Show this number, and nothing of the one before."""
        without = issued.ticket.channel == WITHOUT_SERVER
        self.title.setText(_("You are in the queue"))
        self.advice.setText(_("Watch the screens. We also call you by voice."))
        self.service.setText(pick(service.name))
        self.number.setText(issued.ticket.number)
        marks = [_("Green channel") if issued.ticket.priority else ""]
        marks += [_("Taken without connection, valid") if without else ""]
        self.mark.setText(formats.listing([one for one in marks if one]))
        self.mark.setVisible(any(marks))
        taken = _("taken at {time}").format(time=formats.time(issued.ticket.issued_at, zone))
        self.taken.setText(formats.listing([taken, pick(offer.zone)]))
        nobody = _("nobody") if issued.ahead == 0 else formats.number(issued.ahead)
        self.ahead.say(_("People ahead"), _("not known") if without else nobody)
        low, high = issued.estimate_low, issued.estimate_high
        self.turn.say(_("Your turn, we expect"), *expected_words(low, issued.estimate_seconds, high))
        self.range.show_range(low, issued.estimate_seconds, high)
        self.at.say(
            _("At window"), formats.listing([formats.digits(one) for one in service.windows]) or "–", pick(offer.zone)
        )
        code = address(offer, issued)
        self.code.show_text(code)
        # Without the server nobody could find anything behind a code.
        self.phone.setVisible(bool(code))
        self.phone_title.setText(_("Follow it on your phone"))
        self.phone_words.setText(_("Scan the code to see your place in the queue. Nothing to install, no account."))
        self.offer_ways(printing=False, scanned=False)
        self.done.say(_("Done"))

    def forget(self) -> None:
        """The next citizen finds nothing of this one."""
        self.code.show_text("")
        self.number.setText("")

    def offer_ways(self, *, printing: bool, scanned: bool) -> None:
        """Keys for printing it now, and for having scanned the code."""
        self.print.say(_("Print it now"))
        self.scanned.say(_("I have scanned it"))
        self.print.setVisible(printing)
        self.scanned.setVisible(scanned)

    def say_paper(self, title: str, words: str, *, symbol: str = "printer", tone: str = "accent") -> None:
        """What becomes of the paper; an empty title hides the line."""
        self.paper.setVisible(bool(title))
        self.paper_symbol.set(symbol, tone)
        self.paper_title.setText(title)
        self.paper_words.setText(words)

    def show_time(self, seconds: int) -> None:
        """When it closes by itself."""
        self.closes.setText(
            ngettext("Closes by itself in {count} second", "Closes by itself in {count} seconds", seconds).format(
                count=formats.number(seconds)
            )
        )
