"""The hall's announcements on a line of the kiosk's first page (ADM-I09)."""

from __future__ import annotations

from collections.abc import Callable

from common.link import Link, View
from common.protocol.content import PublicCards
from common.protocol.messages import Nothing
from common.qt.theme import theme
from common.qt.widgets.ticker import Ticker
from common.text.words import pick

EVERY = 600.0
"""Seconds after which they are read anew: one begins or ends with its day, which no notice says."""


class News(Ticker):
    """What is published for kiosks; hidden without any."""

    def __init__(self, link: Link, changed: Callable[[], None], *, reduce_motion: bool) -> None:
        super().__init__(theme.u(30), reduce_motion, name="news")
        self.setFixedHeight(theme.u(60))
        self.hide()
        self._link = link
        self._there = False
        topics = ["content", "organisation"]
        self._view = View(link, "content.for_displays", Nothing(), PublicCards, topics, every=EVERY)
        self._view.on_change(changed)

    def show_where(self, *, first_page: bool, settled: bool) -> None:
        """Stand on the first page. While somebody stands there (`not settled`) it neither comes nor goes: keys would move
        away under the finger. Without the server nothing is known to hold today."""
        if self._link.me is not None and self._link.me.kind == "device":
            self._view.start()
        cards = self._view.value.items if self._view.value is not None and self._link.online else []
        if settled:
            self._there = bool(cards)
        self.show_texts([pick(one.line) for one in cards])
        self.setVisible(self._there and first_page)

    def stop(self) -> None:
        """Follow nothing more."""
        self._view.stop()
