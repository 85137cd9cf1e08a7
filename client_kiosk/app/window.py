"""The kiosk's window: which page is to be seen, and what a touch does."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLayout, QStackedWidget, QVBoxLayout, QWidget

from client_kiosk.app.idle import Idle
from client_kiosk.tickets.home import HomePage, LanguageKeys
from client_kiosk.tickets.paper import paper
from client_kiosk.tickets.service import ServicePage
from client_kiosk.tickets.ticket import TicketPage
from common.devices import ticket_image
from common.devices.printer import Printed, PrinterTrouble, open_printer
from common.link import Heartbeats, LinkState, Offline, Refusal, View, new_key
from common.protocol.queue import InZone, Issued, IssueTicket, Offer, ServiceOffer
from common.qt import dialogs, jobs
from common.qt.joining import JoinPage
from common.qt.program import Program
from common.qt.widgets import Banner, HallHeader, StateView
from common.text import _, formats

log = logging.getLogger(__name__)

TICKET_SECONDS = 15
NO_PAPER_SECONDS = 60
STILL_THERE_SECONDS = 10


class KioskWindow(QWidget):
    """One kiosk of one zone."""

    def __init__(self, program: Program) -> None:
        program.fit(1080, 1920)
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.program = program
        self.link = program.link
        self.view: View[Offer] | None = None
        self.printer = open_printer(program.options.printer, program.options.keep_tickets)
        self._first_language = program.language
        self._first_skin = program.theme.skin
        self._zone_id: UUID | None = None
        self._service: ServiceOffer | None = None
        """The service whose page is open; it stays as it was when it is hidden meanwhile."""
        self._green = False
        self._key = ""
        """The key of this visit: however often it is touched or repeated, it is one ticket (QUE-908)."""
        self._left = 0
        self._build()
        self._idle = Idle(program.options.idle, self._ask_still_there)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._count = QTimer(self, interval=1000)
        self._count.timeout.connect(self._count_down)
        self._heartbeats = Heartbeats(self.link, self._printer_state)
        self._heartbeats.start()
        self.link.on_state(self._link_changed)
        program.language_changed.connect(self.show_now)
        self._link_changed(self.link.state)

    def _build(self) -> None:
        self.header = HallHeader(self.link.now, height=140, stacked=True)
        self.banner = Banner()
        self.languages = LanguageKeys(self._choose_language)
        self.join = JoinPage(self.link)
        self.home = HomePage(self._open_service, self._open_section, self._green_from_home, self._toggle_contrast)
        self.service = ServicePage(
            self._back, self._take, self._touch_green, paper=self.program.options.printer != "screen"
        )
        self.ticket = TicketPage(self.go_home)
        self.notice = StateView(large=True, name="notice")
        self.pages = QStackedWidget()
        for one in (self.join, self.home, self.service, self.ticket, self.notice):
            self.pages.addWidget(one)
        column = QVBoxLayout(self)
        # The screen decides how large the window is; a page with much to say must not push its lower edge out of sight.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.program.theme.u(16))
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.languages)
        column.addWidget(self.pages, 1)

    # the frame

    def tell(self, sentence: str, tone: str) -> None:
        """A sentence for whoever stands there."""
        self.banner.say(sentence, tone, seconds=8)

    async def end(self) -> None:
        """Stop what runs."""
        self._idle.rest()
        self._heartbeats.stop()
        if self.view is not None:
            self.view.stop()
        await asyncio.to_thread(self.printer.close)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin):
            self._idle.touched()
        return False

    def _printer_state(self) -> str:
        return self.printer.status.state

    def _link_changed(self, _state: LinkState) -> None:
        zone_id = self.link.me.zone_id if self.link.me is not None else None
        if zone_id is None and self.view is None and (kept := self.link.cache.get("offer", Offer)) is not None:
            zone_id = kept.value.zone_id
        if zone_id is not None and zone_id != self._zone_id:
            if self.view is not None:
                self.view.stop()
            self._zone_id = zone_id
            topics = [f"queue.zone.{zone_id}", "services", "organisation", "settings"]
            self.view = View(self.link, "queue.offer", InZone(zone_id=zone_id), Offer, topics, keep="offer", every=60)
            self.view.on_change(self.show_now)
            self.view.start()
        self.show_now()

    @property
    def offer(self) -> Offer | None:
        """What can be had, as last heard."""
        return self.view.value if self.view is not None else None

    @property
    def _zone(self) -> str:
        return self.link.health.zone if self.link.health is not None else "UTC"

    # what is shown

    def show_now(self) -> None:
        """Show what is true now; a ticket or a notice on screen stays until its time is over."""
        offer = self.offer
        if offer is not None:
            self.header.show_hall(offer.outlet, self._zone)
            self.languages.show_languages(offer.languages)
        self.languages.setVisible(offer is not None and self.pages.currentWidget() is not self.ticket)
        page = self.pages.currentWidget()
        if self.join.wanted and offer is None:
            self.join.refresh()
            self.pages.setCurrentWidget(self.join)
        elif offer is None or page in (self.ticket,):
            return
        elif page is self.service and self._service is not None:
            self._show_service(offer)
        elif page is self.notice and self._service is not None:
            return  # a refusal or a lost connection while taking a number: it goes by a touch or by its time
        else:
            self._show_home(offer)

    def _show_home(self, offer: Offer) -> None:
        if not self.link.online:
            self.notice.show_state(
                "offline",
                _("No tickets at this machine just now"),
                _(
                    "The connection is lost. Please use another machine or ask at the desk; this one comes back by itself."
                ),
                tone="warn",
            )
            self.pages.setCurrentWidget(self.notice)
        elif not offer.sections:
            self._show_nothing(offer)
        else:
            self.home.show_offer(offer, green=self._green, settled=not self._idle.somebody)
            self.pages.setCurrentWidget(self.home)

    def _show_nothing(self, offer: Offer) -> None:
        """QUE-912: every service is hidden; say why and when it goes on."""
        hours = formats.listing(
            [
                _("{begin} to {end}").format(begin=formats.clock(begin), end=formats.clock(end))
                for begin, end in offer.hours
            ]
        )
        opening = _("Open today {hours}").format(hours=hours) if hours else ""
        if offer.state == "closed":
            self.notice.show_state("moon", _("Closed now"), opening)
        else:
            words = _("No window is open for these services at the moment. Tickets already taken stay valid.")
            self.notice.show_state("clock", _("No tickets just now"), " ".join(one for one in (words, opening) if one))
        self.pages.setCurrentWidget(self.notice)

    def _show_service(self, offer: Offer) -> None:
        assert self._service is not None
        fresh = _service_of(offer, self._service.id)
        self._service = fresh or self._service
        self.service.show_service(offer, self._service, green=self._green)
        self.pages.setCurrentWidget(self.service)

    # what a touch does

    def go_home(self) -> None:
        """The next citizen finds nothing of the one before: language, skin, choice and code are forgotten."""
        self._count.stop()
        self._service = None
        self._green = False
        self.home.section_id = None
        self.ticket.code.show_text("")
        self._idle.rest()
        self.banner.hide()
        self.pages.setCurrentWidget(self.home)
        if self.program.theme.skin != self._first_skin:
            self.program.use_skin(self._first_skin)
        if self.program.language != self._first_language:
            self.program.use_language(self._first_language)
        self.show_now()

    def _choose_language(self, code: str) -> None:
        self.program.use_language(code)

    def _toggle_contrast(self) -> None:
        self.program.use_skin("contrast" if self.program.theme.skin != "contrast" else self._first_skin)
        self.show_now()

    def _open_section(self, section_id: UUID | None) -> None:
        self.home.section_id = section_id
        self.show_now()

    def _open_service(self, service_id: UUID) -> None:
        offer = self.offer
        service = _service_of(offer, service_id) if offer is not None else None
        if offer is None or service is None:
            self.tell(_("This service cannot be had just now. Please choose another."), "warn")
            return
        self._service = service
        self._key = new_key()
        self._show_service(offer)

    def _back(self) -> None:
        self._service = None
        self.pages.setCurrentWidget(self.home)
        self.show_now()

    def _green_from_home(self) -> None:
        if self._green:
            self._green = False
            self.show_now()
        else:
            jobs.start(self, self._ask_green, name="green")

    def _touch_green(self) -> None:
        self._green_from_home()

    async def _ask_green(self) -> None:
        """QUE-924: declared by the citizen, confirmed, and shown to staff as such."""
        sure = await dialogs.ask(
            self,
            _("Green channel"),
            _("You are served earlier. Staff may ask you about it. Continue?"),
            _("Continue"),
            _("No"),
        )
        self._green = sure
        self.show_now()

    def _take(self) -> None:
        service = self._service
        if service is None:
            return
        wanted = IssueTicket(
            service_id=service.id,
            zone_id=self._zone_id,
            channel="kiosk",
            reason="green_channel" if self._green else None,
        )
        jobs.start(
            self,
            self._issue,
            wanted,
            name="issue",
            busy=self.service.take,
            done=self._issued,
            refused=self._refused,
            offline=self._cut,
        )

    async def _issue(self, wanted: IssueTicket) -> Issued:
        return await self.link.act("queue.issue_ticket", wanted, Issued, key=self._key)

    def _issued(self, issued: Issued) -> None:
        offer, service = self.offer, self._service
        if offer is None or service is None:
            return
        self.ticket.show_ticket(offer, service, issued, self._zone)
        self.pages.setCurrentWidget(self.ticket)
        self.languages.hide()
        self._close_in(TICKET_SECONDS)
        if self.program.options.printer == "screen":
            self.ticket.say_paper(
                _("No paper here"),
                _("Your number is valid without paper. Scan the code or write it down."),
                symbol="info",
            )
        else:
            self.ticket.say_paper(_("Printing your ticket"), _("Take it from the slot below the screen."))
            jobs.start(self, self._print, offer, service, issued)

    async def _print(self, offer: Offer, service: ServiceOffer, issued: Issued) -> None:
        picture = await asyncio.to_thread(ticket_image.draw, paper(offer, service, issued, self._zone))
        outcome: Printed | PrinterTrouble = await asyncio.wrap_future(self.printer.print(picture))
        self._heartbeats.now()
        if self.ticket.number.text() != issued.ticket.number or self.pages.currentWidget() is not self.ticket:
            return
        if isinstance(outcome, Printed):
            self.ticket.say_paper(_("Take your ticket"), _("It is in the slot below the screen."), tone="good")
            return
        # QUE-909: the number is kept; it is valid without paper.
        log.warning("ticket %s was not printed: %s %s", issued.ticket.number, outcome.kind, outcome.detail)
        self.ticket.say_paper(
            _("No paper just now"),
            _("Your number {number} is valid. Scan the code, or write the number down.").format(
                number=issued.ticket.number
            ),
            symbol="warning",
            tone="warn",
        )
        self._close_in(NO_PAPER_SECONDS)

    def _refused(self, why: Refusal) -> None:
        """QUE-911: hidden meanwhile; the reason, and two ways on."""
        reasons = {
            "no_window": _("No window is open for this service just now."),
            "quota": _("All places of today are taken."),
            "service_hours": _("This service is not offered at this time of day."),
            "hall_hours": _("The hall is closed now."),
        }
        sentence = reasons.get(str(why.facts.get("reason")), why.sentence)
        self.notice.show_state(
            "clock",
            _("No ticket was taken"),
            sentence,
            [("notice_home", _("Back to the services"), self.go_home)],
            "warn",
        )
        self.pages.setCurrentWidget(self.notice)
        if self.view is not None:
            self.view.again()

    def _cut(self, why: Offline) -> None:
        """The answer did not come. Asked again with the same key it is the same ticket, never a second one."""
        self.notice.show_state(
            "offline",
            _("The connection was lost"),
            _("Touch Try again: you get your ticket, and never two."),
            [("try_again", _("Try again"), self._try_again), ("notice_home", _("Back to the services"), self.go_home)],
            "warn",
        )
        self.pages.setCurrentWidget(self.notice)

    def _try_again(self) -> None:
        self.pages.setCurrentWidget(self.service)
        self._take()

    # time

    def _close_in(self, seconds: int) -> None:
        self._left = seconds
        self.ticket.show_time(seconds)
        self._count.start()

    def _count_down(self) -> None:
        self._left -= 1
        self.ticket.show_time(max(0, self._left))
        if self._left <= 0:
            self.go_home()

    def _ask_still_there(self) -> None:
        """Nobody has touched for a while: home, after a question when a choice would be lost."""
        if self.pages.currentWidget() is self.ticket:
            return
        if self.pages.currentWidget() is self.home and not self._green and self.home.section_id is None:
            self.go_home()
            return
        jobs.start(self, self._still_there, name="still there")

    async def _still_there(self) -> None:
        try:
            async with asyncio.timeout(STILL_THERE_SECONDS):
                here = await dialogs.ask(
                    self, _("Are you still there?"), _("Otherwise the first page comes back."), _("Yes"), _("I am done")
                )
        except TimeoutError:
            here = False
        if here:
            self._idle.touched()
        else:
            self.go_home()


def _service_of(offer: Offer, service_id: UUID) -> ServiceOffer | None:
    for section in offer.sections:
        for service in section.services:
            if service.id == service_id:
                return service
    return None
