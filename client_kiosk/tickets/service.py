"""A service: what to bring, how long, where; and the second touch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.tickets.parts import CheckList, Fact, Switch, expected_words
from common.protocol.queue import Offer, ServiceOffer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats
from common.text.words import pick


class ServicePage(QWidget):
    """The last chance not to queue in vain. Nothing is taken before the key is touched."""

    def __init__(
        self, back: Callable[[], None], take: Callable[[], None], green: Callable[[], None], *, paper: bool
    ) -> None:
        super().__init__()
        u = theme.u
        self._paper = paper
        self.back = BigKey(symbol="arrow_back", name="back", title_px=u(34), kind="secondary", lines=1)
        self.back.setFixedSize(u(260), u(84))
        self.back.acted.connect(back)
        self.name = FitLabel(largest=u(60), smallest=u(40), lines=2, bold=True, align=LEADING, name="service_name")
        self.about = FitLabel(largest=u(30), smallest=u(24), lines=3, tone="ink_2", align=LEADING, name="service_about")
        self.name.setFixedHeight(u(116))
        self.about.setFixedHeight(u(84))
        self.waiting, self.turn, self.at = Fact("people"), Fact("turn"), Fact("windows")
        facts = QHBoxLayout()
        facts.setSpacing(u(20))
        for fact, share in ((self.waiting, 4), (self.turn, 6), (self.at, 5)):
            fact.setFixedHeight(u(190))
            facts.addWidget(fact, share)
        self.bring, self.how = CheckList("bring", 6), CheckList("how", 2)
        self.fee = Fact("fee")
        self.fee.setFixedHeight(u(150))
        self.fee.hide()
        self.green = Switch("green_switch")
        self.green.setFixedHeight(u(196))
        self.green.acted.connect(green)
        self.take = BigKey(symbol="printer", name="take", kind="primary", title_px=u(46), lines=1)
        self.take.setFixedHeight(u(150))
        self.take.acted.connect(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(20), u(48), u(40))
        column.setSpacing(u(20))
        column.addWidget(self.back)
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addLayout(facts)
        for part in (self.bring, self.how, self.fee, self.green):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.take)

    def show_service(self, offer: Offer, service: ServiceOffer, *, green: bool) -> None:
        """Show one service as it stands now."""
        self.back.say(_("Back"))
        self.name.setText(pick(service.name))
        self.about.setText(pick(service.description))
        self.about.setVisible(bool(pick(service.description)))
        count = _("nobody") if service.waiting == 0 else formats.number(service.waiting)
        self.waiting.say(_("People waiting"), count, _("for this service"))
        low, high = service.estimate_low, service.estimate_high
        self.turn.say(_("Your turn, we expect"), *expected_words(low, service.estimate_seconds, high))
        windows = formats.listing([formats.digits(one) for one in service.windows])
        self.at.say(_("At window"), windows or "–", pick(offer.zone))
        self.bring.say(_("Have these with you"), [pick(one) for one in service.requirements])
        self.how.say(_("How it goes"), [one for one in (pick(service.instructions), pick(service.hint)) if one])
        self.fee.say(_("Fee"), pick(service.fee))
        self.fee.setVisible(bool(pick(service.fee)))
        self.green.say(
            _("Green channel"), _("Served earlier if you are over 65, disabled, pregnant or here with a baby.")
        )
        self.green.setChecked(green)
        self.take.symbol = "printer" if self._paper else "ticket"
        self.take.say(_("Print my ticket") if self._paper else _("Take my number"))
