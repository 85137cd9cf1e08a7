"""The pad's window: which page is to be seen, and what a touched key does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client_pad.app.state import page, seconds_left
from client_pad.screens.called import CalledPage
from client_pad.screens.card import CardPage
from client_pad.screens.rating import RatingPage
from client_pad.screens.rest import RestPage
from common.link import Heartbeats, LinkState, View, new_key
from common.protocol.evaluation import PadAt, PadView, Rate
from common.qt import jobs
from common.qt.joining import JoinPage
from common.qt.program import Program
from common.qt.theme import theme
from common.qt.widgets import Banner, HallHeader
from common.text import _, formats

TICK_MS = 250
CHOSEN_MS = 160
"""How long the touched key is seen before the thanks."""
PATIENCE = timedelta(seconds=4)
"""How long a start may take before the server is said to be missing."""


class PadWindow(QWidget):
    """One pad at one window."""

    def __init__(self, program: Program) -> None:
        program.fit(1280, 800)
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.program = program
        self.link = program.link
        self.view: View[PadView] | None = None
        self._window_id: UUID | None = None
        self._rated: set[UUID] = set()
        self._asked: UUID | None = None
        """The request whose keys are on screen."""
        self._photo: UUID | None = None
        self._chosen = False
        """The touched key is being seen."""
        self._thanks = 0
        """Seconds that the thanks stay."""
        self._build()
        self._heartbeats = Heartbeats(self.link)
        self._heartbeats.start()
        self.link.on_state(self._link_changed)
        program.language_changed.connect(self.show_now)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.show_now)
        self._tick.start()
        self._count = QTimer(self, interval=1000)
        self._count.timeout.connect(self._count_down)
        # What was shown when it was switched off: a start without the server still says whose window this is.
        self._link_changed(self.link.state)

    def _build(self) -> None:
        self.header = HallHeader(self.link.now)
        self.banner = Banner()
        self.connection = Banner(px=theme.u(22), name="connection")
        self.join = JoinPage(self.link)
        self.card, self.called, self.rating = CardPage(), CalledPage(), RatingPage()
        self.rating.rated.connect(self._rate)
        self.thanks, self.rest = RestPage("thanks"), RestPage("rest")
        self.pages = QStackedWidget()
        for one in (self.join, self.card, self.called, self.rating, self.thanks, self.rest):
            self.pages.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.connection)
        column.addWidget(self.pages, 1)

    def tell(self, sentence: str, tone: str) -> None:
        """A sentence for whoever stands there."""
        self.banner.say(sentence, tone, seconds=8)

    async def end(self) -> None:
        """Stop what runs."""
        self._heartbeats.stop()
        if self.view is not None:
            self.view.stop()

    def show_now(self) -> None:
        """Show what is true now."""
        if self._chosen:
            return
        health = self.link.health
        view = self.view.value if self.view is not None else None
        if view is not None:
            self.header.show_hall(view.outlet, health.zone if health is not None else "UTC")
        elif health is not None:
            self.header.show_hall(health.names, health.zone)
        self._show_connection(known=view is not None)
        if self.join.wanted or view is None:
            self.join.refresh()
            self.pages.setCurrentWidget(self.join)
        elif self._thanks:
            self._show_thanks(view)
        else:
            self._show_page(view)

    def _show_connection(self, *, known: bool) -> None:
        """EVA-904: what is shown may be old; the clerk sees it, and the citizen need not worry."""
        link = self.link
        unreached = link.state in (LinkState.CONNECTING, LinkState.SEARCHING) and link.now() - link.since > PATIENCE
        sentence = ""
        if known and (link.state is LinkState.OFFLINE or unreached):
            zone = link.health.zone if link.health is not None else "UTC"
            sentence = _("No server since {time}. An answer given here is kept and sent later.").format(
                time=formats.time(link.since, zone)
            )
        self.connection.say(sentence, "warn", closes=False)

    def _show_page(self, view: PadView) -> None:
        now = self.link.now()
        current = page(view, now, self._rated)
        if current == "card":
            self._fetch_photo(view)
            self.card.show_view(view)
            self.pages.setCurrentWidget(self.card)
        elif current == "called":
            self.called.show_view(view)
            self.pages.setCurrentWidget(self.called)
        elif current == "rating":
            assert view.request is not None
            if self._asked != view.request.id:
                self._asked = view.request.id
                self.rating.begin()
            self.rating.show_view(view)
            self.rating.offline.setVisible(not self.link.online)
            self.rating.show_time(*seconds_left(view, now))
            self.pages.setCurrentWidget(self.rating)
        else:
            self._show_rest(view, current)

    def _show_rest(self, view: PadView, current: str) -> None:
        window = formats.digits(view.label)
        if current == "paused":
            self.rest.say(
                "pause", _("Service is paused"), _("Your number stays valid. Please watch the screens."), tone="warn"
            )
        elif current == "back_office":
            self.rest.say("document", _("Your papers are being dealt with"), _("Please wait; you need do nothing."))
        else:
            self.rest.say(
                "moon",
                _("Nobody is at window {window} just now").format(window=window),
                _("Please watch the screens or ask at the desk."),
            )
        self.pages.setCurrentWidget(self.rest)

    def _show_thanks(self, view: PadView) -> None:
        self.thanks.say(
            "check",
            _("Thank you"),
            _("Your answer is kept. Please take all your papers with you."),
            tone="good",
            done=True,
        )
        self.thanks.dots.show()
        self.thanks.dots.left = self._thanks
        self.thanks.dots.update()
        self.pages.setCurrentWidget(self.thanks)

    def _rate(self, grade: str) -> None:
        """EVA-904: kept on this pad's disk before the thanks are shown; sent once, now or when the server is back."""
        view = self.view.value if self.view is not None else None
        if view is None or view.request is None:
            return
        fact = UUID(new_key())
        # What is known of the server's clock may be late by as much as its words were on their way.
        rated_at = max(self.link.now(), view.request.asked_at)
        rate = Rate.model_validate(
            {"ticket_id": view.request.ticket_id, "grade": grade, "fact_id": fact, "rated_at": rated_at}
        )
        self.link.outbox.put("evaluation.rate", rate, fact)
        self._rated.add(view.request.ticket_id)
        self._chosen = True
        QTimer.singleShot(CHOSEN_MS, self, self._begin_thanks)

    def _begin_thanks(self) -> None:
        view = self.view.value if self.view is not None else None
        self._chosen = False
        self._thanks = view.thanks_seconds if view is not None else 3
        self._count.start()
        self.show_now()

    def _count_down(self) -> None:
        self._thanks -= 1
        if self._thanks <= 0:
            self._thanks = 0
            self._count.stop()
        self.show_now()

    def _link_changed(self, _state: LinkState) -> None:
        window_id = self.link.me.window_id if self.link.me is not None else None
        if window_id is None and self.view is None and (kept := self.link.cache.get("pad", PadView)) is not None:
            window_id = kept.value.window_id
        if window_id is not None and window_id != self._window_id:
            self._follow(window_id)
        self.show_now()

    def _follow(self, window_id: UUID) -> None:
        """Watch this window from now on."""
        if self.view is not None:
            self.view.stop()
        self._window_id = window_id
        topics = [f"queue.window.{window_id}", f"evaluation.window.{window_id}", "organisation"]
        self.view = View(self.link, "evaluation.pad", PadAt(), PadView, topics, keep="pad")
        self.view.on_change(self.show_now)
        self.view.start()

    def _fetch_photo(self, view: PadView) -> None:
        photo = view.staff.photo if view.staff is not None else None
        if photo == self._photo:
            return
        self._photo = photo
        self.card.photo.show_picture(None)
        if photo is not None:
            jobs.start(
                self, self.link.fetch_file, photo, done=self.card.photo.show_picture, offline=self._no_photo,
                refused=self._no_photo,
            )  # fmt: skip

    def _no_photo(self, _why: object) -> None:
        """A plain head stands there; asked again when the window is opened anew."""
        self._photo = None if self.link.online else self._photo
