"""The kiosk's window: which page is to be seen, and what a touch does."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from client_kiosk.app.idle import Idle, still_there
from client_kiosk.app.manner import Manner
from client_kiosk.app.outcome import Outcomes
from client_kiosk.app.pages import Pages, UpperHalf
from client_kiosk.app.reading import Reading
from client_kiosk.app.staffed import Staffed
from client_kiosk.app.visit import Visit
from client_kiosk.tickets.finding import Place
from client_kiosk.tickets.giving import Giving
from client_kiosk.tickets.leasing import Leasing
from client_kiosk.tickets.news import News
from client_kiosk.tickets.numbers import Numbers, WhyNot
from client_kiosk.tickets.printing import Printing
from client_kiosk.tickets.tiles import LanguageKeys
from common.link import Heartbeats, LinkState, View
from common.protocol.messages import Health
from common.protocol.queue import Board, InZone, Offer, ServiceOffer
from common.protocol.queue_identity import CitizenIdentity
from common.qt import dialogs, jobs
from common.qt.program import Program, screen_size
from common.qt.widgets import Banner, HallHeader
from common.text import _, formats

log = logging.getLogger(__name__)


class KioskWindow(QWidget):
    """One kiosk of one zone."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.program = program
        self.link = program.link
        self.view: View[Offer] | None = None
        self._board: View[Board] | None = None
        self.news: News | None = None
        self._first_language = program.language
        self._first_skin = program.theme.skin
        place = program.options.geometry
        wide, high = (place.width, place.height) if place is not None else screen_size()
        self._first_manner = self.manner = Manner(wide=wide > high)
        self._zone_id: UUID | None = None
        self.visit = Visit()
        self.printing = Printing(self.link, program.options, self._printer_changed)
        self.numbers = Numbers(self.link, program.profile / "numbers.sqlite3")
        self.leasing = Leasing(self.link, self.numbers)
        self.giving = Giving(self, self.link, self.numbers, self.printing)
        self.outcomes = Outcomes(self, self.giving)
        self.staffed = Staffed(self)
        self.reading = Reading(self, program.options)
        self._column = QVBoxLayout(self)
        # The screen decides how large the window is; a page with much to say must not push its lower edge out of sight.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._build()
        self._idle = Idle(program.options.idle, self._ask_still_there)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._heartbeats = Heartbeats(self.link, self._state, self._facts)
        self._heartbeats.start()
        self.printing.start()
        self.leasing.start()
        self.link.on_state(self._link_changed)
        program.language_changed.connect(self.show_now)
        self._link_changed(self.link.state)

    def _build(self) -> None:
        """Every page in the manner that is wanted now."""
        while self._column.count():
            item = self._column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        manner, u = self.manner, self.program.theme.u
        self.program.fit(*manner.drawn)
        self.header = HallHeader(self.link.now, height=96 if manner.wide else 140, stacked=True)
        self.banner = Banner(u(26))
        self.strip = Banner(u(28), name="strip")
        if self.news is not None:
            self.news.stop()
        self.news = News(self.link, self.show_now, reduce_motion=self.program.reduce_motion)
        self.upper = UpperHalf()
        self.languages = LanguageKeys(self.program.use_language, u(12 if manner.wide else 48))
        self.pages = Pages(manner, self.link)
        self._column.setSpacing(u(12))
        if manner.wide:
            top = QWidget()
            across = QHBoxLayout(top)
            across.setContentsMargins(0, 0, 0, 0)
            across.addWidget(self.header, 3)
            across.addWidget(self.languages, 2)
            self._column.addWidget(top)
        else:
            self._column.addWidget(self.header)
        for one in (self.banner, self.strip, self.news):
            self._column.addWidget(one)
        if manner.low:
            self._column.addWidget(self.upper, 1)
        if not manner.wide:
            self._column.addWidget(self.languages)
        self._column.addWidget(self.pages, 0 if manner.low else 1)
        self.upper.setVisible(manner.low)
        self._connect()

    def _connect(self) -> None:
        pages = self.pages
        pages.home.service_chosen.connect(self._open_service)
        pages.home.place_chosen.connect(self._open_place)
        pages.home.wished.connect(self._wish)
        pages.search.chosen.connect(self._open_service)
        pages.search.left.connect(self._back)
        pages.service.left.connect(self._back)
        pages.service.taken.connect(self._take)
        pages.service.green_touched.connect(lambda: self._wish("green"))
        pages.identity.left.connect(self._back)
        pages.identity.given.connect(self._identity_given)
        pages.ticket.done_touched.connect(self.go_home)
        pages.ticket.print_touched.connect(self.outcomes.print_touched)
        pages.ticket.scanned_touched.connect(self.outcomes.scanned_touched)
        self.staffed.connect_page(pages.staff)

    # the frame

    def tell(self, sentence: str, tone: str) -> None:
        """A sentence for whoever stands there."""
        self.banner.say(sentence, tone, seconds=8)

    async def end(self) -> None:
        """Stop what runs."""
        self._idle.rest()
        self._heartbeats.stop()
        self.leasing.stop()
        self.reading.close()
        if self.news is not None:
            self.news.stop()
        for view in (self.view, self._board):
            if view is not None:
                view.stop()
        await self.printing.end()
        self.numbers.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there; and what scanners that pretend to be keyboards type."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin):
            self._idle.touched()
            if event.type() == QEvent.Type.KeyPress:
                return self.reading.key(event)  # type: ignore[arg-type]
        return False

    def _state(self) -> str:
        return self.printing.health.state

    def _facts(self) -> dict[str, Any]:
        """For the console: printer, own numbers, tickets that the server did not take."""
        own = {"own_numbers": self.numbers.left, "not_entered": len(self.numbers.not_entered)}
        return {**self.printing.facts(), **own, **self.reading.facts()}

    def _printer_changed(self) -> None:
        self._heartbeats.now()
        self.show_now()

    def _link_changed(self, state: LinkState) -> None:
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
        if state is LinkState.ONLINE:
            self.numbers.again()
            if self.link.health is not None:
                self.link.cache.put("health", self.link.health)
        self.show_now()

    @property
    def offer(self) -> Offer | None:
        """What can be had, as last heard."""
        return self.view.value if self.view is not None else None

    @property
    def zone(self) -> str:
        """The outlet's time zone; as last heard, where this program was started without the server."""
        health = self.link.health
        if health is None and (kept := self.link.cache.get("health", Health)) is not None:
            health = kept.value
        return health.zone if health is not None else "UTC"

    # what is shown

    def show_now(self) -> None:
        """Show what is true now; a ticket or a notice on screen stays until its time is over."""
        offer, pages = self.offer, self.pages
        self.giving.stand_in(self._zone_id, self.zone)
        if offer is not None:
            self.header.show_hall(offer.outlet, self.zone)
            self.languages.show_languages(offer.languages)
        page = pages.currentWidget()
        self.languages.setVisible(offer is not None and page is not pages.ticket)
        self._show_strip()
        self._show_news()
        if self.manner.low:
            self._show_upper()
        if pages.join.wanted and offer is None:
            pages.join.refresh()
            pages.setCurrentWidget(pages.join)
        elif offer is None or page is pages.ticket:
            if page is pages.ticket:
                self.outcomes.offer_ways()
        elif page is pages.staff:
            pages.staff.say_again()
        elif page is pages.service and self.visit.service is not None:
            self.show_service(offer)
        elif page is pages.identity and self.visit.service is not None:
            pages.identity.show_service(self.visit.service)
        elif page is pages.search and self.link_or_own:
            pages.search.show_offer(offer, self._without)
        elif page is pages.notice and self.visit.service is not None:
            return  # a refusal or a lost connection while taking a number: it goes by a touch or by its time
        else:
            self._show_home(offer)

    @property
    def link_or_own(self) -> bool:
        """Tickets can be given: by the server, or from the own block."""
        return self.link.online or self.numbers.any_left

    @property
    def _without(self) -> Any:
        """Why a service has no number without the server; nothing to ask while the server is there."""
        return None if self.link.online else self._why_not

    def _why_not(self, service: ServiceOffer) -> WhyNot | None:
        return "not_kept" if service.identity == "required" else self.numbers.why_not(service.id)

    def _show_strip(self) -> None:
        """What concerns everybody who stands here: who takes tickets, no connection, the printer."""
        words, tone = "", "warn"
        if self.visit.staff is not None:
            words = _("{name} takes tickets for citizens.").format(name=self.staffed.name)
            tone = "accent"
        elif self.offer is not None and not self.link.online and self.numbers.any_left:
            words = _(
                "No connection: tickets are still given. Your number is valid and will be called. Waiting times come back"
                " with the connection."
            )
        elif self.offer is not None:
            words = self.printing.sentence
        self.strip.say(words, tone, closes=False)

    def _show_news(self) -> None:
        if self.news is not None:
            on_home = self.pages.currentWidget() is self.pages.home
            self.news.show_where(first_page=on_home, settled=not self._idle.somebody)

    def _show_upper(self) -> None:
        if self._board is None and self._zone_id is not None:
            topics = [f"queue.zone.{self._zone_id}"]
            self._board = View(self.link, "queue.board", InZone(zone_id=self._zone_id), Board, topics)
            self._board.on_change(self._show_upper)
            self._board.start()
        on_home = self.pages.currentWidget() in (self.pages.home, self.pages.search)
        self.upper.setVisible(on_home)
        self.languages.setVisible(on_home)
        self._low_pages(on_home)
        self.upper.show_words(self.pages.home.words)
        fresh = self._board is not None and self._board.fresh
        self.upper.show_board(self._board.value if self._board is not None and fresh else None)

    def _low_pages(self, on_home: bool) -> None:
        """Nothing is to be touched above the middle: pages that are all keys fill the lower half, others have theirs below."""
        self._column.setStretchFactor(self.pages, 0 if on_home else 1)
        room = self.height() // 2 - self.languages.height() - self._column.spacing()
        self.pages.setMaximumHeight(room if on_home else 16_777_215)
        self.pages.setMinimumHeight(room if on_home else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle lies elsewhere."""
        super().resizeEvent(event)
        if self.manner.low:
            self._show_upper()

    def go_to(self, page: QWidget) -> None:
        """Show a page."""
        self.pages.setCurrentWidget(page)
        self.languages.setVisible(page is not self.pages.ticket)
        self.reading.listen(page is self.pages.identity)
        self._show_news()
        if self.manner.low:
            self._show_upper()

    def _show_home(self, offer: Offer) -> None:
        if not self.link_or_own:
            self._show_nothing_left()
        elif not offer.sections:
            self._show_nothing(offer)
        else:
            settled = not self._idle.somebody
            self.pages.home.show_offer(
                offer, self.visit.place, green=self.visit.green, settled=settled, without=self._without
            )
            self.go_to(self.pages.home)

    def _show_nothing_left(self) -> None:
        """QUE-910: no connection, and nothing of its own to give."""
        leases = self.numbers.leases
        again = _(
            "The connection is lost. Please use another machine or ask at the desk; this one comes back by itself."
        )
        if leases is not None and leases.blocks and self.link.now() < leases.valid_until:
            again = _("The connection is lost, and the numbers kept here are used up. Please ask at the desk.")
        self.pages.notice.show_state("offline", _("No tickets at this machine just now"), again, tone="warn")
        self.go_to(self.pages.notice)

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
            self.pages.notice.show_state("moon", _("Closed now"), opening)
        else:
            words = _("No window is open for these services at the moment. Tickets already taken stay valid.")
            sentence = " ".join(one for one in (words, opening) if one)
            self.pages.notice.show_state("clock", _("No tickets just now"), sentence)
        self.go_to(self.pages.notice)

    def show_service(self, offer: Offer) -> None:
        """The page of the service that was chosen, as it stands now."""
        service = self.visit.service
        assert service is not None
        fresh = _service_of(offer, service.id)
        self.visit.service = service = fresh or service
        self.pages.service.show_service(
            offer,
            service,
            green=self.visit.green,
            paper=self.printing.has_paper,
            can_print=self.printing.can_print,
            without=not self.link.online,
        )
        self.go_to(self.pages.service)

    # what a touch does

    def go_home(self) -> None:
        """The next citizen finds nothing of the one before: language, skin, size, choice, code and letters are forgotten.

        Staff who take tickets for citizens stay until they say so, or until nobody touches."""
        staff = self.visit.staff
        self._forget()
        self.visit.staff = staff
        if staff is not None:
            self._idle.touched()
        self.show_now()

    def leave(self) -> None:
        """Nobody is there any more: staff are signed out as well."""
        self.staffed.dismiss()
        self.go_home()

    def _forget(self) -> None:
        self.outcomes.rest()
        self.visit = Visit()
        self.giving.forget()
        for page in (self.pages.ticket, self.pages.search, self.pages.identity, self.pages.staff):
            page.forget()
        self._idle.rest()
        self.banner.hide()
        if self.program.theme.skin != self._first_skin:
            self.program.use_skin(self._first_skin)
        if self.manner != self._first_manner:
            self._take_manner(self._first_manner)
        self.go_to(self.pages.home)
        if self.program.language != self._first_language:
            self.program.use_language(self._first_language)

    def _take_manner(self, manner: Manner) -> None:
        self.manner = manner
        self._build()
        if self._board is not None and not manner.low:
            self._board.stop()
            self._board = None

    def _wish(self, wish: str) -> None:
        """A key of the first page."""
        if wish == "green":
            if self.visit.green:
                self.visit.green = False
                self.show_now()
            else:
                jobs.start(self, self._ask_green, name="green")
        elif wish == "search":
            self.go_to(self.pages.search)
            self.show_now()
        elif wish == "contrast":
            self.program.use_skin("contrast" if self.program.theme.skin != "contrast" else self._first_skin)
            self.show_now()
        elif wish == "staff":
            self.staffed.open()
        else:
            large, low = self.manner.large ^ (wish == "large"), self.manner.low ^ (wish == "low")
            self._take_manner(Manner(large, low, self.manner.wide))
            self.show_now()

    def _open_place(self, place: Place) -> None:
        self.visit.place = place
        self.show_now()

    def _open_service(self, service_id: UUID) -> None:
        offer = self.offer
        service = _service_of(offer, service_id) if offer is not None else None
        if offer is None or service is None:
            self.tell(_("This service cannot be had just now. Please choose another."), "warn")
            return
        self.visit.choose(service)
        self.show_service(offer)

    def _back(self) -> None:
        page = self.pages.currentWidget()
        offer = self.offer
        if page is self.pages.identity and offer is not None:
            self.pages.identity.forget()
            self.show_service(offer)
            return
        self.visit.choose(None)
        searching = page is self.pages.service and bool(self.pages.search.typed)
        if not searching:
            self.pages.search.forget()
        self.go_to(self.pages.search if searching else self.pages.home)
        self.show_now()

    async def _ask_green(self) -> None:
        """QUE-924: declared by the citizen, confirmed, and shown to staff as such."""
        self.visit.green = await dialogs.ask(
            self,
            _("Green channel"),
            _("You are served earlier. Staff may ask you about it. Continue?"),
            _("Continue"),
            _("No"),
        )
        self.show_now()

    def _take(self, on_screen: bool = False) -> None:
        service, offer = self.visit.service, self.offer
        if service is None or offer is None:
            return
        self.visit.on_screen = on_screen
        # Asked for only where the service wants it, and never of whom staff have looked at (QUE-045).
        if (
            service.identity != "none"
            and not self.visit.identity_asked
            and self.visit.staff is None
            and self.link.online
        ):
            self.ask_identity()
            return
        key = self.pages.service.on_screen if on_screen else self.pages.service.take
        self.giving.take(self.visit, offer, key)

    def ask_identity(self, fault: str = "") -> None:
        """Ask whose ticket it is to be; `fault` is what was wrong with the last answer. It is another wish, with a key of
        its own."""
        service = self.visit.service
        if service is None:
            return
        on_screen = self.visit.on_screen
        self.visit.choose(service)
        self.visit.on_screen = on_screen
        if self.pages.currentWidget() is not self.pages.identity:
            self.pages.identity.begin(service, self.reading.has_cards)
            self.go_to(self.pages.identity)
        self.pages.identity.say_fault(fault)

    def _identity_given(self, identity: CitizenIdentity | None) -> None:
        offer = self.offer
        if offer is None or self.visit.service is None or self.pages.currentWidget() is not self.pages.identity:
            return
        self.visit.identity = identity
        self.visit.identity_asked = True
        self.giving.take(self.visit, offer, self.pages.identity.go)

    def _ask_still_there(self) -> None:
        """Nobody has touched for a while: home, after a question when a choice would be lost."""
        pages = self.pages
        if pages.currentWidget() is pages.ticket:
            return
        if pages.currentWidget() is pages.home and self.visit.untouched and self.manner == self._first_manner:
            self.go_home()
            return
        jobs.start(self, self._still_there, name="still there")

    async def _still_there(self) -> None:
        if await still_there(self):
            self._idle.touched()
        else:
            self.leave()


def _service_of(offer: Offer, service_id: UUID) -> ServiceOffer | None:
    for section in offer.sections:
        for service in section.services:
            if service.id == service_id:
                return service
    return None
