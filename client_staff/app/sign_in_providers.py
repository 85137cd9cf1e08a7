"""Signing in through an identity provider: its keys on the window, and waiting for the person's browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from client_staff.app.sign_in_steps import Step
from common.link import Link
from common.link.browser import Brought, BrowserReturn, open_browser
from common.protocol.access import AtProvider, FinishAtProvider, ProviderOffer
from common.qt.widgets import qicon
from common.text import _
from common.text.words import pick

IN_A_ROW = 2
SYMBOLS = ("person", "people", "hall", "lock", "document", "device")


class ProviderKeys(QWidget):
    """A key for each provider; nothing is seen where there is none."""

    def __init__(self, chosen: Callable[[ProviderOffer], None]) -> None:
        super().__init__()
        self.setObjectName("sign_in_providers")
        self._chosen = chosen
        self.offers: list[ProviderOffer] = []
        self.keys: list[QPushButton] = []
        self.about = QLabel()
        self.about.setProperty("tone", "second")
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addLayout(self._grid)
        self.show_offers([])

    def show_offers(self, offers: list[ProviderOffer]) -> None:
        """What this hall believes."""
        self.offers = offers
        for key in self.keys:
            self._grid.removeWidget(key)
            key.hide()
            key.deleteLater()
        self.keys = []
        for place, offer in enumerate(offers):
            key = QPushButton()
            key.setObjectName(f"sign_in_at_{offer.code}")
            key.setMinimumHeight(36)
            key.setIcon(qicon(offer.symbol if offer.symbol in SYMBOLS else "person"))
            key.clicked.connect(partial(self._chosen, offer))
            self._grid.addWidget(key, place // IN_A_ROW, place % IN_A_ROW)
            self.keys.append(key)
        self.setVisible(bool(offers))
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.about.setText(_("Or sign in with"))
        for offer, key in zip(self.offers, self.keys, strict=True):
            words = (pick(offer.name) or offer.code).replace("&", "&&")
            key.setText(words)
            key.setAccessibleName(words)


class BrowserStep(Step):
    """The person is at the provider's page; this window waits."""

    def __init__(self, submit: Callable[[], None]) -> None:
        super().__init__("browser", (), submit)
        self.missing = QLabel()
        self.missing.setObjectName("browser_missing")
        self.missing.setWordWrap(True)
        self.address = QLineEdit()
        self.address.setObjectName("browser_address")
        self.address.setReadOnly(True)
        self.column.insertWidget(1, self.missing)
        self.column.insertWidget(2, self.address)
        self.clear()

    def show_address(self, address: str) -> None:
        """No browser opened by itself: the person takes the address there."""
        self.missing.setText(_("No browser has opened. Copy this address into one:"))
        self.address.setText(address)
        self.about.hide()
        self.missing.show()
        self.address.show()
        self.address.setCursorPosition(0)
        self.address.selectAll()

    def clear(self) -> None:
        """Nothing of the address stays on the screen."""
        self.about.setVisible(bool(self.about.text()))
        self.missing.hide()
        self.address.clear()
        self.address.hide()


class AtBrowser:
    """One way through the browser: begins, opens the page, waits. `again` opens the page once more."""

    def __init__(self, link: Link, offer: ProviderOffer) -> None:
        self._link, self._offer = link, offer
        self.begun: AtProvider | None = None

    async def go(self, waiting: Callable[[bool], None]) -> FinishAtProvider:
        """What the server needs to know to let the person in. `waiting(opened)` is called when the page was opened, or could
        not be. Raises Refusal, Offline, PortTaken, TimeoutError."""
        words = _("You can close this page now and go back to Openhall.")
        back = BrowserReturn(self._offer.port, words, self._link.language)
        try:
            self.begun = await self._link.begin_at_provider(self._offer.code, back.address)
            back.expect(self.begun.state)
            waiting(await open_browser(self.begun.address))
            left = (self.begun.expires_at - self._link.now()).total_seconds()
            # A demo hall's clock may run faster than the person at the page.
            brought: Brought = await back.wait(max(left, 60.0))
        finally:
            await back.close()
        return FinishAtProvider(
            state=brought.state, ticket=self.begun.ticket, answer=brought.code[:4000], issuer=brought.issuer[:300],
            error=brought.error,
        )  # fmt: skip

    async def again(self) -> None:
        """The page was closed: open it once more."""
        if self.begun is not None:
            await open_browser(self.begun.address)
