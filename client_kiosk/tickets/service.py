"""A service: what to bring, how long, where; and the second touch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets.parts import CheckList, Fact, Switch, back_key, expected_words
from common.protocol.queue import Offer, ServiceOffer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats
from common.text.words import pick


class ServicePage(QWidget):
    """The last chance not to queue in vain. Nothing is taken before a key is touched."""

    left = Signal()
    taken = Signal(bool)
    """Take the number: on the screen only, or on paper."""
    green_touched = Signal()

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self.back = back_key()
        self.back.acted.connect(self.left)
        self.name = FitLabel(largest=u(60), smallest=u(34), lines=2, bold=True, align=LEADING, name="service_name")
        self.about = FitLabel(largest=u(30), smallest=u(24), lines=3, tone="ink_2", align=LEADING, name="service_about")
        self.name.setFixedHeight(u(100))
        self.about.setFixedHeight(u(64))
        self.waiting, self.turn, self.at = Fact("people"), Fact("turn"), Fact("windows")
        facts = QHBoxLayout()
        facts.setSpacing(u(20))
        for fact, share in ((self.waiting, 4), (self.turn, 6), (self.at, 5)):
            fact.setFixedHeight(u(180))
            facts.addWidget(fact, share)
        self.bring, self.how = CheckList("bring", 6), CheckList("how", 2)
        self.fee = Fact("fee")
        self.fee.setFixedHeight(u(140))
        self.fee.hide()
        self.green = Switch("green_switch")
        self.green.setFixedHeight(u(160 if manner.low else 196))
        self.green.acted.connect(self.green_touched)
        self.take = BigKey(symbol="printer", name="take", kind="primary", title_px=u(46), lines=1)
        self.take.setFixedHeight(u(150))
        self.take.acted.connect(lambda: self.taken.emit(False))
        self.on_screen = BigKey(name="take_on_screen", symbol="device", title_px=u(34), sub_px=u(26), lines=1)
        self.on_screen.setFixedHeight(u(120))
        self.on_screen.acted.connect(lambda: self.taken.emit(True))
        self._place(manner, facts)

    def _place(self, manner: Manner, facts: QHBoxLayout) -> None:
        u = theme.u
        told, keys = QVBoxLayout(), QVBoxLayout()
        for column in (told, keys):
            column.setSpacing(u(18))
        told.addWidget(self.name)
        told.addWidget(self.about)
        told.addLayout(facts)
        for card in (self.bring, self.how, self.fee):
            told.addWidget(card)
        told.addStretch(1)
        keys.addStretch(1)
        for key in (self.green, self.on_screen, self.take):
            keys.addWidget(key)
        if manner.wide:
            keys.insertWidget(0, self.back)
            across = QHBoxLayout(self)
            across.setContentsMargins(u(48), u(16), u(48), u(32))
            across.setSpacing(u(40))
            across.addLayout(told, 6)
            across.addLayout(keys, 5)
            return
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(16), u(48), u(36))
        column.setSpacing(u(18))
        if not manner.low:
            column.addWidget(self.back)
        column.addLayout(told, 1)
        if manner.low:
            keys.addWidget(self.back)
        column.addLayout(keys)

    def show_service(
        self, offer: Offer, service: ServiceOffer, *, green: bool, paper: bool, can_print: bool, without: bool
    ) -> None:
        """Show one service as it stands now; `without` the server nothing is known of its queue."""
        self.back.say(_("Back"))
        self.name.setText(pick(service.name))
        self.about.setText(pick(service.description))
        self.about.setVisible(bool(pick(service.description)))
        self._say_queue(offer, service, without)
        self.bring.say(_("Have these with you"), [pick(one) for one in service.requirements])
        self.how.say(_("How it goes"), [one for one in (pick(service.instructions), pick(service.hint)) if one])
        self.fee.say(_("Fee"), pick(service.fee))
        self.fee.setVisible(bool(pick(service.fee)))
        self.green.say(
            _("Green channel"), _("Served earlier if you are over 65, disabled, pregnant or here with a baby.")
        )
        self.green.setChecked(green)
        prints = paper and can_print
        self.take.symbol = "printer" if prints else "ticket"
        self.take.say(_("Print my ticket") if prints else _("Take my number"))
        # QUE-048: on the screen, where there is a choice. Without the server a phone would find no ticket behind the code.
        self.on_screen.setVisible(prints and not without)
        self.on_screen.say(_("Without paper"), _("A code for your phone"))

    def _say_queue(self, offer: Offer, service: ServiceOffer, without: bool) -> None:
        unknown = _("not known")
        count = _("nobody") if service.waiting == 0 else formats.number(service.waiting)
        self.waiting.say(_("People waiting"), unknown if without else count, _("for this service"))
        low, high = service.estimate_low, service.estimate_high
        expected = (unknown, "") if without else expected_words(low, service.estimate_seconds, high)
        self.turn.say(_("Your turn, we expect"), *expected)
        windows = formats.listing([formats.digits(one) for one in service.windows])
        self.at.say(_("At window"), windows or "–", pick(offer.zone))
